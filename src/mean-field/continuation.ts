/**
 * Follows a fixed point along one parameter through turns, by pseudo-arclength (Keller 1977): state and parameter move together along
 * the curve, so that a fold, where the parameter turns back, is a point like any other. Folds and Hopf points are found by bisection.
 */
import { Matrix, solve } from 'ml-matrix';
import { InputError } from '../errors.ts';
import { Equations } from './equations.ts';
import { eigenvaluesOf } from './fixed-points.ts';
import { driveRates, type MeanField, type Order } from './model.ts';

export interface BranchPoint {
  /** Of the parameter. */
  value: number;
  /** Rates, Hz, and in second order covariances, Hz^2. */
  state: Float64Array;
  stable: boolean;
  /** Of the slowest eigenvalue: real and imaginary part, per second. */
  slowest: [real: number, imaginary: number];
}

export interface SpecialPoint extends BranchPoint {
  /** A fold, where two fixed points meet and end, or a Hopf point, where an oscillation begins. */
  kind: 'fold' | 'hopf';
  /** Of the oscillation at a Hopf point, Hz. */
  frequency?: number;
}

export interface Branch {
  points: BranchPoint[];
  special: SpecialPoint[];
  /** Why it ended: the parameter left its range, rates reached 0, it came back to its start, or no further point was found. */
  end: 'range' | 'silence' | 'closed' | 'lost';
}

export interface ContinuationOptions {
  order?: Order;
  /** The parameter stays within. */
  range: readonly [number, number];
  /** Whether the parameter grows at the beginning (the default) or shrinks. */
  grow?: boolean;
  /** Steps at most (default 2000). */
  steps?: number;
  /** Length of a step along the curve at most (default 0.08), where 1 is the whole range, or rates five times as high. */
  longest?: number;
}

/** Lengths of steps along the curve, in units of `weights`. */
const FIRST_STEP = 0.01;
const LONGEST_STEP = 0.08;
const SHORTEST_STEP = 1e-7;
const MOST_CORRECTIONS = 8;
const TOLERANCE = 1e-10;
const BISECTIONS = 40;

/** A place on the curve with the direction in which it goes on. */
interface Place {
  z: Float64Array;
  tangent: Float64Array;
}

/**
 * The branch of fixed points that begins at `start`.
 *
 *     const model = (drive: number) => varied(base, { drive });
 *     const [point] = fixedPoints(model(4));
 *     continueFixedPoint(model, 4, point.state, { range: [0.5, 8] });
 *
 * @param modelAt the model at a value of the parameter
 * @param start a fixed point's state at `value`, of the same order
 * @throws InputError where the beginning is out of range or no fixed point
 */
export function continueFixedPoint(
  modelAt: (value: number) => MeanField,
  value: number,
  start: ArrayLike<number>,
  { order = 2, range, grow = true, steps = 2000, longest = LONGEST_STEP }: ContinuationOptions,
): Branch {
  const [low, high] = range;
  if (!(low < high && value >= low && value <= high))
    throw new InputError(
      `a branch that begins at ${value} cannot stay within ${low} and ${high}: give a range around its beginning`,
      { field: 'range' },
    );
  const curve = new Curve(modelAt, order, low, high);
  const z = Float64Array.from([...Array.from(start), value]);
  const ahead = new Float64Array(z.length);
  ahead[z.length - 1] = grow ? 1 : -1;
  const corrected = curve.correct(z, ahead);
  if (!corrected?.z.every((each, at) => Math.abs(each - z[at]!) <= 1e-3 * (1 + Math.abs(z[at]!))))
    throw new InputError(`the start of the branch is no fixed point at ${value}: take one of fixedPoints()`);
  let place: Place = corrected;
  if (place.tangent.at(-1)! > 0 !== grow) place = { z: place.z, tangent: place.tangent.map((each) => -each) };
  const first = place;
  let away = false;
  const points = [curve.describe(place.z)];
  const special: SpecialPoint[] = [];
  let length = FIRST_STEP;
  for (let step = 0; step < steps; ) {
    const next = curve.step(place, length);
    if (!next || curve.turned(place, next)) {
      const limit = next ? undefined : curve.limitAhead(place);
      if (limit !== undefined) {
        const last = points.at(-1)!.value === limit ? undefined : curve.at(place.z, limit);
        return { points: last ? [...points, last] : points, special, end: 'range' };
      }
      length /= 2;
      if (length < SHORTEST_STEP) return { points, special, end: 'lost' };
      continue;
    }
    step++;
    if (curve.rates(next.z).some((rate) => rate < 0)) return { points, special, end: 'silence' };
    const [before, after] = [points.at(-1)!, curve.describe(next.z)];
    if (place.tangent.at(-1)! > 0 !== next.tangent.at(-1)! > 0)
      special.push(curve.bisect(place, length, 'fold', (each) => each.tangent.at(-1)! > 0));
    else if (curve.turningPairs(place.z) !== curve.turningPairs(next.z) && before.stable !== after.stable)
      special.push(curve.bisect(place, length, 'hopf', (each) => curve.turningPairs(each.z) > 0));
    points.push(after);
    // Back where it began, and in the same direction: a closed curve.
    const gap = curve.distance(next.z, first.z);
    if (away && gap < length && !curve.turned(next, first)) {
      points.push(points[0]!);
      return { points, special, end: 'closed' };
    }
    away ||= gap > 2 * longest;
    place = next;
    length = Math.min(longest, 1.3 * length);
  }
  return { points, special, end: 'lost' };
}

