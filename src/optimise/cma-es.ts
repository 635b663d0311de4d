/**
 * Evolution by covariance matrix adaptation, for one objective: generations are drawn from a normal distribution whose mean, width and
 * axes follow the better half of each (Hansen, The CMA Evolution Strategy: A Tutorial, https://arxiv.org/abs/1604.00772, whose names and
 * constants are kept). Beyond the borders of the cube the world is mirrored, so that each point has a value.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { InputError } from '../errors.ts';
import { normals } from '../random.ts';
import { comparable, requireObjectives, requireSizes, type Search, searchKey } from './search.ts';

export interface CmaEsOptions {
  dimensions: number;
  seed?: number;
  /** Points of a generation, at least 4; 4 + 3 ln(dimensions) where not given. */
  size?: number;
  /** Where the search begins, in the unit cube; its middle. */
  start?: readonly number[];
  /** Width of the first generation, or one for each dimension; 0.3. */
  sigma?: number | readonly number[];
  /** Tells searches of one seed apart that run side by side; 0. */
  stream?: number;
}

export class CmaEs implements Search {
  readonly size: number;
  /** Generations told. */
  generation = 0;
  /** Width of the distribution; small where the search has settled. */
  sigma: number;
  private readonly n: number;
  private readonly key: readonly number[];
  private readonly weights: Float64Array;
  private readonly rates: Rates;
  private readonly pathC: Float64Array;
  private readonly pathSigma: Float64Array;
  private mean: Float64Array;
  private C: Matrix;
  /** C = B D^2 B^T. */
  private B: Matrix;
  private D: Float64Array;
  /** Of the generation that was asked for, in the unmirrored world, as steps in units of sigma. */
  private steps: Float64Array[] | undefined;

  /** Throws InputError for sizes, starts and widths that cannot be. */
  constructor({ dimensions: n, seed = 0, size, start, sigma = 0.3, stream = 0 }: CmaEsOptions) {
    this.size = size ?? 4 + Math.floor(3 * Math.log(Math.max(1, n)));
    requireSizes({ dimensions: n, size: this.size, least: 4 });
    if (start && (start.length !== n || !start.every((each) => each >= 0 && each <= 1)))
      throw new InputError(`the start of a search needs ${n} numbers from 0 to 1`, { field: 'start' });
    const widths = typeof sigma === 'number' ? new Array<number>(n).fill(sigma) : sigma;
    if (widths.length !== n)
      throw new InputError(
        `sigma has ${widths.length} numbers, but must be one, or one for each of ${n} dimensions`,
        { field: 'sigma' },
      );
    const wrong = widths.find((each) => !(each > 0 && each <= 1));
    if (wrong !== undefined)
      throw new InputError(`sigma is ${wrong}, but must be above 0 and at most 1, the width of the cube`, {
        field: 'sigma',
      });
    this.n = n;
    this.key = searchKey(seed, stream);
    this.sigma = Math.max(...widths);
    this.mean = Float64Array.from(start ?? new Array<number>(n).fill(0.5));
    const raw = Float64Array.from(
      { length: Math.floor(this.size / 2) },
      (_, k) => Math.log((this.size + 1) / 2) - Math.log(k + 1),
    );
    const total = raw.reduce((sum, each) => sum + each, 0);
    this.weights = raw.map((each) => each / total);
    this.rates = ratesOf(n, 1 / this.weights.reduce((sum, each) => sum + each * each, 0));
    this.pathC = new Float64Array(n);
    this.pathSigma = new Float64Array(n);
    this.D = Float64Array.from(widths, (each) => each / this.sigma);
    this.C = Matrix.diag(Array.from(this.D, (each) => each * each));
    this.B = Matrix.eye(n);
  }

  ask(): number[][] {
    const { n, mean, sigma } = this;
    this.steps ??= Array.from({ length: this.size }, (_, member) => {
      const z = normals(this.key, [this.generation, member], n);
      return this.rotated(z.map((each, k) => each * this.D[k]!));
    });
    return this.steps.map((step) => Array.from(step, (each, k) => mirrored(mean[k]! + sigma * each)));
  }

