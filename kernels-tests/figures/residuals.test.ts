/** Figures of a scan: points without a residual are left out, and all of them cannot be. */
import { expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { residualMaps, residualProfiles } from '../../src/figures/residuals.ts';

const axes = [
  { title: 'One', values: [0, 0, 0, 1, 1, 1] },
  { title: 'Other', values: [0, 1, 2, 0, 1, 2] },
];

/** How many discs of the points there are. */
const discs = (svg: string) => svg.match(/#b8b8b8/g)?.length ?? 0;

test('points without a residual are left out', () => {
  const all = residualProfiles({ axes, residuals: [10, 100, 10, 100, 10, 1000] });
  const some = residualProfiles({ axes, residuals: [Number.NaN, 100, 10, 100, 10, 1000] });
  for (const svg of [all, some]) expect(svg).not.toContain('NaN');
  expect(discs(all)).toBe(12);
  expect(discs(some)).toBe(10);
});

test('a cell without any residual is grey', () => {
  const residuals = [Number.NaN, 100, 10, 100, 10, 1000];
  const maps = residualMaps({ axes, residuals });
  expect(maps).not.toContain('NaN');
  expect(maps).not.toBe(residualMaps({ axes, residuals: [10, ...residuals.slice(1)] }));
});

test('no residual at all is refused', () => {
  const residuals = new Float64Array(6).fill(Number.NaN);
  expect(() => residualProfiles({ axes, residuals })).toThrow(InputError);
  expect(() => residualMaps({ axes, residuals })).toThrow(/none of the points has a residual/);
});
