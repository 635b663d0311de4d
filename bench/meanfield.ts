/**
 * `meanfield`: instance-steps of the Master Equation of second order a second in a batch, by Spikefield, and by the same equations in
 * Python, on numpy arrays and in numba on one core and on all, in turn. What is measured: docs/benchmarks.md.
 */
import { integerOption, textOption } from '../src/cli/options.ts';
import { InputError } from '../src/errors.ts';
import { type AdapterDescription, type Device, openDevice } from '../src/gpu/device.ts';
import { meanField } from '../src/mean-field/library.ts';
import type { MeanField } from '../src/mean-field/model.ts';
import type { MeanFieldSettings } from '../src/mean-field/settings.ts';
import { simulateMeanField } from '../src/mean-field/simulate.ts';
import { varied } from '../src/mean-field/vary.ts';
import { readNetwork } from '../src/models/read-network.ts';
import type { Bench, Given, Report } from './bench.ts';
import { ChildFailure } from './child.ts';
import { describeMachine, type Machine } from './machine.ts';
import { inTurn, pairRatios, type Spread, spread } from './pairs.ts';
import { findNumbaMeanField, jobOf, PythonMeanField, type PythonWay } from './peers/numba-meanfield.ts';
import { table } from './table.ts';

/** ms */
const DT = 0.1;
/** Over the batch the drive goes from the first to the last, Hz. */
const DRIVES: [number, number] = [3, 5];
const INITIAL = [2, 9, 0, 0, 0];
/** Least part of the work that the slow ways are given. */
const PYTHON_STEPS = 2000;
const NUMPY_STEPS = 20;
/**
 * Floating-point operations of an Euler step of second order of two populations, counted from the shader as it is written: two transfer
 * functions with their derivatives (893 each: 584 products, 293 sums, 16 others), moments (206), Euler's method and the search for NaN
 * (27). Sums, products, quotients, roots, logarithms and largest of two count one each. Count again where shaders/mean-field/advance.wgsl,
 * shaders/transfer/template.wgsl, shaders/common/jets.wgsl or erfc.wgsl change.
 */
export const FLOPS_PER_STEP = 2019;
/** How far rates at the end may be apart from numba's, relative: single precision, and derivatives by differences there. */
const AGREEMENT = 1e-3;

interface Run {
  instance_steps_per_s: number;
  run_s: number;
}

interface Row {
  name: string;
  instance_steps_per_s: Spread;
  /** Spikefield's speed to this row's, round by round; null for itself. */
  spikefield_ratio: Spread | null;
  runs: Run[];
}

interface MeanFieldBenchResult {
  benchmark: 'meanfield';
  machine: Machine;
  adapter: AdapterDescription;
  python: object;
  instances: number;
  steps: number;
  rounds: number;
  compile_s: number | null;
  /** Spikefield's, from its median speed. */
  arithmetic: Arithmetic;
  rows: Row[];
}

/** How busy a device is with the arithmetic of the equations. */
export interface Arithmetic {
  flops_per_instance_step: number;
  gflops: number;
  /** As given, TFLOP/s in single precision; null where it is not. */
  peak_tflops: number | null;
  /** From 0 to 1; null without a peak. */
  share_of_peak: number | null;
}

/** @param speed instance-steps a second; `peak` TFLOP/s. Throws InputError where more than the peak comes out. */
export function arithmeticOf(speed: number, peak: number | undefined): Arithmetic {
  const flops = speed * FLOPS_PER_STEP;
  const share = peak === undefined ? null : flops / (peak * 1e12);
  if (share !== null && share > 1)
    throw new InputError(
      `--peak is ${peak} TFLOP/s, but ${(flops / 1e12).toPrecision(3)} TFLOP/s were reached: give the peak of this device in single precision`,
    );
  return {
    ...{ flops_per_instance_step: FLOPS_PER_STEP, gflops: flops / 1e9 },
    ...{ peak_tflops: peak ?? null, share_of_peak: share },
  };
}

export interface MeanFieldBenchOptions {
  instances: number;
  steps: number;
  rounds: number;
  /** Of the device in single precision, TFLOP/s. */
  peak?: number;
}

