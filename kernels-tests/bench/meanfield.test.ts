/** What `npm run bench -- meanfield` asks for and refuses, and what Python is told. */
import { expect, test } from 'vitest';
import { ChildFailure } from '../../bench/child.ts';
import { checkAgreement, readMeanFieldOptions } from '../../bench/meanfield.ts';
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
