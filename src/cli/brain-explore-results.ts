/** What explorations and fits of brains leave: tables, the best points with the command that runs each again, figures, a report. */
import { join } from 'node:path';
import { explorationMapFigure } from '../figures/exploration-map.ts';
import { explorationPointsFigure } from '../figures/exploration-points.ts';
import { writeReport } from '../figures/report.ts';
import { writeFigure } from '../figures/write-figure.ts';
import { writeWhole } from '../io/output-file.ts';
import { makeFolder } from '../io/run-directory.ts';
import type { SweepResults } from '../sweep/folder.ts';
import { smallest } from '../sweep/refine.ts';
import { writeSweepTable } from '../sweep/table.ts';
import { type BrainObjective, pointCosts } from '../whole-brain/brain-objectives.ts';
import { SUBJECT_AXIS } from '../whole-brain/brain-task.ts';
import { brainsPerPoint } from '../whole-brain/evaluate-brains.ts';
import { tableWarning } from './aln-options.ts';
import { type BrainTaskPlan, rerunCommand } from './brain-task-options.ts';
import { listOption } from './options.ts';
import { formatSeconds } from './progress.ts';

export interface DrawnFigure {
  stem: string;
  svg: string;
  caption: string;
}

export interface Found {
  index: number;
  parameters: Record<string, number>;
  results: Record<string, number>;
  /** What runs it again, with series, figures and report. */
  command: string;
}

export interface Counts {
  found: number;
  evaluated: number;
  wall_s: number;
}

const BEST = 5;
/** Of the numbers of the table, so many are drawn. */
const DRAWN = 4;
/** A part of the table's numbers where no objective was named. */
const USUAL = /^(fc_correlation|fcd_distance|frequency_hz)$/;

/** The best points by an objective, best first. */
export function bestPoints(
  plan: BrainTaskPlan,
  results: SweepResults,
  objective: BrainObjective,
  count = BEST,
): Found[] {
  const [costs] = pointCosts(results, [objective]);
  return smallest(costs!, count).map((index) => pointFound(plan, results, index));
}

export function pointFound(plan: BrainTaskPlan, results: SweepResults, index: number): Found {
  const { space, results: names } = results.plan;
  const point = space.point(index);
  const parameters = Object.fromEntries(space.names.map((name, k) => [name, point[k]!]));
  return {
    ...{ index, parameters, command: rerunCommand(plan, parameters) },
    results: Object.fromEntries(names.map((name, k) => [name, results.rows[index * names.length + k]!])),
  };
}

/** While it runs: what is done so far, for an early look. */
export function writeEarlyTable(out: string, results: SweepResults): void {
  writeSweepTable(join(out, 'table.csv'), results);
}

export interface Outcome {
  kind: 'explore' | 'fit';
  plan: BrainTaskPlan;
  results: SweepResults;
  out: string;
  counts: Counts;
  /** null where shards were put together. */
  adapter: string | null;
  best: Found[];
  /** With an axis of subjects: the best point of each. */
  perSubject?: readonly { name: string; best: Found }[];
  figures: DrawnFigure[];
  /** Further fields of the summary. */
  more: Record<string, unknown>;
}

