/**
 * The cell library of Zerlaut, Chemla, Chavane and Destexhe (J Comput Neurosci 2017), and what a cell is.
 *
 *   C_m dV/dt   = g_L (E_L - V) + g_L Delta_T exp((V - V_T) / Delta_T) - w + I
 *   tau_w dw/dt = a (V - E_L) - w
 *
 * A neuron spikes when V > V_T + 5 Delta_T; then V is held at V_r for tau_ref and w grows by b. EIF is AdEx with
 * a = b = 0, LIF has Delta_T = 0 as well (no exponential term, threshold V_T): one family, one kernel.
 */
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
