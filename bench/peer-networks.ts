/**
 * The networks of the comparison with peers, as Spikefield's own network files with some values set: config1 at any size
 * with the same number of synapses onto each neuron, COBA, and a million neurons.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Network } from '../src/models/network.ts';
import { readNetwork } from '../src/models/read-network.ts';
import { root } from './child.ts';

export const NETWORK_NAMES = ['config1', 'config1-delay', 'coba', 'million'] as const;
export type PeerNetworkName = (typeof NETWORK_NAMES)[number];

/** Synapses onto each neuron of config1, on average: 400 excitatory and 100 inhibitory. */
export const IN_DEGREE = 500;
/** Delay of `config1-delay`, ms. */
export const DELAY = 1.5;
/** A million neurons for longer than this, ms, is not a matter of minutes. */
const LONGEST_MILLION = 100;

/** What `spikefield run` is told. */
export interface Recipe {
  name: PeerNetworkName;
  /** A library name or a path. */
  network: string;
  overrides: string[];
  /** ms */
  duration: number;
}

/**
 * Benchmark 1 of Brette et al. 2007 (J Comput Neurosci 23, 349-398, doi:10.1007/s10827-007-0038-6, Appendix B), after Vogels
 * and Abbott 2005: 4000 leaky integrate-and-fire neurons of 20,000 um2 (200 pF, 10 nS), 2 % connected, 6 and 67 nS. The
 * paper starts activity by a stimulus of 50 ms, after which it dies by chance early or late: a benchmark of silence in some
 * simulators and not in others. Here each neuron has an excitatory input of 100 Hz for all the time, a tenth of what it gets from
 * the network, and activity starts from conductances like those that persist.
 */
export const coba = `
name: coba
description: 4000 leaky integrate-and-fire neurons with conductances and little input
source: Brette et al., J Comput Neurosci 23, 349-398 (2007), doi:10.1007/s10827-007-0038-6, benchmark 1

dt: 0.1 ms
duration: 1000 ms
method: euler

receptors:
  exc: {tau: 5 ms, E_rev: 0 mV}
  inh: {tau: 10 ms, E_rev: -80 mV}

populations:
  exc:
    size: 3200
    cell: &cell
      {name: COBA, C_m: 200 pF, g_L: 10 nS, E_L: -60 mV, V_T: -50 mV, Delta_T: 0 mV, V_r: -60 mV, tau_ref: 5 ms,
       a: 0 nS, b: 0 pA, tau_w: 1000 ms}
    drive: &drive
      - {receptor: exc, synapses: 20, rate: 5 Hz, weight: 6 nS, statistics: poisson}
    initial: &initial
      V: {uniform: {low: -60 mV, high: -50 mV}}
      g: {exc: {uniform: {low: 14 nS, high: 66 nS}}, inh: {uniform: {low: 0 nS, high: 400 nS}}}
  inh:
    size: 800
    cell: *cell
    drive: *drive
    initial: *initial

projections:
  ee: {from: exc, to: exc, receptor: exc, weight: 6 nS, connect: {rule: fixed-probability, probability: 0.02}}
  ei: {from: exc, to: inh, receptor: exc, weight: 6 nS, connect: {rule: fixed-probability, probability: 0.02}}
  ie: {from: inh, to: exc, receptor: inh, weight: 67 nS, connect: {rule: fixed-probability, probability: 0.02}}
  ii: {from: inh, to: inh, receptor: inh, weight: 67 nS, connect: {rule: fixed-probability, probability: 0.02}}
`;

/** config1 with `neurons` neurons, four fifths of them excitatory, and IN_DEGREE synapses onto each. */
export function scaledConfig1(neurons: number, delay: number): string[] {
  const inhibitory = Math.round(neurons / 5);
  return [
    `populations.exc.size=${neurons - inhibitory}`,
    `populations.inh.size=${inhibitory}`,
    `projections.*.connect.probability=${IN_DEGREE / neurons}`,
    ...(delay > 0 ? [`projections.*.delay=${delay}ms`] : []),
  ];
}

/** One recipe a size of config1, one for each other network; `scratch` is where files are written that do not exist. */
export function recipesOf(
  name: PeerNetworkName,
  { sizes, duration, scratch }: { sizes: readonly number[]; duration: number; scratch: string },
): Recipe[] {
  if (name === 'million') {
    const network = join(root, 'examples', 'million', 'network.yaml');
    return [{ name, network, overrides: [], duration: Math.min(duration, LONGEST_MILLION) }];
  }
  if (name === 'coba') {
    const network = join(scratch, 'coba.yaml');
    writeFileSync(network, coba);
    return [{ name, network, overrides: [], duration }];
  }
  const delay = name === 'config1' ? 0 : DELAY;
  return sizes.map((neurons) => ({
    name,
    network: 'config1',
    overrides: scaledConfig1(neurons, delay),
    duration,
  }));
}

/** The network that a recipe makes, for the time that it is run. */
export function networkOf({ network, overrides, duration }: Recipe): Network {
  return readNetwork(network, [...overrides, `duration=${duration}ms`]);
}
