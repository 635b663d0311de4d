/** What the options of `spikefield aln` mean, and what they refuse. */
import { expect, test } from 'vitest';
import { parameterOptions, tableWarning, varyOptions } from '../../src/cli/aln-options.ts';

test('parameters may carry units, have a value for each node, and have short forms', () => {
  const given = { set: ['mue_ext_mean=0.5,1', 'tau_se=2000us', 'VT=-0.05V'], b: 20, tauA: '0.6 s' };
  expect(parameterOptions(given)).toEqual({ mue_ext_mean: [0.5, 1], tau_se: 2, VT: -50, b: 20, tauA: 600 });
});

test('axes run from, to, in so many values', () => {
  const [axis] = varyOptions({ vary: 'mue_ext_mean=0:2:5' }, 1);
  expect(axis).toEqual({ name: 'mue_ext_mean', values: Float64Array.of(0, 0.5, 1, 1.5, 2) });
});

test.each([
  [{ set: 'mue_ext_maen=1' }, 'did you mean mue_ext_mean?'],
  [{ set: 'tau_se=2mV' }, 'tau_se is in mV but a time is needed'],
  [{ set: 'tau_se' }, '--set is "tau_se", but is written name=value'],
  [{ set: 'b=1', b: 2 }, 'b is set twice'],
])('%j is refused', (given, sentence) => {
  expect(() => parameterOptions(given)).toThrow(sentence);
});

test.each([
  [{ vary: 'b=1:0:5' }, 1, '--vary b runs from 1 to 0'],
  [{ vary: 'b=0:1' }, 1, 'is written name=from:to:count'],
  [{ vary: 'b=0:1:1' }, 1, '--vary b has 1 values'],
  [{ vary: 'b=0:1:5' }, 2, '--vary is given once, but two parameters vary'],
  [{}, 1, '--vary is given 0 times, but one parameter varies'],
])('%j for %d is refused', (given, wanted, sentence) => {
  expect(() => varyOptions(given, wanted)).toThrow(sentence);
});

test('leaving the table for long is reported', () => {
  expect(tableWarning([0, 0.005])).toBeUndefined();
  expect(tableWarning([0, 0.5, 0.02])).toMatch(/^2 of 3 runs left .* \(at most 50 %\)/);
});
