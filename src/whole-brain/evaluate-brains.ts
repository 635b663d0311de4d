/**
 * Points of an exploration as whole brains: a batch of points is run at once, each with every seed, and leaves a row of numbers for each
 * point. Series live as long as their batch. A brain that goes astray (a state that is no longer finite) leaves NaN and harms no other.
 */
import { DeviceMemoryError, InputError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import { wholeSteps } from './aln-checks.ts';
import { type BrainSeries, measureNames, measuresOf } from './brain-measures.ts';
import { type BrainGiven, type BrainPlan, planBrains } from './brain-plan.ts';
import { fitsTogether } from './brain-room.ts';
import { BrainSimulation } from './brain-simulation.ts';
import { hasDynamics } from './brain-target.ts';
import { type BrainTask, SUBJECT_AXIS } from './brain-task.ts';
import type { BrainWindow } from './brain-window.ts';
import type { NodeGiven } from './node-model.ts';

export interface BrainEvaluator {
  /** Names of the numbers of a row. */
  names: string[];
  /** @returns rows one after another; they do not depend on which points are evaluated together */
  evaluate(
    points: readonly (readonly number[])[],
    onProgress?: (fraction: number) => void,
  ): Promise<Float64Array>;
}

/** The end of a run of which the power spectrum is taken, and the time between its samples, ms. */
const LISTENED = 10_000;
const SAMPLING = 2;
/** What the series of a batch may take in memory, bytes. */
const MOST_SERIES = 2 ** 30;

/**
 * @param vary names of the parameters that a point gives
 * @throws InputError for times that do not fit each other
 */
export function brainEvaluator(device: Device, task: BrainTask, vary: readonly string[]): BrainEvaluator {
  const { choice, heard } = checkTask(task);
  const names = measureNames(choice);
  const { connectome, model, dt, TR, duration, transient } = task;
  const withDynamics = new Set(
    task.target?.subjects.filter(({ dynamics }) => dynamics).map(({ name }) => name),
  );
  return {
    names,
    async evaluate(points, onProgress = () => {}) {
      const runs = points.map((point) => brainsOf(task, vary, point));
      const all = runs.flat();
      const brains = all.map(({ given }) => given);
      await using simulation = await BrainSimulation.create(device, { brains, model, dt });
      const windows: BrainWindow[] = [];
      const run = async (until: number, sampling: number | null) => {
        const from = simulation.time;
        const left = Math.round((until - from) / dt) * dt;
        if (left < dt / 2) return;
        const part = (fraction: number) => onProgress((from + fraction * left) / duration);
        const bold = TR === undefined ? {} : { bold: { TR } };
        const options = { duration: left, sampling, onProgress: part, keepNonFinite: true, ...bold };
        for await (const window of simulation.run(options)) windows.push(window);
      };
      await run(transient, null);
      if (transient > 0) await simulation.restartStatistics();
      await run(duration - heard, null);
      await run(duration, samplingOf(dt));
      const statistics = await simulation.statistics();
      const rows = all.map(({ subject }, brain) =>
        measuresOf(
          choice,
          statistics,
          brain,
          connectome.nodes,
          seriesOf(windows, brain, connectome.nodes, transient, samplingOf(dt)),
          subject,
        ),
      );
      let first = 0;
      return Float64Array.from(
        runs.flatMap((run) => {
          const own = rows.slice(first, first + run.length);
          first += run.length;
          return meanRow(
            names,
            own,
            run.map(({ subject }) => subject),
            withDynamics,
          );
        }),
      );
    },
  };
}

/** Of the brains of one point. Where they are of several subjects, what is said of a recording comes from its subject's brains alone. */
function meanRow(
  names: readonly string[],
  rows: readonly (readonly number[])[],
  subjects: readonly (string | undefined)[],
  withDynamics: ReadonlySet<string>,
): number[] {
  const isMixed = new Set(subjects).size > 1;
  return names.map((name, column) => {
    const of = /^fc_correlation\.(.+)$/s.exec(name)?.[1];
    const isOf = (subject: string | undefined) =>
      !isMixed ||
      ((of === undefined || subject === of) &&
        // Recordings of some subjects may be too short for dynamics.
        (name !== 'fcd_distance' || withDynamics.has(subject!)));
    const values = rows.filter((_, brain) => isOf(subjects[brain])).map((row) => row[column]!);
    return values.reduce((sum, each) => sum + each / values.length, values.length > 0 ? 0 : Number.NaN);
  });
}

/** Brains of one point: subjects, or one, with every seed. */
export function brainsPerPoint({ each, seeds }: BrainTask, vary: readonly string[]): number {
  return seeds.length * (each && !vary.includes(SUBJECT_AXIS) ? each.length : 1);
}

/** Names of the numbers of a row, without a device. Throws as `brainEvaluator`. */
export function taskMeasures(task: BrainTask): string[] {
  return measureNames(checkTask(task).choice);
}

function checkTask({ model, duration, transient, dt, TR, target, seeds }: BrainTask) {
  if (seeds.length === 0) throw new InputError('there is no seed; give at least one', { field: 'seeds' });
  wholeSteps(duration, dt, 'duration');
  if (transient !== 0) wholeSteps(transient, dt, 'transient');
  if (!(transient >= 0 && transient < duration))
    throw new InputError(
      `the transient is ${transient} ms, but the run has ${duration} ms; run for longer than its transient`,
      { field: 'transient' },
    );
  const samples = TR === undefined ? 0 : Math.floor(duration / TR + 1e-9) - Math.floor(transient / TR + 1e-9);
  if (TR !== undefined && samples < 3)
    throw new InputError(
      `a run of ${duration} ms leaves ${samples} samples of BOLD after its transient, but functional connectivity needs at least 3; run for longer`,
      { field: 'duration' },
    );
  const compared = TR === undefined ? undefined : target;
  const choice = {
    model,
    target: compared,
    dynamics: compared !== undefined && hasDynamics(samples, compared),
  };
  // Whole samples from a sample on, so that the spectrum has no seam.
  const sampling = samplingOf(dt);
  const heard = Math.floor(Math.min(LISTENED, duration - transient) / sampling) * sampling;
  return { choice, heard };
}

/** How many points can be run at once before their series fill the memory of the host; at least one. */
export function pointsInMemory({ connectome, duration, transient, TR }: BrainTask, brains: number): number {
  const samples =
    Math.min(LISTENED, duration - transient) / SAMPLING + (TR === undefined ? 0 : duration / TR);
  return Math.max(1, Math.floor(MOST_SERIES / (4 * samples * connectome.nodes * brains)));
}

/** Whole steps that are about as long as wished. */
function samplingOf(dt: number): number {
  return Math.max(1, Math.round(SAMPLING / dt)) * dt;
}

/** A point with each seed, and each subject where it does not name one. */
function brainsOf(
  { connectome, each, parameters, seeds }: BrainTask,
  vary: readonly string[],
  point: readonly number[],
): { given: BrainGiven; subject: string | undefined }[] {
  const varied = Object.fromEntries(vary.map((name, k) => [name, point[k]!]));
  const { [SUBJECT_AXIS]: place, ...rest } = varied;
  const all: NodeGiven = { ...parameters, ...rest };
  const chosen = place === undefined ? each : each?.slice(place, place + 1);
  const brains = chosen ?? [{ name: undefined, connectome }];
  return brains.flatMap(({ name, connectome: own }) =>
    seeds.map((seed) => ({ given: { connectome: own, parameters: all, seed }, subject: name })),
  );
}

/**
 * Refuses what no brain of an exploration could be, before anything is run: parameters are looked at at both ends of their ranges.
 * @returns the plan of the brain (of each subject) with the longest delays
 * @throws InputError
 */
export function requireBrains(
  task: BrainTask,
  given: readonly { name: string; from: number; to: number }[],
): BrainPlan {
  checkTask(task);
  const subjects = given.find(({ name }) => name === SUBJECT_AXIS);
  if (subjects && !(task.each && subjects.from >= 0 && subjects.to < task.each.length))
    throw new InputError(
      `the axis ${SUBJECT_AXIS} runs from ${subjects.from} to ${subjects.to}, but ${task.each ? `there are ${task.each.length} subjects, counted from 0` : 'the task has no brains of subjects; give it each: connectomesOfSubjects(connectome)'}`,
      { field: SUBJECT_AXIS },
    );
  // All subjects stand for every one of them.
  const ranges = given.filter(({ name }) => name !== SUBJECT_AXIS);
  const names = ranges.map(({ name }) => name);
  const twice = names.find((name) => name in task.parameters);
  if (twice !== undefined)
    throw new InputError(`${twice} is set and varied; do one of both`, { field: twice });
  const together = fitsTogether(task.connectome.nodes);
  const ends = (['from', 'to'] as const).map((end) => ranges.map((range) => range[end]));
  const one = { ...task, seeds: [task.seeds[0]!] };
  const plansOf = (points: readonly number[][]) =>
    points.flatMap((point) => brainsOf(one, names, point).map((brain) => brain.given));
  planBrains(task.model, plansOf(ends), { dt: task.dt, together });
  // The slowest signals with the longest delays of nodes' own.
  const longest = ranges.map(({ name, from, to }) => (name === 'signalV' ? from : to));
  return planBrains(task.model, plansOf([longest]), { dt: task.dt, together });
}

/**
 * How many points can be run at once on a device.
 * @param plan of the brain that needs most, of every subject where there are several
 * @param brains of a point
 * @param tables of connectomes: how many a point has for itself, and how many all share
 * @throws DeviceMemoryError where not even one can
 */
export function pointsThatFit(
  { limits, adapter }: Pick<Device, 'limits' | 'adapter'>,
  { rings, links, nodes }: Pick<BrainPlan, 'rings' | 'links' | 'nodes'>,
  { brains, tables }: { brains: number; tables: { own: number; shared: number } },
): number {
  const most = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const table = 16 * links.tableStride;
  // The list of brains lies before the tables, rounded up to 16 bytes.
  const left = most - 16 - table * tables.shared;
  const fit = Math.floor(
    Math.min(most / (16 * rings.stride * brains), left / (4 * brains + table * tables.own)),
  );
  if (fit < 1)
    throw new DeviceMemoryError(
      `${brains === 1 ? 'a brain' : `${brains} brains`} of ${nodes} nodes with delays of up to ${rings.slots} steps ${brains === 1 ? 'does' : 'do'} not fit ${adapter.name}; use fewer seeds${tables.own + tables.shared > 1 ? ' or subjects' : ''}, a higher velocity or a larger dt`,
    );
  return fit;
}

/** BOLD after the transient and the sampled end of a brain, `[node, sample]` each. */
function seriesOf(
  windows: readonly BrainWindow[],
  brain: number,
  nodes: number,
  transient: number,
  sampling: number,
): BrainSeries {
  const rows = (take: (window: BrainWindow) => { times: Float64Array; values: Float32Array }) => {
    const parts = windows.map(take).filter(({ times }) => times.length > 0);
    const count = parts.reduce(
      (sum, { times }) => sum + times.filter((time) => time > transient + 1e-6).length,
      0,
    );
    const all = new Float64Array(nodes * count);
    let column = 0;
    for (const { times, values } of parts)
      times.forEach((time, sample) => {
        if (!(time > transient + 1e-6)) return;
        for (let node = 0; node < nodes; node++)
          all[node * count + column] = values[node * times.length + sample]!;
        column++;
      });
    return all;
  };
  return {
    bold: rows((window) => ({ times: window.boldTimes, values: window.selectBold({ brain }) })),
    samples: rows((window) => ({
      times: window.times,
      values: window.times.length > 0 ? window.select({ brain }) : new Float32Array(),
    })),
    sampling,
  };
}
