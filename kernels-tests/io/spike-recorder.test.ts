import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { populationRanges, type SpikeWindow } from '../../src/analysis/spike-windows.ts';
import { InputError } from '../../src/errors.ts';
import { readNpy } from '../../src/io/npy.ts';
import { RunDirectory } from '../../src/io/run-directory.ts';
import { SpikeRecorder, type SpikeRecorderOptions } from '../../src/io/spike-recorder.ts';
import { ownFolder } from '../own-folder.ts';

const root = ownFolder();
const path = join(root, 'run');
const RANGES = populationRanges([
  { name: 'exc', size: 4 },
  { name: 'inh', size: 2 },
]);

type Spike = [step: number, neuron: number];

function windowOf(spikes: readonly Spike[]): SpikeWindow {
  return {
    steps: Uint32Array.from(spikes, ([step]) => step),
    neurons: Uint32Array.from(spikes, ([, neuron]) => neuron),
  };
}

function record(
  windows: readonly Spike[][],
  steps: number,
  options: SpikeRecorderOptions,
): Map<string, number[]> {
  const run = RunDirectory.create(path, { force: true });
  const recorder = new SpikeRecorder(run, RANGES, options);
  for (const window of windows) recorder.record(windowOf(window));
  recorder.finish(steps);
  run.finish();
  const names = ['exc', 'inh'].flatMap((p) =>
    ['spike_times_ms', 'spike_neurons', 'rate_hz', 'spike_counts'].map((file) => `${p}.${file}`),
  );
  return new Map(
    [...names, 'rate_time_ms'].map((name) => [
      name,
      Array.from(readNpy(join(path, `${name}.npy`)).data, Number),
    ]),
  );
}

test('files of a run worked out by hand', () => {
  const windows: Spike[][] = [
    [
      [3, 0],
      [3, 5],
      [49, 1],
    ],
    [],
    [
      [50, 0],
      [101, 4],
    ],
  ];
  const files = record(windows, 120, { dt: 0.1 });
  // 12 ms: two bins of 5 ms and one of 2 ms; a spike of one of 4 neurons in 5 ms is 50 Hz.
  expect(Object.fromEntries(files)).toEqual({
    'exc.spike_times_ms': [0.3, 4.9, 5],
    'exc.spike_neurons': [0, 1, 0],
    'exc.rate_hz': [100, 50, 0],
    'exc.spike_counts': [2, 1, 0, 0],
    'inh.spike_times_ms': [0.3, 10.1],
    'inh.spike_neurons': [1, 0],
    'inh.rate_hz': [100, 0, 250],
    'inh.spike_counts': [1, 1],
    rate_time_ms: [0, 5, 10],
  });
});

test('agrees with counting by hand for any spikes, cut into any windows', () => {
  const raster = fc.uniqueArray(fc.tuple(fc.nat(59), fc.nat(5)), {
    selector: ([step, neuron]) => 6 * step + neuron,
    maxLength: 60,
  });
  fc.assert(
    fc.property(
      raster,
      fc.array(fc.nat(60), { maxLength: 4 }),
      fc.integer({ min: 1, max: 9 }),
      (spikes, cuts, bin) => {
        spikes.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        const edges = [0, ...cuts.sort((a, b) => a - b), 60];
        const windows = edges.map((edge, i) =>
          spikes.filter(([step]) => step >= (edges[i - 1] ?? 0) && step < edge),
        );
        const dt = 0.25;
        const files = record(windows, 60, { dt, rateBin: bin * dt, neurons: { exc: 2, inh: [1] } });
        RANGES.forEach(({ name, first, size }) => {
          const own = spikes
            .map(([step, neuron]): Spike => [step, neuron - first])
            .filter(([, n]) => n >= 0 && n < size);
          const kept = own.filter(([, neuron]) => (name === 'exc' ? neuron < 2 : neuron === 1));
          expect(files.get(`${name}.spike_times_ms`)).toEqual(kept.map(([step]) => step * dt));
          expect(files.get(`${name}.spike_neurons`)).toEqual(kept.map(([, neuron]) => neuron));
          const counts = Array.from(
            { length: size },
            (_, i) => own.filter(([, neuron]) => neuron === i).length,
          );
          expect(files.get(`${name}.spike_counts`)).toEqual(counts);
          files.get('rate_time_ms')!.forEach((start, i) => {
            const end = Math.min(start + bin * dt, 60 * dt);
            const inBin = own.filter(([step]) => step * dt >= start && step * dt < end).length;
            expect(files.get(`${name}.rate_hz`)![i]).toBeCloseTo(inBin / size / ((end - start) / 1000), 9);
          });
          expect(files.get(`${name}.rate_hz`)).toHaveLength(Math.ceil(60 / bin));
        });
      },
    ),
    { numRuns: 40 },
  );
});

test('bins are whole steps: 5 ms by default, a wish that does not fit is refused', () => {
  const run = RunDirectory.create(path, { force: true });
  expect(new SpikeRecorder(run, RANGES, { dt: 0.3 }).rateBin).toBeCloseTo(5.1, 12);
  expect(() => new SpikeRecorder(run, RANGES, { dt: 0.3, rateBin: 1 })).toThrow(
    /not a whole number of time steps of 0.3 ms/,
  );
  expect(() => new SpikeRecorder(run, RANGES, { dt: 0.1, rateBin: Number.NaN })).toThrow(InputError);
});

test('the neurons of which spikes are written', () => {
  const run = RunDirectory.create(path, { force: true });
  const recorder = new SpikeRecorder(run, RANGES, { dt: 0.1, neurons: { exc: [3, 1] } });
  expect([...recorder.recordedNeurons('exc')]).toEqual([1, 3]);
  expect([...recorder.recordedNeurons('inh')]).toEqual([0, 1]);
});

test('refuses what cannot be', () => {
  const run = () => RunDirectory.create(path, { force: true });
  const wish = (neurons: SpikeRecorderOptions['neurons']) => () =>
    new SpikeRecorder(run(), RANGES, { dt: 0.1, neurons });
  expect(wish({ exk: 3 })).toThrow(/"exk" .* only exc, inh/);
  expect(wish({ exc: [0, 4] })).toThrow(/neuron 4 of "exc" .* 0 to 3/);
  expect(wish({ exc: -1 })).toThrow(/-1 neurons/);
  const recorder = new SpikeRecorder(run(), RANGES, { dt: 0.1 });
  expect(() => recorder.record(windowOf([[0, 6]]))).toThrow(/neuron 6/);
  recorder.record(windowOf([[9, 1]]));
  expect(() => recorder.record(windowOf([[8, 1]]))).toThrow(/order of time/);
  expect(recorder.spikes).toBe(1);
});
