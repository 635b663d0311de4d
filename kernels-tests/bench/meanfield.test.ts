/** What `npm run bench -- meanfield` asks for and refuses, and what Python is told. */
import { expect, test } from 'vitest';
import { ChildFailure } from '../../bench/child.ts';
import {
  arithmeticLine,
  arithmeticOf,
  checkAgreement,
  FLOPS_PER_STEP,
  readMeanFieldOptions,
} from '../../bench/meanfield.ts';
import { findNumbaMeanField, jobOf } from '../../bench/peers/numba-meanfield.ts';
import { InputError } from '../../src/errors.ts';
import { meanField } from '../../src/mean-field/library.ts';
import { readNetwork } from '../../src/models/read-network.ts';
import { printedModel } from '../mean-field/models.ts';

test('options', () => {
  expect(readMeanFieldOptions({})).toEqual({ instances: 20_000, steps: 500, rounds: 3 });
  expect(readMeanFieldOptions({ batch: 64, steps: 20, rounds: 1 })).toEqual({
    ...{ instances: 64, steps: 20, rounds: 1 },
  });
  expect(() => readMeanFieldOptions({ batch: 1 })).toThrow(InputError);
  expect(readMeanFieldOptions({ peak: '67' }).peak).toBe(67);
  for (const peak of ['0', 'much', ' ', '-3'])
    expect(() => readMeanFieldOptions({ peak })).toThrow('must be a number of TFLOP/s above 0');
});

test('the share of the peak', () => {
  const speed = 1e12 / FLOPS_PER_STEP;
  expect(arithmeticOf(speed, 4)).toMatchObject({ peak_tflops: 4, share_of_peak: 0.25 });
  expect(arithmeticOf(speed, 4).gflops).toBeCloseTo(1000, 9);
  expect(arithmeticLine(arithmeticOf(speed, 4))).toContain('25.0 % of the peak of 4 TFLOP/s');
  expect(arithmeticOf(speed, undefined)).toMatchObject({ peak_tflops: null, share_of_peak: null });
  expect(arithmeticLine(arithmeticOf(speed, undefined))).toContain('--peak');
  expect(() => arithmeticOf(speed, 0.5)).toThrow('give the peak of this device in single precision');
});

test('programs that end elsewhere are not compared', () => {
  checkAgreement('numba', [2, 9], [2.0001, 9]);
  expect(() => checkAgreement('numba', [2, 9], [2.01, 9])).toThrow(ChildFailure);
  expect(() => checkAgreement('numba', [2, 9], [2])).toThrow(ChildFailure);
});

test('the job has the model in it, and only a model that the script knows', () => {
  const job = jobOf(meanField(readNetwork('config1')), [2, 9, 0, 0, 0], [3, 5], 0.1);
  expect(job).toMatchObject({
    T: 5,
    populations: [
      { size: 8000, exc: [400, 1, 5, 0], external_share: 1 },
      { size: 2000, inh: [100, 5, 5, -80] },
    ],
  });
  expect(() => jobOf(printedModel(), [2, 9, 0, 0, 0], [3, 5], 0.1)).toThrow('take config1');
});

test('a Python that cannot be started is said to be none', async () => {
  await expect(findNumbaMeanField({ SPIKEFIELD_PYTHON: '/no/such/python' })).rejects.toThrow(
    'cannot be started',
  );
});
