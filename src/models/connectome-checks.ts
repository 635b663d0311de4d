/** What matrices of a connectome must be. Each refusal names the matrix, the place by its regions, and the remedy. */
import { InputError } from '../errors.ts';

/** No two points of a human brain are further apart than this along a fibre, mm; an elephant's are not either. */
const LONGEST = 2000;
/** Below it, mm, the longest fibre of a data set is shorter than a mouse's: the lengths are in metres. */
const SHORTEST = 1;

/** The number of regions of a square matrix. @throws InputError where it is not square or has less than two regions */
export function squareSize(shape: readonly number[], name: string): number {
  const [rows, columns] = shape;
  if (shape.length !== 2 || rows !== columns)
    throw new InputError(
      `${name} must be a square matrix with a row and a column for each region, but its shape is (${shape.join(', ')})`,
    );
  if (rows! < 2) throw new InputError(`${name} has ${rows} regions; a connectome needs at least 2`);
  return rows!;
}

/** @throws InputError where sizes do not agree, a weight is negative or no number, or nothing is connected */
export function checkWeights(weights: Float64Array, regions: readonly string[], name: string): void {
  checkMatrix(weights, regions, name, 'set it to 0 where there is no connection');
  if (weights.every((weight) => weight === 0))
    throw new InputError(`all ${name} are 0, so nothing is connected; give weights above 0`);
}

/** @throws InputError where sizes do not agree, a length is negative or no number, or the lengths cannot be mm */
export function checkLengths(lengths: Float64Array, regions: readonly string[], name: string): void {
  checkMatrix(lengths, regions, name, 'set it to 0 where there is no connection');
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  if (longest > 0 && longest < SHORTEST)
    throw new InputError(
      `${name} are at most ${longest}, so they seem to be in metres, but mm are needed; say so with the length unit m, or multiply them by 1000`,
    );
  if (longest > LONGEST)
    throw new InputError(
      `${name} reach ${longest}, so they cannot be in mm; say which unit they are in with the length unit, or write them in mm`,
    );
}

function checkMatrix(values: Float64Array, regions: readonly string[], name: string, remedy: string): void {
  const nodes = regions.length;
  if (values.length !== nodes * nodes)
    throw new InputError(
      `${name} are ${sizeOf(values.length)}, but there are ${nodes} regions; give matrices of one size, in the same order of regions`,
    );
  const wrong = values.findIndex((value) => !(value >= 0 && value < Number.POSITIVE_INFINITY));
  if (wrong < 0) return;
  const [target, source] = [Math.floor(wrong / nodes), wrong % nodes];
  const count = values.reduce(
    (sum, value) => sum + (value >= 0 && value < Number.POSITIVE_INFINITY ? 0 : 1),
    0,
  );
  const others = count > 1 ? ` (and ${count - 1} more)` : '';
  throw new InputError(
    `${name} must be numbers of 0 or more, but row ${target + 1} (${regions[target]}), column ${source + 1} (${regions[source]}) is ${values[wrong]}${others}; ${remedy}`,
  );
}

/** How many connections have a weight but no length. */
export function missingLengths(weights: Float64Array, lengths: Float64Array): number {
  return weights.reduce((count, weight, at) => count + (weight > 0 && lengths[at] === 0 ? 1 : 0), 0);
}

function sizeOf(elements: number): string {
  const size = Math.sqrt(elements);
  return Number.isInteger(size) ? `${size} x ${size}` : `${elements} numbers`;
}
