/** One call for one run: the nodes are made, run and freed. */
import type { Device } from '../gpu/device.ts';
import { alnNodes } from '../models/aln.ts';
import { requireDelays } from './aln-checks.ts';
import type { AlnResult } from './aln-result.ts';
import { type AlnOptions, type AlnRunOptions, AlnSimulation } from './aln-simulation.ts';

/**
 * Runs a batch of ALN nodes.
 *
 *     const result = await simulateAln(device, { parameters: { mue_ext_mean: 1, mui_ext_mean: 0.4 }, duration: 2000 });
 *     result.select({ variable: 'rates_exc', node: 0 }); // Hz, at result.times (ms)
 *
 * @throws InputError as `AlnSimulation`, and where a delay is longer than the run
 */
export async function simulateAln(device: Device, options: AlnOptions & AlnRunOptions): Promise<AlnResult> {
  requireDelays(options.duration, alnNodes(options.parameters));
  await using simulation = await AlnSimulation.create(device, options);
  return await simulation.run(options);
}
