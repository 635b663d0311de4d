/** Random inputs for tests: the same ones in every run. */
import { threefry } from './twins/threefry.ts';

export interface Draws {
  /** A u32. */
  word(): number;
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** A whole number from low to high, both included. */
  integer(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
}

export function draws(seed: number): Draws {
  let block: number[] = [];
  let taken = 0;
  const word = () => {
    if (taken % 4 === 0) block = threefry([taken / 4, 0, 0, 0], [seed, 0, 0, 0xffff]);
    return block[taken++ % 4]!;
  };
  const uniform = () => word() / 2 ** 32;
  const integer = (low: number, high: number) => low + Math.floor(uniform() * (high - low + 1));
  return {
    word,
    uniform,
    integer,
    between: (low, high) => low + uniform() * (high - low),
    chance: (probability) => uniform() < probability,
    pick: (items) => items[integer(0, items.length - 1)]!,
  };
}

export function words(seed: number, count: number): Uint32Array {
  const { word } = draws(seed);
  return Uint32Array.from({ length: count }, word);
}
