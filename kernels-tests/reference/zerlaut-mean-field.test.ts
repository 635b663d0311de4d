/**
 * Mean fields against the published program of Zerlaut et al. 2017 (zerlaut2017/mean_field.json): fixed points, Jacobians, eigenvalues
 * for seven drives, in double precision to 1e-6 or better and on the device to 1e-4; the 199 Euler steps that the paper printed as its
 * second-order fixed point; and responses to the paper's waveform.
 *
 * The program takes derivatives of transfer functions by differences, whose noise of 1e-5 leaves 3e-7 in second-order rates that it
 * integrates; the values called exact there are free of it.
 */
import { describe, expect, test } from 'vitest';
import { type FixedPoint, fixedPoints } from '../../src/mean-field/fixed-points.ts';
import { meanFieldOfNetwork } from '../../src/mean-field/from-network.ts';
import { type MeanField, withAfferentInput } from '../../src/mean-field/model.ts';
import { printedTransferFunction } from '../../src/mean-field/printed.ts';
import { simulateMeanField } from '../../src/mean-field/simulate.ts';
import { readNetwork } from '../../src/models/read-network.ts';
import { TransferFunction } from '../../src/transfer/transfer-function.ts';
import { testDevice } from '../device.ts';
import { referenceArray, referenceJson, referencePath } from '../reference.ts';
import { twinMeanField } from '../twins/mean-field.ts';

interface Point {
  exc_aff_Hz: number;
  first_order_exact: number[];
  first_order_jacobian_per_s: number[][];
  first_order_eigenvalues_per_s: [number, number][];
  second_order_exact: number[];
  second_order_euler_199x0: number[];
  second_order_jacobian_per_s: number[][];
  second_order_eigenvalues_per_s: [number, number][];
}
interface MeanFieldReference {
  notebook_printed: { first_order: number[]; second_order: number[] };
  with_printed_coefficients: Point & Record<string, number[]>;
  other_drives_printed_coefficients: Point[];
  corrected_formula_and_fit: Point;
}
interface Fits {
  cells: Record<string, { corrected_formula_fit: { coeffs_mV: number[] } }>;
}

const present = referencePath('zerlaut2017', 'mean_field.json') !== undefined;

/** CONFIG1 at a drive, with the printed coefficients or others. */
function model(drive: number, coefficients?: (cell: string) => number[]): MeanField {
  return meanFieldOfNetwork(readNetwork('config1', [`populations.*.drive.*.rate=${drive}Hz`]), ({ cell }) => {
    const printed = printedTransferFunction(cell.name)!;
    if (!coefficients) return { transfer: printed, source: 'printed' };
    const transfer = new TransferFunction({
      ...printed,
      formula: 'corrected',
      coefficients_mV: coefficients(cell.name),
    });
    return { transfer, source: 'reference' };
  });
}

/** Largest difference, relative to the largest number of the list. */
function miss(found: readonly number[], expected: readonly number[]): number {
  const largest = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, k) => Math.abs(found[k]! - value))) / largest;
}

const bySize = (list: readonly (readonly [number, number])[]) =>
  [...list].sort((a, b) => b[0] - a[0] || b[1] - a[1]).flat();

