/**
 * The second half of neurolib's notebook on the ALN model: a whole brain of 80 nodes with delays and noise, its BOLD signal and
 * functional connectivity.
 *
 *     npx tsx examples/neurolib-whole-brain/run.ts [folder] [connectome] [seconds]
 *
 * Without a connectome (a folder in neurolib's layout, or another of docs/connectomes.md) it takes a synthetic one,
 * whose recordings are made up as well.
 */
import { join } from 'node:path';
import { carpetFigure } from '../../src/figures/carpet.ts';
import { fcComparisonFigure } from '../../src/figures/fc-comparison.ts';
import { writeFigure } from '../../src/figures/write-figure.ts';
import {
  functionalConnectivity,
  matrixCorrelation,
  openDevice,
  prepareConnectome,
  readConnectome,
  simulateBrain,
  syntheticSource,
  withSyntheticRecordings,
  zScores,
} from '../../src/index.ts';

const [folder = '.', path, seconds = '120'] = process.argv.slice(2);
const connectome = path
  ? await readConnectome(path)
  : prepareConnectome(withSyntheticRecordings(syntheticSource({ nodes: 80, seed: 1 }), { subjects: 3 }));
const { nodes } = connectome;
await using device = await openDevice();

const duration = 1000 * Number(seconds);
const transient = Math.min(10_000, duration / 2);
const result = await simulateBrain(device, {
  brains: {
    connectome,
    // The synthetic brain is joined more strongly: with fewer synapses between nodes its events travel as those of a measured one.
    parameters: { mue_ext_mean: 1.57, mui_ext_mean: 1.6, sigma_ou: 0.09, b: 5, Ke_gl: path ? 250 : 195 },
    seed: 1,
  },
  ...{ duration, transient, bold: true },
});

const figure = (name: string, svg: string) => console.log(writeFigure(join(folder, name), svg).png);

// Rates of the last five seconds: quiet, with events that travel from node to node.
const rates = result.select();
const last = Math.min(500, result.times.length);
figure(
  'whole-brain-rates',
  carpetFigure({
    ...{ title: 'Rates of the excitatory populations', note: 'Hz; 20 Hz and more have one colour' },
    ...{ regions: nodes, domain: [0, 20] as const },
    values: Float32Array.from({ length: nodes * last }, (_, index) => {
      const [node, at] = [Math.floor(index / last), index % last];
      return rates[node * result.times.length + result.times.length - last + at]!;
    }),
    span: [result.times.at(-last)!, result.times.at(-1)!],
  }),
);

// BOLD after the transient, and what goes together in it.
const first = Math.floor(transient / 2000);
const samples = result.boldTimes.length;
const bold = Float64Array.from({ length: nodes * (samples - first) }, (_, index) => {
  const [node, at] = [Math.floor(index / (samples - first)), index % (samples - first)];
  return result.selectBold()[node * samples + first + at]!;
});
figure(
  'whole-brain-bold',
  carpetFigure({
    ...{ title: 'BOLD', note: 'z-score of each region', values: zScores(bold, nodes), regions: nodes },
    ...{ span: [result.boldTimes[first]!, result.boldTimes.at(-1)!], ramp: 'diverging', domain: [-3, 3] },
  }),
);

const fc = functionalConnectivity(bold, nodes);
const { mean } = result.statistics;
console.log(`mean rate ${(mean.reduce((sum, rate) => sum + rate, 0) / nodes).toFixed(3)} Hz`);
const recorded = connectome.subjects.flatMap(({ name, bold: recording }) =>
  recording ? [{ name, fc: functionalConnectivity(recording.data, nodes) }] : [],
);
for (const { name, fc: theirs } of recorded)
  console.log(`${name}: FC/FC correlation ${matrixCorrelation(fc, theirs, nodes).toFixed(3)}`);
const [subject] = recorded;
if (subject)
  figure(
    'whole-brain-fc',
    fcComparisonFigure({
      ...{ title: 'Functional connectivity', note: `${(duration - transient) / 1000} s of BOLD`, nodes },
      ...{ simulated: fc, empirical: subject.fc, correlation: matrixCorrelation(fc, subject.fc, nodes) },
      empiricalNote: path ? subject.name : `${subject.name}, made up`,
    }),
  );
