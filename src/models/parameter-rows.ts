/** Parameters of node models, which their files list as rows of a table. */
import type { Range } from './cells.ts';

export interface NodeParameter {
  name: string;
  unit: string;
  default: number;
  range: Range;
  description: string;
}

export type ParameterRow = readonly [
  name: string,
  unit: string,
  value: number,
  range: Range,
  description: string,
];

export const positive: Range = { above: 0 };
export const negative: Range = { max: 0 };
export const fromZero: Range = { min: 0 };
export const any: Range = {};

export function parametersOf(rows: readonly ParameterRow[]): NodeParameter[] {
  return rows.map(([name, unit, value, range, description]) => ({
    ...{ name, unit, default: value, range, description },
  }));
}
