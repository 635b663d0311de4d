/**
 * Single ALN nodes against neurolib 0.7 (PyPI `neurolib`, model `aln`), with neurolib's own table, and against the table that
 * ships here.
 *
 * | what | tolerance |
 * | --- | --- |
 * | twin and kernel, every step of 2 s | 1e-3 of the peak, no phase shift needed |
 * | own table: fixed points, frequency, amplitude | 1 %, 1 %, 2 % |
 * | bifurcation line and maps: minima and maxima | 2 % or 0.2 Hz at 98 % of points |
 * | bistable region of the 41 x 41 map of example 1.3 | one grid step |
 * | noise: mean, SD and correlation time of rates and OU inputs | 3 standard errors of the difference |
 */
import { describe, expect, test } from 'vitest';
import { defaultTables } from '../../src/fokker-planck/default-tables.ts';
import type { CascadeTables } from '../../src/fokker-planck/tables.ts';
import { alnNodes } from '../../src/models/aln.ts';
import type { AlnInitialValues } from '../../src/whole-brain/aln-initial.ts';
import { exploreAln } from '../../src/whole-brain/explore-aln.ts';
import { simulateAln } from '../../src/whole-brain/simulate-aln.ts';
import { sweepAln } from '../../src/whole-brain/sweep-aln.ts';
import { testDevice } from '../device.ts';
import { referenceArray, referenceJson } from '../reference.ts';
import { runAlnTwin } from '../twins/aln.ts';
import {
  caseParameters,
  initialState,
  type NeurolibCase,
  neurolib,
  neurolibCases,
  neurolibSeries,
  neurolibTables,
  shifted,
} from '../whole-brain/neurolib.ts';

/** A step of 0.01 ms takes ten times as long and shows nothing else than one of 0.05. */
const SLOW = 'dt_0.01';
const cases = neurolib
  ? Object.entries(neurolibCases()).filter(([name, each]) => caseParameters(each).offered && name !== SLOW)
  : [];
const withSeries = cases.filter(([, each]) => each.files?.rates_exc);

const inputsOf = (each: NeurolibCase) =>
  Object.fromEntries(
    Object.entries(each.input_files ?? {}).map(([name, file]) => [name, shifted(neurolibSeries(file))]),
  );
const furthest = (from: ArrayLike<number>, to: Float64Array) =>
  to.reduce((most, value, step) => Math.max(most, Math.abs(value - from[step]!)), 0);
const peakOf = (list: Float64Array) => list.reduce((most, value) => Math.max(most, value), 0);

const run = async (each: NeurolibCase, tables: CascadeTables, options: object) =>
  simulateAln(await testDevice(), {
    ...{ parameters: caseParameters(each).given, tables, dt: each.dt_ms, inputs: inputsOf(each) },
    ...{ initial: each.initial_conditions as AlnInitialValues, duration: each.duration_ms, window: 1000 },
    ...options,
  });

describe.skipIf(!neurolib)("trajectories with neurolib's table", () => {
  const tables = neurolib ? neurolibTables() : defaultTables();

  test.each(withSeries)('%s: twin and kernel', async (_, each) => {
    const steps = Math.round(each.duration_ms / each.dt_ms);
    const twin = runAlnTwin(
      alnNodes(caseParameters(each).given),
      0,
      tables,
      initialState(each.initial_conditions),
      {
        ...{ dt: each.dt_ms, steps, inputs: inputsOf(each) },
      },
    );
    const kernel = await run(each, tables, {});
    for (const variable of ['rates_exc', 'rates_inh', 'IA'] as const) {
      const theirs = neurolibSeries(each.files![variable]!);
      const peak = peakOf(theirs);
      const ours = kernel.select({ variable, node: 0 });
      expect(furthest(twin[variable], theirs)).toBeLessThanOrEqual(1e-3 * peak);
      expect(furthest(ours, theirs)).toBeLessThanOrEqual(1e-3 * peak);
    }
  });

  test.each(cases)('%s: extremes, mean and frequency of the last second', async (_, each) => {
    const { reduction } = await run(each, tables, { sampling: null });
    const {
      rates_exc: { min, max, mean },
      domfreq_hz_crossing,
    } = each.last_1s;
    expect(Math.abs(reduction!.rates_exc.min[0]! - min)).toBeLessThan(1e-3 + 1e-4 * max);
    expect(Math.abs(reduction!.rates_exc.max[0]! - max)).toBeLessThan(1e-3 + 1e-4 * max);
    expect(Math.abs(reduction!.rates_exc.mean[0]! - mean)).toBeLessThan(1e-3 + 1e-4 * max);
    if (domfreq_hz_crossing === null) expect(reduction!.frequency[0]).toBeNaN();
    else expect(reduction!.frequency[0]! / domfreq_hz_crossing).toBeCloseTo(1, 4);
  });
});

