/** What a run of whole brains leaves: arrays, functional connectivity and its fit, figures, a report, a summary. */
import { functionalConnectivity, matrixCorrelation, zScores } from '../analysis/correlation.ts';
import { carpetFigure } from '../figures/carpet.ts';
import { connectomeFigure } from '../figures/connectome.ts';
import { fcComparisonFigure } from '../figures/fc-comparison.ts';
import { writeReport } from '../figures/report.ts';
import { writeFigure } from '../figures/write-figure.ts';
import type { RunDirectory } from '../io/run-directory.ts';
import type { BrainJournal } from '../whole-brain/brain-journal.ts';
import type { BrainStatistics } from '../whole-brain/brain-statistics.ts';
import { tableWarning } from './aln-options.ts';
import type { BrainRunPlan } from './brain-options.ts';
import { formatSeconds } from './progress.ts';

export interface Timing {
  wall_s: number;
  biological_s: number;
  /** Biological seconds of all brains together per second of waiting. */
  speed: number;
}

interface Finished {
  plan: BrainRunPlan;
  statistics: BrainStatistics;
  timing: Timing;
  out: string;
  figures: boolean;
}

/** Rates shown in the figure: so much of the run after its transient, ms. */
const SHOWN = 5000;

/** What `--json` prints. */
export interface BrainRunSummary {
  out: string;
  model: string;
  brains: number;
  nodes: number;
  duration_ms: number;
  transient_ms: number;
  /** null without BOLD, or where the connectome has no recordings. */
  fc_correlation: { mean: number; per_subject: Record<string, number>; per_seed: number[] } | null;
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
  finished: Finished,
): { json: BrainRunSummary; lines: string[] } {
  const { plan, statistics, timing, out } = finished;
  const { nodes } = plan.connectome;
  const brains = plan.seeds.length;
  const series = writeSeries(directory, journal, plan);
  const square = [brains, nodes];
  const [first, second] = plan.model.variables;
  directory.write(`${first!.name}_mean`, statistics.mean, square);
  directory.write(`${first!.name}_sd`, statistics.sd, square);
  directory.write(`${second!.name}_mean`, statistics.secondMean, square);
  const fits = plan.TR === undefined ? undefined : connectivity(plan, series.bold);
  if (fits) {
    const all = new Float64Array(brains * nodes * nodes);
    for (const [brain, fc] of fits.fc.entries()) all.set(fc, brain * nodes * nodes);
    directory.write('fc', all, [brains, nodes, nodes]);
  }
  const json: BrainRunSummary = {
    ...{ out, model: plan.model.name },
    ...{ brains, nodes, duration_ms: plan.duration, transient_ms: plan.transient },
    fc_correlation: fits?.correlation ?? null,
    rate_mean_hz: plan.model.rateFactor * mean(statistics.mean) + plan.model.rateOffset,
    rate_sd_hz: plan.model.rateFactor * mean(statistics.sd),
    bold_samples: plan.TR === undefined ? null : series.boldSamples,
    warning: tableWarning(statistics.outsideTable) ?? null,
    notes: plan.connectome.preparation.notes,
    timing,
    figures: [],
  };
  if (finished.figures) json.figures = draw(directory, { ...finished, series, fits, json });
  directory.finish({ result: { ...json, figures: undefined } });
  return { json, lines: linesOf(json) };
}

interface Series {
  /** `[node, sample]` of every brain. */
  bold: Float64Array[];
  boldSamples: number;
  /** `[node, time]` of the first brain for a while after the transient. */
  shown: Float32Array;
  shownSpan: readonly [number, number];
}

