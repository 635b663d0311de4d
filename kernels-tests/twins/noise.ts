/**
 * Twin of shaders/spiking/noise.wgsl: white noise and Ornstein-Uhlenbeck processes of one neuron in double precision, from the
 * same random bits.
 */
import type { Fluctuation, Population } from '../../src/models/network.ts';
import { keyOf, threefry } from './threefry.ts';

const purposeNeuronNoise = 9;

/** A standard normal number of (neuron, step, stream): Box and Muller on 23 bits and a half. */
export function noiseNormal(
  seed: number,
  population: number,
  neuron: number,
  step: number,
  stream: number,
): number {
  const counter = [Math.floor(neuron / 4), step, stream, population];
  const u = threefry(counter, keyOf(seed, purposeNeuronNoise)).map(
    (word) => (Math.floor(word / 512) + 0.5) / 2 ** 23,
  );
  const pair = neuron % 4 < 2 ? 0 : 2;
  const radius = Math.sqrt(-2 * Math.log(u[pair]!));
  const angle = 2 * Math.PI * (u[pair + 1]! - 0.5);
  return radius * (neuron % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
}

/** The noise of one neuron, step by step. */
export class NeuronNoise {
  readonly x: number[];
  private readonly processes: { fluctuation: Fluctuation; E_rev?: number }[];

  constructor(
    private readonly population: Population,
    private readonly index: number,
    private readonly neuron: number,
    private readonly seed: number,
    private readonly dt: number,
  ) {
    const { current, conductances } = population.noise ?? { current: undefined, conductances: [] };
    this.processes = [
      ...(current ? [{ fluctuation: current }] : []),
      ...conductances.map(({ receptor, fluctuation }) => ({ fluctuation, E_rev: receptor.E_rev })),
    ];
    this.x = this.processes.map((_, k) => this.initial(k));
  }

  /** Stationary: as the host draws normal numbers, 32 bits of each neuron's pair. */
  private initial(k: number): number {
    const uniform = (index: number) =>
      (threefry([Math.floor(index / 4), 0, 2 ** 31 + k, this.index], keyOf(this.seed, purposeNeuronNoise))[
        index % 4
      ]! +
        0.5) /
      2 ** 32;
    const even = this.neuron - (this.neuron % 2);
    const radius = Math.sqrt(-2 * Math.log(uniform(even)));
    const angle = 2 * Math.PI * uniform(even + 1);
    return radius * (this.neuron === even ? Math.cos(angle) : Math.sin(angle));
  }

  /** pA at potential V (mV) in this step; the processes then move on. */
  current(V: number, step: number): number {
    let sum = 0;
    this.processes.forEach(({ fluctuation: { mean, sd, tau }, E_rev }, k) => {
      const value = mean + sd * this.x[k]!;
      sum += E_rev === undefined ? value : Math.max(value, 0) * (E_rev - V);
      const decay = Math.exp(-this.dt / tau);
      const xi = noiseNormal(this.seed, this.index, this.neuron, step, 1 + k);
      this.x[k] = decay * this.x[k]! + Math.sqrt(1 - decay ** 2) * xi;
    });
    return sum;
  }

  /** mV that white noise adds to V in this step, unless V is held. */
  kick(step: number): number {
    const white = this.population.noise?.white ?? 0;
    if (white === 0) return 0;
    return white * Math.sqrt(this.dt) * noiseNormal(this.seed, this.index, this.neuron, step, 0);
  }
}
