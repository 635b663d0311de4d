/**
 * A mean-field model as data: populations with their transfer functions, who sends to whom, what comes from outside, and the
 * time scale T of the Master Equation (El Boustani and Destexhe, Neural Computation 2009). What the engine and the search for
 * fixed points read is only this; `from-network.ts` derives it from a spiking network. It stands here and not among `models`
 * because a transfer function is part of it.
 */
import { InputError } from '../errors.ts';
import type { TimeCourse } from '../models/network.ts';
import type { TransferFunction } from '../transfer/transfer-function.ts';

/** The two kinds of synapse that a transfer function knows. */
export type SynapseKind = 'exc' | 'inh';
export const SYNAPSE_KINDS: readonly SynapseKind[] = ['exc', 'inh'];

/** An Ornstein-Uhlenbeck process of mean 0. */
export interface RateFluctuation {
  /** Hz */
  sd: number;
  /** Correlation time, ms. */
  tau: number;
}

/** Synapses that fire independently of the populations. */
export interface ExternalDrive {
  kind: SynapseKind;
  /** Rate of each synapse, Hz; samples are held. */
  rate: TimeCourse;
  /** External synapses over those of this kind that the transfer function counts: times this, the rate adds to nu_e or nu_i. */
  share: number;
  /**
   * Added to the rate, which does not go below 0; of one drive of a population at most. It enters runs alone: fixed points are those
   * without it.
   */
  fluctuation?: RateFluctuation;
}

/** Adaptation as a slow variable: dw/dt of di Volo et al. 2019, in `equations.ts`. */
export interface Adaptation {
  /** From the mean potential, nS. */
  a: number;
  /** With every spike, pA. */
  b: number;
  /** ms */
  tau_w: number;
}

export interface MeanFieldPopulation {
  name: string;
  /** Neurons, N; Infinity leaves finite-size fluctuations out. */
  size: number;
  transfer: TransferFunction;
  /** For each population, the share of this one's synapses of either kind that come from it. */
  from: Record<SynapseKind, readonly number[]>;
  drives: readonly ExternalDrive[];
  /** Where it is absent, the transfer function is that of a neuron whose adaptation, if it has any, has settled. */
  adaptation?: Adaptation;
}

export interface MeanField {
  name: string;
  populations: readonly MeanFieldPopulation[];
  /** Time scale over which activity is Markovian, ms. */
  T: number;
}

/** T of Zerlaut et al. 2017, ms. */
export const DEFAULT_T = 5;

/** Mean rates alone, or with their covariances. */
export type Order = 1 | 2;

/**
 * Length of the state: P rates (Hz), in second order the P (P + 1) / 2 covariances (Hz^2), and with adaptation the P mean adaptation
 * currents (pA).
 */
export function stateLength(populations: number, order: Order, adapting = false): number {
  const moments = order === 1 ? populations : populations + (populations * (populations + 1)) / 2;
  return moments + (adapting ? populations : 0);
}

/** Whether adaptation is part of the state. */
export function isAdapting({ populations }: MeanField): boolean {
  return populations.some(({ adaptation }) => adaptation !== undefined);
}

/** Where the covariance of two populations stands in the state: after the rates, upper triangle, row by row (ee, ei, ii). */
export function covarianceIndex(populations: number, a: number, b: number): number {
  const [row, column] = a <= b ? [a, b] : [b, a];
  return populations + row * populations - (row * (row - 1)) / 2 + column - row;
}

/** The external part of nu_e and nu_i of each population at a time: `[population, kind]`, Hz. */
export function driveRates({ populations }: MeanField, time = 0): Float64Array {
  const rates = new Float64Array(2 * populations.length);
  populations.forEach(({ drives }, population) => {
    for (const { kind, rate, share } of drives)
      rates[2 * population + (kind === 'exc' ? 0 : 1)]! += share * valueAt(rate, time);
  });
  return rates;
}

/** A time course at `time` ms; before its first sample it has the value of that, after its last the value of that. */
export function valueAt(course: TimeCourse, time: number): number {
  if (typeof course === 'number') return course;
  // A time that is a sample's beginning up to rounding belongs to that sample.
  const sample = Math.floor(time / course.dt + 1e-6);
  return course.values[Math.min(course.values.length - 1, Math.max(0, sample))]!;
}

/**
 * The model with an afferent input on top of its drives (Zerlaut et al. 2017): excitatory populations receive `fraction` of it at each
 * excitatory synapse, the others the rest. A population counts as excitatory where others receive it through excitatory synapses.
 * @param rate Hz
 * @param fraction from 0 to 1
 */
