/** What a run of whole brains leaves: arrays, functional connectivity and its fit, figures, a report, a summary. */
import { mean } from '../analysis/summary.ts';
import type { RunDirectory } from '../io/run-directory.ts';
import type { BrainJournal } from '../whole-brain/brain-journal.ts';
import { tableWarning } from './aln-options.ts';
import { type FcCorrelation, fitsOfRun } from './brain-fc.ts';
import { drawBrainRun } from './brain-figures.ts';
import { type BrainRunPlan, brainsOfRun } from './brain-options.ts';
import { statisticsOfRun, writeSeries } from './brain-series.ts';
import { formatSeconds } from './progress.ts';

export interface Timing {
  wall_s: number;
  biological_s: number;
  /** Biological seconds of all brains together per second of waiting. */
  speed: number;
  /** Brains that ran at once. */
  batch: number;
}

interface Finished {
  plan: BrainRunPlan;
  version: string;
  timing: Timing;
  out: string;
  figures: boolean;
}

/** What `--json` prints. */
export interface BrainRunSummary {
  out: string;
  model: string;
  brains: number;
  /** Whose brains they are, each with every seed; null: of all together. */
  subjects: string[] | null;
  nodes: number;
  duration_ms: number;
  transient_ms: number;
  /** null without BOLD, or where the connectome has no recordings. */
  fc_correlation: FcCorrelation | null;
  /** Of what BOLD hears: the rate of E. */
  rate_mean_hz: number;
  rate_sd_hz: number;
  bold_samples: number | null;
  warning: string | null;
  notes: readonly string[];
  timing: Timing;
  figures: string[];
}

/** Writes everything and closes the directory. */
export function finishBrainRun(
  directory: RunDirectory,
  journal: BrainJournal,
  { plan, version, timing, out, figures }: Finished,
): { json: BrainRunSummary; lines: string[] } {
  const { nodes } = plan.connectome;
  const brains = brainsOfRun(plan).length;
  const statistics = statisticsOfRun(journal);
  const series = writeSeries(directory, journal, plan, brains);
  const square = [brains, nodes];
  const [first, second] = plan.model.variables;
  directory.write(`${first!.name}_mean`, statistics.mean, square);
  directory.write(`${first!.name}_sd`, statistics.sd, square);
  directory.write(`${second!.name}_mean`, statistics.secondMean, square);
  const fits = plan.TR === undefined ? undefined : fitsOfRun(plan, series.bold);
  if (fits) {
    const all = new Float64Array(brains * nodes * nodes);
    for (const [brain, fc] of fits.fc.entries()) all.set(fc, brain * nodes * nodes);
    directory.write('fc', all, [brains, nodes, nodes]);
    if (fits.table)
      directory.write('fc_correlation', fits.table.values, Array(2).fill(fits.table.brains.length));
  }
  const json: BrainRunSummary = {
    ...{ out, model: plan.model.name },
    ...{ brains, subjects: plan.each?.map(({ subjects }) => subjects[0]!.name) ?? null },
    ...{ nodes, duration_ms: plan.duration, transient_ms: plan.transient },
    fc_correlation: fits?.correlation ?? null,
    rate_mean_hz: plan.model.rateFactor * mean(statistics.mean) + plan.model.rateOffset,
    rate_sd_hz: plan.model.rateFactor * mean(statistics.sd),
    bold_samples: plan.TR === undefined ? null : series.boldSamples,
    warning: tableWarning(statistics.outsideTable) ?? null,
    notes: plan.notes,
    timing,
    figures: [],
  };
  if (figures) json.figures = drawBrainRun(directory, { plan, version, timing, series, fits, json });
  directory.finish({ result: { ...json, figures: undefined } });
  return { json, lines: linesOf(json) };
}

function linesOf(json: BrainRunSummary): string[] {
  const fit = json.fc_correlation;
  return [
    `${json.brains === 1 ? 'a brain' : `${json.brains} brains`} of ${json.nodes} nodes, ${json.duration_ms / 1000} s: ${json.model === 'aln' ? 'mean rate' : 'mean of what BOLD hears'} ${json.rate_mean_hz.toPrecision(4)} Hz, SD ${json.rate_sd_hz.toPrecision(4)} Hz`,
    ...(fit
      ? [
          `FC/FC correlation ${fit.mean.toFixed(3)} (${Object.entries(fit.per_subject)
            .map(([name, value]) => `${name} ${value.toFixed(3)}`)
            .join(
              ', ',
            )})${fit.with_others == null ? '' : `; with the recordings of other subjects ${fit.with_others.toFixed(3)}`}`,
        ]
      : []),
    ...(json.warning === null ? [] : [json.warning]),
    `${json.out}  in ${formatSeconds(json.timing.wall_s)}, ${json.timing.speed.toPrecision(3)} s of biology per second`,
  ];
}
