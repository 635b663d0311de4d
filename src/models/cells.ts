/**
 * The cell library of Zerlaut, Chemla, Chavane and Destexhe (J Comput Neurosci 2017), and what a cell is.
 *
 *   C_m dV/dt   = g_L (E_L - V) + g_L Delta_T exp((V - V_T) / Delta_T) - w + I
 *   tau_w dw/dt = a (V - E_L) - w
 *
 * A neuron spikes when V > V_T + 5 Delta_T; then V is held at V_r for tau_ref and w grows by b. EIF is AdEx with
 * a = b = 0, LIF has Delta_T = 0 as well (no exponential term, threshold V_T): one family, one kernel.
 */
import type { Dimension } from '../units.ts';

export interface Cell {
  /** The library cell that it is or derives from. */
  name: string;
  /** Membrane capacitance, pF. */
  C_m: number;
  /** Leak conductance, nS. */
  g_L: number;
  /** Leak reversal potential, mV. */
  E_L: number;
  /** Effective threshold, mV. */
  V_T: number;
  /** Slope factor, mV; 0 for LIF. */
  Delta_T: number;
  /** Reset potential, mV. */
  V_r: number;
  /** Refractory period, ms. */
  tau_ref: number;
  /** Subthreshold adaptation, nS. */
  a: number;
  /** Spike-triggered adaptation, pA. */
  b: number;
  /** Adaptation time constant, ms. */
  tau_w: number;
}

/** The numbers of a cell, by symbol. */
export type CellSymbol = Exclude<keyof Cell, 'name'>;

/** Bounds of a number in its boundary unit: `above` is exclusive, `min` and `max` are inclusive. */
export interface Range {
  above?: number;
  min?: number;
  max?: number;
}

export interface CellParameter {
  symbol: CellSymbol;
  dimension: Dimension;
  /** Value of a cell that names neither it nor a base; undefined: it must be given. */
  default: number | undefined;
  range: Range;
  description: string;
}

/** No membrane potential or reversal potential lies outside; a value in volts instead of mV, or the reverse, does. */
export const VOLTAGE_RANGE: Range = { min: -200, max: 200 };

/** tau_w of a cell without adaptation (a = b = 0): so long that w stays where it started, at 0. */
export const NO_ADAPTATION_TAU_W = 1e9;

/** Stands for the cell of neurons whose spikes are given: they have no membrane, and none of its numbers is used. */
export const SPIKE_SOURCE: Cell = {
  name: 'spike source',
  ...{ C_m: 1, g_L: 0, E_L: 0, V_T: 0, Delta_T: 0, V_r: 0, tau_ref: 0, a: 0, b: 0 },
  tau_w: NO_ADAPTATION_TAU_W,
};

/** How far above V_T, in units of Delta_T, a spike is detected. */
export const SPIKE_LEVEL_IN_DELTA_T = 5;

/** Every parameter of a cell, in the order in which tables list them. */
export const CELL_PARAMETERS: readonly CellParameter[] = [
  {
    symbol: 'C_m',
    dimension: 'capacitance',
    default: undefined,
    range: { above: 0 },
    description: 'membrane capacitance',
  },
  {
    symbol: 'g_L',
    dimension: 'conductance',
    default: undefined,
    range: { above: 0 },
    description: 'leak conductance',
  },
  {
    symbol: 'E_L',
    dimension: 'voltage',
    default: undefined,
    range: VOLTAGE_RANGE,
    description: 'leak reversal potential',
  },
  {
    symbol: 'V_T',
    dimension: 'voltage',
    default: undefined,
    range: VOLTAGE_RANGE,
    description: 'effective threshold; a spike is detected above V_T + 5 Delta_T',
  },
  {
    symbol: 'Delta_T',
    dimension: 'voltage',
    default: undefined,
    range: { min: 0, max: 100 },
    description: 'slope factor of the spike-initiation current; 0 leaves that current out (LIF)',
  },
  {
    symbol: 'V_r',
    dimension: 'voltage',
    default: undefined,
    range: VOLTAGE_RANGE,
    description: 'reset potential, held during refractoriness',
  },
  {
    symbol: 'tau_ref',
    dimension: 'time',
    default: undefined,
    range: { min: 0 },
    description: 'refractory period, a multiple of dt',
  },
  {
    symbol: 'a',
    dimension: 'conductance',
    default: 0,
    range: {},
    description: 'subthreshold adaptation',
  },
  {
    symbol: 'b',
    dimension: 'current',
    default: 0,
    range: {},
    description: 'spike-triggered adaptation, added to w at each spike',
  },
  {
    symbol: 'tau_w',
    dimension: 'time',
    default: NO_ADAPTATION_TAU_W,
    range: { above: 0 },
    description: 'adaptation time constant; must be given where a or b is not 0',
  },
];

/** Numbers of the published cell library of Zerlaut et al. 2017. */
export const CELL_LIBRARY: readonly Readonly<Cell>[] = [
  {
    name: 'LIF',
    C_m: 150,
    g_L: 10,
    E_L: -60,
    V_T: -50,
    Delta_T: 0,
    V_r: -60,
    tau_ref: 5,
    a: 0,
    b: 0,
    tau_w: NO_ADAPTATION_TAU_W,
  },
  {
    name: 'EIF',
    C_m: 150,
    g_L: 10,
    E_L: -60,
    V_T: -50,
    Delta_T: 2,
    V_r: -60,
    tau_ref: 5,
    a: 0,
    b: 0,
    tau_w: NO_ADAPTATION_TAU_W,
  },
  {
    name: 'AdExp',
    C_m: 150,
    g_L: 10,
    E_L: -60,
    V_T: -50,
    Delta_T: 2,
    V_r: -60,
    tau_ref: 5,
    a: 4,
    b: 20,
    tau_w: 500,
  },
  {
    name: 'FS-cell',
    C_m: 200,
    g_L: 10,
    E_L: -65,
    V_T: -50,
    Delta_T: 0.5,
    V_r: -65,
    tau_ref: 5,
    a: 0,
    b: 0,
    tau_w: NO_ADAPTATION_TAU_W,
  },
  {
    name: 'RS-cell',
    C_m: 200,
    g_L: 10,
    E_L: -65,
    V_T: -50,
    Delta_T: 2,
    V_r: -65,
    tau_ref: 5,
    a: 4,
    b: 20,
    tau_w: 500,
  },
  {
    name: 'RS-cell2',
    C_m: 200,
    g_L: 10,
    E_L: -65,
    V_T: -50,
    Delta_T: 2,
    V_r: -65,
    tau_ref: 5,
    a: 0,
    b: 0,
    tau_w: 500,
  },
];

/** The library cell of this name, or undefined. */
export function libraryCell(name: string): Readonly<Cell> | undefined {
  return CELL_LIBRARY.find((cell) => cell.name === name);
}

/** The potential above which a neuron spikes, V_T + 5 Delta_T, mV. */
export function spikeLevel(cell: Cell): number {
  return cell.V_T + SPIKE_LEVEL_IN_DELTA_T * cell.Delta_T;
}

/** Membrane time constant C_m / g_L, ms. */
export function membraneTimeConstant(cell: Cell): number {
  return cell.C_m / cell.g_L;
}
