/**
 * Connectomes as the kernel reads them (shaders/whole-brain/brain.wgsl): for each target its sources, two in a row, with couplings
 * and delays side by side; those nearer than a block of steps apart from the others. Connections that are not there cost
 * nothing. Brains with equal couplings and delays share a table.
 */
import { InputError } from '../errors.ts';

/** Couplings and fibre lengths between nodes, `[target, source]`; the diagonal does not count. */
export interface Coupling {
  nodes: number;
  /** What multiplies the activity of the source. */
  weights: ArrayLike<number>;
  /** mm; without them nothing is delayed by the way between nodes. */
  lengths?: ArrayLike<number> | undefined;
}

/** Steps that one block sums at once; BLOCK of the kernel. */
export const BLOCK = 4;

/** Sources and delays share a word. */
const MOST = 2 ** 16 - 2;

/** To the nearest whole number, halves to the even one, as NumPy rounds. */
export function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const part = value - below;
  if (part === 0.5) return below % 2 === 0 ? below : below + 1;
  return part < 0.5 ? below : below + 1;
}

/**
 * Delays in steps, `[target, source]`: length / velocity / dt, rounded half to even.
 * @param velocity mm/ms
 * @throws InputError for a velocity that is none
 */
export function delayMatrix({ nodes, lengths }: Coupling, velocity: number, dt: number): Int32Array {
  if (!(Number.isFinite(velocity) && velocity > 0))
    throw new InputError(
      `signalV is ${velocity}, but signals must move: give a velocity above 0 in mm/ms (the same number as in m/s); for no delays, give lengths of 0`,
      { field: 'signalV' },
    );
  if (!lengths) return new Int32Array(nodes * nodes);
  return Int32Array.from(lengths, (length) => roundHalfEven(length / velocity / dt));
}

/**
 * @throws InputError where sizes disagree, or numbers are not finite, negative (lengths), or cannot be mm
 */
export function checkCoupling({ nodes, weights, lengths }: Coupling): void {
  const fail = (field: string, message: string): never => {
    throw new InputError(message, { field });
  };
  if (!Number.isInteger(nodes) || nodes < 1)
    fail('nodes', `the connectome has ${nodes} nodes; give at least 1`);
  for (const [name, matrix] of [
    ['weights', weights],
    ['lengths', lengths],
  ] as const) {
    if (!matrix) continue;
    if (matrix.length !== nodes * nodes)
      fail(
        name,
        `the matrix of ${name} has ${matrix.length} values, but ${nodes} nodes need ${nodes} x ${nodes}`,
      );
    for (let index = 0; index < matrix.length; index++) {
      if (Number.isFinite(matrix[index])) continue;
      const at = `row ${Math.floor(index / nodes)}, column ${index % nodes}`;
      fail(
        name,
        `the matrix of ${name} is ${matrix[index]} at ${at} (from 0); give finite numbers, 0 for no connection`,
      );
    }
  }
  if (!lengths) return;
  let longest = 0;
  for (let index = 0; index < lengths.length; index++) {
    const length = lengths[index]!;
    if (length < 0)
      fail(
        'lengths',
        `the length at row ${Math.floor(index / nodes)}, column ${index % nodes} (from 0) is ${length} mm; lengths are not negative`,
      );
    if (length > longest) longest = length;
  }
  if (longest > 0 && longest < 1)
    fail(
      'lengths',
      `the longest fibre has ${longest} mm, which cannot be a brain's: lengths are in mm, so multiply metres by 1000`,
    );
}

export interface Links {
  /** Table of each brain. */
  tableOf: Uint32Array;
  /** Words of all tables behind the list of brains. */
  words: Uint32Array;
  /** Where tables begin, and from one to the next, in vec4. */
  tablesAt: number;
  tableStride: number;
  /** Rows of two sources. */
  pairs: number;
  /** Longest delay between connected nodes in steps. */
  longest: number;
  /** Shortest delay between connected nodes in steps; Infinity without connections. */
  shortest: number;
  /** Some source is nearer than a block. */
  near: boolean;
}

