/** What a scan leaves beside its table: the best ring's full run, and figures. */
import { join } from 'node:path';
import { alignModel } from '../analysis/vsd-residual.ts';
import { residualMaps, residualProfiles } from '../figures/residuals.ts';
import { searchCourseFigure } from '../figures/search-course.ts';
import { comparisonFigure } from '../figures/vsd.ts';
import { writeFigure } from '../figures/write-figure.ts';
import type { Device } from '../gpu/device.ts';
import { writeNpz } from '../io/npz.ts';
import { parameterTitle, type ScanParameter } from '../ring/scan.ts';
import { simulateRings } from '../ring/simulate.ts';
import type { SweepResults } from '../sweep/folder.ts';
import { unitTitle } from './ring-model.ts';
import type { Scan } from './ring-scan-plan.ts';
import type { Refined } from './ring-scan-refine.ts';

export interface Found {
  point: readonly number[];
  residual: number;
}

/** Of runs in second order and with adaptation. */
const BEYOND_RATES = [
  ['Cee', 'Hz2'],
  ['Cei', 'Hz2'],
  ['Cii', 'Hz2'],
  ['we', 'pA'],
  ['wi', 'pA'],
] as const;

/** Files of the best ring's run, and figures; `refined` is where the grid was gone on with. */
export async function showScan(
  scan: Scan,
  results: SweepResults,
  best: Found,
  device: Device,
  { out, figures, refined }: { out: string; figures: boolean; refined?: Refined | undefined },
): Promise<{ best_run: string; figures: string[] }> {
  const { alignment, chosen, plan } = scan;
  const { model, order, dt, fraction } = chosen;
  const options = { model, order, dt, fraction, rates: true };
  const [run] = await simulateRings(device, scan.ringsOf([best.point]), options);
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
    ...Object.fromEntries(
      BEYOND_RATES.flatMap(([name, unit]) => {
        const data = run![name];
        return data ? [[`${name}_${unit}`, { data, shape }]] : [];
      }),
    ),
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
      note: `residual ${best.residual.toPrecision(4)}${unitTitle(chosen)}`,
    }),
  );
  const points = Array.from({ length: plan.space.count }, (_, index) => plan.space.point(index));
  const figure = {
    axes: plan.space.names.map((name, axis) => ({
      title: parameterTitle(name as ScanParameter),
      values: Float64Array.from(points, (point) => point[axis]!),
    })),
    residuals: results.column('residual'),
    ...(refined ? { refined } : {}),
  };
  draw('residual-profiles', residualProfiles(figure));
  if (plan.space.axes && plan.space.axes.length > 1) draw('residual-maps', residualMaps(figure));
  if (refined?.course) {
    const { residuals, size } = refined.course;
    const values = residuals.map((value) => Math.log10(Math.max(1e-12, value)));
    const objectives = [{ title: 'log10 residual', values, costs: values }];
    draw('search-course', searchCourseFigure({ title: 'Course of the search', size, objectives }));
  }
  return { best_run, figures: drawn };
}
