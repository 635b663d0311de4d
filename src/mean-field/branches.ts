/**
 * All branches of fixed points over a range of one parameter: each point found at some values is followed both ways, and those that a
 * branch already passes are not followed again. What the figure of a bifurcation shows.
 */
import { Matrix, solve } from 'ml-matrix';
import { InputError } from '../errors.ts';
import { type Branch, type BranchPoint, continueFixedPoint, type SpecialPoint } from './continuation.ts';
import { Equations } from './equations.ts';
import { fixedPoints } from './fixed-points.ts';
import { driveRates, type MeanField, type Order } from './model.ts';

/** What fits and the second order can say of a point. */
export interface Reach {
  /** Names of populations whose input is beyond what their fit has seen. */
  extrapolates: string[];
  /** Names of populations of whose rate fluctuations make more than half. */
  fluctuates: string[];
}

export interface FixedPointBranch {
  /** Along the curve. */
  points: (BranchPoint & Reach)[];
  /** Folds and Hopf points along it. */
  special: (SpecialPoint & Reach)[];
  /** Why it ends, where it begins and at its end. */
  ends: [Branch['end'], Branch['end']];
}

export interface BranchOptions {
  order?: Order;
  /** The parameter stays within. */
  range: readonly [number, number];
  /** At how many values of the parameter fixed points are looked for (default 9, both ends among them). */
  values?: number;
  /** Starts of the search at each value (default 48). */
  starts?: number;
  /** Called with the part of the work that is done, 0 to 1; throwing stops it. */
  onProgress?: (fraction: number) => void;
}

/** Differences in proportion: points closer than this are one, and a chord between two points of a branch misses its arc by less than that. */
const SAME = 1e-4;
const NEAR = 0.5;
const NEWTON_STEPS = 12;
/** So short that lines through the points look round. */
const STEP = 0.02;

/**
 * The branches that fixed points at some values of the parameter belong to. A closed branch between two such values is not found: ask for
 * more of them.
 *
 *     const model = (drive: number) => varied(base, { drive });
 *     const branches = fixedPointBranches(model, { range: [0.5, 8] });
 *
 * @param modelAt the model at a value of the parameter
 * @throws InputError where the range or the number of values cannot be meant
 */
export function fixedPointBranches(
  modelAt: (value: number) => MeanField,
  { order = 2, range, values = 9, starts = 48, onProgress }: BranchOptions,
): FixedPointBranch[] {
  const [low, high] = range;
  if (!(low < high && Number.isFinite(high - low)))
    throw new InputError(
      `the parameter is to go from ${low} to ${high}, but the second must be above the first`,
      { field: 'range' },
    );
  if (!(Number.isInteger(values) && values >= 2))
    throw new InputError(
      `fixed points are to be looked for at ${values} values: give a whole number from 2`,
      {
        field: 'values',
      },
    );
  const branches: FixedPointBranch[] = [];
  for (let index = 0; index < values; index++) {
    const value = index === values - 1 ? high : low + ((high - low) * index) / (values - 1);
    const model = modelAt(value);
    for (const { state } of fixedPoints(model, { order, starts })) {
      if (branches.some(({ points }) => passes(points, model, order, value, state))) continue;
      branches.push(wholeBranch(modelAt, value, state, order, range));
    }
    onProgress?.((index + 1) / values);
  }
  return branches;
}

/** Both ways from a point. */
function wholeBranch(
  modelAt: (value: number) => MeanField,
  value: number,
  state: Float64Array,
  order: Order,
  range: readonly [number, number],
): FixedPointBranch {
  const follow = (grow: boolean) =>
    continueFixedPoint(modelAt, value, state, { order, range, grow, longest: STEP });
  const reachOf = <Point extends BranchPoint>(point: Point): Point & Reach => ({
    ...point,
    ...reach(modelAt(point.value), order, point.state),
  });
  const ahead = follow(true);
  // Around a closed branch one way leads past everything.
  const behind = ahead.end === 'closed' ? undefined : follow(false);
  return {
    points: [...(behind?.points.slice(1).reverse() ?? []), ...ahead.points].map(reachOf),
    special: [...(behind?.special.reverse() ?? []), ...ahead.special].map(reachOf),
    ends: [behind?.end ?? 'closed', ahead.end],
  };
}

function reach(model: MeanField, order: Order, state: Float64Array): Reach {
  const equations = new Equations(model, order, driveRates(model));
  const means = equations.rates(state);
  const names = (holds: (index: number) => boolean) =>
    model.populations.filter((_, index) => holds(index)).map(({ name }) => name);
  return {
    extrapolates: names((index) =>
      model.populations[index]!.transfer.extrapolates(...equations.inputs(state, index)),
    ),
    fluctuates: names((index) => Math.abs(state[index]! - means[index]!) > 0.5 * state[index]!),
  };
}

/**
 * Whether a branch goes through a fixed point of `model`, which belongs to `value` of the parameter: from where the branch crosses the
 * value, Newton's method leads to it.
 */
function passes(
  points: readonly BranchPoint[],
  model: MeanField,
  order: Order,
  value: number,
  state: Float64Array,
): boolean {
  const equations = new Equations(model, order, driveRates(model));
  return points.some((to, index) => {
    const from = points[Math.max(0, index - 1)]!;
    if ((from.value - value) * (to.value - value) > 0) return false;
    const part = to.value === from.value ? 1 : (value - from.value) / (to.value - from.value);
    const there = state.map((_, at) => from.state[at]! + part * (to.state[at]! - from.state[at]!));
    if (apart(there, state) > NEAR) return false;
    return apart(there, state) < SAME || apart(settle(equations, there), state) < SAME;
  });
}

/** Largest difference of two states in proportion beyond 1 Hz, 1 Hz^2 or 1 pA. */
function apart(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!) / (1 + Math.abs(b[at]!))), 0);
}

/** A few steps of Newton's method; where it fails, what it came to, which then is near nothing. */
function settle(equations: Equations, guess: Float64Array): Float64Array {
  let state = guess;
  for (let round = 0; round < NEWTON_STEPS; round++) {
    try {
      const jacobian = new Matrix(equations.jacobian(state));
      const move = solve(jacobian, Matrix.columnVector([...equations.slope(state)])).to1DArray();
      state = state.map((value, at) => value - move[at]!);
    } catch {
      // A singular matrix.
      return state;
    }
    if (!state.every(Number.isFinite)) return state;
  }
  return state;
}