describe.skipIf(!neurolib)('with the table that ships here', () => {
  const settled = cases.filter(
    ([, each]) => each.long_run_10s_last_5s && !each.spec.params.tauA && each.dt_ms === 0.1,
  );

  test.each(settled)('%s: fixed point or limit cycle', async (_, each) => {
    const theirs = each.long_run_10s_last_5s!;
    const { reduction } = await run(each, defaultTables(), { sampling: null, duration: 5000, window: 2000 });
    const [min, max] = [reduction!.rates_exc.min[0]!, reduction!.rates_exc.max[0]!];
    const amplitude = theirs.rates_exc.max - theirs.rates_exc.min;
    if (amplitude < 1)
      expect(Math.abs(max - theirs.rates_exc.max)).toBeLessThan(0.01 * theirs.rates_exc.max + 1e-9);
    else {
      expect((max - min) / amplitude).toBeGreaterThan(0.98);
      expect((max - min) / amplitude).toBeLessThan(1.02);
      expect(Math.abs(reduction!.frequency[0]! / theirs.domfreq_hz_crossing! - 1)).toBeLessThan(0.01);
    }
  });
});

/** Of all points the part whose value is within 2 % or 0.2 Hz. */
function partWithin(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  const good = Array.from(
    ours,
    (value, index) => Math.abs(value - theirs[index]!) <= Math.max(0.2, 0.02 * theirs[index]!),
  );
  return good.filter(Boolean).length / good.length;
}

interface Line {
  mui_ext_mean: number;
  initial_conditions: AlnInitialValues;
  duration_ms: number;
  max: number[];
  min: number[];
  mean: number[];
}

describe.skipIf(!neurolib)('bifurcations', () => {
  const lines = neurolib
    ? referenceJson<{ mue_ext_mean: number[]; lines: Record<string, Line> }>(
        'neurolib',
        'bifurcation_1d.json',
      )
    : { mue_ext_mean: [], lines: {} };

  test.each(Object.entries(lines.lines))('the line of 50 points, %s', async (_, line) => {
    const { reduction } = await simulateAln(await testDevice(), {
      parameters: { mue_ext_mean: lines.mue_ext_mean, mui_ext_mean: line.mui_ext_mean },
      ...{
        tables: neurolibTables(),
        initial: line.initial_conditions,
        duration: line.duration_ms,
        window: 1000,
        sampling: null,
      },
    });
    for (const which of ['min', 'max', 'mean'] as const)
      expect(partWithin(reduction!.rates_exc[which], line[which])).toBeGreaterThanOrEqual(0.98);
  });

  // Slow transients of neurolib's 2 s lines end within 10 s; a continuation has hardly any. The mean over one second depends on how
  // many cycles fall into it, and so on their phase.
  test('both sweeps by continuation find the line of 50 points after 10 s', async () => {
    const line = lines.lines.seed_10s!;
    const { outcomes, regions } = await sweepAln(await testDevice(), {
      vary: { name: 'mue_ext_mean', values: Float64Array.from(lines.mue_ext_mean) },
      parameters: { mui_ext_mean: line.mui_ext_mean },
      ...{ tables: neurolibTables(), duration: 4000, window: 1000 },
    });
    for (const sweep of ['sweep_up', 'sweep_down']) {
      for (const which of ['min', 'max'] as const)
        expect(partWithin(outcomes[sweep]!.rates_exc[which], line[which])).toBeGreaterThanOrEqual(0.98);
    }
    expect(regions).not.toContain('bistable');
  });

  test.each(['b0', 'b20', 'b20_tauA600'])('the map of 31 x 31 points, %s', async (name) => {
    const maps = referenceJson<{
      axis: number[];
      ics: { mid: AlnInitialValues };
      maps: Record<string, { b: number; tauA: number }>;
    }>('neurolib', 'bifurcation_2d.json');
    const { data } = referenceArray('neurolib', 'bifurcation_2d', `${name}.npy`);
    const side = maps.axis.length;
    const points = side * side;
    const { b, tauA } = maps.maps[name]!;
    const { reduction } = await simulateAln(await testDevice(), {
      parameters: {
        mue_ext_mean: Array.from({ length: points }, (_, point) => maps.axis[point % side]!),
        mui_ext_mean: Array.from({ length: points }, (_, point) => maps.axis[Math.floor(point / side)]!),
        ...{ b, tauA },
      },
      ...{ tables: neurolibTables(), initial: maps.ics.mid, duration: 5000, window: 3000, sampling: null },
    });
    const layer = (index: number) =>
      Float64Array.from({ length: points }, (_, point) => data[index * points + point]!);
    expect(partWithin(reduction!.rates_exc.max, layer(0))).toBeGreaterThanOrEqual(0.98);
    expect(partWithin(reduction!.rates_exc.min, layer(1))).toBeGreaterThanOrEqual(0.98);
    expect(partWithin(reduction!.rates_exc.mean, layer(2))).toBeGreaterThanOrEqual(0.98);
    const frequencies = layer(4);
    const cycles = Array.from({ length: points }, (_, point) => point).filter(
      (point) => frequencies[point]! > 0,
    );
    const same = cycles.filter(
      (point) => Math.abs(reduction!.frequency[point]! / frequencies[point]! - 1) < 0.01,
    );
    expect(same.length).toBeGreaterThanOrEqual(0.98 * cycles.length);
  });
});

