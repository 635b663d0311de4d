/**
 * The device computes in single precision. A parameter beyond it becomes infinite there, and NaN in the first step, far
 * from its cause: it is refused here, by its name.
 */
import { InputError } from '../errors.ts';
import { spikeLevel } from '../models/cells.ts';
import type { Initial, Network, Noise, Population, TimeCourse } from '../models/network.ts';

/** A parameter, and what the device holds of it. */
interface Held {
  field: string;
  value: number;
  unit: string;
  held: number;
  /** What `held` must stay below where it shares a word with something else, and how to say so. */
  room?: { below: number; text: string };
}

/** Where others have V, neurons that are held have this and the steps for which they will be; as in shaders/spiking/neurons.wgsl. */
export const HELD = 2 ** 23;
const besideSteps = { below: HELD, text: `voltages less than ${HELD} mV above E_L` };
const besideV = { below: HELD, text: `less than ${HELD} steps of dt` };

/**
 * Refuses a network with a parameter that is not finite in single precision, as it is or as the kernels have it.
 * @throws InputError that names the field
 */
export function refuseUnrepresentable(network: Network): void {
  for (const { field, value, unit, held, room } of parameters(network)) {
    const { below, text } = room ?? { below: Number.POSITIVE_INFINITY, text: 'numbers up to 3.4e38' };
    if (Number.isFinite(Math.fround(held)) && held < below) continue;
    const remedy = Number.isNaN(value) ? 'number' : Math.abs(value) > 1 ? 'smaller value' : 'larger value';
    throw new InputError(
      `${field} is ${value} ${unit}, which the device cannot compute with in single precision (${text}): give a ${remedy}`,
      { field },
    );
  }
}

function* parameters(network: Network): Generator<Held> {
  const { dt } = network;
  yield { field: 'dt', value: dt, unit: 'ms', held: dt };
  for (const { name, tau, E_rev } of network.receptors) {
    yield { field: `receptors.${name}.tau`, value: tau, unit: 'ms', held: dt / tau };
    yield* plain(`receptors.${name}.E_rev`, 'mV', [E_rev]);
  }
  for (const population of network.populations) yield* populationParameters(population, network);
  for (const { name, weight } of network.projections)
    yield* plain(`projections.${name}.weight`, 'nS', [weight]);
}

function* populationParameters(population: Population, { dt, receptors }: Network): Generator<Held> {
  const path = `populations.${population.name}`;
  const { cell, initial } = population;
  const { C_m, E_L, Delta_T, tau_ref, tau_w } = cell;
  const cellPath = `${path}.cell`;
  yield { field: `${cellPath}.C_m`, value: C_m, unit: 'pF', held: dt / C_m };
  yield* plain(`${cellPath}.g_L`, 'nS', [cell.g_L]);
  yield* plain(`${cellPath}.E_L`, 'mV', [E_L]);
  yield* plain(`${cellPath}.Delta_T`, 'mV', [Delta_T]);
  // Without a slope there is no exponential to divide for.
  if (Delta_T !== 0) yield { field: `${cellPath}.Delta_T`, value: Delta_T, unit: 'mV', held: 1 / Delta_T };
  yield* fromRest(`${cellPath}.V_T`, cell.V_T, E_L, besideSteps);
  // Below its spike level a neuron is not reset, however high that is.
  yield {
    field: `${cellPath}.Delta_T`,
    value: Delta_T,
    unit: 'mV',
    held: spikeLevel(cell) - E_L,
    room: besideSteps,
  };
  yield* fromRest(`${cellPath}.V_r`, cell.V_r, E_L, besideSteps);
  yield { field: `${cellPath}.tau_ref`, value: tau_ref, unit: 'ms', held: tau_ref / dt, room: besideV };
  yield { field: `${cellPath}.tau_w`, value: tau_w, unit: 'ms', held: dt / tau_w };
  yield* plain(`${cellPath}.a`, 'nS', [cell.a]);
  yield* plain(`${cellPath}.b`, 'pA', [cell.b]);
  for (const { name, E_rev } of receptors) yield* fromRest(`receptors.${name}.E_rev`, E_rev, E_L);

  for (const V of initialNumbers(initial.V)) yield* fromRest(`${path}.initial.V`, V, E_L, besideSteps);
  yield* plain(`${path}.initial.w`, 'pA', initialNumbers(initial.w));
  for (const [receptor, g] of initial.g)
    yield* plain(`${path}.initial.g.${receptor}`, 'nS', initialNumbers(g));
  yield* plain(`${path}.current`, 'pA', courseNumbers(population.current));
  yield* plain(`${path}.neuron_current`, 'pA', population.neuronCurrent ?? []);
  if (population.noise) yield* noiseParameters(`${path}.noise`, population.noise, dt);
  for (const [index, { weight }] of population.drives.entries())
    yield* plain(`${path}.drive.${index}.weight`, 'nS', [weight]);
  for (const [index, { weight }] of population.events.entries())
    yield* plain(`${path}.events.${index}.weight`, 'nS', [weight]);
}

function* noiseParameters(path: string, noise: Noise, dt: number): Generator<Held> {
  const { white, current, conductances } = noise;
  yield {
    field: `${path}.white`,
    value: white,
    unit: 'mV/sqrt(ms)',
    held: white * Math.sqrt(dt),
  };
  if (current) yield* plain(`${path}.current`, 'pA', [current.mean, current.sd]);
  for (const { receptor, fluctuation } of conductances)
    yield* plain(`${path}.conductance.${receptor.name}`, 'nS', [fluctuation.mean, fluctuation.sd]);
}

/** Numbers that the device holds as they are. */
function* plain(field: string, unit: string, values: Iterable<number>): Generator<Held> {
  for (const value of values) yield { field, value, unit, held: value };
}

/** A voltage, which the device counts from E_L. */
function* fromRest(field: string, value: number, E_L: number, room?: Held['room']): Generator<Held> {
  yield { field, value, unit: 'mV', held: value - E_L, ...(room && { room }) };
}

function initialNumbers(initial: Initial): Iterable<number> {
  switch (initial.kind) {
    case 'constant':
      return [initial.value];
    case 'uniform':
      return [initial.low, initial.high];
    case 'normal':
      return [initial.mean, initial.sd];
    case 'values':
      return initial.values;
  }
}

function courseNumbers(course: TimeCourse): Iterable<number> {
  return typeof course === 'number' ? [course] : course.values;
}
