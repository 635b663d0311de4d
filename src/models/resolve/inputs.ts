/**
 * What reaches a population from outside the network: drives and given events.
 */
import type { Path } from '../document/problems.ts';
import type { Drive, EventInput } from '../network.ts';
import type { CheckedPopulation } from '../network-schema.ts';
import { type ResolveContext, requireWholeSteps } from './context.ts';
import { type Receiving, resolveNeuronCourse, resolveProfile } from './neuron-course.ts';
import type { ReceptorTable } from './receptors.ts';
import { resolveSpikeList } from './spike-list.ts';
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
  population: Receiving,
  receptors: ReceptorTable,
  context: ResolveContext,
): Drive | undefined {
  const receptor = receptors.use(use.receptor, [...path, 'receptor'], inPlaceName(path));
  const { synapses, weight, statistics } = use;
  if ((use.rate === undefined) === (use.neuron_rate === undefined)) {
    const given =
      use.rate === undefined ? 'neither a rate nor a neuron_rate' : 'both a rate and a neuron_rate';
    context.problems.add(path, `has ${given}; give one of the two`);
    return undefined;
  }
  if (use.neuron_rate) {
    const at = [...path, 'neuron_rate'];
    if (use.profile !== undefined)
      context.problems.add(
        [...path, 'profile'],
        'is given beside neuron_rate, which says the rate of each neuron by itself; remove one of the two',
      );
    const neuronRate = resolveNeuronCourse(use.neuron_rate, population, { least: 0 }, at, context);
    if (!neuronRate || !receptor) return undefined;
    checkNeuronEvents(use, neuronRate.greatest, at, context);
    return { receptor, synapses, rate: 0, neuronRate, weight, statistics };
  }
  const rate = resolveCourse(use.rate!, [...path, 'rate'], context, { min: 0 });
  if (use.profile === undefined) {
    checkEventsPerStep(use, largestValue(rate), path, context);
    return receptor && { receptor, synapses, rate, weight, statistics };
  }
  if (typeof rate !== 'number')
    requireWholeSteps(context, [...path, 'rate', 'dt'], rate.dt, 'a sample of a rate that has a profile');
  const profile = resolveProfile(use.profile, population, [...path, 'profile'], context);
  if (!profile || !receptor) return undefined;
  const most = profile.reduce((sum, value) => Math.max(sum, value), 0) * largestValue(rate);
  checkNeuronEvents(use, most, [...path, 'profile'], context);
  return { receptor, synapses, rate, profile, weight, statistics };
}

/** Counts of neurons that have rates of their own are drawn one by one, and only as Poisson counts. */
function checkNeuronEvents(use: DriveUse, rate: number, path: Path, context: ResolveContext): void {
  if (use.statistics !== 'poisson') {
    context.problems.add(
      [...path.slice(0, -1), 'statistics'],
      `is ${use.statistics}, but where neurons have rates of their own their events are Poisson counts; use poisson`,
    );
  }
  const mean = (use.synapses * rate * context.dt) / 1000;
  if (mean <= MOST_NEURON_EVENTS) return;
  context.problems.add(
    path,
    `brings up to ${Number(mean.toPrecision(3))} events a step to a neuron, more than the ${MOST_NEURON_EVENTS} that are counted where neurons have rates of their own; ` +
      'lower the rate or dt, or share the synapses out between several drives',
  );
}

/** Expected events of a step, of a neuron with a rate of its own: each four are drawn by themselves. */
const MOST_NEURON_EVENTS = 256;

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

const eventNoun = { one: 'event', many: 'events', oncePerStep: false };

/** @returns the events, or undefined where that was noted as a problem */
export function resolveEvents(
  use: EventsUse,
  path: Path,
  population: { name: string; size: number },
  receptors: ReceptorTable,
  context: ResolveContext,
): EventInput | undefined {
  const receptor = receptors.use(use.receptor, [...path, 'receptor'], inPlaceName(path));
  const list = resolveSpikeList(use, eventNoun, path, population, context);
  return receptor && list && { receptor, weight: use.weight, ...list };
}
