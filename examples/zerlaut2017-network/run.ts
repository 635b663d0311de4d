/**
 * The network of Zerlaut et al. 2017 over five seeds, as in the stationary part of their figures: mean rates and their
 * spread over seeds, compared with what a single run shows.
 *
 *     npx tsx examples/zerlaut2017-network/run.ts
 */
import { fileURLToPath } from 'node:url';
import { openDevice, readNetwork, simulate } from '../../src/index.ts';

const network = readNetwork(fileURLToPath(new URL('network.yaml', import.meta.url)));

await using device = await openDevice();
const rates: { exc: number[]; inh: number[] } = { exc: [], inh: [] };
for (const seed of [1, 2, 3, 4, 5]) {
  const { populations } = await simulate(device, network, { seed });
  rates.exc.push(populations.exc!.rate_hz);
  rates.inh.push(populations.inh!.rate_hz);
  console.log(
    `seed ${seed}: exc ${populations.exc!.rate_hz.toFixed(2)} Hz, inh ${populations.inh!.rate_hz.toFixed(2)} Hz`,
  );
}
for (const [name, values] of Object.entries(rates)) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  console.log(`${name}: ${mean.toFixed(3)} Hz, SD over seeds ${sd.toFixed(3)} Hz`);
}
