/**
 * What reaches a population from outside the network: drives and given events.
 */
import type { Path } from '../document/problems.ts';
import type { Drive, EventInput } from '../network.ts';
import type { CheckedPopulation } from '../network-schema.ts';
import { type ResolveContext, sizeText } from './context.ts';
import type { ReceptorTable } from './receptors.ts';
import { largestValue, resolveCourse } from './time-course.ts';

type DriveUse = CheckedPopulation['drive'][number];
type EventsUse = CheckedPopulation['events'][number];

/** `exc_drive_0`, for a receptor written in place at `populations.exc.drive.0`. */
function inPlaceName(path: Path): string {
  return path.slice(1).join('_');
}

/** @returns the drive, or undefined where that was noted as a problem */
export function resolveDrive(
  use: DriveUse,
  path: Path,
  receptors: ReceptorTable,
  context: ResolveContext,
): Drive | undefined {
  const receptor = receptors.use(use.receptor, [...path, 'receptor'], inPlaceName(path));
  const rate = resolveCourse(use.rate, [...path, 'rate'], context, { min: 0 });
  checkEventsPerStep(use, largestValue(rate), path, context);
  if (!receptor) return undefined;
  return { receptor, synapses: use.synapses, rate, weight: use.weight, statistics: use.statistics };
}

/** Bernoulli allows one event a step for a neuron, binomial one for a synapse: their chance cannot exceed 1. */
function checkEventsPerStep(use: DriveUse, rate: number, path: Path, context: ResolveContext): void {
  if (use.statistics === 'poisson') return;
  const sources = use.statistics === 'bernoulli' ? use.synapses : 1;
  const chance = (sources * rate * context.dt) / 1000;
  if (chance <= 1) return;
  const product = use.statistics === 'bernoulli' ? 'synapses x rate x dt' : 'rate x dt';
  context.problems.add(
    [...path, 'rate'],
    `makes ${product} = ${Number(chance.toPrecision(6))}, but with ${use.statistics} statistics this is a probability ` +
      'and cannot exceed 1; use poisson, a shorter dt or a lower rate',
  );
}

/** @returns the events, or undefined where that was noted as a problem */
export function resolveEvents(
  use: EventsUse,
  path: Path,
  population: { name: string; size: number },
  receptors: ReceptorTable,
  context: ResolveContext,
): EventInput | undefined {
  const receptor = receptors.use(use.receptor, [...path, 'receptor'], inPlaceName(path));
  const columns = eventColumns(use, path, context);
  if (!columns) return undefined;
  const [time, neuron] = columns;
  const { problems } = context;
  const show = (event: number) => `event ${event} (time ${time[event]} ms, neuron ${neuron[event]})`;
  const negative = time.findIndex((value) => value < 0);
  const unordered = time.findIndex((value, event) => event > 0 && value < time[event - 1]!);
  const stray = neuron.findIndex(
    (value) => !Number.isInteger(value) || value < 0 || value >= population.size,
  );
  if (negative >= 0)
    problems.add(path, `has ${show(negative)} before the start; give times of at least 0 ms`);
  if (unordered >= 0) {
    problems.add(path, `has ${show(unordered)} after a later one; sort the events by time`);
  }
  if (stray >= 0) {
    const size = sizeText(population.name, population.size);
    problems.add(path, `has ${show(stray)} but ${size}; correct the neuron or the size`);
  }
  return receptor && { receptor, weight: use.weight, time, neuron: Uint32Array.from(neuron) };
}

function eventColumns(
  use: EventsUse,
  path: Path,
  context: ResolveContext,
): [Float64Array, Float64Array] | undefined {
  const { times, neurons, file } = use;
  if ((file !== undefined) === (times !== undefined || neurons !== undefined)) {
    context.problems.add(path, 'needs its events once; give either times and neurons, or a file');
    return undefined;
  }
  if (file !== undefined) {
    const [time, neuron] = context.readColumns(file, ['time_ms', 'neuron'], [...path, 'file']) ?? [];
    return time && neuron && [time, neuron];
  }
  if (times?.length !== neurons?.length || !times || !neurons) {
    context.problems.add(
      path,
      `has ${times?.length ?? 0} times and ${neurons?.length ?? 0} neurons; give one neuron for each time`,
    );
    return undefined;
  }
  return [times, neurons];
}
