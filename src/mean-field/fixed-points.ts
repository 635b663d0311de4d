/**
 * Fixed points of a mean field: found from many starts by Newton's method in double precision, each with its Jacobian,
 * eigenvalues, kind of stability, frequency and response time. Multistability is real, so all that are found are given.
 */
import { mat2, vec2 } from 'gl-matrix';
import { EigenvalueDecomposition, Matrix, solve } from 'ml-matrix';
import { InputError } from '../errors.ts';
import { Equations } from './equations.ts';
import { covarianceIndex, driveRates, type MeanField, type Order, stateLength } from './model.ts';
import { spreadStarts, startsBetween } from './starts.ts';

/** How states close to a fixed point move. */
export type Stability = 'stable node' | 'stable focus' | 'saddle' | 'unstable node' | 'unstable focus';

export interface FixedPoint {
  /** Mean rate of each population, Hz. */
  rates: number[];
  /** Covariances of the rates, Hz^2; absent in first order. */
  covariance?: number[][];
  /** Mean adaptation current of each population, pA; absent without adaptation. */
  currents?: number[];
  /** Rates, covariances and currents as the state has them. */
  state: Float64Array;
  /** Per second; currents of populations that adapt last. */
  jacobian: number[][];
  /** Real and imaginary parts, per second, slowest first. */
  eigenvalues: [real: number, imaginary: number][];
  stability: Stability;
  stable: boolean;
  /** Of the slowest oscillation, Hz; absent where there is none. */
  frequency?: number;
  /** Time in which a small deviation shrinks (unstable: grows) by e, ms: of the slowest eigenvalue. */
  responseTime: number;
  /**
   * Names of populations of whose rate fluctuations make more than half (or as much is missing): second order is meant for small
   * corrections, and such points, unless they are near silence, are its own and no network's.
   */
  fluctuates: string[];
  /** Names of populations whose input is beyond what their fit has seen. */
  extrapolates: string[];
}

export interface FixedPointOptions {
  order?: Order;
  /** When drives that are sampled are looked at, ms. */
  time?: number;
  /** States, or rates alone, to begin at besides those spread over all rates. */
  from?: readonly ArrayLike<number>[];
  /** How many starts are spread over all rates. */
  starts?: number;
}

/**
 * From all rates at these, Hz, activity is also left to settle where no states are given: Newton's method may pass a point that
 * attracts.
 */
const RELAXED_STARTS = [0, 10, 100];
const RELAXATION_STEPS = 150;
const MOST_STEPS = 60;
/** A point is fixed where rates would change by less than this of themselves in T. */
const TOLERANCE = 1e-11;
/** Points closer than this, relative, are one. */
const SAME = 1e-6;

/**
 * All fixed points found, lowest rates first. An empty list means that there is none with rates and variances of 0 or more.
 * @throws InputError where a start has the wrong length
 */
export function fixedPoints(model: MeanField, options: FixedPointOptions = {}): FixedPoint[] {
  const { order = 2, time = 0, from = [], starts = 128 } = options;
  const count = model.populations.length;
  const drive = driveRates(model, time);
  for (const start of from)
    if (start.length < count || start.length > stateLength(count, 2, true))
      throw new InputError(
        `a start has ${start.length} numbers, but ${model.name} has ${count} rates: give one for each population`,
        { field: 'from' },
      );
  const first = new Equations(model, 1, drive);
  const settled = (from.length > 0 ? [] : RELAXED_STARTS).map((rate) =>
    relax(first, new Array<number>(count).fill(rate)),
  );
  const given = from.map((start) => Array.from(start).slice(0, count));
  const search = (many: readonly (readonly number[])[]) =>
    many
      .flatMap((start) => newton(first, withCurrents(first, start)) ?? [])
      .filter((state) => state.subarray(0, count).every((rate) => rate >= 0));
  const direct = distinct(search([...given, ...settled, ...spreadStarts(count, starts)]));
  // Between points that attract stands one that divides them, which attracts few starts.
  const rates = distinct([
    ...direct,
    ...search(startsBetween(direct.map((state) => Array.from(state.subarray(0, count))))),
  ]);
  if (order === 1) return finish(first, rates);

  const second = new Equations(model, 2, drive);
  // Where fluctuations make or unmake a point, the first order's points are no starts: some others join them.
  const others = [...given, ...spreadStarts(count, Math.ceil(starts / 8))];
  const found = [...rates.map((state) => Array.from(state.subarray(0, count))), ...others].flatMap(
    (start) => newton(second, withCovariance(second, start)) ?? [],
  );
  return finish(
    second,
    distinct(found).filter((state) => isPossible(state, count)),
  );
}

