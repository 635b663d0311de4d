/**
 * What a transfer-function measurement is made of, and what it leaves: the type that measuring writes, files keep, and
 * fitting reads.
 */
import type { Cell } from '../models/cells.ts';

/** Synapses of one kind onto a neuron, all alike: exponential conductances. */
export interface SynapseGroup {
  /** Synapses per neuron. */
  K: number;
  /** Conductance added by one event, nS. */
  Q: number;
  /** Decay time constant, ms. */
  tau: number;
  /** Reversal potential, mV. */
  E_rev: number;
}

/** The synapses that a neuron of a network has: K_e = (1 - g) p N excitatory and K_i = g p N inhibitory ones. */
export interface SynapticInput {
  exc: SynapseGroup;
  inh: SynapseGroup;
}

/** How a transfer function was measured. */
export interface MeasureSettings {
  /** Time step, ms. */
  dt: number;
  /** Simulated time of each neuron, ms, from V = E_L, w = 0 and conductances of 0. */
  duration: number;
  /** Time at the beginning that does not count, ms. */
  discard: number;
  /** Neurons at each grid point. */
  repeats: number;
  seed: number;
}

/**
 * A measured transfer function: at each point of a grid of input rates, means over repeats. Arrays are `[nu_i, nu_e]`,
 * row by row; nu_e may differ from row to row (the adaptive grid).
 */
export interface TransferData {
  cell: Cell;
  input: SynapticInput;
  settings: MeasureSettings;
  /** Rows (values of nu_i) and columns (values of nu_e). */
  shape: [rows: number, columns: number];
  /** Rate of each excitatory and inhibitory synapse, Hz, `[nu_i, nu_e]`. */
  nu_e: Float64Array;
  nu_i: Float64Array;
  /** Mean output rate and its standard deviation over repeats (n - 1), Hz. */
  rate: Float64Array;
  rate_sd: Float64Array;
  /** Mean and standard deviation of V in time (refractory periods left out), mV; its autocorrelation time, ms. */
  mu_V: Float64Array;
  sigma_V: Float64Array;
  tau_V: Float64Array;
}
