/** What `brain explore` and `brain fit` read alike: the brains, what varies in them, and what they aim at. */
import { InputError } from '../errors.ts';
import type { SweepRange } from '../sweep/space.ts';
import { type BrainObjective, parseObjective } from '../whole-brain/brain-objectives.ts';
import { type BrainTask, brainTask, SUBJECT_AXIS } from '../whole-brain/brain-task.ts';
import { taskMeasures } from '../whole-brain/evaluate-brains.ts';
import { BRAIN_OPTIONS, type BrainRunPlan, brainParameters, readBrainRun } from './brain-options.ts';
import { CONNECTOME_OPTIONS } from './connectome-option.ts';
import { integerOption, listOption, textOption } from './options.ts';
import type { Given, Verb } from './verbs.ts';

export const TASK_OPTIONS: Verb['options'] = [
  ...BRAIN_OPTIONS,
  ['--fcd-window <n>', 'Window of functional connectivity dynamics, samples of BOLD (default: 30)'],
  ['--fcd-step <n>', 'From window to window, samples of BOLD (default: 5)'],
  [
    '--vary <name=from:to[:n]>',
    'A parameter, or signalV, that varies, and of a grid the number of its values; may be repeated',
  ],
  [
    '--objective <name[=aim]>',
    'What is best: a number of the table, with largest, smallest or a value (default: fc_correlation)',
  ],
  ['--no-figures', 'Draw nothing'],
  ['--force', 'Begin anew where an exploration is there already'],
  ['--dry-run', 'Say what it would cost, and stop'],
  ['--json', 'Print one JSON object'],
  ['--quiet', 'No progress, no summary'],
];

export interface BrainTaskPlan {
  task: BrainTask;
  run: BrainRunPlan;
  given: Given;
  /** With the number of values, where one is given. */
  ranges: (SweepRange & { count: number | undefined })[];
  objectives: BrainObjective[];
  batch: number | undefined;
  version: string;
  /** What else decides on numbers: to know the exploration again. */
  remember: unknown;
}

/** @throws InputError where something is missing or does not fit */
export async function readBrainTask(verb: string, given: Given, version: string): Promise<BrainTaskPlan> {
  // No series are kept, so no sampling has to suit the step.
  const run = await readBrainRun({ ...given, rates: false }, verb);
  const [window, step] = [
    integerOption(given.fcdWindow, '--fcd-window', { least: 2 }),
    integerOption(given.fcdStep, '--fcd-step', { least: 1 }),
  ];
  if ((window ?? step) !== undefined && run.TR === undefined)
    throw new InputError('--fcd-window and --fcd-step are of use with --bold alone; give --bold too');
  const { connectome, model, parameters, seeds, duration, transient, dt, TR } = run;
  const task = brainTask({
    ...{ connectome, model, parameters, seeds, duration, transient, dt },
    ...(run.each ? { each: run.each } : {}),
    bold: TR === undefined ? false : { TR },
    dynamics: { ...(window === undefined ? {} : { window }), ...(step === undefined ? {} : { step }) },
  });
  const ranges = listOption(given.vary, '--vary').map((text) => rangeOf(text, run));
  if (ranges.length === 0)
    throw new InputError(
      `spikefield brain ${verb} needs a parameter that varies; write --vary mue_ext_mean=0:3${verb === 'explore' ? ':7' : ''}`,
    );
  const names = taskMeasures(task);
  const aims = listOption(given.objective, '--objective');
  const usual = names.includes('fc_correlation') ? ['fc_correlation'] : [];
  const objectives = (aims.length > 0 ? aims : usual).map((text) => parseObjective(text, names));
  const twice = objectives.find(({ name }, k) => objectives.findIndex((each) => each.name === name) !== k);
  if (twice) throw new InputError(`the objective ${twice.name} is given twice; give it once`);
  return {
    ...{
      task,
      run,
      given,
      ranges,
      objectives,
      version,
      remember: { version, tables: run.tables ?? 'default' },
    },
    batch: integerOption(given.batch, '--batch', { least: 1, most: 1e6 }),
  };
}

function rangeOf(text: string, { model }: BrainRunPlan): SweepRange & { count: number | undefined } {
  const [name = '', range = '', ...more] = text.split('=').map((part) => part.trim());
  const parts = range.split(':');
  if (more.length > 0 || name === '' || parts.length < 2 || parts.length > 3)
    throw new InputError(
      `--vary is "${text}", but is written name=from:to or name=from:to:n, as mue_ext_mean=0:3:7`,
    );
  // Read as --set reads it, with its units.
  const [from, to] = parts.slice(0, 2).map((part) => {
    const value = brainParameters({ set: `${name}=${part}` }, model)[name];
    if (typeof value !== 'number')
      throw new InputError(
        `--vary ${name} runs from ${parts[0]} to ${parts[1]}, but must run from number to number`,
        {
          field: name,
        },
      );
    return value;
  }) as [number, number];
  if (!(to > from))
    throw new InputError(`--vary ${name} runs from ${from} to ${to}; let it end above its beginning`, {
      field: name,
    });
  const count = integerOption(parts[2], `the count of --vary ${name}`, { least: 2, most: 10_000 });
  return { name, from, to, count };
}

/** The command that runs one point for itself, with its series, figures and report. */
export function rerunCommand({ run, given }: BrainTaskPlan, point: Readonly<Record<string, number>>): string {
  const { [SUBJECT_AXIS]: place, ...parameters } = point;
  const subject = place === undefined ? undefined : run.each![place]!.subjects[0]!.name;
  const words = ['spikefield', 'brain', 'run', '--connectome', quoted(run.connectomeText)];
  const flags = [...CONNECTOME_OPTIONS.map(([flag]) => flag), '--model <name>', '--tables <path>'];
  for (const flag of flags) {
    const name = flag.split(' ')[0]!;
    const value = given[name.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())];
    if (name === '--subjects' && subject !== undefined) words.push(name, quoted(`each:${subject}`));
    else if (value === true) words.push(name);
    else if (value !== undefined) words.push(name, quoted(textOption(value, name)!));
  }
  for (const text of listOption(given.set, '--set')) words.push('--set', quoted(text));
  for (const [name, value] of Object.entries(parameters)) words.push('--set', `${name}=${value}`);
  words.push('--duration', `${run.duration}ms`, '--transient', `${run.transient}ms`, '--dt', `${run.dt}ms`);
  if (run.TR !== undefined) words.push('--bold', '--bold-tr', `${run.TR}ms`);
  words.push('--seed', String(run.seeds[0]));
  if (run.seeds.length > 1) words.push('--seeds', String(run.seeds.length));
  return words.join(' ');
}

function quoted(text: string): string {
  return /^[\w./:=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