  tell(objectives: readonly (readonly number[])[]): void {
    requireObjectives(objectives, this.size, 1);
    this.ask();
    const { n, weights, rates, pathC, pathSigma } = this;
    const { muEff, cSigma, dSigma, cC, c1, cMu, chiN } = rates;
    const values = objectives.map(([value]) => comparable(value!));
    const order = Array.from(values.keys()).sort((a, b) =>
      values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : a - b,
    );
    const best = Array.from(weights, (_, k) => this.steps![order[k]!]!);
    const move = new Float64Array(n);
    best.forEach((step, k) => {
      for (let i = 0; i < n; i++) move[i]! += weights[k]! * step[i]!;
    });
    this.mean = this.mean.map((each, i) => inWorld(each + this.sigma * move[i]!));
    // C^(-1/2) move = B D^-1 B^T move.
    const whitened = this.rotated(this.unrotated(move).map((each, k) => each / this.D[k]!));
    for (let i = 0; i < n; i++)
      pathSigma[i] = (1 - cSigma) * pathSigma[i]! + Math.sqrt(cSigma * (2 - cSigma) * muEff) * whitened[i]!;
    const length = Math.sqrt(pathSigma.reduce((sum, each) => sum + each * each, 0));
    const settled = 1 - (1 - cSigma) ** (2 * (this.generation + 1));
    const h = length / Math.sqrt(settled) < (1.4 + 2 / (n + 1)) * chiN ? 1 : 0;
    for (let i = 0; i < n; i++)
      pathC[i] = (1 - cC) * pathC[i]! + h * Math.sqrt(cC * (2 - cC) * muEff) * move[i]!;
    const keep = 1 - c1 - cMu + (1 - h) * c1 * cC * (2 - cC);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let spread = 0;
        best.forEach((step, k) => {
          spread += weights[k]! * step[i]! * step[j]!;
        });
        const value = keep * this.C.get(i, j) + c1 * pathC[i]! * pathC[j]! + cMu * spread;
        this.C.set(i, j, value);
        this.C.set(j, i, value);
      }
    }
    // The cube is 1 wide: a distribution that is much wider only meets its mirrors.
    this.sigma = Math.min(1, this.sigma * Math.exp((cSigma / dSigma) * (length / chiN - 1)));
    const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(this.C, {
      assumeSymmetric: true,
    });
    this.B = eigenvectorMatrix;
    this.D = Float64Array.from(realEigenvalues, (value) => Math.sqrt(Math.max(1e-20, value)));
    this.steps = undefined;
    this.generation++;
  }

  private rotated(vector: Float64Array): Float64Array {
    return vector.map((_, i) => vector.reduce((sum, each, k) => sum + this.B.get(i, k) * each, 0));
  }

  private unrotated(vector: Float64Array): Float64Array {
    return vector.map((_, k) => vector.reduce((sum, each, i) => sum + this.B.get(i, k) * each, 0));
  }
}

interface Rates {
  muEff: number;
  cSigma: number;
  dSigma: number;
  cC: number;
  c1: number;
  cMu: number;
  /** Expected length of a standard normal vector. */
  chiN: number;
}

/** The tutorial's table 1. */
function ratesOf(n: number, muEff: number): Rates {
  const cSigma = (muEff + 2) / (n + muEff + 5);
  const c1 = 2 / ((n + 1.3) ** 2 + muEff);
  return {
    ...{ muEff, cSigma, c1 },
    dSigma: 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cSigma,
    cC: (4 + muEff / n) / (n + 4 + (2 * muEff) / n),
    cMu: Math.min(1 - c1, (2 * (muEff - 2 + 1 / muEff)) / ((n + 2) ** 2 + muEff)),
    chiN: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

/** Where a point of the mirrored world lies in the cube. */
function mirrored(value: number): number {
  const folded = inWorld(value);
  return folded > 1 ? 2 - folded : folded < 0 ? -folded : folded;
}

/** The same point of the mirrored world, which repeats itself every 2, from -0.5 to 1.5. */
function inWorld(value: number): number {
  return value - 2 * Math.floor((value + 0.5) / 2);
}
