/**
 * What all rings of a batch share: the mean field of a unit, the state it rests in, and the steps in time.
 */
import { InputError } from '../errors.ts';
import { fixedPoints } from '../mean-field/fixed-points.ts';
import {
  covarianceIndex,
  driveRates,
  isAdapting,
  isExcitatory,
  type MeanField,
  type Order,
  stateLength,
} from '../mean-field/model.ts';
import { checkRing, RING_DT, type Ring, ringSteps } from '../models/ring.ts';
import { ringConnectivity } from './connectivity.ts';

export interface RingOptions {
  /** Mean field of a unit: an excitatory and an inhibitory population; where they adapt, so do those of the ring. */
  model: MeanField;
  /** Rates alone (the default, as the paper), or with their covariances in each unit. */
  order?: Order;
  /** ms (default: 0.5). */
  dt?: number;
  /** Part of the stimulus that excitatory populations receive; inhibitory ones receive the rest (default: 1). */
  fraction?: number;
  /** Record rates, and all else of the state, beside the membrane response. */
  rates?: boolean;
  /** Steps of one dispatch (default: as many as take about 150 ms); results do not depend on it. */
  window?: number;
  /** Whether the units of a subgroup load their links together (default: where a CPU driver has subgroups); results do not depend on it. */
  subgroups?: boolean;
  /** Called with the part of the work that is done, 0 to 1; throwing stops the run. */
  onProgress?: (fraction: number) => void;
}

/** A unit of the ring at rest. */
export interface Unit {
  model: MeanField;
  /** Which population is which. */
  exc: number;
  inh: number;
  /** Constant drives, `[population, kind]`, Hz. */
  drives: Float64Array;
  order: Order;
  /** Whether adaptation currents stand at the end of the state. */
  adapting: boolean;
  /** Rates of the lowest stable fixed point of a unit by itself, Hz. */
  rates: { exc: number; inh: number };
  /** The whole state there: rates, Hz, excitatory first, covariances (ee, ei, ii), Hz^2, adaptation currents, pA. */
  state: Float64Array;
  /** Mean membrane potential there, mV, of the population whose response is told. */
  mu_V: number;
  /** ms */
  dt: number;
  fraction: number;
}

/**
 * Checks a batch and finds where its units rest.
 * @throws InputError
 */
export function prepareUnit(rings: readonly Ring[], options: RingOptions): Unit {
  const refuse = (field: string, message: string): never => {
    throw new InputError(message, { field });
  };
  const { model, order = 1, dt = RING_DT, fraction = 1 } = options;
  if (rings.length === 0) refuse('rings', 'there is no ring to run: give one or more');
  for (const ring of rings) refuseSlow(checkRing(ring, dt), dt);
  const first = rings[0]!;
  const other = rings.find(({ units, rows }) => units !== first.units || rows !== first.rows);
  if (other)
    refuse(
      'units',
      `the rings of a batch need equally many units, but ${first.name} has ${first.rows} x ${first.units} and ${other.name} ${other.rows} x ${other.units}: run them one after the other`,
    );
  if (!(fraction >= 0 && fraction <= 1))
    refuse('fraction', `the afferent excitatory fraction is ${fraction}, but a fraction is from 0 to 1`);
  if (options.window !== undefined && !(Number.isInteger(options.window) && options.window > 0))
    refuse('window', `window is ${options.window} steps, but must be a whole number above 0`);
  if (order !== 1 && order !== 2)
    refuse('order', `order is ${order}, but the Master Equation is kept to order 1 or 2`);
  if (dt >= model.T)
    refuse('dt', `dt is ${dt} ms, but must be below T, which is ${model.T} ms: the paper has ${RING_DT} ms`);
  const { populations } = model;
  const kinds = populations.map((_, index) => isExcitatory(model, index));
  const exc = kinds.indexOf(true);
  const inh = kinds.indexOf(false);
  if (populations.length !== 2 || exc < 0 || inh < 0)
    refuse(
      'model',
      `a unit of the ring has one excitatory and one inhibitory population, but ${model.name} has ${populations.length} populations, ${kinds.filter((kind) => kind).length} of them excitatory: give such a network`,
    );
  for (const { name, from, drives } of populations) {
    if (from.exc[inh] !== 0 || from.inh[exc] !== 0)
      refuse(
        'model',
        `population ${name} of ${model.name} receives both populations through one kind of synapse, which the ring does not know`,
      );
    if (drives.some(({ fluctuation }) => fluctuation))
      refuse(
        'model',
        `a drive of population ${name} fluctuates, but a ring has constant drives and a stimulus: leave the fluctuation out`,
      );
    if (drives.some(({ rate }) => typeof rate !== 'number'))
      refuse(
        'model',
        `a drive of population ${name} changes in time, but a ring has constant drives and a stimulus: give its rate as one number`,
      );
  }
  const point = fixedPoints(model, { order }).find(({ stable }) => stable);
  if (!point)
    throw new InputError(
      `the mean field of ${model.name} has no stable state in ${order === 1 ? 'first' : 'second'} order, so that a ring of it has none to rest in: change its drive`,
      { field: 'model' },
    );
  const drives = driveRates(model);
  const rates = { exc: point.rates[exc]!, inh: point.rates[inh]! };
  const target = populations[inh]!;
  const moments = target.transfer.moments(
    drives[2 * inh]! + target.from.exc[exc]! * rates.exc,
    drives[2 * inh + 1]! + target.from.inh[inh]! * rates.inh,
  );
  // An adaptation current lowers the mean potential by w / mu_G.
  const mu_V = moments.mu_V - (point.currents?.[inh] ?? 0) / moments.mu_G;
  const adapting = isAdapting(model);
  const at = (place: number) => point.state[place]!;
  const state = Float64Array.of(
    rates.exc,
    rates.inh,
    ...(order === 2
      ? [
          [exc, exc],
          [exc, inh],
          [inh, inh],
        ].map(([a, b]) => at(covarianceIndex(2, a!, b!)))
      : []),
    ...(adapting ? [exc, inh].map((index) => at(stateLength(2, order) + index)) : []),
  );
  return { model, exc, inh, drives, order, adapting, rates, state, mu_V, dt, fraction };
}

/** Nothing would arrive before the run ends. */
function refuseSlow(ring: Ring, dt: number): void {
  const { shortest, longest } = ringConnectivity(ring, dt);
  const samples = ringSteps(ring, dt);
  if (Number.isFinite(shortest) && shortest >= samples)
    throw new InputError(
      `at ${ring.conduction_velocity} mm/s activity of ring ${ring.name} needs ${shortest} steps to the next unit and ${longest} to the farthest, but the run has ${samples} and its history holds no more: give a conduction velocity above ${((ring.conduction_velocity * shortest) / samples).toPrecision(3)} mm/s or a longer duration`,
      { field: 'conduction_velocity' },
    );
}
