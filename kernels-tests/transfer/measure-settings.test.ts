/** What cannot be measured is refused before anything is computed, in a sentence that names the field. */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import type { Cell } from '../../src/models/cells.ts';
import type { MeasureSettings, SynapticInput } from '../../src/transfer/data.ts';
import { describeSubject } from '../../src/transfer/measure.ts';
import { defaultSettings } from '../../src/transfer/measure-settings.ts';
import { cell } from '../spiking/networks.ts';
import { config1Input } from './measured.ts';

test("settings are the paper's where none are given", () => {
  expect(describeSubject(cell('RS-cell'), config1Input, {}).settings).toEqual(defaultSettings);
  const { settings } = describeSubject(cell('RS-cell'), config1Input, { repeats: 24, dt: 0.1 });
  expect(settings).toEqual({ ...defaultSettings, repeats: 24, dt: 0.1 });
});

describe('settings that cannot be meant', () => {
  const cases: [Partial<MeasureSettings>, string, string][] = [
    [{ dt: 0 }, 'dt', 'dt is 0 ms, but must be a time above 0 ms'],
    [{ dt: Number.NaN }, 'dt', 'dt is NaN ms, but must be a time above 0 ms'],
    [
      { dt: 3 },
      'dt',
      'dt is 3 ms, but near the threshold of RS-cell V may move by half of Delta_T = 2 mV in a step; use 0.5 ms or less',
    ],
    [
      { dt: 0.03, duration: 3 },
      'dt',
      'dt is 0.03 ms, of which the refractory period of RS-cell, 5 ms, is no multiple; use another dt or another tau_ref',
    ],
    [{ duration: 0 }, 'duration', 'duration is 0 ms, but must be at least one step of 0.05 ms'],
    [{ duration: -5 }, 'duration', 'duration is -5 ms, but must be a time of 0 ms or more'],
    [
      { duration: 10.02 },
      'duration',
      'duration is 10.02 ms, but must be a multiple of dt = 0.05 ms; use 10 ms or 10.05 ms, or another dt',
    ],
    [{ duration: 1e12 }, 'duration', 'more than 4294967295 steps of 0.05 ms: shorten it, or use a longer dt'],
    [
      { duration: 100, discard: 100 },
      'discard',
      'discard is 100 ms of a duration of 100 ms: discard less, or simulate longer',
    ],
    [
      { repeats: 1 },
      'repeats',
      'repeats is 1, but must be a whole number from 2 to 1000000: rates get their SD from repeats',
    ],
    [{ repeats: 2.5 }, 'repeats', 'repeats is 2.5, but must be a whole number'],
    [{ seed: -1 }, 'seed', 'seed is -1, but must be a whole number from 0 to 2^53 - 1'],
  ];
  test.each(cases)('%j', (settings, field, sentence) => {
    const describe = () => describeSubject(cell('RS-cell'), config1Input, settings);
    expect(describe).toThrow(InputError);
    expect(describe).toThrow(sentence);
    expect(describe).toThrow(expect.objectContaining({ field }));
  });
});

describe('cells and synapses that cannot be meant', () => {
  const cells: [Partial<Cell>, string][] = [
    [{ C_m: Number.NaN }, 'cell.C_m of RS-cell is NaN, which single precision does not hold'],
    [{ b: 1e39 }, 'cell.b of RS-cell is 1e+39 pA, which single precision does not hold'],
    [
      { V_r: -20 },
      'cell.V_r of RS-cell is -20 mV, above the spike level of -40 mV, so that the first spike would never end: lower V_r',
    ],
  ];
  test.each(cells)('%j', (changes, sentence) => {
    expect(() => describeSubject(cell('RS-cell', changes), config1Input, {})).toThrow(sentence);
  });

  const inputs: [Partial<SynapticInput['exc']>, string][] = [
    [{ tau: 0 }, 'exc.tau is 0, but must be a number above 0'],
    [{ K: -1 }, 'exc.K is -1, but must be a number of 0 or more'],
    [{ Q: Number.NaN }, 'exc.Q is NaN, but must be a number of 0 or more'],
    [{ E_rev: Number.POSITIVE_INFINITY }, 'exc.E_rev is Infinity, but must be a number up to 3.4e38'],
    [
      { tau: 0.05 },
      'dt is 0.05 ms, but synapses decay with tau = 0.05 ms, of which a step may be half; use 0.02 ms or less',
    ],
  ];
  test.each(inputs)('%j', (changes, sentence) => {
    const input = { ...config1Input, exc: { ...config1Input.exc, ...changes } };
    expect(() => describeSubject(cell('RS-cell'), input, {})).toThrow(sentence);
  });
});
