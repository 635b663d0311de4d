/** What the benchmark of rings runs, and that it does not compare programs that do not do the same. */
import { expect, test } from 'vitest';
import { ChildFailure } from '../../bench/child.ts';
import { jobOf } from '../../bench/peers/numba-ring.ts';
import { checkAgreement, paperGrid, readRingOptions } from '../../bench/ring.ts';
import { ringSteps } from '../../src/models/ring.ts';
import { prepareUnit } from '../../src/ring/settings.ts';
import { published } from '../ring/rings.ts';

// 824 and not 825: the published program cuts off what floating point leaves of 412.5 ms over 0.5 ms.
test("the paper's grid, last axis fastest", () => {
  const rings = paperGrid(5);
  expect(rings).toHaveLength(15_625);
  expect(rings[1]!.stimulus).toMatchObject({ tau1: 16.25, tau2: 50, extent: 0.2 });
  expect(rings.at(-1)).toMatchObject({ conduction_velocity: 600, exc_extent: 7, inh_extent: 7 });
  expect([...new Set(rings.map((ring) => ringSteps(ring)))].sort((a, b) => a - b)).toEqual([
    800, 824, 1050, 1275, 1500,
  ]);
});

test('options are read and refused', () => {
  expect(readRingOptions({})).toEqual({ n: 5, rounds: 1 });
  expect(() => readRingOptions({ n: 1 })).toThrow(/--n is 1/);
});

test('programs that find something else are not compared', () => {
  expect(() => checkAgreement('numba', 0.05, 0.050001)).not.toThrow();
  expect(() => checkAgreement('numba', 0.05, 0.0501)).toThrow(ChildFailure);
  expect(() => checkAgreement('numba', undefined, 0.05)).toThrow(/did not do the same/);
});

test('Python is told the numbers of the model', () => {
  const rings = paperGrid(2);
  const job = jobOf(prepareUnit(rings.slice(0, 1), { model: published }), rings) as {
    populations: { drive: number; coefficients_mV: number[] }[];
    rings: number[][];
    rest: number[];
  };
  expect(job.rings).toHaveLength(64);
  expect(job.rings[1]).toEqual([50, 0.2, 1, 1, 50, 50]);
  expect(job.populations.map(({ drive, coefficients_mV }) => [drive, coefficients_mV.length])).toEqual([
    [4, 11],
    [4, 11],
  ]);
  expect(job.rest[0]).toBeCloseTo(2.4572, 4);
});
