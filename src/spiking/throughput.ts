/** How fast this device advances neurons, measured and not guessed. */
import type { Device } from '../gpu/device.ts';
import type { Network } from '../models/network.ts';
import { planNetwork } from './plan.ts';
import { Simulation } from './simulation.ts';
import { deviceOptions } from './storage.ts';

/**
 * Wall seconds per biological second of a network, over about `seconds` of running after a first chunk that warms up.
 * @param connected false: neurons and drives alone, with the windows that the delays allow
 */
export async function measureThroughput(
  device: Device,
  network: Network,
  seconds: number,
  { connected }: { connected: boolean },
): Promise<number> {
  const { layout } = planNetwork(network, deviceOptions(device));
  const measured = connected ? network : { ...network, projections: [] };
  await using simulation = await Simulation.create(device, measured, {
    windowSteps: layout.windowSteps,
    hearing: layout.hearing,
  });
  const chunk = simulation.plan.chunkSteps * network.dt;
  for await (const _ of simulation.run({ duration: chunk }));
  const started = performance.now();
  let simulated = 0;
  while (performance.now() - started < 1000 * seconds) {
    for await (const _ of simulation.run({ duration: 4 * chunk }));
    simulated += 4 * chunk;
  }
  return (performance.now() - started) / simulated;
}
