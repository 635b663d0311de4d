/**
 * What every part of resolving shares: where problems go, and how files are read.
 */
import { formatQuantity } from '../../units.ts';
import type { Path, Problems } from '../document/problems.ts';
import type { OpenRows, ReadColumns } from '../document/tables.ts';
import { nearestWholeTimes, wholeSteps } from '../time-step.ts';

export interface ResolveContext {
  problems: Problems;
  readColumns: ReadColumns;
  openRows: OpenRows;
  /** Time step, ms. */
  dt: number;
}

/** Notes a problem unless the time is a whole number of steps. */
export function requireWholeSteps(context: ResolveContext, path: Path, time: number, what: string): void {
  const { dt } = context;
  if (wholeSteps(time, dt) !== undefined) return;
  const [below, above] = nearestWholeTimes(time, dt).map((near) => formatQuantity(near, 'time'));
  context.problems.add(
    path,
    `is ${formatQuantity(time, 'time')}, but ${what} must be a multiple of dt = ${dt} ms; use ${below} or ${above}, or another dt`,
  );
}

/** "exc has 100 neurons, counted from 0 to 99" */
export function sizeText(name: string, size: number): string {
  return `population ${name} has ${size} neurons, counted from 0 to ${size - 1}`;
}
