/** What acts on a population through each of its receptors, and how much of it may arrive in one step. */
import type { Network, Population, Projection, Receptor } from '../models/network.ts';
import { stepContaining } from '../models/time-step.ts';

export interface ReceptorInput {
  receptor: Receptor;
  projections: Projection[];
  events: Population['events'];
}

/** The receptors that anything acts on in a population, in the network's order. */
export function receptorInputs(network: Network, target: number): ReceptorInput[] {
  const population = network.populations[target]!;
  return network.receptors
    .map((receptor) => ({
      receptor,
      projections: network.projections.filter((each) => each.to === target && each.receptor === receptor),
      events: population.events.filter((each) => each.receptor === receptor),
    }))
    .filter(
      ({ receptor, projections, events }) =>
        projections.length > 0 ||
        events.length > 0 ||
        population.drives.some((drive) => drive.receptor === receptor) ||
        population.initial.g.has(receptor.name),
    );
}

/** Spikes of one step that a projection can bring to one neuron, at most. */
export function mostInputs(network: Network, projection: Projection): number {
  const sources = network.populations[projection.from]!.size;
  const { connect } = projection;
  switch (connect.rule) {
    case 'one-to-one':
      return 1;
    case 'fixed-in-degree':
      return connect.degree;
    case 'explicit': {
      const counts = new Uint32Array(network.populations[projection.to]!.size);
      for (const target of connect.target) counts[target]!++;
      return counts.reduce((most, count) => Math.max(most, count), 0);
    }
    case 'fixed-probability':
      return mostDraws(connect.probability * sources, sources);
    case 'by-distance': {
      // As many as if all that can be reached were at distance 0.
      const { columns, rows, width, height } = network.populations[projection.from]!.space!;
      const lines = (extent: number, count: number) =>
        extent > 0 ? Math.min(count, 2 * Math.ceil((projection.reach! / extent) * count) + 1) : 1;
      return mostDraws(connect.probability * lines(width, columns) * lines(height, rows), sources);
    }
    case 'fixed-out-degree':
      return mostDraws((connect.degree * sources) / network.populations[projection.to]!.size, sources);
    default:
      return sources;
  }
}

/**
 * What a sum of independent chances with this mean does not exceed: Chernoff's bound exp(-t^2 / (2 mean + 2 t / 3)) is below
 * 1e-30 for this t at any mean, for millions of neurons and steps together still negligible.
 */
function mostDraws(mean: number, draws: number): number {
  return Math.min(draws, Math.ceil(mean + 12 * Math.sqrt(mean) + 60));
}

/** Events that one neuron receives in one step, at most. */
export function mostSimultaneous(time: Float64Array, neuron: Uint32Array, dt: number): number {
  const counts = new Map<string, number>();
  let most = 0;
  time.forEach((t, index) => {
    const key = `${stepContaining(t, dt)}:${neuron[index]}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    most = Math.max(most, count);
  });
  return most;
}