interface Table {
  weights: ArrayLike<number>;
  delays: Int32Array;
}

/**
 * Lays out the tables of a batch.
 * @param blocks false: no source counts as near, because dispatches are as short as the shortest delay
 */
export function layLinks(
  brains: readonly { coupling: Coupling; velocity: number }[],
  dt: number,
  blocks: boolean,
): Links {
  const nodes = brains[0]!.coupling.nodes;
  const known = new Map<Coupling, Map<number, number>>();
  const tables: Table[] = [];
  const tableOf = Uint32Array.from(brains, ({ coupling, velocity }) => {
    const byVelocity = known.get(coupling) ?? new Map<number, number>();
    known.set(coupling, byVelocity);
    const found = byVelocity.get(velocity);
    if (found !== undefined) return found;
    byVelocity.set(velocity, tables.length);
    tables.push({ weights: coupling.weights, delays: delayMatrix(coupling, velocity, dt) });
    return tables.length - 1;
  });
  const extent = { longest: 0, shortest: Number.POSITIVE_INFINITY };
  let [farRows, nearRows] = [0, 0];
  if (nodes > MOST)
    throw new InputError(`a brain has ${nodes} nodes, but at most ${MOST} are possible`, { field: 'nodes' });
  const isNear = (delay: number) => blocks && delay < BLOCK - 1;
  for (const { weights, delays } of tables) {
    for (let target = 0; target < nodes; target++) {
      let [far, near] = [0, 0];
      for (let source = 0; source < nodes; source++) {
        if (!connected(weights, nodes, target, source)) continue;
        const delay = delays[target * nodes + source]!;
        extent.longest = Math.max(extent.longest, delay);
        extent.shortest = Math.min(extent.shortest, delay);
        if (isNear(delay)) near++;
        else far++;
      }
      [farRows, nearRows] = [Math.max(farRows, far), Math.max(nearRows, near)];
    }
  }
  if (extent.longest > MOST)
    throw new InputError(
      `the longest delay is ${extent.longest * dt} ms, ${extent.longest} steps, but at most ${MOST} steps are possible: use a higher signalV or a larger dt, and look whether lengths are in mm`,
      { field: 'signalV' },
    );
  const pairs = Math.ceil(farRows / 2);
  const rows = 1 + pairs + nearRows;
  const tablesAt = Math.ceil(brains.length / 4);
  const tableStride = rows * nodes;
  const words = new Uint32Array(4 * (tablesAt + tables.length * tableStride));
  words.set(tableOf);
  const floats = new Float32Array(words.buffer);
  tables.forEach(({ weights, delays }, number) => {
    const at = (row: number, target: number) => 4 * (tablesAt + number * tableStride + row * nodes + target);
    for (let target = 0; target < nodes; target++) {
      let [far, near, sum] = [0, 0, 0];
      // A place that is not taken is read where there is always something.
      for (let pair = 0; pair < pairs; pair++) {
        words[at(1 + pair, target) + 1] = BLOCK;
        words[at(1 + pair, target) + 3] = BLOCK;
      }
      for (let source = 0; source < nodes; source++) {
        if (!connected(weights, nodes, target, source)) continue;
        const coupling = weights[target * nodes + source]!;
        const delay = delays[target * nodes + source]!;
        sum += coupling;
        const entry = isNear(delay)
          ? at(1 + pairs + near++, target)
          : at(1 + (far >> 1), target) + 2 * (far++ & 1);
        floats[entry] = coupling;
        words[entry + 1] = source * 2 ** 16 + delay + 1;
      }
      floats[at(0, target)] = sum;
      words[at(0, target) + 1] = near;
    }
  });
  return { tableOf, words, tablesAt, tableStride, pairs, ...extent, near: nearRows > 0 };
}

function connected(weights: ArrayLike<number>, nodes: number, target: number, source: number): boolean {
  return source !== target && weights[target * nodes + source] !== 0;
}
