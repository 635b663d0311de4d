/**
 * `brain`: biological seconds per second of waiting of whole brains, 80 ALN nodes with noise, delays and BOLD, in batches of several
 * sizes by Spikefield, and by neurolib in one process and in as many as there are cores, in turn. What is measured: docs/benchmarks.md.
 */
import { integerOption } from '../src/cli/options.ts';
import { type AdapterDescription, type Device, openDevice } from '../src/gpu/device.ts';
import { syntheticConnectome } from '../src/models/synthetic-connectome.ts';
import { BrainSimulation } from '../src/whole-brain/brain-simulation.ts';
import type { Bench, Given, Report } from './bench.ts';
import { ChildFailure } from './child.ts';
import { describeMachine, type Machine } from './machine.ts';
import { inTurn, pairRatios, type Spread, spread } from './pairs.ts';
import { findNeurolib } from './peers/neurolib.ts';
import { NeurolibBrains } from './peers/neurolib-brain.ts';
import { table } from './table.ts';

/** The point of neurolib's notebook: irregular events that travel. */
const PARAMETERS = { mue_ext_mean: 1.57, mui_ext_mean: 1.6, sigma_ou: 0.09, b: 5 };
/** As dense as measured connectomes are: 6226 of 6320 possible connections. */
const CONNECTOME = { nodes: 80, density: 1 };
const BATCHES = [1, 2, 16, 64];
/** Simulated time of all brains of a batch together, and of one run of neurolib, ms. */
const TOGETHER = 20_000;
const LEAST = 1000;
const NEUROLIB_DURATION = 6000;

interface Run {
  /** Biological seconds of all brains per second. */
  speed: number;
  run_s: number;
  mean_rate_hz: number;
}

interface Row {
  name: string;
  speed: Spread;
  /** To neurolib on all cores, round by round; null where neurolib is not measured, and for itself. */
  ratio: Spread | null;
  runs: Run[];
}

interface BrainBenchResult {
  benchmark: 'brain';
  machine: Machine;
  adapter: AdapterDescription;
  neurolib: object;
  rounds: number;
  rows: Row[];
}

export const brainBench: Bench = {
  name: 'brain',
  about: 'Run whole brains in batches with Spikefield and, where it is found, neurolib',
  options: [
    { flag: '--rounds <n>', about: 'Runs of each, in turn (default: 3)' },
    { flag: '--most <n>', about: 'Largest batch of 1, 2, 16, 64, 256, 1024 (default: 64)' },
  ],
  run: (given, say) => measure(readBrainOptions(given), say),
};

export interface BrainBenchOptions {
  rounds: number;
  batches: number[];
}

/** @throws InputError where an option is not what it must be */
export function readBrainOptions(given: Given): BrainBenchOptions {
  const most = integerOption(given.most, '--most', { least: 1, most: 100_000 }) ?? BATCHES.at(-1)!;
  return {
    rounds: integerOption(given.rounds, '--rounds', { least: 1, most: 1000 }) ?? 3,
    batches: [...BATCHES, 256, 1024].filter((batch) => batch <= most),
  };
}

/** Simulated time of each brain of a batch, ms: whole seconds. */
export function durationOf(batch: number): number {
  return Math.max(LEAST, Math.round(TOGETHER / batch / 1000) * 1000);
}

