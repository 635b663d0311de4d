/**
 * Twin of shaders/spiking/advance.wgsl for one neuron and one step: the equations as they are printed, absolute voltages,
 * refractoriness from the time of the last spike, in double precision and in Brian2's order.
 */
import type { Cell } from '../../src/models/cells.ts';
import type { Network, Receptor } from '../../src/models/network.ts';
import type { DriveTable } from '../../src/spiking/drive.ts';
import { keyOf, purpose, threefry } from './threefry.ts';

export interface Neuron {
  /** mV */
  V: number;
  /** pA */
  w: number;
  /** nS, by receptor of the population. */
  g: number[];
  lastSpike: number;
}

/** What acts in a step: pA, and nS by receptor from external drives, seen from the next step on. */
export interface Inputs {
  current: number;
  driven: number[];
  /** mV that a step adds to V beside what the equations say, to learn what rounding may do. */
  disturbance: number;
}

/** Advances a neuron by one step; says whether it spiked. */
export function advance(
  neuron: Neuron,
  cell: Cell,
  receptors: readonly Receptor[],
  { dt, method }: Pick<Network, 'dt' | 'method'>,
  step: number,
  inputs: Inputs,
): boolean {
  const { V, w } = neuron;
  const { C_m, g_L, E_L, V_T, Delta_T, V_r, tau_ref, a, b, tau_w } = cell;

  // State: all derivatives from the same instant.
  const synaptic = receptors.reduce((sum, { E_rev }, r) => sum + neuron.g[r]! * (E_rev - V), 0);
  const onset = Delta_T > 0 ? g_L * Delta_T * Math.exp((V - V_T) / Delta_T) : 0;
  const free = step - neuron.lastSpike >= Math.round(tau_ref / dt);
  if (free)
    neuron.V += (dt / C_m) * (g_L * (E_L - V) + onset - w + synaptic + inputs.current) + inputs.disturbance;
  neuron.w += (dt / tau_w) * (a * (V - E_L) - w);
  receptors.forEach(({ tau }, r) => {
    neuron.g[r]! *= method === 'euler' ? 1 - dt / tau : Math.exp(-dt / tau);
  });

  // Threshold.
  const spiked = free && neuron.V > V_T + 5 * Delta_T;

  // Events of the external drives.
  inputs.driven.forEach((added, r) => {
    neuron.g[r]! += added;
  });

  // Reset.
  if (spiked) {
    neuron.V = V_r;
    neuron.w += b;
    neuron.lastSpike = step;
  }
  return spiked;
}

/** The thresholds of a drive in a step, ascending: those beside its parameters, or a row of its table. */
export function thresholdsAt(table: DriveTable, step: number): Uint32Array {
  if (table.halvings === 0) return table.inline;
  const row = Math.min(Math.floor(step / table.stepsPerRow), table.rows - 1);
  const length = table.thresholds.length / table.rows;
  return table.thresholds.subarray(row * length, (row + 1) * length);
}

/** Events that 32 random bits mean: as many as there are thresholds that they reach, and those that always come. */
export function countEvents(table: DriveTable, step: number, random: number): number {
  const thresholds = thresholdsAt(table, step);
  const bits = Math.min(random, 0xfffffffe);
  let least = 0;
  let most = thresholds.length;
  while (least < most) {
    const middle = Math.floor((least + most) / 2);
    if (thresholds[middle]! <= bits) least = middle + 1;
    else most = middle;
  }
  return table.base + least;
}

/** The random bits of a drive in a step, for four neurons of a population at a time. */
export function driveBits(
  seed: number,
  population: number,
  drive: number,
  group: number,
  step: number,
): number[] {
  return threefry([group, step, drive, population], keyOf(seed, purpose.drive));
}