describe.skipIf(!present)('mean field of CONFIG1', () => {
  const reference = present
    ? referenceJson<MeanFieldReference>('zerlaut2017', 'mean_field.json')
    : (undefined as never);
  const fits = present ? referenceJson<Fits>('zerlaut2017', 'fits.json') : (undefined as never);
  const cases = present
    ? [
        { name: 'printed coefficients', point: reference.with_printed_coefficients as Point },
        ...reference.other_drives_printed_coefficients.map((point) => ({
          name: `drive ${point.exc_aff_Hz} Hz`,
          point,
        })),
        {
          name: 'corrected formula and fit',
          point: reference.corrected_formula_and_fit,
          coefficients: (cell: string) => fits.cells[cell]!.corrected_formula_fit.coeffs_mV,
        },
      ]
    : [];

  test('the digits that the paper prints', () => {
    const { first_order, second_order } = reference.notebook_printed;
    const paper = model(4);
    const [first] = fixedPoints(paper, { order: 1 });
    // 4e-8 is what rounding the coefficients for print costs.
    expect(miss(first!.rates, first_order)).toBeLessThan(1e-8);
    // The printed second-order point is where 199 Euler steps of 0.1 ms lead.
    const initial = {
      nu: first!.rates,
      w: [0, 0],
      c: [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    };
    const { nu, c } = twinMeanField(paper, initial, {
      steps: 199,
      dt: 0.1,
      order: 2,
      integrator: 'euler',
    }).at(-1)!;
    const unconverged = [...nu, c[0]![0]!, c[0]![1]!, c[1]![1]!];
    unconverged.forEach((value, k) => {
      expect(Math.abs(value - second_order[k]!)).toBeLessThan(3e-7);
    });
  });

  test.each(cases)('$name: fixed points, Jacobians and eigenvalues', ({ point, coefficients }) => {
    const at = model(point.exc_aff_Hz, coefficients);
    for (const [order, exact, jacobian, eigenvalues] of [
      [1, point.first_order_exact, point.first_order_jacobian_per_s, point.first_order_eigenvalues_per_s],
      [2, point.second_order_exact, point.second_order_jacobian_per_s, point.second_order_eigenvalues_per_s],
    ] as const) {
      // Second order has points of its own besides; none of them is stable.
      const [found, ...others] = fixedPoints(at, { order }).filter(
        ({ stable, extrapolates }) => stable && extrapolates.length === 0,
      ) as [FixedPoint];
      expect(others).toEqual([]);
      // Each number by itself.
      exact.forEach((value, k) => {
        expect(Math.abs(found.state[k]! / value - 1), `order ${order}, ${k}`).toBeLessThan(1e-9);
      });
      expect(miss(found.jacobian.flat(), jacobian.flat())).toBeLessThan(1e-7);
      expect(miss(bySize(found.eigenvalues), bySize(eigenvalues))).toBeLessThan(1e-7);
    }
  });

  test('the same on the device, all drives in one batch', async () => {
    const device = await testDevice();
    const models = cases.map(({ point, coefficients }) => model(point.exc_aff_Hz, coefficients));
    const run = await simulateMeanField(device, models, { duration: 300, dt: 0.25, every: 100 });
    cases.forEach(({ point, name }, instance) => {
      point.second_order_exact.forEach((value, k) => {
        expect(Math.abs(run.last(instance)[k]! / value - 1), `${name}, ${k}`).toBeLessThan(1e-4);
      });
    });
    const first = await simulateMeanField(device, models, { duration: 300, dt: 0.25, every: 100, order: 1 });
    cases.forEach(({ point, name }, instance) => {
      point.first_order_exact.forEach((value, k) => {
        expect(Math.abs(first.last(instance)[k]! / value - 1), `${name}, ${k}`).toBeLessThan(1e-4);
      });
    });
    const initial = [...reference.with_printed_coefficients.first_order_exact, 0.5, 0.5, 0.5];
    const steps = { duration: 19.9, dt: 0.1, integrator: 'euler' as const, initial };
    const unconverged = (await simulateMeanField(device, [model(4)], steps)).last();
    reference.notebook_printed.second_order.forEach((value, k) => {
      expect(Math.abs(unconverged[k]! / value - 1)).toBeLessThan(1e-5);
    });
  });

  /** 2 Hz, rising with 60 ms and falling with 100 ms around 800 ms, in steps of dt from `offset` into each. */
  const waveform = (dt: number, offset: number, samples: number) =>
    Float64Array.from({ length: samples }, (_, k) => {
      const t = k * dt + offset - 800;
      return 2 * Math.exp(-(t ** 2) / 2 / (t < 0 ? 60 : 100) ** 2);
    });

  test.each([
    { file: 'mf_first_order_waveform.npy', fraction: 1 },
    { file: 'mf_first_order_waveform_frac0.5.npy', fraction: 0.5 },
  ])('first-order response to the waveform: $file', async ({ file, fraction }) => {
    const { shape, data } = referenceArray('zerlaut2017', file);
    const [rows, columns] = shape as [number, number];
    // The input is held during a step: its value in the middle stands for it.
    const course = { dt: 0.1, values: waveform(0.1, 0.05, rows) };
    const run = await simulateMeanField(await testDevice(), [withAfferentInput(model(4), course, fraction)], {
      duration: 0.1 * (rows - 1),
      dt: 0.1,
      order: 1,
      every: 0.5,
      initial: [data[2]!, data[3]!],
    });
    let worst = 0;
    run.times.forEach((time, sample) => {
      const row = Math.round(time / 0.1) * columns;
      for (const k of [0, 1])
        worst = Math.max(worst, Math.abs(run.rate(k)[sample]! / data[row + 2 + k]! - 1));
    });
    console.info(`largest relative difference ${worst.toExponential(1)}`);
    expect(run.times.length).toBe(Math.floor((rows - 1) / 5) + 1);
    expect(worst).toBeLessThan(1e-4);
  });

  test.each(['mf_second_order_waveform_clean_init.npy', 'mf_second_order_waveform_as_coded.npy'])(
    'second-order response, Euler steps of 0.5 ms: %s',
    async (file) => {
      const { shape, data } = referenceArray('zerlaut2017', file);
      const [rows, columns] = shape as [number, number];
      const course = { dt: 0.5, values: waveform(0.5, 0, rows) };
      const run = await simulateMeanField(await testDevice(), [withAfferentInput(model(4), course)], {
        duration: 0.5 * (rows - 1),
        dt: 0.5,
        integrator: 'euler',
        initial: Array.from({ length: 5 }, (_, k) => data[2 + k]!),
      });
      let worst = 0;
      run.times.forEach((_, sample) => {
        const columnsOf = [
          run.rate(0),
          run.rate(1),
          run.covariance(0, 0),
          run.covariance(0, 1),
          run.covariance(1, 1),
        ];
        columnsOf.forEach((values, k) => {
          worst = Math.max(worst, Math.abs(values[sample]! / data[sample * columns + 2 + k]! - 1));
        });
      });
      console.info(`largest relative difference ${worst.toExponential(1)}`);
      expect(run.times.length).toBe(rows);
      expect(worst).toBeLessThan(1e-3);
    },
  );
});
