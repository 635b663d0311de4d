/** What the states of a run say against second order: covariances and rates that no network has. */
import { isIndefinite } from '../mean-field/run.ts';
import { pixelCount } from '../models/ring.ts';
import type { Unit } from './settings.ts';
import type { RingRun } from './simulate.ts';

/** Below 0 by more than rounding of a silent population, Hz. */
const SILENCE = -1e-3;

/** One sentence for each kind of state that cannot be meant, with when and where it is first met. */
export function stateWarnings({ model, exc, inh }: Unit, run: RingRun): string[] {
  const { ring, times, Fe, Fi, Cee, Cei, Cii } = run;
  if (!Fe || !Fi || !Cee || !Cei || !Cii) return [];
  const pixels = pixelCount(ring);
  const where = (at: number) =>
    `at ${times[Math.floor(at / pixels)]!.toFixed(1)} ms in unit ${at % ring.units}${ring.rows > 1 ? ` of row ${Math.floor((at % pixels) / ring.units)}` : ''}`;
  const warnings: string[] = [];
  const matrix = new Float64Array(4);
  const wrong = Cee.findIndex((ee, at) => {
    matrix.set([ee, Cei[at]!, Cei[at]!, Cii[at]!]);
    return isIndefinite(matrix, 2);
  });
  if (wrong >= 0)
    warnings.push(
      `the covariances ${where(wrong)} are not those of any random rates (a variance would be negative), so they mean nothing from there on: compare --order 1`,
    );
  for (const [index, rates] of [
    [exc, Fe],
    [inh, Fi],
  ] as const) {
    const negative = rates.findIndex((rate) => rate < SILENCE);
    if (negative >= 0)
      warnings.push(
        `the rate of ${model.populations[index]!.name} is below 0 Hz ${where(negative)}, which second order does not exclude and no network does: compare --order 1`,
      );
  }
  return warnings;
}
