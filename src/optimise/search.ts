/**
 * What an evolutionary search is, whichever it is: it asks for the values of a generation of points, and is told them. Points lie in the
 * unit cube, values are to become small, and every draw is a function of the seed, the generation and the member: whoever tells the
 * same values gets the same points, so a search is taken up again by telling it what was found before.
 */
import { InputError } from '../errors.ts';
import { randomKey } from '../random.ts';

export interface Search {
  /** Points of a generation. */
  readonly size: number;
  /** The points of the next generation, each coordinate from 0 to 1. The same until they are told. */
  ask(): number[][];
  /** Objectives of each of those points, to become small; a NaN counts as worse than any number. Throws InputError. */
  tell(objectives: readonly (readonly number[])[]): void;
}

/** Searches that know nothing of each other, asked and told together: their generations, one after the other, are one. */
export class SideBySide implements Search {
  readonly size: number;
  private readonly searches: readonly Search[];

  constructor(searches: readonly Search[]) {
    this.searches = searches;
    this.size = searches.reduce((sum, { size }) => sum + size, 0);
  }

  ask(): number[][] {
    return this.searches.flatMap((search) => search.ask());
  }

  tell(objectives: readonly (readonly number[])[]): void {
    requireObjectives(objectives, this.size, objectives[0]?.length ?? 0);
    let first = 0;
    for (const search of this.searches) {
      search.tell(objectives.slice(first, first + search.size));
      first += search.size;
    }
  }
}

/** What random draws of a search are for; of the host alone. */
const PURPOSE = 1026;

/** One stream for each use that a search has for random numbers. */
export function searchKey(seed: number, use: number): [number, number, number, number] {
  return randomKey(seed, PURPOSE, use);
}

/** Throws InputError for sizes that cannot be a search's. */
export function requireSizes({
  dimensions,
  size,
  least,
}: {
  dimensions: number;
  size: number;
  least: number;
}): void {
  if (!Number.isInteger(dimensions) || dimensions < 1)
    throw new InputError('a search varies at least one parameter; name one');
  if (!Number.isInteger(size) || size < least)
    throw new InputError(`a generation has ${size} members, but needs a whole number of at least ${least}`, {
      field: 'population',
    });
}

/** Throws InputError where numbers of values or objectives are wrong. */
export function requireObjectives(
  objectives: readonly (readonly number[])[],
  size: number,
  count: number,
): void {
  if (objectives.length !== size || objectives.some((each) => each.length !== count))
    throw new InputError(
      `a generation of ${size} points needs ${count} ${count === 1 ? 'objective' : 'objectives'} for each, and no other number of them`,
    );
}

/** A value that can be compared: whatever is no number is worse than all that are. */
export function comparable(value: number): number {
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}