export const meanFieldBench: Bench = {
  name: 'meanfield',
  about:
    'Advance mean fields of second order in a batch with Spikefield and, where numba is found, in Python',
  options: [
    { flag: '--batch <n>', about: 'Parameter sets (default: 20000)' },
    { flag: '--steps <n>', about: 'Euler steps of 0.1 ms (default: 500)' },
    { flag: '--rounds <n>', about: 'Runs of each, in turn (default: 3)' },
    { flag: '--peak <TFLOP/s>', about: "The device's peak in single precision, to tell the share reached" },
  ],
  run: (given, say) => measure(readMeanFieldOptions(given), say),
};

/** @throws InputError where an option is not what it must be */
export function readMeanFieldOptions(given: Given): MeanFieldBenchOptions {
  const peak = readPeak(given);
  return {
    ...(peak === undefined ? {} : { peak }),
    instances: integerOption(given.batch, '--batch', { least: 2, most: 1_000_000 }) ?? 20_000,
    steps: integerOption(given.steps, '--steps', { least: 10, most: 100_000 }) ?? 500,
    rounds: integerOption(given.rounds, '--rounds', { least: 1, most: 1000 }) ?? 3,
  };
}

function readPeak(given: Given): number | undefined {
  const text = textOption(given.peak, '--peak');
  if (text === undefined) return undefined;
  const peak = Number(text.trim() || Number.NaN);
  if (!(peak > 0 && Number.isFinite(peak)))
    throw new InputError(
      `--peak is ${text}, but must be a number of TFLOP/s above 0, as 67 for single precision on an H200`,
    );
  return peak;
}

async function measure(options: MeanFieldBenchOptions, say: (line: string) => void): Promise<Report> {
  const { instances, steps, rounds } = options;
  const machine = describeMachine();
  if (machine.load_before > machine.cores / 4)
    say(`The machine is busy (load ${machine.load_before.toFixed(1)}): what is measured now says little.`);
  const python = await findNumbaMeanField();
  if ('absent' in python) say(`Python is not measured: ${python.absent}.`);
  const model = meanField(readNetwork('config1'));
  const models = batchOf(model, instances);
  await using device = await openDevice();
  await simulateMeanField(device, models.slice(0, 64), settingsOf(1000));
  const rival = 'absent' in python ? undefined : await buildRival(python.python, model, say);
  const threads = 'absent' in python ? 1 : Math.min(python.versions.threads, machine.cores);
  const ways: (PythonWay & { name: string })[] = rival ? pythonWays(options, threads) : [];
  const contestants = [
    { name: 'Spikefield', measure: () => runSpikefield(device, models, steps) },
    ...ways.map((way) => ({ name: way.name, measure: () => runPython(rival!, way) })),
  ];
  const runs = await inTurn(contestants, rounds, (who, round) =>
    say(`round ${round} of ${rounds}, ${who} ...`),
  );
  await rival?.close();
  ways.forEach((way, index) => {
    // Only those that advanced the same instances as long end where Spikefield does.
    if (way.instances === instances && way.steps === steps)
      checkAgreement(way.name, runs[0]![0]!.ends, runs[index + 1]![0]!.ends);
  });
  const speeds = (of: readonly Run[]) => of.map((run) => run.instance_steps_per_s);
  const rows = contestants.map(
    ({ name }, index): Row => ({
      name,
      instance_steps_per_s: spread(speeds(runs[index]!)),
      spikefield_ratio: index === 0 ? null : spread(pairRatios(speeds(runs[0]!), speeds(runs[index]!))),
      runs: runs[index]!.map(({ instance_steps_per_s, run_s }) => ({ instance_steps_per_s, run_s })),
    }),
  );
  const result: MeanFieldBenchResult = {
    ...{ benchmark: 'meanfield', machine, adapter: device.adapter, python, instances, steps, rounds },
    ...{ compile_s: rival?.compile_s ?? null, rows },
    arithmetic: arithmeticOf(rows[0]!.instance_steps_per_s.median, options.peak),
  };
  return { result, lines: linesOf(result) };
}

/** The model with drives from the first to the last. */
function batchOf(model: MeanField, instances: number): MeanField[] {
  const [first, last] = DRIVES;
  return Array.from({ length: instances }, (_, k) =>
    varied(model, { drive: first + ((last - first) * k) / (instances - 1) }),
  );
}

/** ms; only the end is kept. */
const settingsOf = (steps: number): MeanFieldSettings => ({
  ...{ duration: steps * DT, dt: DT, every: steps * DT },
  ...{ order: 2, integrator: 'euler', initial: INITIAL },
});

