/** How a mean field is advanced: what may be asked, what is meant where nothing is said, and what is refused. */
import { InputError } from '../errors.ts';
import { suggestion } from '../models/document/near-names.ts';
import type { SampledCourse } from '../models/network.ts';
import { cutFluctuation, isFluctuating } from './fluctuation.ts';
import { isAdapting, type MeanField, type Order, stateLength } from './model.ts';

/** Euler (as the paper's program), Heun, or the classical Runge-Kutta method; their stages in a step. */
export const INTEGRATORS = { euler: 1, heun: 2, rk4: 4 } as const;
export type Integrator = keyof typeof INTEGRATORS;

export interface MeanFieldSettings {
  /** ms */
  duration: number;
  /** Time step, ms (default 0.1). */
  dt?: number;
  /** Rates alone, or with covariances (the default). */
  order?: Order;
  /** Default: rk4. */
  integrator?: Integrator;
  /** Between samples of the result, ms: a multiple of dt (default dt). */
  every?: number;
  /**
   * Where it begins: rates of the populations, Hz, or a whole state (`covarianceIndex`); one for all instances or one for each.
   * Default: silence in first order. In second order, the rates that first order reaches from silence in `SETTLING` ms of the drives'
   * first values, as far from a fixed point covariances grow beyond any meaning; covariances of 0. Adaptation begins at 0 pA where it is
   * not given.
   */
  initial?: ArrayLike<number> | readonly ArrayLike<number>[];
  /**
   * Of fluctuating drives: one for all instances, which then see the same fluctuations in units of their SD, or one for each
   * (default 1).
   */
  seed?: number | readonly number[];
}

/** ms */
export const SETTLING = 100;
export const DEFAULT_DT = 0.1;

/** Settings with every default filled in. */
export interface Plan {
  populations: number;
  order: Order;
  /** Whether adaptation currents stand at the end of the state. */
  adapting: boolean;
  variables: number;
  /** Whether drives fluctuate. */
  noisy: boolean;
  /** Numbers in a sample: the variables and, where drives fluctuate, a fluctuation for each population. */
  recorded: number;
  stages: number;
  dt: number;
  /** Steps before each sample, and samples after the initial one. */
  stepsPerSample: number;
  samples: number;
  /** State of an instance at time 0. */
  initial: (instance: number) => Float64Array;
  seed: (instance: number) => number;
}

/** @throws InputError */
export function planMeanField(models: readonly MeanField[], settings: MeanFieldSettings): Plan {
  const refuse = (message: string, field: string): never => {
    throw new InputError(message, { field });
  };
  const { duration, dt = DEFAULT_DT, order = 2, integrator = 'rk4', every = dt, initial, seed } = settings;
  const [first] = models;
  if (!first) return refuse('a mean-field run needs at least one model', 'models');
  const populations = first.populations.length;
  const other = models.find((model) => model.populations.length !== populations);
  if (other)
    refuse(
      `the mean fields of a batch need equally many populations, but ${first.name} has ${populations} and ${other.name} ${other.populations.length}: run them one after the other`,
      'models',
    );
  for (const [field, value] of Object.entries({ duration, dt, every }))
    if (!(value > 0 && Number.isFinite(value)))
      refuse(`${field} is ${value} ms, but must be above 0 ms`, field);
  if (order !== 1 && order !== 2)
    refuse(`order is ${order}, but the Master Equation is kept to order 1 or 2`, 'order');
  if (!Object.hasOwn(INTEGRATORS, integrator))
    refuse(
      `there is no integrator ${integrator}; ${suggestion(integrator, Object.keys(INTEGRATORS))}`,
      'integrator',
    );
  const stiff = models.find(({ T }) => dt >= T);
  if (stiff) refuse(`dt is ${dt} ms, but must be below T, which is ${stiff.T} ms: 0.1 ms is usual`, 'dt');
  const stepsPerSample = Math.round(every / dt);
  if (stepsPerSample < 1 || Math.abs(stepsPerSample * dt - every) > 1e-6 * every)
    refuse(`every is ${every} ms, but must be a multiple of dt, which is ${dt} ms`, 'every');
  const samples = Math.floor(duration / every + 1e-6);
  if (samples < 1)
    refuse(`duration is ${duration} ms, which is less than the ${every} ms between samples`, 'duration');
  const adapting = isAdapting(first);
  const unlike = models.find((model) => isAdapting(model) !== adapting);
  if (unlike)
    refuse(
      'some of the mean fields of a batch have adaptation and others have none: run them one after the other',
      'models',
    );
  const variables = stateLength(populations, order, adapting);
  // As soon as one instance of a batch fluctuates, all are advanced by the kernel that knows it.
  const noisy = models.some(isFluctuating);
  return {
    populations,
    order,
    adapting,
    variables,
    noisy,
    recorded: variables + (noisy ? populations : 0),
    stages: INTEGRATORS[integrator],
    dt,
    stepsPerSample,
    samples,
    initial: initialStates(initial, models, populations, variables, adapting),
    seed: seedsOf(seed, models.length),
  };
}

