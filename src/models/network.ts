/**
 * A spiking network as plain data: every number in the units of the boundary (ms, mV, pA, nS, pF, Hz), every
 * default filled in, every reference resolved. What a network file says becomes this in `read-network.ts`;
 * what engines read is only this.
 */
import type { Cell, CellSymbol } from './cells.ts';
import type { Falloff, Space } from './space.ts';

/** An exponential conductance: dg/dt = -g / tau, current g (E_rev - V). */
export interface Receptor {
  name: string;
  /** Decay time constant, ms, > 0. */
  tau: number;
  /** Reversal potential, mV. */
  E_rev: number;
}

/** A quantity over time: a number, or samples held for `dt` each (the last one is held for ever). */
export type TimeCourse = number | SampledCourse;
export interface SampledCourse {
  /** Duration of one sample, ms. */
  dt: number;
  values: Float64Array;
}

/** A value of each neuron over time: rows of one for each neuron, each held for `dt` (the last one is held for ever). */
export interface NeuronCourse {
  /** Duration of one row, ms, a whole number of time steps. */
  dt: number;
  rows: number;
  /** The least and the greatest value. */
  least: number;
  greatest: number;
  /** One value for each neuron, good until the next row is asked for; engines ask in the order of time, and not for all at once. */
  row(index: number): ArrayLike<number>;
  /** What a record of the network says of the values. */
  record: { type: string; sha256: string };
}

/** How the value of a state variable is chosen for each neuron before the first step. */
export type Initial =
  | { kind: 'constant'; value: number }
  | { kind: 'uniform'; low: number; high: number }
  | { kind: 'normal'; mean: number; sd: number }
  | { kind: 'values'; values: Float64Array };

/**
 * Number of external events a neuron receives in one step of dt, with n synapses at rate nu each:
 * `poisson` counts of mean n nu dt; `binomial` B(n, nu dt), as Brian2's PoissonInput; `bernoulli` one event
 * with probability n nu dt, else none, as the published script of Zerlaut et al. 2017.
 */
export type DriveStatistics = 'poisson' | 'binomial' | 'bernoulli';

/** External synapses that fire independently of the network. */
export interface Drive {
  receptor: Receptor;
  /** External synapses per neuron, > 0. */
  synapses: number;
  /** Rate of each synapse, Hz; 0 where neurons have rates of their own. */
  rate: TimeCourse;
  /** By which the rate is multiplied, for each neuron. */
  profile?: Float64Array;
  /** Rate of each synapse of each neuron, Hz, in place of `rate` and `profile`; only with Poisson statistics. */
  neuronRate?: NeuronCourse;
  /** Conductance added by one event, nS. */
  weight: number;
  statistics: DriveStatistics;
}

/** Given spikes: neuron `neuron[k]` in the step that contains `time[k]`. */
export interface SpikeList {
  /** ms, ascending. */
  time: Float64Array;
  neuron: Uint32Array;
}

/** Given events: each adds `weight` to its neuron. */
export interface EventInput extends SpikeList {
  receptor: Receptor;
  weight: number;
}

/** An Ornstein-Uhlenbeck process of each neuron's own, stationary from the start. */
export interface Fluctuation {
  /** pA of a current, nS of a conductance. */
  mean: number;
  /** Stationary standard deviation, likewise. */
  sd: number;
  /** Correlation time, ms, > 0. */
  tau: number;
}

/** What fluctuates in the input of each neuron, independently of all others. */
export interface Noise {
  /** sigma of dV = ... dt + sigma dW, mV per sqrt(ms). */
  white: number;
  current: Fluctuation | undefined;
  /** Conductances, which act as 0 while they are below it; `tau` of the receptor has no part in them. */
  conductances: { receptor: Receptor; fluctuation: Fluctuation }[];
}

/** How parameters of cells are chosen for each neuron, by symbol. */
export type NeuronCell = Partial<Record<CellSymbol, Initial>>;

export interface Population {
  name: string;
  size: number;
  cell: Cell;
  /** Parameters of which each neuron has its own, in place of those of `cell`. */
  neuronCell?: NeuronCell;
  initial: { V: Initial; w: Initial; g: Map<string, Initial> };
  /** Injected current, pA: one course for all neurons, plus a constant or a course for each neuron where given. */
  current: TimeCourse;
  neuronCurrent: Float64Array | undefined;
  neuronCurrents?: NeuronCourse;
  noise?: Noise;
  drives: Drive[];
  events: EventInput[];
  /** Spikes that are given: the neurons have no membrane then, hear nothing, and `cell` is `SPIKE_SOURCE`. */
  spikes?: SpikeList;
  /** Where its neurons are, where that matters. */
  space?: Space;
}

export type Connect =
  | { rule: 'fixed-probability'; probability: number }
  | { rule: 'fixed-in-degree'; degree: number }
  | { rule: 'fixed-out-degree'; degree: number }
  | { rule: 'all-to-all' }
  | { rule: 'one-to-one' }
  | ({ rule: 'by-distance'; probability: number; within: number } & Falloff)
  | {
      rule: 'explicit';
      source: Uint32Array;
      target: Uint32Array;
      /** Of each edge, where they differ: nS; and ms, each rounded to a whole number of steps. */
      weight?: Float64Array;
      delay?: Float64Array;
    };

/** How a value varies from synapse to synapse, each drawn by itself; bounds cut a distribution off, not its values. */
export type Spread =
  | { kind: 'uniform'; low: number; high: number }
  | { kind: 'normal' | 'lognormal'; mean: number; sd: number; min: number; max: number }
  | ByDistance;

/** A value that follows from the distance of two neurons, mm: one that falls off, or a path at a velocity (mm/ms). */
export type ByDistance =
  | ({ kind: 'falloff'; atZero: number } & Falloff)
  | { kind: 'path'; base: number; velocity: number };

export interface Projection {
  name: string;
  /** Index of the source and target population in `Network.populations`. */
  from: number;
  to: number;
  receptor: Receptor;
  /** Conductance added by one spike, nS, >= 0; where it varies, also by a list, its mean. */
  weight: number;
  /** How the weight varies between synapses, nS. */
  weights?: Spread;
  /** ms, >= 0; 0 means that a spike acts from the next step on. Where it varies, its mean. */
  delay: number;
  /** How the delay varies between synapses, ms; each is rounded to a whole number of steps. */
  delays?: Spread;
  /** The longest distance of two neurons that are connected, mm, where anything depends on distances. */
  reach?: number;
  connect: Connect;
  /** Whether a neuron may connect to itself (only where `from` equals `to`). */
  selfConnections: boolean;
}

/**
 * How synapses are kept: `stored` in memory, `procedural` drawn anew from their rule whenever a neuron spikes, or as
 * memory suggests (`auto`). The synapses are the same.
 */
export type Storage = 'stored' | 'procedural' | 'auto';

export interface Network {
  name: string;
  description: string;
  /** The paper or program that it follows. */
  source: string;
  /** Time step and default duration, ms. */
  dt: number;
  duration: number;
  /** How conductances decay in a step: by 1 - dt/tau, or by exp(-dt/tau). V and w are Euler in both. */
  method: 'euler' | 'exponential-euler';
  storage: Storage;
  receptors: Receptor[];
  populations: Population[];
  projections: Projection[];
}

/** Total number of neurons. */
export function networkSize(network: Network): number {
  return network.populations.reduce((sum, population) => sum + population.size, 0);
}