/** The curve of all (state, parameter) at which the right-hand side vanishes. */
class Curve {
  private readonly modelAt: (value: number) => MeanField;
  private readonly order: Order;
  private readonly low: number;
  private readonly high: number;
  private readonly span: number;

  constructor(modelAt: (value: number) => MeanField, order: Order, low: number, high: number) {
    this.modelAt = modelAt;
    this.order = order;
    this.low = low;
    this.high = high;
    this.span = high - low;
  }

  /** Whether the parameter is within its range; beyond it there may be no model. */
  holds(z: Float64Array): boolean {
    return z.at(-1)! >= this.low && z.at(-1)! <= this.high;
  }

  /** The end of the range, where it is near and ahead. */
  limitAhead({ z, tangent }: Place): number | undefined {
    const limit = tangent.at(-1)! > 0 ? this.high : this.low;
    return Math.abs(limit - z.at(-1)!) < 1e-3 * this.span ? limit : undefined;
  }

  /** The fixed point at a value of the parameter, from a place nearby. */
  at(z: Float64Array, value: number): BranchPoint | undefined {
    const guess = Float64Array.from(z);
    guess[z.length - 1] = value;
    const across = new Float64Array(z.length);
    across[z.length - 1] = 1;
    const place = this.correct(guess, across);
    if (!place) return undefined;
    place.z[z.length - 1] = value;
    return this.describe(place.z);
  }

  rates(z: Float64Array): Float64Array {
    return z.subarray(0, this.modelAt(z.at(-1)!).populations.length);
  }

  describe(z: Float64Array): BranchPoint {
    const eigenvalues = this.eigenvalues(z).sort((a, b) => b[0] - a[0]);
    const [slowest] = eigenvalues;
    return { value: z.at(-1)!, state: z.slice(0, -1), stable: slowest![0] < 0, slowest: slowest! };
  }

  /** Unstable pairs of complex eigenvalues. */
  turningPairs(z: Float64Array): number {
    return this.eigenvalues(z).filter(([real, imaginary]) => real > 0 && imaginary > 1e-6 * real).length;
  }

  /** The place about `length` further on. */
  step({ z, tangent }: Place, length: number): Place | undefined {
    const weights = this.weights(z);
    return this.correct(
      z.map((each, at) => each + (length * tangent[at]!) / weights[at]!),
      tangent,
    );
  }

  /** In steps along the curve. */
  distance(a: Float64Array, b: Float64Array): number {
    const weights = this.weights(a);
    return Math.hypot(...a.map((each, at) => weights[at]! * (each - b[at]!)));
  }

  /** Whether a step has taken a corner, and so may have left the curve for another. */
  turned(from: Place, to: Place): boolean {
    return from.tangent.reduce((sum, each, at) => sum + each * to.tangent[at]!, 0) < 0.9;
  }