/** The journal as whole arrays, part by part. */
function writeSeries(directory: RunDirectory, journal: BrainJournal, plan: BrainRunPlan): Series {
  const { connectome, seeds, sampling, TR, transient, duration } = plan;
  const [brains, nodes] = [seeds.length, connectome.nodes];
  const row = brains * nodes;
  const rates =
    sampling === null ? undefined : directory.writer(plan.model.variables[0]!.name, 'f4', [brains, nodes]);
  const bold = TR === undefined ? undefined : directory.writer('bold', 'f4', [brains, nodes]);
  const boldSamples = TR === undefined ? 0 : Math.floor(duration / TR + 1e-9);
  const collected = Array.from({ length: brains }, () => new Float64Array(nodes * boldSamples));
  const from = sampling === null ? 0 : Math.ceil(transient / sampling - 1e-9);
  const count =
    sampling === null
      ? 0
      : Math.min(Math.floor(duration / sampling + 1e-9) - from, Math.ceil(SHOWN / sampling));
  const shown = new Float32Array(nodes * count);
  let [sample, boldSample] = [0, 0];
  for (const part of journal.parts()) {
    rates?.append(part.samples);
    bold?.append(part.bold);
    for (let at = 0; at < part.samples.length; at += row, sample++) {
      const time = sample - from;
      if (time < 0 || time >= count) continue;
      for (let node = 0; node < nodes; node++) shown[node * count + time] = part.samples[at + node]!;
    }
    for (let at = 0; at < part.bold.length; at += row, boldSample++) {
      for (let index = 0; index < row; index++)
        collected[Math.floor(index / nodes)]![(index % nodes) * boldSamples + boldSample] =
          part.bold[at + index]!;
    }
  }
  const begin = sampling === null ? 0 : (from + 1) * sampling;
  return { bold: collected, boldSamples, shown, shownSpan: [begin, begin + (count - 1) * (sampling ?? 0)] };
}

interface Fits {
  fc: Float64Array[];
  /** Mean of the subjects' FC; undefined where the connectome has none. */
  empirical: Float64Array | undefined;
  correlation: { mean: number; per_subject: Record<string, number>; per_seed: number[] } | null;
  /** Samples that the transient takes. */
  first: number;
}

function connectivity({ connectome, transient, TR }: BrainRunPlan, bold: readonly Float64Array[]): Fits {
  const { nodes, subjects } = connectome;
  const first = Math.floor(transient / TR! + 1e-9);
  const fc = bold.map((series) => functionalConnectivity(series, nodes, { first }));
  const recorded = subjects.flatMap(({ name, fc: own, bold: recording }) => {
    const known = own ?? (recording && functionalConnectivity(recording.data, nodes));
    return known ? [{ name, fc: known }] : [];
  });
  if (recorded.length === 0) return { fc, first, empirical: undefined, correlation: null };
  const table = fc.map((simulated) =>
    recorded.map((subject) => matrixCorrelation(simulated, subject.fc, nodes)),
  );
  const per_subject = Object.fromEntries(
    recorded.map(({ name }, at) => [name, mean(table.map((row) => row[at]!))]),
  );
  const empirical = new Float64Array(nodes * nodes);
  for (const subject of recorded)
    for (let at = 0; at < empirical.length; at++) empirical[at]! += subject.fc[at]! / recorded.length;
  const correlation = { mean: mean(Object.values(per_subject)), per_subject, per_seed: table.map(mean) };
  return { fc, first, empirical, correlation };
}

type Drawn = Finished & {
  series: Series;
  fits: Fits | undefined;
  json: Pick<BrainRunSummary, 'rate_mean_hz' | 'rate_sd_hz'>;
};

