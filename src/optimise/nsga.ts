/**
 * Evolution towards the front of several objectives: NSGA-II (Deb et al., IEEE Trans. Evol. Comput. 6:182, 2002). Parents and children
 * compete; those that nothing surpasses in every objective come first, and of equals those with most room around them. Children are
 * made by simulated binary crossover and polynomial mutation.
 */
import { uniforms } from '../random.ts';
import { comparable, requireObjectives, requireSizes, type Search, searchKey } from './search.ts';

export interface NsgaOptions {
  dimensions: number;
  objectives: number;
  seed?: number;
  /** Points of a generation, at least 4; 24 where not given. */
  size?: number;
}

interface Member {
  point: readonly number[];
  values: readonly number[];
  /** 0: surpassed by none. */
  rank: number;
  room: number;
}

/** How near children stay to their parents: the higher, the nearer. */
const CROSSOVER_INDEX = 15;
const MUTATION_INDEX = 20;
const CROSSED = 0.9;
/** Uniform numbers for a child before those of its coordinates, and for each of these. */
const FOR_PARENTS = 5;
const FOR_COORDINATE = 4;

export class Nsga implements Search {
  readonly size: number;
  /** Generations told. */
  generation = 0;
  private readonly dimensions: number;
  private readonly objectives: number;
  private readonly key: readonly number[];
  private parents: Member[] = [];
  private asked: number[][] | undefined;

  /** Throws InputError for sizes that cannot be. */
  constructor({ dimensions, objectives, seed = 0, size = 24 }: NsgaOptions) {
    requireSizes({ dimensions, size, least: 4 });
    [this.dimensions, this.objectives, this.size] = [dimensions, objectives, size];
    this.key = searchKey(seed, 1);
  }

  ask(): number[][] {
    this.asked ??= Array.from({ length: this.size }, (_, member) => {
      const draws = uniforms(
        this.key,
        [this.generation, member],
        FOR_PARENTS + FOR_COORDINATE * this.dimensions,
      );
      return this.generation === 0
        ? Array.from(draws.subarray(FOR_PARENTS, FOR_PARENTS + this.dimensions))
        : this.child(draws);
    });
    return this.asked.map((point) => [...point]);
  }

  tell(objectives: readonly (readonly number[])[]): void {
    requireObjectives(objectives, this.size, this.objectives);
    const children = this.ask().map((point, k): Member => {
      return { point, values: objectives[k]!.map(comparable), rank: 0, room: 0 };
    });
    const all = [...this.parents, ...children];
    const fronts = frontsOf(all.map(({ values }) => values));
    const next: Member[] = [];
    fronts.forEach((front, rank) => {
      if (next.length >= this.size) return;
      const rooms = roomsOf(front.map((index) => all[index]!.values));
      const ranked = front.map((index, k) => ({ ...all[index]!, rank, room: rooms[k]! }));
      const left = this.size - next.length;
      // Of a front that does not fit, those with most room; sorting keeps the order of equals.
      if (ranked.length > left) ranked.sort((a, b) => (a.room === b.room ? 0 : b.room - a.room));
      next.push(...ranked.slice(0, left));
    });
    this.parents = next;
    this.asked = undefined;
    this.generation++;
  }

  private child(draws: Float64Array): number[] {
    const pick = (draw: number) => this.parents[Math.floor(draw * this.parents.length)]!;
    const winner = (a: Member, b: Member) =>
      a.rank !== b.rank ? (a.rank < b.rank ? a : b) : b.room > a.room ? b : a;
    const [a, b] = [winner(pick(draws[0]!), pick(draws[1]!)), winner(pick(draws[2]!), pick(draws[3]!))];
    const isCrossed = draws[4]! < CROSSED;
    return a.point.map((own, k) => {
      const [which, spread, mutate, shift] = draws.subarray(
        FOR_PARENTS + FOR_COORDINATE * k,
      ) as unknown as number[];
      const crossed =
        isCrossed && which! < 0.5 ? crossover(own, b.point[k]!, spread!, 2 * which! < 0.5) : own;
      return mutate! < 1 / this.dimensions ? mutation(crossed, shift!) : crossed;
    });
  }
}

/** Indices of points by front: those that none surpasses, those that only these surpass, ... Values are to become small. */
export function frontsOf(values: readonly (readonly number[])[]): number[][] {
  const count = values.length;
  const surpassing = new Int32Array(count);
  const beneath: number[][] = values.map(() => []);
  for (let a = 0; a < count; a++)
    for (let b = 0; b < count; b++) {
      if (!surpasses(values[a]!, values[b]!)) continue;
      beneath[a]!.push(b);
      surpassing[b]!++;
    }
  const fronts: number[][] = [];
  let front = values.map((_, index) => index).filter((index) => surpassing[index] === 0);
  while (front.length > 0) {
    fronts.push(front);
    const next: number[] = [];
    for (const index of front)
      for (const other of beneath[index]!) if (--surpassing[other]! === 0) next.push(other);
    front = next.sort((a, b) => a - b);
  }
  return fronts;
}

/** Nowhere worse and somewhere better. */
function surpasses(a: readonly number[], b: readonly number[]): boolean {
  return a.every((value, k) => value <= b[k]!) && a.some((value, k) => value < b[k]!);
}

/** Distance to the neighbours on a front, summed over objectives in units of their spread; infinite at its ends. */
function roomsOf(values: readonly (readonly number[])[]): Float64Array {
  const rooms = new Float64Array(values.length);
  for (let k = 0; k < (values[0]?.length ?? 0); k++) {
    const order = Array.from(values.keys()).sort((a, b) => {
      const [x, y] = [values[a]![k]!, values[b]![k]!];
      return x < y ? -1 : x > y ? 1 : a - b;
    });
    const spread = values[order.at(-1)!]![k]! - values[order[0]!]![k]!;
    order.forEach((index, at) => {
      const isEnd = at === 0 || at === order.length - 1;
      const gap = isEnd ? 0 : values[order[at + 1]!]![k]! - values[order[at - 1]!]![k]!;
      if (isEnd) rooms[index] = Number.POSITIVE_INFINITY;
      else if (spread > 0 && Number.isFinite(gap / spread)) rooms[index]! += gap / spread;
    });
  }
  return rooms;
}

/** One of the two children that lie around or between their parents as in a crossover of bits. */
function crossover(x: number, y: number, draw: number, first: boolean): number {
  const power = 1 / (CROSSOVER_INDEX + 1);
  const beta = draw < 0.5 ? (2 * draw) ** power : (1 / (2 * (1 - draw))) ** power;
  const sign = first ? 1 : -1;
  return within(0.5 * ((1 + sign * beta) * x + (1 - sign * beta) * y));
}

/** Near the value, and never beyond the borders. */
function mutation(x: number, draw: number): number {
  const power = MUTATION_INDEX + 1;
  const shift =
    draw < 0.5
      ? (2 * draw + (1 - 2 * draw) * (1 - x) ** power) ** (1 / power) - 1
      : 1 - (2 * (1 - draw) + (2 * draw - 1) * x ** power) ** (1 / power);
  return within(x + shift);
}

function within(value: number): number {
  return Math.min(1, Math.max(0, value));
}
