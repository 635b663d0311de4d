/** What building a table will cost, known from its grid alone. */
import type { EifNeuron } from '../models/eif.ts';
import { noiseRegime, tableFrequencies } from './frequencies.ts';
import { layOut } from './mesh.ts';
import { QUANTITY_NAMES } from './tables.ts';

export interface TableWork {
  points: number;
  /** Cells of the voltage axis, summed over points. */
  cells: number;
  /** Cells times frequencies, summed over points: what the time is spent on. */
  cell_frequencies: number;
  /** Of the arrays. */
  disk_bytes: number;
}

/** @param step width of a cell, mV */
export function tableWork(neuron: EifNeuron, mu: Float64Array, sigma: Float64Array, step: number): TableWork {
  const work = { points: mu.length * sigma.length, cells: 0, cell_frequencies: 0 };
  for (const s of sigma) {
    const frequencies = tableFrequencies(noiseRegime(neuron, s)).hertz.length;
    for (const m of mu) {
      const { below, above } = layOut(neuron, { mu: m, sigma: s }, step);
      work.cells += below + above;
      work.cell_frequencies += (below + above) * frequencies;
    }
  }
  const disk_bytes = 4 * QUANTITY_NAMES.length * work.points + 8 * (mu.length + sigma.length);
  return { ...work, disk_bytes };
}
