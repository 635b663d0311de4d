import { expect, test } from 'vitest';
import { joinNegativeValues } from '../../src/cli/negative-values.ts';

test('a negative quantity joins the option before it', () => {
  const argv = ['node', 'spikefield', 'step', 'RS-cell', '--current', '-200pA,50pA', '--dt', '.1', '--quiet'];
  expect(joinNegativeValues(argv)).toEqual([
    ...['node', 'spikefield', 'step', 'RS-cell', '--current=-200pA,50pA', '--dt', '.1', '--quiet'],
  ]);
  expect(joinNegativeValues(['--start', '-.5'])).toEqual(['--start=-.5']);
});

test('flags, joined values and bare negatives stay as they are', () => {
  for (const argv of [
    ['--quiet', '-h'],
    ['--current=-5', '-5'],
    ['RS-cell', '-5'],
    ['--', '-5'],
    ['--set', 'a=-5 nS'],
  ]) {
    expect(joinNegativeValues(argv)).toEqual(argv);
  }
});