/** Writes tables, figures, report and summary, and says so. */
export function finishOutcome({
  kind,
  plan,
  results,
  out,
  counts,
  adapter,
  best,
  perSubject = [],
  figures,
  more,
}: Outcome): void {
  const { given, run, objectives } = plan;
  makeFolder(out);
  for (const ending of ['csv', 'npz', 'parquet']) writeSweepTable(join(out, `table.${ending}`), results);
  for (const path of listOption(given.table, '--table')) writeSweepTable(path, results);
  const warning = tableWarning(results.column('outside_table')) ?? null;
  const lost = results.column(`${run.model.variables[0]!.name}_mean`).filter(Number.isNaN).length;
  const notes = [
    ...(lost > 0
      ? [
          `${lost} of ${results.done.length} points have no numbers: their states did not stay finite; a smaller --dt may help.`,
        ]
      : []),
    ...run.notes,
  ];
  const drawn = figures.map(({ stem, svg }) => writeFigure(join(out, `${stem}.svg`), svg).png);
  if (given.figures !== false)
    drawn.push(report(join(out, 'report.html'), { kind, plan, results, best, perSubject, figures, notes }));
  const summary = {
    ...{ out, points: results.done.length, ...counts, adapter },
    objectives: objectives.map(({ name, aim }) => ({ name, aim })),
    ...(plan.task.each ? { subjects: plan.task.each.map(({ name }) => name) } : {}),
    best,
    ...(perSubject.length > 0
      ? { best_per_subject: Object.fromEntries(perSubject.map(({ name, best: own }) => [name, own])) }
      : {}),
    ...{ ...more, figures: drawn, warning, notes },
  };
  writeWhole(join(out, 'summary.json'), `${JSON.stringify(summary, undefined, 2)}\n`);
  if (given.json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else if (given.quiet !== true) {
    const lines = [
      adapter === null
        ? `${counts.found} points put together`
        : `${counts.evaluated} points in ${formatSeconds(counts.wall_s)} on ${adapter}${counts.found > 0 ? `, ${counts.found} done before` : ''}`,
      ...best.map((found, place) => `${place + 1}. ${bestLine(found, objectives)}`),
      ...perSubject.map(({ name, best: own }) => `${name}: ${bestLine(own, objectives)}`),
      ...(best[0] ? [`to look at the first: ${best[0].command}`] : []),
      ...(warning === null ? [] : [warning]),
      ...(lost > 0 ? [notes[0]!] : []),
      `table, summary${drawn.length > 0 ? ', figures and report' : ''} in ${out}`,
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
}

function bestLine({ parameters, results }: Found, objectives: readonly BrainObjective[]): string {
  const values = objectives.map(({ name }) => `${name} ${short(results[name]!)}`);
  return `${values.join(', ')} at ${Object.entries(parameters)
    .filter(([name]) => name !== SUBJECT_AXIS)
    .map(([name, value]) => `${name} ${short(value)}`)
    .join(', ')}`;
}

/** Figures of the points: maps of a grid of two parameters, else each number against each parameter. */
export function pointFigures(
  { run, objectives }: BrainTaskPlan,
  results: SweepResults,
  {
    title,
    best,
    ordered = false,
    note: means,
  }: { title: string; best: number | undefined; ordered?: boolean; note?: string },
): DrawnFigure[] {
  const { space, results: names } = results.plan;
  const chosen = [
    ...new Set([
      ...objectives.map(({ name }) => name),
      ...names.filter((name) => USUAL.test(name) || name === `${run.model.variables[0]!.name}_mean`),
    ]),
  ]
    .filter((name) => new Set(results.column(name).filter(Number.isFinite)).size > 1)
    .slice(0, DRAWN);
  if (chosen.length === 0) return [];
  const note = `${run.connectome.name}, ${run.connectome.nodes} ${run.model.title}s, ${run.duration / 1000} s${means === undefined ? '' : `, ${means}`}`;
  if (space.axes?.length === 2) {
    const [x, y] = space.axes.map(({ name, values }) => ({ title: parameterTitle(run, name), values }));
    // Points count the second axis fastest, maps the horizontal one.
    const [across, up] = [x!.values.length, y!.values.length];
    const turned = (values: Float64Array) =>
      values.map((_, cell) => values[(cell % across) * up + Math.floor(cell / across)]!);
    const maps = chosen.map((name) => {
      const aim = objectives.find((each) => each.name === name)?.aim;
      return {
        title: resultTitle(run, name),
        ...(results.column(name).some(Number.isNaN) ? { note: 'grey: no value' } : {}),
        values: turned(results.column(name)),
        ...(aim === 'largest' || aim === 'smallest' ? { best: aim } : {}),
      };
    });
    const svg = explorationMapFigure({ title, note, x: x!, y: y!, maps });
    return [
      {
        stem: 'maps',
        svg,
        caption: 'Numbers of the exploration; a ring marks the best point of an objective.',
      },
    ];
  }
  const points = Array.from(results.done, (_, index) => space.point(index));
  const svg = explorationPointsFigure({
    ...{ title, note, ordered },
    parameters: space.names.map((name, k) => ({
      title: parameterTitle(run, name),
      values: points.map((point) => point[k]!),
    })),
    results: chosen.map((name) => ({ title: resultTitle(run, name), values: results.column(name) })),
    ...(best === undefined ? {} : { best }),
  });
  const caption = ordered
    ? 'Every member of the search, the later the darker; the best one is orange.'
    : 'Every point against each parameter; the best one is orange.';
  return [{ stem: 'points', svg, caption }];
}

function parameterTitle({ model }: BrainTaskPlan['run'], name: string): string {
  const unit = name === 'signalV' ? 'mm/ms' : model.parameters.find((each) => each.name === name)?.unit;
  return unit ? `${name} (${unit})` : name;
}

/** For axes and headings. */
export function resultTitle({ model }: BrainTaskPlan['run'], name: string): string {
  const titles: Record<string, string> = {
    fc_correlation: 'FC/FC correlation',
    fcd_distance: 'FCD distance',
    frequency_hz: 'Dominant frequency (Hz)',
    outside_table: 'Part outside the table',
  };
  if (titles[name] !== undefined) return titles[name];
  const subject = /^fc_correlation\.(.+)$/.exec(name)?.[1];
  if (subject !== undefined) return `FC/FC correlation, ${subject}`;
  const variable = model.variables.find((each) => name.startsWith(`${each.name}_`));
  const what = { mean: 'mean', sd: 'SD', max: 'largest' }[name.slice((variable?.name.length ?? -1) + 1)];
  return variable ? `${variable.name}, ${what}${variable.unit === '' ? '' : ` (${variable.unit})`}` : name;
}

function report(
  path: string,
  {
    kind,
    plan,
    results,
    best,
    perSubject = [],
    figures,
    notes,
  }: Pick<Outcome, 'kind' | 'plan' | 'results' | 'best' | 'perSubject' | 'figures'> & { notes: string[] },
): string {
  const { run, ranges, objectives, task } = plan;
  const runsOfPoint = brainsPerPoint(task, results.plan.space.names);
  const fixed = Object.entries(run.parameters).map(
    ([name, value]) =>
      [parameterTitle(run, name), typeof value === 'number' ? value : `${value.length} values`] as const,
  );
  writeReport(path, {
    title: `${kind === 'fit' ? 'Fit' : 'Exploration'}: ${run.connectome.name}`,
    summary: `${results.count()} points${runsOfPoint > 1 ? ` of ${runsOfPoint} runs each` : ''}: ${run.connectome.nodes} ${run.model.title}s over ${run.duration / 1000} s.`,
    tables: [
      {
        title: 'What varies',
        rows: [
          ...(task.each ? [['subjects, each with its own connectome', task.each.length] as const] : []),
          ...ranges.map(({ name, from, to }) => [parameterTitle(run, name), `${from} to ${to}`] as const),
        ],
      },
      {
        title: 'What stays',
        rows: [
          ...fixed,
          ['duration', run.duration / 1000, 's'] as const,
          ['transient', run.transient / 1000, 's'] as const,
          ['dt', run.dt, 'ms'] as const,
          ...(run.TR === undefined ? [] : [['repetition time', run.TR / 1000, 's'] as const]),
        ],
      },
      ...best.slice(0, BEST).map((found, place) => ({
        title: `${place === 0 ? 'Best point' : `Place ${place + 1}`}${perSubject.length > 1 ? ', mean over subjects' : ''}`,
        rows: [
          ...Object.entries(found.parameters).map(
            ([name, value]) => [parameterTitle(run, name), short(value)] as const,
          ),
          ...objectives.map(({ name }) => [resultTitle(run, name), short(found.results[name]!)] as const),
          ...(place === 0
            ? Object.entries(found.results)
                .filter(([name]) => !objectives.some((each) => each.name === name))
                .map(([name, value]) => [resultTitle(run, name), short(value)] as const)
            : []),
        ],
      })),
      ...(perSubject.length > 1
        ? [
            {
              title: 'Best point of each subject',
              rows: perSubject.map(({ name, best: own }) => [name, bestLine(own, objectives)] as const),
            },
          ]
        : []),
    ],
    figures: figures.map(({ svg, caption }) => ({ svg, caption })),
    foot: `Spikefield ${plan.version}`,
    notes: [...(best[0] ? [`The best point for itself: ${best[0].command}`] : []), ...notes],
  });
  return path;
}

function short(value: number): string {
  return String(Number(value.toPrecision(5)));
}
