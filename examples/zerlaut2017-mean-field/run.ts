/**
 * The mean field of the paper's network: its fixed point with the printed coefficients and with Spikefield's fit, and its response to
 * the paper's afferent input (2 Hz, rising with 60 ms and falling with 100 ms).
 *
 *     npx tsx examples/zerlaut2017-mean-field/run.ts [figure]
 */
import { fileURLToPath } from 'node:url';
import { meanFieldCourseFigure } from '../../src/figures/mean-field-course.ts';
import { writeFigure } from '../../src/figures/write-figure.ts';
import {
  fixedPoints,
  meanField,
  openDevice,
  readNetwork,
  simulateMeanField,
  withAfferentInput,
} from '../../src/index.ts';

const network = readNetwork(fileURLToPath(new URL('../zerlaut2017-network/network.yaml', import.meta.url)));
for (const formula of ['as-published', 'corrected'] as const)
  for (const order of [1, 2] as const) {
    const [point] = fixedPoints(meanField(network, { formula }), { order });
    const rates = point!.rates.map((rate) => rate.toFixed(4)).join(' and ');
    console.log(
      `${formula}, order ${order}: ${rates} Hz, ${point!.stability}, ${point!.responseTime.toFixed(2)} ms`,
    );
  }

const dt = 0.1;
const samples = 12_000;
// The input is held during a step: its value in the middle stands for it.
const input = Float64Array.from({ length: samples }, (_, step) => {
  const t = (step + 0.5) * dt - 800;
  return 2 * Math.exp(-(t ** 2) / 2 / (t < 0 ? 60 : 100) ** 2);
});
const model = withAfferentInput(meanField(network), { dt, values: input });
const resting = fixedPoints(model).find(({ stable }) => stable)!;

await using device = await openDevice();
const run = await simulateMeanField(device, [model], {
  duration: samples * dt,
  dt,
  every: 1,
  initial: resting.state,
});
console.log(`response computed in ${run.timing.run_s.toFixed(2)} s on ${run.adapter.name}`);
const figure = writeFigure(
  process.argv[2] ?? 'mean-field',
  meanFieldCourseFigure({
    title: 'config1: mean field',
    note: 'order 2, bands: SD of the population rate',
    times: run.times,
    populations: run.populations.map((name, index) => ({
      name,
      rate: run.rate(index),
      sd: run.covariance(index, index).map(Math.sqrt),
    })),
    input: Float64Array.from(run.times, (time) => input[Math.min(samples - 1, Math.round(time / dt))]!),
  }),
);
console.log(`figure in ${figure.svg} and ${figure.png}`);
