/** What a run of second order is warned of: the first covariances and rates that no network has, with when and where. */
import { expect, test } from 'vitest';
import { prepareUnit } from '../../src/ring/settings.ts';
import type { RingRun } from '../../src/ring/simulate.ts';
import { stateWarnings } from '../../src/ring/state-warnings.ts';
import { corrected, smallRing } from './rings.ts';

const sheet = smallRing({ units: 4, rows: 2, extent: 4.8, exc_extent: 2 });
const unit = prepareUnit([sheet], { model: corrected, order: 2 });

/** Ten samples of eight units that nothing is to be said of. */
function calm(): RingRun & Required<Pick<RingRun, 'Fe' | 'Fi' | 'Cee' | 'Cei' | 'Cii'>> {
  const all = (value: number) => new Float32Array(80).fill(value);
  return {
    ring: sheet,
    times: Float64Array.from({ length: 10 }, (_, k) => k / 2),
    positions: new Float64Array(4),
    ...{ input: all(0), deltaV: all(0), Fe: all(2), Fi: all(9), Cee: all(0.1), Cei: all(0.1), Cii: all(0.2) },
    adapter: {} as RingRun['adapter'],
    timing: { run_s: 0, unit_steps: 0 },
  };
}

test('covariances that no rates can have, and rates below 0', () => {
  expect(stateWarnings(unit, calm())).toEqual([]);
  const run = calm();
  // Sample 3, unit 2 of row 1; what comes later is not told.
  run.Cei[3 * 8 + 6] = 0.2;
  run.Cee[70] = -1;
  run.Fi[5 * 8 + 1] = -0.1;
  const [covariance, rate, ...more] = stateWarnings(unit, run);
  expect(covariance).toMatch(
    /^the covariances at 1.5 ms in unit 2 of row 1 are not those of any random rates/,
  );
  expect(rate).toMatch(/^the rate of inh is below 0 Hz at 2.5 ms in unit 1 of row 0/);
  expect(more).toEqual([]);
});

test('rounding of silence, and runs of first order, are no reason', () => {
  const run = calm();
  run.Fe[4] = -1e-5;
  run.Cee.fill(0);
  run.Cei.fill(0);
  expect(stateWarnings(unit, run)).toEqual([]);
  const { Cee: _, ...first } = { ...calm(), Fe: new Float32Array(80).fill(-1) };
  expect(stateWarnings(unit, first)).toEqual([]);
});