function finish(equations: Equations, states: readonly Float64Array[]): FixedPoint[] {
  return states.map((state) => describe(equations, state)).sort((a, b) => sum(a.rates) - sum(b.rates));
}

/** What is known of a fixed point. */
function describe(equations: Equations, state: Float64Array): FixedPoint {
  const { populations } = equations.model;
  const count = populations.length;
  // Of populations without adaptation the current is 0 and no variable.
  const free = Array.from(state.keys()).filter((at) => {
    const current = at - stateLength(count, equations.order);
    return current < 0 || populations[current]!.adaptation !== undefined;
  });
  const whole = equations.jacobian(state);
  const jacobian = free.map((row) => free.map((column) => 1000 * whole[row]![column]!));
  const eigenvalues = eigenvaluesOf(jacobian).sort((a, b) => b[0] - a[0]);
  const [slowest] = eigenvalues;
  // Complex ones come in pairs, one rounded apart from the other at most.
  const oscillation = eigenvalues.find(([real, imaginary]) => Math.abs(imaginary) > 1e-6 * Math.abs(real));
  const stability = stabilityOf(eigenvalues);
  const covariance =
    equations.order === 1
      ? undefined
      : populations.map((_, a) => populations.map((_, b) => state[covarianceIndex(count, a, b)]!));
  const means = equations.rates(state);
  return {
    rates: Array.from(state.subarray(0, count)),
    ...(covariance ? { covariance } : {}),
    ...(equations.adapting ? { currents: populations.map((_, at) => equations.current(state, at)) } : {}),
    state,
    jacobian,
    eigenvalues,
    stability,
    stable: stability.startsWith('stable'),
    ...(oscillation ? { frequency: Math.abs(oscillation[1]) / (2 * Math.PI) } : {}),
    responseTime: 1000 / Math.abs(slowest![0]),
    fluctuates: populations
      .filter((_, index) => Math.abs(state[index]! - means[index]!) > 0.5 * state[index]!)
      .map(({ name }) => name),
    extrapolates: populations
      .filter(({ transfer }, index) => transfer.extrapolates(...equations.inputs(state, index)))
      .map(({ name }) => name),
  };
}

function stabilityOf(eigenvalues: readonly [number, number][]): Stability {
  const [real, imaginary] = eigenvalues[0]!;
  const turns = Math.abs(imaginary) > 1e-6 * Math.abs(real);
  if (real < 0) return turns ? 'stable focus' : 'stable node';
  if (turns) return 'unstable focus';
  return eigenvalues.some(([each]) => each < 0) ? 'saddle' : 'unstable node';
}

/** Eigenvalues of a matrix; a 2 x 2 one by its trace and determinant, which is exact where two nearly agree. */
export function eigenvaluesOf(matrix: readonly number[][]): [number, number][] {
  if (matrix.length === 2) {
    const [[a, b], [c, d]] = matrix as [[number, number], [number, number]];
    const half = (a + d) / 2;
    const square = ((a - d) / 2) ** 2 + b * c;
    if (square < 0) return [1, -1].map((sign) => [half, sign * Math.sqrt(-square)]);
    // The larger one first; the other by the determinant, without a difference of nearly equal numbers.
    const larger = half + (half < 0 ? -1 : 1) * Math.sqrt(square);
    const other = larger === 0 ? 0 : mat2.determinant([a, b, c, d]) / larger;
    return [
      [larger, 0],
      [other, 0],
    ];
  }
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(
    new Matrix(matrix as number[][]),
  );
  return realEigenvalues.map((real, index) => [real, imaginaryEigenvalues[index]!]);
}