async function measure({ rounds, batches }: BrainBenchOptions, say: (line: string) => void): Promise<Report> {
  const machine = describeMachine();
  if (machine.load_before > machine.cores / 4)
    say(`The machine is busy (load ${machine.load_before.toFixed(1)}): what is measured now says little.`);
  const neurolib = await findNeurolib();
  if ('absent' in neurolib) say(`neurolib is not measured: ${neurolib.absent}.`);
  await using device = await openDevice();
  await runBatch(device, 1, 100); // compiles
  const all = 'absent' in neurolib ? undefined : await buildRival(neurolib.python, machine.cores, say);
  const one = all && 'python' in neurolib ? await buildRival(neurolib.python, 1, say) : undefined;
  const contestants = [
    ...batches.map((batch) => ({
      name: `Spikefield, ${batch}`,
      measure: () => runBatch(device, batch, durationOf(batch)),
    })),
    ...(one ? [{ name: 'neurolib, 1 process', measure: () => runNeurolib(one, 1) }] : []),
    ...(all
      ? [
          {
            name: `neurolib, ${machine.cores} processes`,
            measure: () => runNeurolib(all, machine.cores),
          },
        ]
      : []),
  ];
  const runs = await inTurn<Run>(contestants, rounds, (who, round) =>
    say(`round ${round} of ${rounds}, ${who} ...`),
  );
  await one?.close();
  await all?.close();
  const speeds = (of: readonly Run[]) => of.map((run) => run.speed);
  const theirs = all ? runs.at(-1)! : undefined;
  const rows = contestants.map(({ name }, index): Row => {
    const own = runs[index]!;
    const ratio = theirs && own !== theirs ? spread(pairRatios(speeds(own), speeds(theirs))) : null;
    return { name, speed: spread(speeds(own)), ratio, runs: own };
  });
  const result: BrainBenchResult = {
    ...{ benchmark: 'brain', machine, adapter: device.adapter, neurolib, rounds, rows },
  };
  return { result, lines: linesOf(result) };
}

/** Brains made before the clock starts; reading rates every 10 ms and BOLD back counts. */
async function runBatch(device: Device, batch: number, duration: number): Promise<Run> {
  const connectome = syntheticConnectome(CONNECTOME);
  await using simulation = await BrainSimulation.create(device, {
    brains: Array.from({ length: batch }, (_, seed) => ({ connectome, parameters: PARAMETERS, seed })),
  });
  const started = performance.now();
  for await (const _ of simulation.run({ duration, sampling: 10, bold: true, window: duration }));
  const run_s = (performance.now() - started) / 1000;
  const { mean } = await simulation.statistics();
  return {
    speed: (batch * duration) / 1000 / run_s,
    run_s,
    mean_rate_hz: mean.reduce((sum, rate) => sum + rate, 0) / mean.length,
  };
}

/** A rival that cannot be run does not keep Spikefield from being measured. */
async function buildRival(
  python: string,
  processes: number,
  say: (line: string) => void,
): Promise<NeurolibBrains | undefined> {
  say(`compiling for neurolib in ${processes === 1 ? 'one process' : `${processes} processes`} ...`);
  try {
    const connectome = syntheticConnectome(CONNECTOME);
    return await NeurolibBrains.build(python, processes, {
      ...{ connectome, parameters: PARAMETERS, duration: NEUROLIB_DURATION },
    });
  } catch (error) {
    if (!(error instanceof ChildFailure)) throw error;
    say(`neurolib is not measured: ${error.message}`);
    return undefined;
  }
}

async function runNeurolib(rival: NeurolibBrains, processes: number): Promise<Run> {
  const { run_s, mean_rate_hz } = await rival.run();
  return { speed: (processes * NEUROLIB_DURATION) / 1000 / run_s, run_s, mean_rate_hz };
}

function linesOf({ machine, adapter, rounds, rows }: BrainBenchResult): string[] {
  const cells = rows.map(({ name, speed, ratio }) => [
    name,
    speed.median.toFixed(2),
    `${speed.min.toFixed(2)} to ${speed.max.toFixed(2)}`,
    ratio === null ? '-' : ratio.median.toFixed(2),
  ]);
  return [
    `${machine.cpu}, ${machine.cores} cores (load ${machine.load_before.toFixed(1)} before), ${machine.system}, Node ${machine.node}`,
    `Spikefield ${machine.spikefield} on ${adapter.name}`,
    `brains of ${CONNECTOME.nodes} ALN nodes with noise and BOLD, dt 0.1 ms; ${rounds === 1 ? 'one round' : `medians of ${rounds} rounds in turn`}`,
    '',
    ...table([
      ['brains', 'biological s per s', 'min to max', `times neurolib (${machine.cores} processes)`],
      ...cells,
    ]),
  ];
}