interface NoiseExperiment {
  params: Record<string, number>;
  initial_conditions: Record<string, number | null | string>;
  n_seeds: number;
  over_seeds: Record<string, { mean: number; std: number; sem: number }>;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function stdOf(values: Float64Array): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** The lag, ms, at which the autocorrelation of samples every 0.2 ms first falls below 1/e. */
function correlationTime(values: Float64Array): number {
  const mean = meanOf(values);
  const centred = values.map((value) => value - mean);
  const product = (lag: number) => {
    let sum = 0;
    for (let index = lag; index < centred.length; index++) sum += centred[index]! * centred[index - lag]!;
    return sum;
  };
  const level = product(0) / Math.E;
  let before = product(0);
  for (let lag = 1; lag < centred.length; lag++) {
    const now = product(lag);
    if (now < level) return 0.2 * (lag - 1 + (before - level) / (before - now));
    before = now;
  }
  return Number.NaN;
}

describe.skipIf(!neurolib)('noise', () => {
  const experiments = neurolib
    ? referenceJson<{ experiments: Record<string, NoiseExperiment> }>('neurolib', 'noise.json').experiments
    : {};

  test.each(Object.entries(experiments))(
    '%s: mean, SD and correlation time over seeds',
    async (_, experiment) => {
      const count = experiment.n_seeds;
      const initial = Object.fromEntries(
        Object.entries(experiment.initial_conditions).filter(([, value]) => typeof value === 'number'),
      ) as AlnInitialValues;
      const [name, value] = Object.entries(experiment.params)[0]!;
      const result = await simulateAln(await testDevice(), {
        parameters: { ...experiment.params, [name]: new Float64Array(count).fill(value) },
        ...{
          tables: neurolibTables(),
          initial,
          duration: 10_000,
          sampling: 0.2,
          variables: 'all',
          seed: 100,
        },
      });
      const overSeeds = (variable: string, measure: (values: Float64Array) => number) => {
        const each = Array.from({ length: count }, (_, node) =>
          measure(Float64Array.from(result.select({ variable, node }).subarray(1000 / 0.2))),
        );
        const mean = each.reduce((sum, value) => sum + value, 0) / count;
        const sem = Math.sqrt(
          each.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1) / count,
        );
        return { mean, sem };
      };
      for (const [key, variable, measure] of [
        ['exc_mean', 'rates_exc', meanOf],
        ['exc_std', 'rates_exc', stdOf],
        ['inh_mean', 'rates_inh', meanOf],
        ['inh_std', 'rates_inh', stdOf],
        ['exc_acf_1e_ms', 'rates_exc', correlationTime],
        ['ou_exc_mean', 'mue_ou', meanOf],
        ['ou_exc_std', 'mue_ou', stdOf],
        ['ou_inh_std', 'mui_ou', stdOf],
        ['ou_acf_1e_ms', 'mue_ou', correlationTime],
      ] as const) {
        const ours = overSeeds(variable, measure);
        const theirs = experiment.over_seeds[key]!;
        expect
          .soft(Math.abs(ours.mean - theirs.mean) / Math.hypot(ours.sem, theirs.sem), key)
          .toBeLessThan(3);
      }
    },
  );
});

describe.skipIf(!neurolib)('bistability', () => {
  test('lies where a stimulus moves neurolib from one branch to the other, within one grid step', async () => {
    const { data } = referenceArray('neurolib', 'bifurcation_2d', 'example13_b0.npy');
    const side = 41;
    const axis = (name: string) => ({
      name,
      values: Float64Array.from({ length: side }, (_, index) => index / 10),
    });
    const found = await exploreAln(await testDevice(), {
      ...{ vary: [axis('mui_ext_mean'), axis('mue_ext_mean')], starts: ['down', 'up'] as const },
      ...{ tables: neurolibTables(), duration: 3000, window: 1000 },
    });
    // Layer 2: mean rate after the stimulus up less the mean after the stimulus down.
    const theirs = (row: number, column: number) => data[(2 * side + row) * side + column]! > 10;
    const far: [number, number][] = [];
    for (let row = 1; row < side - 1; row++) {
      for (let column = 1; column < side - 1; column++) {
        const ours = found.regions[row * side + column] === 'bistable';
        const near = [-1, 0, 1].some((up) =>
          [-1, 0, 1].some((right) => theirs(row + up, column + right) === ours),
        );
        if (!near) far.push([row, column]);
      }
    }
    expect(far).toEqual([]);
    expect(found.regions.filter((region) => region === 'bistable').length).toBeGreaterThan(100);
  });
});
