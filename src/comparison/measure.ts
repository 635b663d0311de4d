/** Runs a network over several seeds and measures what a mean field predicts. */
import { InputError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import type { MeanField } from '../mean-field/model.ts';
import type { Network } from '../models/network.ts';
import { simulateMany } from '../spiking/simulate-many.ts';
import { SeedRecorder, type SeedResult } from './seed-recorder.ts';

export interface MeasureNetworkOptions {
  /** One run for each. */
  seeds: readonly number[];
  /** ms; statistics begin at `discard`. */
  duration: number;
  discard: number;
  /** Width of the bins of population rates, ms: the T of the mean field, whose covariances are those of such rates. */
  bin: number;
  /** Neurons of each population whose V and conductances are looked at (default 40). */
  traced?: number;
  onProgress?: (fraction: number) => void;
}

/** Between samples of the traces, ms. */
const TRACE_EVERY = 1;

/**
 * Runs the network once for each seed, as many side by side as suit the device.
 * @param model the mean field of the same network; its receptors tell excitation from inhibition
 * @throws InputError where times do not fit, and what simulating throws
 */
export async function measureNetwork(
  device: Device,
  network: Network,
  model: MeanField,
  options: MeasureNetworkOptions,
): Promise<SeedResult[]> {
  const { seeds, duration, discard, bin, traced = 40, onProgress } = options;
  const { dt } = network;
  const binSteps = Math.round(bin / dt);
  if (binSteps < 1 || Math.abs(binSteps * dt - bin) > 1e-6 * bin)
    throw new InputError(
      `population rates are compared in bins of T = ${bin} ms, which is no multiple of the network's dt of ${dt} ms: give another --T or --dt`,
    );
  if (seeds.length === 0) throw new InputError('a comparison needs at least one seed');
  const timed = { ...network, duration };
  const measured = seeds.map((seed) => new SeedRecorder(timed, model, { seed, discard, bin }));
  await simulateMany(
    device,
    seeds.map((seed) => ({ network: timed, seed })),
    {
      ...{ discard, ...(onProgress === undefined ? {} : { onProgress }) },
      traces: network.populations.map(({ name, size }) => ({
        population: name,
        neurons: Array.from({ length: Math.min(traced, size) }, (_, neuron) => neuron),
      })),
      traceEverySteps: Math.max(1, Math.round(TRACE_EVERY / dt)),
      onActivity: (activity, place, channels) => measured[place]!.add(activity, channels),
      onFailure: (error) => {
        throw error;
      },
    },
  );
  return measured.map((each) => each.result());
}
