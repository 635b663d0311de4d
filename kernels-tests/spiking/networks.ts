/** Small builders of networks for tests: everything has a default, tests name what they are about. */
import { type Cell, libraryCell } from '../../src/models/cells.ts';
import type { Network, NeuronCourse, Population, Projection, Receptor } from '../../src/models/network.ts';

export const exc: Receptor = { name: 'exc', tau: 5, E_rev: 0 };
export const inh: Receptor = { name: 'inh', tau: 5, E_rev: -80 };

export function cell(name: string, changes: Partial<Cell> = {}): Cell {
  const found = libraryCell(name);
  if (!found) throw new Error(`no cell ${name}`);
  return { ...found, ...changes };
}

export function population(
  name: string,
  size: number,
  of: Cell,
  changes: Partial<Population> = {},
): Population {
  return {
    name,
    size,
    cell: of,
    initial: {
      V: { kind: 'constant', value: of.E_L },
      w: { kind: 'constant', value: 0 },
      g: new Map(),
    },
    current: 0,
    neuronCurrent: undefined,
    drives: [],
    events: [],
    ...changes,
  };
}

export function projection(
  from: number,
  to: number,
  receptor: Receptor,
  weight: number,
  connect: Projection['connect'],
  changes: Partial<Projection> = {},
): Projection {
  return {
    name: `p${from}${to}`,
    from,
    to,
    receptor,
    weight,
    delay: 0,
    connect,
    selfConnections: false,
    ...changes,
  };
}

export function network(
  populations: Population[],
  projections: Projection[] = [],
  changes: Partial<Network> = {},
): Network {
  return {
    name: 'test',
    description: '',
    source: '',
    dt: 0.1,
    duration: 100,
    method: 'euler',
    storage: 'auto',
    receptors: [exc, inh],
    populations,
    projections,
    ...changes,
  };
}

/** Rows of arrays as a file has them. */
export function courseOf(rowTime: number, rows: readonly ArrayLike<number>[]): NeuronCourse {
  const all = rows.flatMap((row) => Array.from(row));
  return {
    dt: rowTime,
    rows: rows.length,
    least: Math.min(...all),
    greatest: Math.max(...all),
    row: (index) => Float64Array.from(rows[index]!),
    record: { type: 'f8', sha256: 'none' },
  };
}