/** Plain Python and numpy, a hundred times slower, do less of it; numba does all. */
function pythonWays(
  { instances, steps }: MeanFieldBenchOptions,
  threads: number,
): (PythonWay & { name: string })[] {
  const numba = (count: number): PythonWay & { name: string } => ({
    ...{ name: `numba, ${count} thread${count === 1 ? '' : 's'}`, way: 'numba', threads: count },
    ...{ instances, steps },
  });
  return [
    { name: 'Python', way: 'python', threads: 1, instances: 1, steps: PYTHON_STEPS },
    { name: 'numpy', way: 'numpy', threads: 1, instances, steps: Math.min(steps, NUMPY_STEPS) },
    numba(1),
    ...(threads > 1 ? [numba(threads)] : []),
  ];
}

interface RunWithEnds extends Run {
  /** Rates of the first and the last instance at the end, Hz. */
  ends: number[];
}

/** All of it: models to numbers of the device, the run, and the samples back. */
async function runSpikefield(
  device: Device,
  models: readonly MeanField[],
  steps: number,
): Promise<RunWithEnds> {
  const started = performance.now();
  const run = await simulateMeanField(device, models, settingsOf(steps));
  const run_s = (performance.now() - started) / 1000;
  const ends = [run.last(0), run.last(models.length - 1)].flatMap((state) => [state[0]!, state[1]!]);
  return { instance_steps_per_s: (models.length * steps) / run_s, run_s, ends };
}

async function runPython(
  rival: PythonMeanField,
  { way, threads, instances, steps }: PythonWay,
): Promise<RunWithEnds> {
  const { run_s, first_hz, last_hz } = await rival.run({ way, threads, instances, steps });
  return { instance_steps_per_s: (instances * steps) / run_s, run_s, ends: [...first_hz, ...last_hz] };
}

/** Two programs that end elsewhere did not do the same work. Throws ChildFailure. */
export function checkAgreement(name: string, ours: readonly number[], theirs: readonly number[]): void {
  const apart = Math.max(
    ...ours.map((value, index) => Math.abs(value / theirs[index]! - 1)),
    ours.length === theirs.length ? 0 : Infinity,
  );
  if (apart <= AGREEMENT) return;
  throw new ChildFailure(
    `Spikefield ends at ${ours.map((value) => value.toPrecision(6)).join(', ')} Hz, but ${name} at ${theirs.map((value) => value.toPrecision(6)).join(', ')} Hz: they did not do the same, so their speeds mean nothing`,
  );
}

/** A rival that cannot be run does not keep Spikefield from being measured. */
async function buildRival(
  python: string,
  model: MeanField,
  say: (line: string) => void,
): Promise<PythonMeanField | undefined> {
  say('compiling for numba ...');
  try {
    return await PythonMeanField.build(python, jobOf(model, INITIAL, DRIVES, DT));
  } catch (error) {
    if (!(error instanceof ChildFailure)) throw error;
    say(`Python is not measured: ${error.message}`);
    return undefined;
  }
}

/** For people. */
export function arithmeticLine({ gflops, peak_tflops, share_of_peak }: Arithmetic): string {
  const done = `Spikefield computes at ${gflops.toPrecision(3)} GFLOP/s (${FLOPS_PER_STEP} operations an instance-step)`;
  return share_of_peak === null
    ? `${done}; give the device's peak with --peak to see the share of it`
    : `${done}, ${(100 * share_of_peak).toPrecision(3)} % of the peak of ${peak_tflops} TFLOP/s`;
}

function linesOf(result: MeanFieldBenchResult): string[] {
  const { machine, adapter, instances, steps, rounds, rows } = result;
  const millions = (value: number) => (value / 1e6).toPrecision(3);
  const cells = rows.map(({ name, instance_steps_per_s: speed, spikefield_ratio: ratio }) => [
    name,
    millions(speed.median),
    `${millions(speed.min)} to ${millions(speed.max)}`,
    ratio === null ? '-' : ratio.median.toPrecision(3),
  ]);
  return [
    `${machine.cpu}, ${machine.cores} cores (load ${machine.load_before.toFixed(1)} before), ${machine.system}, Node ${machine.node}`,
    `Spikefield ${machine.spikefield} on ${adapter.name}`,
    `mean field of config1, second order, Euler, dt ${DT} ms, ${instances} parameter sets, ${steps} steps; ${rounds === 1 ? 'one round' : `medians of ${rounds} rounds in turn`}`,
    '',
    ...table([['', 'million instance-steps/s', 'min to max', 'Spikefield to it'], ...cells]),
    '',
    arithmeticLine(result.arithmetic),
  ];
}