function seedsOf(seed: MeanFieldSettings['seed'] = 1, instances: number): Plan['seed'] {
  const seeds = typeof seed === 'number' ? [seed] : seed;
  if (typeof seed !== 'number' && seeds.length !== instances)
    throw new InputError(
      `seed holds ${seeds.length} seeds for ${instances} instances: give one for each, or one for all`,
      { field: 'seed' },
    );
  const wrong = seeds.find((each) => !(Number.isSafeInteger(each) && each >= 0));
  if (wrong !== undefined)
    throw new InputError(`a seed is ${wrong}, but must be a whole number from 0 to 2^53 - 1`, {
      field: 'seed',
    });
  return (instance) => seeds[typeof seed === 'number' ? 0 : instance]!;
}

function initialStates(
  initial: MeanFieldSettings['initial'],
  models: readonly MeanField[],
  populations: number,
  variables: number,
  adapting: boolean,
): Plan['initial'] {
  if (initial === undefined) return () => new Float64Array(variables);
  const each = typeof initial[0] === 'object';
  const states = (each ? initial : [initial]) as readonly ArrayLike<number>[];
  if (each && states.length !== models.length)
    throw new InputError(
      `initial holds ${states.length} states for ${models.length} instances: give one for each, or one for all`,
      { field: 'initial' },
    );
  for (const state of states) {
    // A state of second order will do for first order; with adaptation, what stands at its end would be lost.
    const isLong =
      state.length === populations || (adapting ? state.length === variables : state.length >= variables);
    const wrong = Array.from(state).find(
      (value, at) => !Number.isFinite(value) || (at < populations && value < 0),
    );
    if (!isLong || wrong !== undefined)
      throw new InputError(
        wrong !== undefined
          ? `an initial state holds ${wrong}, but rates are numbers not below 0 and covariances are numbers`
          : `an initial state has ${state.length} numbers: give ${populations} rates, or ${variables} numbers with ${adapting ? 'all else of the state' : 'the covariances'}`,
        { field: 'initial' },
      );
  }
  return (instance) => {
    const state = new Float64Array(variables);
    state.set(Array.from(states[each ? instance : 0]!).slice(0, variables));
    return state;
  };
}

/** What a user should know of a batch before trusting it, one sentence each, the same only once. */
export function meanFieldWarnings(models: readonly MeanField[]): string[] {
  const warnings = new Set<string>();
  for (const { populations, T } of models)
    for (const { name, drives } of populations)
      for (const { rate, fluctuation } of drives) {
        const cut = cutFluctuation(name, { rate, fluctuation });
        if (cut !== undefined) warnings.add(cut);
        if (typeof rate === 'number') continue;
        const scale = timeScale(rate);
        if (scale < T)
          warnings.add(
            `a drive changes by its whole range within about ${scale.toPrecision(2)} ms, but the mean field knows nothing shorter than its time scale T of ${T} ms`,
          );
      }
  return [...warnings];
}

/** Time in which a course would go through its whole range at its fastest, ms. */
function timeScale({ dt, values }: SampledCourse): number {
  let [low, high, fastest] = [Infinity, -Infinity, 0];
  values.forEach((value, index) => {
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (index > 0) fastest = Math.max(fastest, Math.abs(value - values[index - 1]!) / dt);
  });
  return fastest === 0 ? Infinity : (high - low) / fastest;
}
