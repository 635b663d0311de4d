/**
 * A cell: its name in the library, a variation of one, or all of its parameters.
 */
import { formatQuantity } from '../../units.ts';
import {
  CELL_LIBRARY,
  CELL_PARAMETERS,
  type Cell,
  type CellSymbol,
  libraryCell,
  NO_ADAPTATION_TAU_W,
  spikeLevel,
} from '../cells.ts';
import type { Path } from '../document/problems.ts';
import type { CheckedPopulation } from '../network-schema.ts';
import { type ResolveContext, requireWholeSteps } from './context.ts';

type CellUse = NonNullable<CheckedPopulation['cell']>;
type ProblemsOnly = Pick<ResolveContext, 'problems'>;

/** @returns the cell, or undefined where that was noted as a problem */
export function resolveCell(use: CellUse, path: Path, context: ProblemsOnly): Cell | undefined {
  const given = typeof use === 'string' ? { base: use } : use;
  const base = given.base === undefined ? undefined : libraryCell(given.base);
  const missing = base
    ? []
    : CELL_PARAMETERS.filter(
        (parameter) => given[parameter.symbol] === undefined && parameter.default === undefined,
      );
  if (missing.length > 0) {
    const symbols = missing.map(({ symbol }) => symbol).join(', ');
    const bases = CELL_LIBRARY.map(({ name }) => name).join(', ');
    context.problems.add(path, `lacks ${symbols}; give them, or a base from which to take them (${bases})`);
    return undefined;
  }
  const value = (symbol: CellSymbol): number => {
    const parameter = CELL_PARAMETERS.find((candidate) => candidate.symbol === symbol);
    return given[symbol] ?? base?.[symbol] ?? parameter?.default ?? Number.NaN;
  };
  const cell: Cell = {
    name: given.name ?? base?.name ?? 'custom',
    C_m: value('C_m'),
    g_L: value('g_L'),
    E_L: value('E_L'),
    V_T: value('V_T'),
    Delta_T: value('Delta_T'),
    V_r: value('V_r'),
    tau_ref: value('tau_ref'),
    a: value('a'),
    b: value('b'),
    tau_w: value('tau_w'),
  };
  checkAdaptation(cell, given.tau_w !== undefined, path, context);
  checkReset(cell, path, context);
  return cell;
}

/** The tau_w of a cell without adaptation would keep every increment of w for ever: never what b = 20 pA means. */
function checkAdaptation(cell: Cell, tauGiven: boolean, path: Path, context: ProblemsOnly): void {
  const adapts = cell.a !== 0 || cell.b !== 0;
  if (!adapts || tauGiven || cell.tau_w < NO_ADAPTATION_TAU_W) return;
  context.problems.add(
    [...path, 'tau_w'],
    'is missing although a or b is not 0; give the time constant of adaptation, as 500 ms',
  );
}

/** A reset above the level of detection would be a spike in every step from the first one on. */
function checkReset(cell: Cell, path: Path, context: ProblemsOnly): void {
  const level = spikeLevel(cell);
  if (cell.V_r <= level) return;
  context.problems.add(
    [...path, 'V_r'],
    `is ${formatQuantity(cell.V_r, 'voltage')}, above the spike level V_T + 5 Delta_T = ${formatQuantity(level, 'voltage')}, ` +
      'so that the first spike would never end; lower V_r',
  );
}

/** The refractory period counts steps, so it must be a whole number of them. */
export function checkRefractorySteps(cell: Cell, path: Path, context: ResolveContext): void {
  requireWholeSteps(context, [...path, 'tau_ref'], cell.tau_ref, 'a refractory period');
}
