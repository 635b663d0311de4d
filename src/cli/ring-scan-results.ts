/** What a scan leaves beside its table: finer batches around the best points, the best ring's full run, and figures. */
import { join } from 'node:path';
import { alignModel } from '../analysis/vsd-residual.ts';
import { residualMaps, residualProfiles } from '../figures/residuals.ts';
import { comparisonFigure } from '../figures/vsd.ts';
import { writeFigure } from '../figures/write-figure.ts';
import type { Device } from '../gpu/device.ts';
import { writeNpz } from '../io/npz.ts';
import { parameterTitle, type ScanParameter } from '../ring/scan.ts';
import { simulateRings } from '../ring/simulate.ts';
import type { SweepResults } from '../sweep/folder.ts';
import { refinedSpace, smallest } from '../sweep/refine.ts';
import { type Evaluate, runSweep } from '../sweep/run-sweep.ts';
import type { Scan } from './ring-scan-plan.ts';

export interface Found {
  point: readonly number[];
  residual: number;
}

/** Points of the grid around which the first finer batch lies. */
const CENTRES = 2;

export async function refineScan(
  scan: Scan,
  grid: SweepResults,
  evaluate: Evaluate,
  options: { rounds: number; out: string; force: boolean; onProgress: (fraction: number) => void },
): Promise<Found> {
  const { rounds, out, force, onProgress } = options;
  const { space } = scan.plan;
  const first = grid.column('residual');
  let centres = smallest(first, CENTRES).map((index) => space.point(index));
  let best: Found = { point: centres[0]!, residual: first[smallest(first, 1)[0]!]! };
  for (let round = 0; round < rounds; round++) {
    const finer = refinedSpace(space.axes!, centres, 0.5 ** (round + 1));
    const { results } = await runSweep({ ...scan.plan, space: finer }, evaluate, {
      folder: join(out, `refine-${round + 1}`),
      batch: scan.batch,
      force,
      onProgress: (fraction) => onProgress((round + fraction) / rounds),
    });
    const residuals = results.column('residual');
    const at = smallest(residuals, 1)[0]!;
    if (residuals[at]! < best.residual) best = { point: finer.point(at), residual: residuals[at]! };
    centres = [[...best.point]];
  }
  return best;
}

/** Files of the best ring's run, and figures. */
export async function showScan(
  scan: Scan,
  results: SweepResults,
  best: Found,
  device: Device,
  { out, figures }: { out: string; figures: boolean },
): Promise<{ best_run: string; figures: string[] }> {
  const { alignment, chosen, plan } = scan;
  const { model, dt, fraction } = chosen;
  const [run] = await simulateRings(device, scan.ringsOf([best.point]), { model, dt, fraction, rates: true });
  const units = run!.positions.length;
  const aligned = alignModel(alignment, run!.deltaV, units);
  const shape = [run!.times.length, units];
  const compared = [alignment.pixels, alignment.times.length];
  const best_run = join(out, 'best.npz');
  writeNpz(best_run, {
    times_ms: { data: run!.times, shape: [run!.times.length] },
    positions_mm: { data: run!.positions, shape: [units] },
    input_Hz: { data: run!.input, shape },
    Fe_Hz: { data: run!.Fe!, shape },
    Fi_Hz: { data: run!.Fi!, shape },
    deltaV: { data: run!.deltaV, shape },
    compared_times_ms: { data: alignment.times, shape: [alignment.times.length] },
    compared_positions_mm: { data: alignment.positions, shape: [alignment.pixels] },
    compared_model: { data: aligned.values, shape: compared },
    compared_recording: { data: alignment.data, shape: compared },
  });
  const drawn: string[] = [];
  if (!figures) return { best_run, figures: drawn };
  const draw = (name: string, svg: string) => drawn.push(writeFigure(join(out, name), svg).png);
  draw(
    'comparison',
    comparisonFigure({
      times: alignment.times,
      positions: alignment.positions,
      recording: alignment.data,
      model: aligned.values,
      note: `residual ${best.residual.toPrecision(4)}`,
    }),
  );
  const points = Array.from({ length: plan.space.count }, (_, index) => plan.space.point(index));
  const figure = {
    axes: plan.space.names.map((name, axis) => ({
      title: parameterTitle(name as ScanParameter),
      values: Float64Array.from(points, (point) => point[axis]!),
    })),
    residuals: results.column('residual'),
  };
  draw('residual-profiles', residualProfiles(figure));
  if (plan.space.axes && plan.space.axes.length > 1) draw('residual-maps', residualMaps(figure));
  return { best_run, figures: drawn };
}
