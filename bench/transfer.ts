/**
 * `transfer`: the transfer function of the RS cell of config1 by Spikefield and by a numba loop on one core, in turn. What is
 * measured and what the columns mean: docs/benchmarks.md.
 */
import { join } from 'node:path';
import { integerOption, quantityOption } from '../src/cli/options.ts';
import type { AdapterDescription } from '../src/gpu/device.ts';
import { libraryCell } from '../src/models/cells.ts';
import { readNetwork } from '../src/models/read-network.ts';
import { evenly } from '../src/transfer/grid.ts';
import { describeSubject, type TransferMeasurement } from '../src/transfer/measure.ts';
import type { Bench, Given, Report } from './bench.ts';
import { ChildFailure, runNode, scratchFolder } from './child.ts';
import { describeMachine, type Machine } from './machine.ts';
import { inTurn, pairRatios, type Spread, spread } from './pairs.ts';
import {
  findNumba,
  type NumbaAbsence,
  type NumbaInstallation,
  type NumbaJob,
  NumbaTransfer,
} from './peers/numba.ts';
import { table } from './table.ts';

const cellName = 'RS-cell';
const networkName = 'config1';
/** Rates of the grid, Hz, on both axes. */
const highest = 20;
/** All runs draw the same input, so that rounds differ in time alone. */
const seed = 1;

type Say = (line: string) => void;

export interface TransferBenchOptions {
  rounds: number;
  /** Values on each axis. */
  points: number;
  repeats: number;
  /** ms */
  duration: number;
  dt: number;
}

/** One measurement of the grid. */
interface Run {
  neuron_steps_per_s: number;
  run_s: number;
  /** From start to end of the process, where it is one of its own. */
  wall_s: number | null;
  /** Over the grid. */
  mean_rate_hz: number;
}

interface Row {
  name: 'Spikefield' | 'numba, 1 thread';
  neuron_steps_per_s: Spread;
  /** Spikefield's neuron-steps per second to this one's, round by round; null for Spikefield. */
  ratio: Spread | null;
  /** Once, before the first run; null where shaders are compiled within each run. */
  compile_s: number | null;
  runs: Run[];
}

export interface TransferResult extends TransferBenchOptions {
  benchmark: 'transfer';
  machine: Machine;
  adapter: AdapterDescription;
  numba: NumbaInstallation | NumbaAbsence;
  cell: string;
  network: string;
  neuron_steps: number;
  rows: Row[];
  failure: string | null;
}

export const transferBench: Bench = {
  name: 'transfer',
  about: `Measure a transfer function with Spikefield and, where it is found, numba`,
  options: [
    { flag: '--rounds <n>', about: 'Runs of each, in turn (default: 3)' },
    { flag: '--points <n>', about: 'Rates on each axis of the grid (default: 10)' },
    { flag: '--repeats <n>', about: 'Neurons at each point (default: 4)' },
    { flag: '--duration <time>', about: 'Simulated time (default: 10 s)' },
    { flag: '--dt <time>', about: 'Time step (default: 0.05 ms)' },
  ],
  run: async (given, say) => measure(readTransferOptions(given), say),
};

/** @throws InputError where an option is not what it must be, or times do not fit the cell */
export function readTransferOptions(given: Given): TransferBenchOptions {
  const options = {
    rounds: integerOption(given.rounds, '--rounds', { least: 1, most: 1000 }) ?? 3,
    points: integerOption(given.points, '--points', { least: 2, most: 1000 }) ?? 10,
    repeats: integerOption(given.repeats, '--repeats', { least: 2, most: 1000 }) ?? 4,
    duration: quantityOption(given.duration, '--duration', 'time') ?? 10_000,
    dt: quantityOption(given.dt, '--dt', 'time') ?? 0.05,
  };
  describeSubject(libraryCell(cellName)!, readNetwork(networkName), settingsOf(options));
  return options;
}

function settingsOf({ dt, duration, repeats }: TransferBenchOptions) {
  return { dt, duration, repeats, seed };
}

async function measure(options: TransferBenchOptions, say: Say): Promise<Report> {
  const machine = describeMachine();
  if (machine.load_before > machine.cores / 4) {
    say(`The machine is busy (load ${machine.load_before.toFixed(1)}): what is measured now says little.`);
  }
  const { points, repeats, duration, dt, rounds } = options;
  const neuron_steps = points * points * repeats * Math.round(duration / dt);
  const numba = await findNumba();
  if ('absent' in numba) say(`numba is not measured: ${numba.absent}.`);
  const { rival, failure } = await compileRival(numba, options, say);

  let adapter: AdapterDescription | undefined;
  const scratch = scratchFolder();
  const spikefield = async (): Promise<Run> => {
    const { run, on } = await runSpikefield(options, scratch);
    adapter = on;
    return run;
  };
  const contestants = [
    { name: 'Spikefield', measure: spikefield },
    ...(rival ? [{ name: 'numba', measure: () => runNumba(rival, neuron_steps) }] : []),
  ];
  const [own, others] = await inTurn<Run>(contestants, rounds, (who, round) => {
    say(`round ${round} of ${rounds}, ${who} ...`);
  });
  await rival?.close();
  const speeds = (runs: readonly Run[]) => runs.map((run) => run.neuron_steps_per_s);
  const rows: Row[] = [
    {
      name: 'Spikefield',
      neuron_steps_per_s: spread(speeds(own!)),
      ratio: null,
      compile_s: null,
      runs: own!,
    },
  ];
  if (rival && others) {
    rows.push({
      name: 'numba, 1 thread',
      neuron_steps_per_s: spread(speeds(others)),
      ratio: spread(pairRatios(speeds(own!), speeds(others))),
      compile_s: rival.compile_s,
      runs: others,
    });
  }
  const result: TransferResult = {
    benchmark: 'transfer',
    machine,
    adapter: adapter!,
    numba,
    ...{ cell: cellName, network: networkName, neuron_steps },
    ...options,
    rows,
    failure,
  };
  return { result, lines: transferLines(result) };
}