export function withAfferentInput(model: MeanField, rate: TimeCourse, fraction = 1): MeanField {
  if (!(fraction >= 0 && fraction <= 1))
    throw new InputError(
      `the afferent excitatory fraction is ${fraction}, but a fraction is from 0 to 1: give the part of the input that excitatory cells receive`,
      { field: 'fraction' },
    );
  const populations = model.populations.map((population, index) => {
    const share = isExcitatory(model, index) ? fraction : 1 - fraction;
    if (share === 0) return population;
    return { ...population, drives: [...population.drives, { kind: 'exc' as const, rate, share }] };
  });
  return checkMeanField({ ...model, populations });
}

/** Whether a population sends through excitatory synapses. */
export function isExcitatory({ populations }: MeanField, index: number): boolean {
  return populations.some(({ from }) => from.exc[index]! > 0);
}

/**
 * Refuses numbers that no mean field can have.
 * @returns the model itself
 * @throws InputError
 */
export function checkMeanField(model: MeanField): MeanField {
  const refuse = (message: string, field: string): never => {
    throw new InputError(message, { field });
  };
  const { populations, T } = model;
  if (populations.length === 0) refuse(`the mean field ${model.name} has no populations`, 'populations');
  if (!(T > 0 && Number.isFinite(T)))
    refuse(`T is ${T} ms, but the time scale of a mean field must be above 0 ms: try ${DEFAULT_T} ms`, 'T');
  populations.forEach(({ name, size, from, drives, adaptation }) => {
    if (adaptation) checkAdaptation(name, adaptation);
    if (!(size > 0))
      refuse(`population ${name} has ${size} neurons, but must have more than 0`, `${name}.size`);
    for (const kind of SYNAPSE_KINDS) {
      const shares = from[kind];
      if (shares.length !== populations.length || !shares.every((share) => share >= 0 && share < Infinity))
        refuse(
          `population ${name} needs for each of the ${populations.length} populations a share of its ${kind} synapses, 0 or more`,
          `${name}.from.${kind}`,
        );
    }
    for (const { rate, share } of drives) {
      const values = typeof rate === 'number' ? [rate] : rate.values;
      const wrong = Array.from(values).find((value) => !(value >= 0 && Number.isFinite(value)));
      if (wrong !== undefined || values.length === 0)
        refuse(
          `a drive of population ${name} is ${wrong ?? 'empty'}${wrong === undefined ? '' : ' Hz'}, but rates are numbers not below 0`,
          `${name}.drives`,
        );
      if (typeof rate !== 'number' && !(rate.dt > 0))
        refuse(
          `a drive of population ${name} has samples of ${rate.dt} ms: give a dt above 0`,
          `${name}.drives`,
        );
      if (!(share >= 0 && Number.isFinite(share)))
        refuse(`a drive of population ${name} has the share ${share}: give 0 or more`, `${name}.drives`);
    }
    checkFluctuation(name, drives);
  });
  return model;
}

function checkAdaptation(name: string, adaptation: Adaptation): void {
  const { a, b, tau_w } = adaptation;
  const field = (symbol: string) => ({ field: `${name}.adaptation.${symbol}` });
  if (!(tau_w > 0 && Number.isFinite(tau_w)))
    throw new InputError(
      `population ${name} adapts with tau_w ${tau_w} ms, but must do so with more than 0 ms`,
      field('tau_w'),
    );
  // Below 0 the membrane would lose its rest at low conductance; no cell of the field is there.
  if (!(a >= 0 && Number.isFinite(a)))
    throw new InputError(
      `population ${name} adapts with a = ${a} nS, but the mean field needs a number not below 0 there: leave adaptation out`,
      field('a'),
    );
  if (!Number.isFinite(b))
    throw new InputError(`population ${name} adapts with b = ${b} pA: give a number`, field('b'));
}

function checkFluctuation(name: string, drives: readonly ExternalDrive[]): void {
  const field = { field: `${name}.drives.fluctuation` };
  const given = drives.flatMap(({ fluctuation }) => fluctuation ?? []);
  if (given.length > 1)
    throw new InputError(
      `${given.length} drives of population ${name} fluctuate, but at most one of a population may: give one of them the whole fluctuation`,
      field,
    );
  for (const { sd, tau } of given) {
    if (!(sd >= 0 && Number.isFinite(sd)))
      throw new InputError(
        `the drive of population ${name} fluctuates with an SD of ${sd} Hz, but an SD is a number not below 0`,
        field,
      );
    if (!(tau > 0 && Number.isFinite(tau)))
      throw new InputError(
        `the drive of population ${name} fluctuates with a correlation time of ${tau} ms, but it must be above 0 ms: try 5 ms`,
        field,
      );
  }
}
