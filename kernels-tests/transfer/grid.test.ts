/** Grids, and the rule by which the adaptive one finds its points. */
import { describe, expect, test } from 'vitest';
import { rateAxis } from '../../src/cli/rate-axis.ts';
import { InputError } from '../../src/errors.ts';
import { AdaptiveSearch, type Trial } from '../../src/transfer/adaptive.ts';
import { type AdaptiveGrid, adaptiveGrid, evenly, rectangularGrid } from '../../src/transfer/grid.ts';

describe('axes', () => {
  test('evenly spaced rates end where they shall', () => {
    expect(evenly(0, 20, 11)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    expect(evenly(0, 0.3, 4).at(-1)).toBe(0.3);
  });

  test.each([
    [
      [],
      'nu_e has no value, but a transfer function is measured on a grid: give at least two rates, as 0:20:11',
    ],
    [
      [3],
      'nu_e has one value, but a transfer function is measured on a grid: give at least two rates, as 0:20:11',
    ],
    [[0, -1], 'nu_e holds -1 Hz, but rates are 0 Hz or more'],
    [[0, Number.NaN], 'nu_e holds NaN Hz, but rates are 0 Hz or more'],
    [[0, 2, 2], 'nu_e goes from 2 to 2 Hz, but its rates must ascend: sort them, each once'],
  ])('%j is refused', (values, sentence) => {
    expect(() => rectangularGrid(values, [0, 1])).toThrow(new InputError(sentence, { field: 'nu_e' }));
    const other = new InputError(sentence.replaceAll('nu_e', 'nu_i'), { field: 'nu_i' });
    expect(() => rectangularGrid([0, 1], values)).toThrow(other);
    expect(() => adaptiveGrid({ nu_i: values })).toThrow(other);
  });

  test.each([{ columns: 1 }, { columns: 2.5 }, { max_rate: 0 }, { max_nu_e: Number.NaN }, { max_rate: -3 }])(
    'an adaptive grid with %j is refused',
    (options) => {
      expect(() => adaptiveGrid(options)).toThrow(InputError);
    },
  );

  test('options: ranges and lists, with units', () => {
    expect(rateAxis('0:20:11', '--nu-e')).toEqual(evenly(0, 20, 11));
    expect(rateAxis('0:2kHz:3', '--nu-e')).toEqual([0, 1000, 2000]);
    expect(rateAxis('0, 1.5,4 Hz', '--nu-e')).toEqual([0, 1.5, 4]);
    expect(rateAxis(7, '--nu-e')).toEqual([7]);
    expect(rateAxis('3:9:1', '--nu-e')).toEqual([3]);
    expect(rateAxis('3:9:0', '--nu-e')).toEqual([]);
    expect(rateAxis('', '--nu-e')).toEqual([]);
    expect(rateAxis(undefined, '--nu-e')).toBeUndefined();
  });

  test.each(['0:20', '0:20:x', '0:20:2.5', '0:20:-1', '0:20:', '1:2:3:4'])('"%s" is no axis', (text) => {
    expect(() => rateAxis(text, '--nu-e')).toThrow(
      `--nu-e is "${text}", but must be first:last:count, as 0:20:11 for 11 rates from 0 to 20 Hz, or a list, as 0,2,5`,
    );
  });

  test('a rate in another unit is refused', () => {
    expect(() => rateAxis('0:20mV:3', '--nu-i')).toThrow('--nu-i is in mV but a rate is needed');
  });
});

/** The rule as the paper's program follows it: one trial after the other. */
function oneByOne(grid: AdaptiveGrid, rateOf: (trial: Trial) => number): number[] {
  const { columns, max_nu_e, max_rate } = grid;
  const jumps = evenly(0, max_rate, columns);
  return grid.nu_i.flatMap((nu_i) => {
    const nu_e = evenly(0, max_nu_e, columns);
    for (let column = 1; column < columns; column++) {
      while (rateOf({ nu_e: nu_e[column]!, nu_i }) > jumps[column - 1]!)
        nu_e[column] = (nu_e[column]! + nu_e[column - 1]!) / 2;
      if (column + 1 < columns) nu_e[column + 1] = nu_e[column]! + max_nu_e / columns;
    }
    return nu_e;
  });
}

function searched(grid: AdaptiveGrid, rateOf: (trial: Trial) => number): { nu_e: number[]; rounds: number } {
  const search = new AdaptiveSearch(grid);
  let rounds = 0;
  for (; !search.done; rounds++) {
    const asked = new Set(search.trials().map((each) => `${each.nu_e} ${each.nu_i}`));
    search.decide((trial) => {
      expect(asked).toContain(`${trial.nu_e} ${trial.nu_i}`);
      return rateOf(trial);
    });
  }
  return { nu_e: Array.from(search.nu_e), rounds };
}

describe('the adaptive rule', () => {
  const cells: [string, (trial: Trial) => number][] = [
    ['a gentle cell', ({ nu_e, nu_i }) => 4 * Math.max(0, nu_e - 0.8 * nu_i - 0.5)],
    ['a steep cell', ({ nu_e, nu_i }) => 400 * Math.max(0, nu_e - 0.3 * nu_i - 0.07)],
    ['a cell that never fires', () => 0],
    [
      'a cell that fires unevenly',
      ({ nu_e, nu_i }) => Math.max(0, 6 * (nu_e - nu_i) - 1 + 5 * Math.sin(40 * nu_e) ** 2),
    ],
  ];
  test.each(cells)('places the points of %s as trials one by one do', (_, rateOf) => {
    for (const grid of [
      adaptiveGrid(),
      adaptiveGrid({ columns: 5, max_nu_e: 11, max_rate: 70, nu_i: [0, 3, 4.5] }),
    ])
      expect(searched(grid, rateOf).nu_e).toEqual(oneByOne(grid, rateOf));
  });

  test('takes a round a column where six trials are enough', () => {
    expect(searched(adaptiveGrid(), cells[0]![1]).rounds).toBe(9);
  });

  test('refuses a cell that fires without excitation', () => {
    const search = () => searched(adaptiveGrid({ nu_i: [0, 5] }), ({ nu_i }) => (nu_i === 5 ? 3 : 0));
    expect(search).toThrow(InputError);
    expect(search).toThrow(
      'at nu_i = 5 Hz the cell fires above 0 Hz however little nu_e exceeds 0 Hz: the adaptive grid has no place for its column 1; give a rectangular grid, or a higher max_rate',
    );
  });
});
