/** What `spikefield sweep` leaves behind: tables of all runs, the figure over the swept fields, and a summary. */
import { explorationMapFigure } from '../figures/exploration-map.ts';
import { explorationPointsFigure } from '../figures/exploration-points.ts';
import { networkSweepFigure } from '../figures/network-sweep.ts';
import { writeFigure } from '../figures/write-figure.ts';
import { writeWhole } from '../io/output-file.ts';
import { makeFolder } from '../io/run-directory.ts';
import type { NetworkAxis } from '../network-sweep/axis.ts';
import type { NetworkSweep, SweepNumber } from '../network-sweep/network-sweep.ts';
import { overSeeds } from '../network-sweep/over-seeds.ts';
import type { SweepResults } from '../sweep/folder.ts';
import { writeSweepTable } from '../sweep/table.ts';
import { formatSeconds } from './progress.ts';

interface Settings {
  out: string;
  /** Further tables. */
  tables: readonly string[];
  figures: boolean;
  counts: SweepCounts;
}

/** What was done. */
export interface SweepCounts {
  /** Runs that were there already, and runs of this time. */
  found: number;
  evaluated: number;
  wall_s: number;
  /** In how many batches the latter were run, and how many the largest had. */
  batches: number;
  largest_batch: number;
}

/** `, in 3 batches of up to 16`; nothing where no batch was run. */
export function saidOfBatches({ batches, largest_batch }: SweepCounts): string {
  if (batches === 0) return '';
  if (largest_batch === 1) return ', one after another';
  return batches === 1 ? ', all side by side' : `, in ${batches} batches of up to ${largest_batch}`;
}

/** Writes everything into `out`. Throws OutputError. */
export function showSweep(
  sweep: NetworkSweep,
  results: SweepResults,
  { out, tables, figures, counts }: Settings,
): { summary: Record<string, unknown>; text: string } {
  makeFolder(out);
  for (const ending of ['csv', 'npz', 'parquet']) writeSweepTable(`${out}/table.${ending}`, results);
  for (const path of tables) writeSweepTable(path, results);
  const svg = figures ? draw(sweep, results) : undefined;
  const figure = svg === undefined ? null : writeFigure(`${out}/sweep.svg`, svg).png;
  const blewUp = results.column('blew_up').reduce((sum, each) => sum + each, 0);
  const summary = {
    ...{ out, network: sweep.base.name, points: sweep.combinations, seeds: sweep.seeds },
    ...{ runs: sweep.plan.space.count, ...counts, blew_up: blewUp, figure },
    populations: Object.fromEntries(
      sweep.populations.map((name) => [name, range(results.column(`${name}.rate_hz`))]),
    ),
  };
  writeWhole(`${out}/summary.json`, `${JSON.stringify(summary, undefined, 2)}\n`);
  const text = [
    `${counts.evaluated} runs in ${formatSeconds(counts.wall_s)}${saidOfBatches(counts)}${counts.found > 0 ? `; ${counts.found} were done before` : ''}`,
    ...Object.entries(summary.populations).map(([name, rates]) =>
      rates
        ? `${name}: ${rates.least_rate_hz.toFixed(2)} to ${rates.largest_rate_hz.toFixed(2)} Hz`
        : `${name}: no rates`,
    ),
    ...(blewUp > 0
      ? [
          `${blewUp} of ${summary.runs} runs blew up and have no numbers; column blew_up of the table says which`,
        ]
      : []),
    `table${figure === null ? '' : ' and figure'} in ${out}`,
  ].join('\n');
  return { summary, text };
}

function range(rates: Float64Array): { least_rate_hz: number; largest_rate_hz: number } | null {
  const known = rates.filter(Number.isFinite);
  if (known.length === 0) return null;
  return { least_rate_hz: Math.min(...known), largest_rate_hz: Math.max(...known) };
}

/** Undefined where only seeds differ: there is no axis to draw over. */
function draw(sweep: NetworkSweep, results: SweepResults): string | undefined {
  const { axes, seeds, populations, base } = sweep;
  const [first, second] = axes;
  if (!first) return undefined;
  const number = (population: string, name: SweepNumber) =>
    overSeeds(results.column(`${population}.${name}`), seeds);
  const runs = seeds === 1 ? `seed ${sweep.firstSeed}` : `${seeds} seeds`;
  const note = `${runs}, ${base.duration} ms`;
  if (axes.length === 1) {
    const panel = (title: string, name: SweepNumber, axis: string) => ({
      ...{ title, number: axis, note: seeds === 1 ? note : `${note}; mean and SD` },
      series: populations.map((population) => number(population, name)),
    });
    return networkSweepFigure({
      ...{ title: `Sweep of ${base.name}`, axis: titleOf(first), values: first.values, populations },
      panels: [
        panel('Mean rate', 'rate_hz', 'Rate (Hz)'),
        panel('Irregularity', 'cv_isi', 'CV of intervals'),
        panel('Silent neurons', 'silent_fraction', 'Silent fraction'),
      ],
    });
  }
  const title = `Sweep of ${base.name}: rates`;
  if (second && axes.length === 2) {
    return explorationMapFigure({
      // The second axis varies fastest: it is the horizontal one.
      ...{ title, note, x: { title: titleOf(second), values: second.values } },
      y: { title: titleOf(first), values: first.values },
      maps: populations.map((population) => ({
        title: `${population} rate (Hz)`,
        values: number(population, 'rate_hz').mean,
      })),
    });
  }
  const points = Array.from({ length: sweep.combinations }, (_, k) => sweep.plan.space.point(k * seeds));
  return explorationPointsFigure({
    ...{ title, note },
    parameters: axes.map((axis, k) => ({ title: titleOf(axis), values: points.map((point) => point[k]!) })),
    results: populations.map((population) => ({
      title: `${population} rate (Hz)`,
      values: number(population, 'rate_hz').mean,
    })),
  });
}

/** The end of a long path says what varies. */
function titleOf({ path, unit }: NetworkAxis): string {
  const parts = path.split('.');
  const short = parts[0] === 'populations' || parts[0] === 'projections' ? parts.slice(1).join('.') : path;
  return unit === '' ? short : `${short} (${unit})`;
}