/** Newton's method with steps halved until they help; undefined where it does not arrive. */
function newton(equations: Equations, start: ArrayLike<number>): Float64Array[] | undefined {
  const { T, populations } = equations.model;
  const covariancesEnd = stateLength(populations.length, equations.order);
  const scale = (state: ArrayLike<number>, at: number) =>
    at < populations.length
      ? Math.max(state[at]!, 1e-3)
      : Math.max(Math.abs(state[at]!), at < covariancesEnd ? 1e-6 : 1e-3);
  const size = (slope: Float64Array, state: ArrayLike<number>) =>
    Math.hypot(...slope.map((value, at) => (T * value) / scale(state, at)));
  let state: Float64Array = Float64Array.from(start);
  let slope = equations.slope(state);
  for (let step = 0; step < MOST_STEPS; step++) {
    if (!slope.every(Number.isFinite)) return undefined;
    const miss = size(slope, state);
    if (miss < TOLERANCE) return [state];
    const move = linearSolve(equations.jacobian(state), slope);
    if (!move) return undefined;
    let taken: { state: Float64Array; slope: Float64Array } | undefined;
    for (let part = 1; part > 1e-4; part /= 2) {
      const next = state.map((value, at) => {
        const to = value - part * move[at]!;
        // A rate below 0 has no meaning; from above, it is approached by halves.
        return at < populations.length && to < 0 ? 0.5 * value : to;
      });
      const there = equations.slope(next);
      if (size(there, next) < (1 - 1e-4 * part) * miss) {
        taken = { state: next, slope: there };
        break;
      }
    }
    // No step helps any more: rounding is reached, or a place where |slope| has a minimum that is not 0.
    if (!taken) return miss < 1e-8 ? [state] : undefined;
    ({ state, slope } = taken);
  }
  return undefined;
}

/** First-order activity after a while, in steps of T / 10. */
function relax(equations: Equations, start: readonly number[]): number[] {
  let state: number[] = [...start];
  for (let step = 0; step < RELAXATION_STEPS; step++) {
    // Adaptation is taken as settled: what attracts then is as good a start.
    const slope = equations.slope(withCurrents(equations, state));
    state = state.map((rate, at) => Math.max(0, rate + 0.1 * equations.model.T * slope[at]!));
  }
  return state;
}

/** The x of matrix x = values, or undefined where there is none. */
function linearSolve(matrix: readonly number[][], values: Float64Array): Float64Array | undefined {
  if (values.length === 2) {
    const [[a, b], [c, d]] = matrix as [[number, number], [number, number]];
    // gl-matrix holds matrices by columns.
    const inverse = mat2.invert([0, 0, 0, 0], [a, c, b, d]);
    if (!inverse) return undefined;
    return Float64Array.from(vec2.transformMat2([0, 0], [values[0]!, values[1]!], inverse));
  }
  try {
    const x = solve(new Matrix(matrix as number[][]), Matrix.columnVector(Array.from(values)));
    return Float64Array.from(x.to1DArray());
  } catch {
    // A singular matrix.
    return undefined;
  }
}

/** Rates as a whole state: no covariances, and adaptation currents at which adaptation stands still. */
function withCurrents(equations: Equations, rates: readonly number[]): Float64Array {
  const count = rates.length;
  const state = new Float64Array(stateLength(count, equations.order, equations.adapting));
  state.set(rates);
  if (equations.adapting) state.set(equations.steadyCurrents(state), stateLength(count, equations.order));
  return state;
}

/** Rates with the covariances that stand still while the rates are held: those follow from a linear equation. */
function withCovariance(equations: Equations, rates: readonly number[]): Float64Array {
  const count = rates.length;
  const pairs = stateLength(count, 2) - count;
  const state = withCurrents(equations, rates);
  const constant = equations.slope(state).subarray(count, count + pairs);
  const columns = Array.from({ length: pairs }, (_, pair) => {
    const probe = Float64Array.from(state);
    probe[count + pair] = 1;
    return equations
      .slope(probe)
      .subarray(count, count + pairs)
      .map((value, row) => value - constant[row]!);
  });
  const matrix = Array.from({ length: pairs }, (_, row) => columns.map((column) => column[row]!));
  const covariance = linearSolve(
    matrix,
    constant.map((value) => -value),
  );
  if (covariance) state.set(covariance, count);
  return state;
}

/** Rates not below 0 and covariances that some random rates can have. */
function isPossible(state: Float64Array, count: number): boolean {
  if (!state.subarray(0, count).every((rate) => rate >= 0)) return false;
  const c = (a: number, b: number) => state[covarianceIndex(count, a, b)]!;
  for (let a = 0; a < count; a++) {
    if (c(a, a) < 0) return false;
    for (let b = 0; b < a; b++) if (c(a, b) ** 2 > c(a, a) * c(b, b) * (1 + 1e-9)) return false;
  }
  return true;
}

function distinct(states: readonly Float64Array[]): Float64Array[] {
  const kept: Float64Array[] = [];
  for (const state of states) {
    const known = kept.some((other) =>
      other.every((value, at) => Math.abs(value - state[at]!) <= SAME * Math.max(Math.abs(value), 1e-3)),
    );
    if (!known) kept.push(state);
  }
  return kept;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
