/** Figures and the report page of a run of whole brains. */
import { matrixCorrelation, zScores } from '../analysis/correlation.ts';
import { carpetFigure } from '../figures/carpet.ts';
import { connectomeFigure } from '../figures/connectome.ts';
import { fcComparisonFigure } from '../figures/fc-comparison.ts';
import { writeReport } from '../figures/report.ts';
import { subjectFitsFigure } from '../figures/subject-fits.ts';
import { writeFigure } from '../figures/write-figure.ts';
import type { RunDirectory } from '../io/run-directory.ts';
import type { BrainFits, FcCorrelation } from './brain-fc.ts';
import { type BrainRunPlan, brainsOfRun } from './brain-options.ts';
import type { BrainSeriesOfRun } from './brain-series.ts';

interface Drawn {
  plan: BrainRunPlan;
  version: string;
  timing: { speed: number };
  series: BrainSeriesOfRun;
  fits: BrainFits | undefined;
  json: { rate_mean_hz: number; rate_sd_hz: number };
}

/** Figures and the report; paths of what was drawn. */
export function drawBrainRun(
  directory: RunDirectory,
  { plan, version, timing, series, fits, json }: Drawn,
): string[] {
  const { connectome, each, seeds, TR } = plan;
  const { nodes } = connectome;
  const brains = brainsOfRun(plan);
  const whose = brains[0]!.subject === undefined ? '' : `${brains[0]!.subject}, `;
  const who =
    brains.length > 1
      ? `first of ${brains.length} runs, ${whose}seed ${seeds[0]}`
      : `${whose}seed ${seeds[0]}`;
  const variable = plan.model.variables[0]!;
  const isRate = variable.unit === 'Hz';
  const figures: { stem: string; svg: string; caption: string }[] = [];
  const top = isRate ? colourTop(series.shown) : undefined;
  if (series.shown.length >= 2 * nodes)
    figures.push({
      stem: 'rates',
      svg: carpetFigure({
        ...(isRate
          ? {
              title: 'Rates of the excitatory populations',
              note: `Hz${top === undefined ? '' : `, ${top} Hz and more in one colour`}; ${who}`,
            }
          : { title: `${plan.model.title}s: ${variable.name}`, note: `${variable.description}; ${who}` }),
        values: series.shown,
        ...{ regions: nodes, span: series.shownSpan, ramp: isRate ? 'sequential' : 'diverging' },
        ...(top === undefined ? {} : { domain: [0, top] as const }),
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
          empiricalNote:
            whose === ''
              ? `mean of ${Object.keys(fits.correlation.per_subject).length} subjects`
              : `of ${brains[0]!.subject}`,
        }),
        caption: 'Simulated and empirical functional connectivity, and both against each other.',
      });
    if (fits.table && fits.table.brains.length > 1)
      figures.push({
        stem: 'subjects',
        svg: subjectFitsFigure({
          title: "Subjects' brains and recordings",
          note: `correlation of simulated and empirical functional connectivity${seeds.length > 1 ? `, mean over ${seeds.length} seeds` : ''}`,
          subjects: fits.table.brains,
          values: fits.table.values,
        }),
        caption:
          "Each subject's brain, simulated on that subject's connectome, compared with that subject's recording and with those of the others.",
      });
  }
  const shown = brains[0]!.connectome;
  figures.push({
    stem: 'connectome',
    svg: connectomeFigure({
      ...{ title: `Connectome ${shown.name}`, note: `${nodes} regions` },
      ...{ nodes, weights: shown.weights, lengths: shown.lengths, centres: shown.centres },
    }),
    caption:
      each && each.length > 1
        ? `Couplings and fibre lengths of the first of ${each.length} subjects.`
        : 'Couplings and fibre lengths that the run used.',
  });
  const paths = figures.map(({ stem, svg }) => {
    const path = directory.file(`${stem}.svg`);
    directory.file(`${stem}.png`);
    return writeFigure(path, svg).png;
  });
  const report = directory.file('report.html');
  writeReport(report, {
    title: `Whole brain: ${connectome.name}`,
    summary: `${brains.length === 1 ? 'One run' : `${brains.length} runs`}${each && each.length > 1 ? `, ${seeds.length === 1 ? 'one' : seeds.length} of each of ${each.length} subjects,` : ''} of ${nodes} ${plan.model.title}s over ${plan.duration / 1000} s.`,
    tables: [
      { title: 'Parameters', rows: parameterRows(plan) },
      {
        title: 'Results',
        rows: [
          [isRate ? 'mean rate of E' : 'mean of what BOLD hears', json.rate_mean_hz.toPrecision(4), 'Hz'],
          ['its SD, mean over nodes', json.rate_sd_hz.toPrecision(4), 'Hz'],
          ...fitRows(fits?.correlation ?? null),
          ['biological time per time waited', timing.speed.toPrecision(3)],
        ],
      },
    ],
    figures: figures.map(({ svg, caption }) => ({ svg, caption })),
    notes: plan.notes,
    foot: `Spikefield ${version}`,
  });
  return [...paths, report];
}

/** Of cells in the figure, so many have colours of their own. */
const SHADED = 0.998;

/**
 * Where a few cells are far above the rest, as in the events of a quiet brain, the round number from which on colours stay the same: else
 * everything else would be dark. Undefined where all cells can have their own.
 */
export function colourTop(values: Float32Array): number | undefined {
  const sorted = values.filter(Number.isFinite).sort();
  if (sorted.length === 0) return undefined;
  const high = sorted[Math.floor(SHADED * (sorted.length - 1))]!;
  const power = 10 ** Math.floor(Math.log10(high));
  const top = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= high);
  return high > 0 && top! < sorted.at(-1)! ? top : undefined;
}

/** With each recording; where subjects have brains of their own, of each with its own. */
function fitRows(correlation: FcCorrelation | null): (readonly [string, string])[] {
  if (!correlation) return [];
  const { mean, per_subject, with_others } = correlation;
  const isEach = with_others !== undefined;
  return [
    [isEach ? 'FC/FC correlation with the own recording' : 'FC/FC correlation', mean.toFixed(3)],
    ...Object.entries(per_subject).map(
      ([name, value]) => [isEach ? name : `with ${name}`, value.toFixed(3)] as const,
    ),
    ...(with_others == null
      ? []
      : [['with the recordings of other subjects', with_others.toFixed(3)] as const]),
  ];
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