/** Figures and the report; paths of what was drawn. */
function draw(directory: RunDirectory, { plan, timing, series, fits, json }: Drawn): string[] {
  const { connectome, seeds, TR } = plan;
  const { nodes } = connectome;
  const who = seeds.length > 1 ? `first of ${seeds.length} runs, seed ${seeds[0]}` : `seed ${seeds[0]}`;
  const variable = plan.model.variables[0]!;
  const isRate = variable.unit === 'Hz';
  const figures: { stem: string; svg: string; caption: string }[] = [];
  if (series.shown.length >= 2 * nodes)
    figures.push({
      stem: 'rates',
      svg: carpetFigure({
        ...(isRate
          ? { title: 'Rates of the excitatory populations', note: `Hz; ${who}` }
          : { title: `${plan.model.title}s: ${variable.name}`, note: `${variable.description}; ${who}` }),
        values: series.shown,
        ...{ regions: nodes, span: series.shownSpan, ramp: isRate ? 'sequential' : 'diverging' },
      }),
      caption: `${isRate ? 'Rates of the excitatory populations' : variable.description} after the transient.`,
    });
  if (fits && TR !== undefined) {
    figures.push({
      stem: 'bold',
      svg: carpetFigure({
        ...{ title: 'BOLD', note: `z-score of each region after the transient; ${who}` },
        ...{
          values: zScores(fromSample(series.bold[0]!, nodes, fits.first), nodes),
          regions: nodes,
          ramp: 'diverging',
        },
        ...{ span: [(fits.first + 1) * TR, series.boldSamples * TR], domain: [-3, 3] },
      }),
      caption: 'Simulated BOLD after the transient.',
    });
    if (fits.empirical && fits.correlation)
      figures.push({
        stem: 'fc',
        svg: fcComparisonFigure({
          ...{
            title: 'Functional connectivity',
            note: who,
            nodes,
            simulated: fits.fc[0]!,
            empirical: fits.empirical,
          },
          correlation: matrixCorrelation(fits.fc[0]!, fits.empirical, nodes),
          empiricalNote: `mean of ${Object.keys(fits.correlation.per_subject).length} subjects`,
        }),
        caption: 'Simulated and empirical functional connectivity, and both against each other.',
      });
  }
  figures.push({
    stem: 'connectome',
    svg: connectomeFigure({
      ...{ title: `Connectome ${connectome.name}`, note: `${nodes} regions` },
      ...{ nodes, weights: connectome.weights, lengths: connectome.lengths, centres: connectome.centres },
    }),
    caption: 'Couplings and fibre lengths that the run used.',
  });
  const paths = figures.map(({ stem, svg }) => {
    const path = directory.file(`${stem}.svg`);
    directory.file(`${stem}.png`);
    return writeFigure(path, svg).png;
  });
  const report = directory.file('report.html');
  writeReport(report, {
    title: `Whole brain: ${connectome.name}`,
    summary: `${seeds.length === 1 ? 'One run' : `${seeds.length} runs`} of ${nodes} ${plan.model.title}s over ${plan.duration / 1000} s.`,
    tables: [
      { title: 'Parameters', rows: parameterRows(plan) },
      {
        title: 'Results',
        rows: [
          [isRate ? 'mean rate of E' : 'mean of what BOLD hears', json.rate_mean_hz.toPrecision(4), 'Hz'],
          ['its SD, mean over nodes', json.rate_sd_hz.toPrecision(4), 'Hz'],
          ...(fits?.correlation ? ([['FC/FC correlation', fits.correlation.mean.toFixed(3)]] as const) : []),
          ...Object.entries(fits?.correlation?.per_subject ?? {}).map(
            ([name, value]) => [`with ${name}`, value.toFixed(3)] as const,
          ),
          ['biological time per time waited', timing.speed.toPrecision(3)],
        ],
      },
    ],
    figures: figures.map(({ svg, caption }) => ({ svg, caption })),
    notes: connectome.preparation.notes,
  });
  return [...paths, report];
}

function parameterRows({ parameters, model, seeds, duration, transient, dt, TR }: BrainRunPlan) {
  const unitOf = (name: string) =>
    name === 'signalV' ? 'mm/ms' : (model.parameters.find((each) => each.name === name)?.unit ?? '');
  const set = Object.entries(parameters).map(
    ([name, value]) =>
      [name, typeof value === 'number' ? value : `${value.length} values`, unitOf(name)] as const,
  );
  return [
    ...set,
    [
      seeds.length === 1 ? 'seed' : 'seeds',
      seeds.length === 1 ? seeds[0]! : `${seeds[0]} to ${seeds.at(-1)}`,
    ] as const,
    ['duration', duration / 1000, 's'] as const,
    ['transient', transient / 1000, 's'] as const,
    ['dt', dt, 'ms'] as const,
    ...(TR === undefined ? [] : [['repetition time', TR / 1000, 's'] as const]),
  ];
}

/** `[node, sample]` from sample `first` on. */
function fromSample(series: Float64Array, nodes: number, first: number): Float64Array {
  const samples = series.length / nodes;
  return series.filter((_, at) => at % samples >= first);
}

function linesOf(json: BrainRunSummary): string[] {
  const fit = json.fc_correlation;
  return [
    `${json.brains === 1 ? 'a brain' : `${json.brains} brains`} of ${json.nodes} nodes, ${json.duration_ms / 1000} s: ${json.model === 'aln' ? 'mean rate' : 'mean of what BOLD hears'} ${json.rate_mean_hz.toPrecision(4)} Hz, SD ${json.rate_sd_hz.toPrecision(4)} Hz`,
    ...(fit
      ? [
          `FC/FC correlation ${fit.mean.toFixed(3)} (${Object.entries(fit.per_subject)
            .map(([name, value]) => `${name} ${value.toFixed(3)}`)
            .join(', ')})`,
        ]
      : []),
    ...(json.warning === null ? [] : [json.warning]),
    `${json.out}  in ${formatSeconds(json.timing.wall_s)}, ${json.timing.speed.toPrecision(3)} s of biology per second`,
  ];
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum / values.length;
}
