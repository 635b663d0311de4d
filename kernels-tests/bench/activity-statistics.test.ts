/** The numbers by which simulators are compared, on spikes for which they can be counted by hand. */
import { expect, test } from 'vitest';
import { activityStatistics } from '../../bench/activity-statistics.ts';

/** Two neurons that fire together, in bins 0, 1 and 3 of four; the second twice in bin 3. */
const together = { size: 2, times: [1, 1, 12, 12, 31, 31, 35], neurons: [0, 1, 0, 1, 0, 1, 1] };

test('rates, correlations and fluctuations of a population, and of two', () => {
  const window = { t0: 0, t1: 40 };
  const one = { size: 1, times: [2, 15, 33, 36], neurons: [0, 0, 0, 0] };
  const found = activityStatistics({ a: together, b: one }, window);
  expect(Object.keys(found)).toHaveLength(13);
  expect(found['a rate_hz']).toBeCloseTo(7 / 2 / 0.04, 9);
  expect(found['a sd_of_rates_hz']).toBeCloseTo(12.5, 9);
  expect(found['a silent_fraction']).toBe(0);
  // Counts 1 1 0 1 and 1 1 0 2: covariance 1/4, variances 3/16 and 1/2.
  expect(found['a correlation']).toBeCloseTo(1 / 4 / Math.sqrt((3 / 16) * (1 / 2)), 9);
  // Both together 2 2 0 3: variance 19/16 of counts in 10 ms of two neurons.
  expect(found['a population_rate_sd_hz']).toBeCloseTo(Math.sqrt(19 / 16) / 2 / 0.01, 9);
  // 2 2 0 3 with 1 1 0 2: covariance 3/4, variances 19/16 and 1/2.
  expect(found['a with b correlation_of_population_rates']).toBeCloseTo(3 / 4 / Math.sqrt(19 / 32), 9);
});

test('what a window is too short for is NaN, and a single population is compared with none', () => {
  const found = activityStatistics({ a: together }, { t0: 0, t1: 40 });
  expect(found['a cv_isi']).toBeNaN();
  expect(Object.keys(found)).toHaveLength(6);
});
