/** Small networks of every kind, drawn from a number: what the engine and its twin are compared on. */
import type {
  Connect,
  Drive,
  EventInput,
  Initial,
  Network,
  Population,
  Projection,
  Receptor,
  TimeCourse,
} from '../../src/models/network.ts';
import { type Draws, draws } from '../draws.ts';
import { cell, network, population, projection } from './networks.ts';

export interface Kind {
  /** Shortest delay, ms; above 0 it makes windows of more than one step. */
  shortestDelay: number;
  /** Weights without a common unit, which become fixed point and do not fit 16 bits. */
  oddWeights: boolean;
  dt: number;
  /** Fewest and most populations. */
  populations?: [number, number];
}

const duration = 80;
const receptors: Receptor[] = [
  { name: 'exc', tau: 5, E_rev: 0 },
  { name: 'inh', tau: 7.5, E_rev: -80 },
  { name: 'slow', tau: 40, E_rev: -10 },
];

export function randomNetwork(seed: number, kind: Kind): Network {
  const { shortestDelay, oddWeights, dt, populations: [fewest, most] = [1, 3] } = kind;
  const draw = draws(seed);
  const populations = Array.from({ length: draw.integer(fewest, most) }, (_, index) =>
    randomPopulation(draw, index, dt),
  );
  const projections = Array.from({ length: draw.integer(2, 6) }, (_, index): Projection => {
    const from = draw.integer(0, populations.length - 1);
    const to = draw.integer(0, populations.length - 1);
    const receptor = draw.pick(receptors);
    const sources = populations[from]!.size;
    // A few nS for all synapses of a neuron together keep activity lively but not explosive.
    const total = receptor.name === 'inh' ? 12 : receptor.name === 'slow' ? 1 : 5;
    const exact = Math.ceil((8 * total) / Math.min(30, sources)) / 8;
    const weight = oddWeights ? exact * draw.between(0.7, 1.1) : exact * draw.integer(1, 2);
    // The first projection has the shortest delay, which is what windows are cut to.
    const longest = index === 0 ? shortestDelay : 3;
    const delay = dt * draw.integer(Math.round(shortestDelay / dt), Math.round(longest / dt));
    const connect = randomConnect(draw, sources, populations[to]!.size, from === to);
    return projection(from, to, receptor, weight, connect, {
      name: `projection ${index}`,
      delay,
      selfConnections:
        draw.chance(0.3) && connect.rule !== 'fixed-in-degree' && connect.rule !== 'fixed-out-degree',
    });
  });
  const method = draw.pick(['euler', 'exponential-euler'] as const);
  return network(populations, projections, { name: `random ${seed}`, dt, duration, receptors, method });
}

function randomPopulation(draw: Draws, index: number, dt: number): Population {
  const base = cell(draw.pick(['LIF', 'EIF', 'AdExp', 'FS-cell', 'RS-cell', 'RS-cell2']));
  const tau_ref = draw.pick([0, dt, 2, 5, 15]);
  const of = {
    ...base,
    tau_ref,
    C_m: base.C_m * draw.between(0.8, 1.5),
    V_r: base.V_r + draw.between(-3, 3),
  };
  const size = draw.pick([1, 3, 4, 18, 41, 64, 90]);
  const g = new Map<string, Initial>();
  if (draw.chance(0.5)) g.set('exc', { kind: 'uniform', low: 0, high: 4 });
  if (draw.chance(0.3)) g.set('slow', { kind: 'constant', value: 0.5 });
  return population(`population ${index}`, size, of, {
    initial: {
      V: draw.pick<Initial>([
        { kind: 'constant', value: of.E_L },
        { kind: 'uniform', low: of.E_L - 5, high: of.V_T },
        { kind: 'normal', mean: of.E_L, sd: 3 },
      ]),
      w: draw.chance(0.5) ? { kind: 'constant', value: 0 } : { kind: 'uniform', low: -10, high: 40 },
      g,
    },
    current: randomCurrent(draw, dt),
    neuronCurrent: draw.chance(0.6)
      ? Float64Array.from({ length: size }, () => draw.between(-20, 160))
      : undefined,
    drives: Array.from({ length: draw.integer(0, 2) }, () => randomDrive(draw, dt)),
    events: Array.from({ length: draw.integer(0, 2) }, () => randomEvents(draw, size)),
  });
}

function randomCurrent(draw: Draws, dt: number): TimeCourse {
  if (draw.chance(0.4)) return draw.between(0, 150);
  const sample = draw.pick([dt, 1, 7.3]);
  return { dt: sample, values: Float64Array.from({ length: 12 }, () => draw.between(-50, 250)) };
}

function randomDrive(draw: Draws, dt: number): Drive {
  const receptor = draw.pick(receptors);
  const rates = Float64Array.from({ length: 5 }, () => draw.between(0, 20));
  return {
    receptor,
    synapses: draw.integer(1, 120),
    rate: draw.chance(0.5) ? draw.between(0, 20) : { dt: draw.pick([dt, 3, 10.7]), values: rates },
    weight: receptor.name === 'slow' ? 0.05 : draw.between(0.3, 1.2),
    statistics: draw.pick(['poisson', 'binomial', 'bernoulli']),
  };
}

function randomEvents(draw: Draws, size: number): EventInput {
  const count = draw.integer(0, 200);
  return {
    receptor: draw.pick(receptors),
    weight: draw.integer(1, 8) / 4,
    time: Float64Array.from({ length: count }, () => draw.between(0, duration)).sort(),
    neuron: Uint32Array.from({ length: count }, () => draw.integer(0, size - 1)),
  };
}

function randomConnect(draw: Draws, sources: number, targets: number, same: boolean): Connect {
  const edges = draw.integer(0, 150);
  const rules: Connect[] = [
    { rule: 'fixed-probability', probability: draw.between(0.05, 0.5) },
    { rule: 'fixed-in-degree', degree: Math.min(10, same ? sources - 1 : sources) },
    { rule: 'fixed-out-degree', degree: Math.min(10, same ? targets - 1 : targets) },
    {
      rule: 'explicit',
      source: Uint32Array.from({ length: edges }, () => draw.integer(0, sources - 1)),
      target: Uint32Array.from({ length: edges }, () => draw.integer(0, targets - 1)),
    },
  ];
  if (sources * targets < 2000) rules.push({ rule: 'all-to-all' });
  if (same) rules.push({ rule: 'one-to-one' });
  return draw.pick(rules);
}