/** A rival that cannot be compiled does not keep Spikefield from being measured. */
async function compileRival(
  numba: NumbaInstallation | NumbaAbsence,
  options: TransferBenchOptions,
  say: Say,
): Promise<{ rival?: NumbaTransfer; failure: string | null }> {
  if ('absent' in numba) return { failure: null };
  say('compiling for numba ...');
  const { cell, input } = describeSubject(
    libraryCell(cellName)!,
    readNetwork(networkName),
    settingsOf(options),
  );
  const axis = evenly(0, highest, options.points);
  const job: NumbaJob = { cell, input, nu_e: axis, nu_i: axis, ...settingsOf(options) };
  try {
    return { rival: await NumbaTransfer.build(numba.python, job), failure: null };
  } catch (error) {
    if (!(error instanceof ChildFailure)) throw error;
    say(error.message);
    return { failure: error.message };
  }
}

async function runNumba(rival: NumbaTransfer, neuron_steps: number): Promise<Run> {
  const { run_s, rates_hz } = await rival.run();
  return {
    neuron_steps_per_s: neuron_steps / run_s,
    run_s,
    wall_s: null,
    mean_rate_hz: mean(rates_hz.flat()),
  };
}

/** Spikefield as a user gets it: the command line, in a process of its own. */
async function runSpikefield(
  { points, repeats, duration, dt }: TransferBenchOptions,
  scratch: string,
): Promise<{ run: Run; on: AdapterDescription }> {
  const axis = `0:${highest}:${points}`;
  const args = [
    ...['dist/cli/main.js', 'transfer', 'measure', cellName, '--network', networkName],
    ...['--nu-e', axis, '--nu-i', axis, '--repeats', String(repeats)],
    ...['--duration', `${duration}ms`, '--dt', `${dt}ms`, '--seed', String(seed)],
    ...['--json', '--out', join(scratch, 'measured'), '--force'],
  ];
  const { wall_s, stdout } = await runNode(args);
  const { adapter, cells } = JSON.parse(stdout) as {
    adapter: AdapterDescription;
    cells: { rate_hz: number[][]; timing: TransferMeasurement['timing'] }[];
  };
  const { rate_hz, timing } = cells[0]!;
  const { run_s } = timing;
  // What was asked for counts, not the places of quartets that were not.
  const neuron_steps = points * points * repeats * Math.round(duration / dt);
  const run = { neuron_steps_per_s: neuron_steps / run_s, run_s, wall_s, mean_rate_hz: mean(rate_hz.flat()) };
  return { run, on: adapter };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The report for people. */
function transferLines(result: TransferResult): string[] {
  const { machine, adapter, numba, points, repeats, duration, dt, rounds, neuron_steps } = result;
  const driver = `${adapter.software ? 'computes on the CPU' : 'GPU'}; ${adapter.driver}`;
  const millions = (value: number) => (value / 1e6).toFixed(1);
  const rows = result.rows.map(({ name, neuron_steps_per_s: speed, compile_s, runs }) => [
    name,
    millions(speed.median),
    `${millions(speed.min)} to ${millions(speed.max)}`,
    spread(runs.map(({ run_s }) => run_s)).median.toFixed(2),
    runs[0]!.wall_s === null ? '-' : spread(runs.map(({ wall_s }) => wall_s!)).median.toFixed(2),
    compile_s === null ? '-' : compile_s.toFixed(1),
    runs[0]!.mean_rate_hz.toFixed(3),
  ]);
  const ratio = result.rows[1]?.ratio;
  return [
    `${machine.cpu}, ${machine.cores} cores (load ${machine.load_before.toFixed(1)} before), ${machine.system}, Node ${machine.node}`,
    `Spikefield ${machine.spikefield} on ${adapter.name} (${driver})`,
    'absent' in numba
      ? `numba is not measured: ${numba.absent}; pip install numba, and name its Python in SPIKEFIELD_PYTHON.`
      : `numba ${numba.versions.numba}, NumPy ${numba.versions.numpy}, Python ${numba.versions.python}`,
    ...(result.failure ? [`numba is not measured: ${result.failure}`] : []),
    '',
    `${result.cell} in ${result.network}: ${points} x ${points} points, ${repeats} repeats of ${duration} ms at dt ${dt} ms, ${millions(neuron_steps)} million neuron-steps; ${rounds === 1 ? 'one round' : `medians of ${rounds} rounds in turn`}`,
    '',
    ...table([
      ['', 'million neuron-steps/s', 'min to max', 'run (s)', 'process (s)', 'compile (s)', 'mean rate (Hz)'],
      ...rows,
    ]),
    '',
    ...(ratio
      ? [
          `Spikefield makes ${ratio.median.toFixed(2)} times as many neuron-steps a second as numba on one core${rounds > 1 ? ` (${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)} in single rounds)` : ''}`,
        ]
      : []),
  ];
}
