/** The noise of populations as kernels have it: one list of fluctuating inputs, currents and conductances alike. */
import type { WgslValue } from '../gpu/layout.ts';
import type { Fluctuation, Population } from '../models/network.ts';
import { normals, Purpose, randomKey } from '../random.ts';

/** A fluctuating input: a current, or a conductance towards `E_rev` (mV). */
export interface Process extends Fluctuation {
  E_rev: number | undefined;
}

/** Fluctuating inputs of a population: the current first, then conductances in the order of the file. */
export function processesOf({ noise }: Population): Process[] {
  if (!noise) return [];
  const { current, conductances } = noise;
  return [
    ...(current ? [{ ...current, E_rev: undefined }] : []),
    ...conductances.map(({ receptor, fluctuation }) => ({ ...fluctuation, E_rev: receptor.E_rev })),
  ];
}

/** `Noise` of shaders/spiking/noise.wgsl; inputs that a population has not are those of nothing. */
export function noiseValue(population: Population, dt: number, slots: number): WgslValue {
  const { E_L } = population.cell;
  const processes = processesOf(population).map(({ mean, sd, tau, E_rev }) => ({
    decay: Math.exp(-dt / tau),
    kick: Math.sqrt(-Math.expm1((-2 * dt) / tau)),
    mean,
    sd,
    E_rev: E_rev === undefined ? 0 : E_rev - E_L,
    conductance: E_rev === undefined ? 0 : 1,
    unused_0: 0,
    unused_1: 0,
  }));
  const none = { decay: 0, kick: 0, mean: 0, sd: 0, E_rev: 0, conductance: 0, unused_0: 0, unused_1: 0 };
  while (processes.length < slots) processes.push(none);
  const white = (population.noise?.white ?? 0) * Math.sqrt(dt);
  return { white, unused_0: 0, unused_1: 0, unused_2: 0, processes };
}

/** Processes are stationary from the start: standard normal numbers of a stream far from those of other initial values. */
export function initialFluctuation(
  seed: number,
  population: number,
  process: number,
  size: number,
): Float64Array {
  return normals(randomKey(seed, Purpose.neuronNoise), [firstStream + process, population], size);
}

/** Streams of steps are counted from 0: white noise, then one for each process. */
const firstStream = 2 ** 31;
