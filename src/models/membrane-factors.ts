/** A cell as kernels have it: what a step multiplies by, and voltages from a rest that is chosen. */
import { type Cell, spikeLevel } from './cells.ts';

export interface MembraneFactors {
  dt_over_C_m: number;
  g_L: number;
  Delta_T: number;
  inverse_Delta_T: number;
  V_T: number;
  V_spike: number;
  V_r: number;
  held_steps: number;
  dt_over_tau_w: number;
  a: number;
  b: number;
}

/**
 * The fields of a cell that kernels of neurons name alike.
 * @param dt time step, ms
 * @param E_0 what voltages are measured from, mV
 */
export function membraneFactors(cell: Cell, dt: number, E_0 = cell.E_L): MembraneFactors {
  return {
    dt_over_C_m: dt / cell.C_m,
    g_L: cell.g_L,
    Delta_T: cell.Delta_T,
    inverse_Delta_T: cell.Delta_T > 0 ? 1 / cell.Delta_T : 0,
    V_T: cell.V_T - E_0,
    V_spike: spikeLevel(cell) - E_0,
    V_r: cell.V_r - E_0,
    // In the step of a spike a neuron is reset already.
    held_steps: Math.max(0, Math.round(cell.tau_ref / dt) - 1),
    dt_over_tau_w: dt / cell.tau_w,
    a: cell.a,
    b: cell.b,
  };
}