  /** Newton's method across the direction of `tangent`, which has unit length in weighted variables. */
  correct(guess: Float64Array, tangent: Float64Array): Place | undefined {
    let z = guess;
    const weights = this.weights(guess);
    for (let round = 0; round < MOST_CORRECTIONS; round++) {
      if (!this.holds(z)) return undefined;
      const slope = this.slope(z);
      const along = z.reduce((sum, each, at) => sum + tangent[at]! * weights[at]! * (each - guess[at]!), 0);
      const move = this.solveBordered(z, tangent, weights, [...slope, along]);
      if (!move?.every(Number.isFinite)) return undefined;
      // In weighted variables.
      z = z.map((each, at) => each - move[at]! / weights[at]!);
      if (Math.hypot(...move) > TOLERANCE) continue;
      const unit = new Array<number>(z.length).fill(0);
      unit[z.length - 1] = 1;
      const raw = this.solveBordered(z, tangent, this.weights(z), unit);
      if (!raw) return undefined;
      const size = Math.hypot(...raw);
      return { z, tangent: Float64Array.from(raw, (each) => each / size) };
    }
    return undefined;
  }

  /** The point between a place and the end of a step at which `side` changes. */
  bisect(
    from: Place,
    length: number,
    kind: SpecialPoint['kind'],
    side: (place: Place) => boolean,
  ): SpecialPoint {
    let [near, far] = [0, length];
    let found = from;
    const first = side(from);
    for (let round = 0; round < BISECTIONS; round++) {
      const middle = (near + far) / 2;
      const place = this.step(from, middle);
      if (!place) break;
      found = place;
      if (side(place) === first) near = middle;
      else far = middle;
    }
    const point = this.describe(found.z);
    const pair = this.eigenvalues(found.z).filter(([, imaginary]) => imaginary > 0);
    const [crossing] = pair.sort((a, b) => Math.abs(a[0]) - Math.abs(b[0]));
    return {
      ...point,
      kind,
      ...(kind === 'hopf' && crossing ? { frequency: crossing[1] / (2 * Math.PI) } : {}),
    };
  }

  /** Solves (d slope/dz; tangent) x = values, x in weighted variables. */
  private solveBordered(
    z: Float64Array,
    tangent: Float64Array,
    weights: Float64Array,
    values: readonly number[],
  ): number[] | undefined {
    const equations = this.equations(z.at(-1)!);
    const jacobian = equations.jacobian(z.subarray(0, -1));
    const at = (value: number) => {
      const probe = Float64Array.from(z);
      probe[z.length - 1] = value;
      return this.slope(probe);
    };
    const [above, below] = [
      Math.min(this.high, z.at(-1)! + 1e-5 * this.span),
      Math.max(this.low, z.at(-1)! - 1e-5 * this.span),
    ];
    const [up, down] = [at(above), at(below)];
    const rows = jacobian.map((row, index) =>
      [...row, (up[index]! - down[index]!) / (above - below)].map((each, column) => each / weights[column]!),
    );
    try {
      return solve(new Matrix([...rows, Array.from(tangent)]), Matrix.columnVector([...values])).to1DArray();
    } catch {
      // A singular matrix.
      return undefined;
    }
  }

  private eigenvalues(z: Float64Array): [number, number][] {
    const jacobian = this.equations(z.at(-1)!).jacobian(z.subarray(0, -1));
    return eigenvaluesOf(jacobian.map((row) => row.map((each) => 1000 * each)));
  }

  private slope(z: Float64Array): Float64Array {
    return this.equations(z.at(-1)!).slope(z.subarray(0, -1));
  }

  private equations(value: number): Equations {
    const model = this.modelAt(value);
    return new Equations(model, this.order, driveRates(model));
  }

  /** What makes a change of each variable count alike: rates in proportion beyond 1 Hz, the parameter in its range. */
  private weights(z: Float64Array): Float64Array {
    return z.map((each, at) => (at === z.length - 1 ? 1 / this.span : 0.2 / (1 + Math.abs(each))));
  }
}
