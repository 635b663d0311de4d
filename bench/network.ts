/**
 * `network`: config1 by Spikefield and by Brian2 in turn, without delay and with a uniform one. What is measured and
 * what the columns mean: docs/benchmarks.md.
 */
import { join } from 'node:path';
import { integerOption, quantityOption, textOption } from '../src/cli/options.ts';
import { InputError } from '../src/errors.ts';
import { type Network, networkSize } from '../src/models/network.ts';
import { networkToJSON } from '../src/models/network-to-json.ts';
import { readNetwork } from '../src/models/read-network.ts';
import { formatQuantity } from '../src/units.ts';
import type { Bench, Given, Report } from './bench.ts';
import { ChildFailure, scratchFolder } from './child.ts';
import { describeMachine } from './machine.ts';
import { networkLines } from './network-lines.ts';
import { type DeviceCost, type Failure, type NetworkTable, networkName, type Row } from './network-result.ts';
import { inTurn, median, pairRatios, spread } from './pairs.ts';
import { Brian2Network, findBrian2 } from './peers/brian2.ts';
import { type Measurement, simulatorName } from './peers/measurement.ts';
import {
  compileSpikefield,
  runSpikefield,
  type SpikefieldJob,
  type SpikefieldRun,
} from './peers/spikefield.ts';

const name = 'config1';
/** All runs draw the same network and input, so that rounds differ in time alone. */
const seed = 1;

type Say = (line: string) => void;

export interface NetworkBenchOptions {
  rounds: number;
  /** ms */
  duration: number;
  /** ms; each is a network of its own. */
  delays: number[];
}

export const networkBench: Bench = {
  name: 'network',
  about: `Simulate ${name} with Spikefield and, where it is found, Brian2`,
  options: [
    { flag: '--rounds <n>', about: 'Runs of each, in turn (default: 3)' },
    { flag: '--duration <time>', about: 'Simulated time (default: 1000 ms)' },
    { flag: '--delay <time|both>', about: 'Delay of all projections (default: both, 0 ms and 1.5 ms)' },
  ],
  run: async (given, say) => measure(readOptions(given), say),
};

/** @throws InputError where an option is not what it must be, or does not fit the network's time step */
export function readOptions(given: Given): NetworkBenchOptions {
  const delay = textOption(given.delay, '--delay') ?? 'both';
  const options = {
    rounds: integerOption(given.rounds, '--rounds', { least: 1, most: 1000 }) ?? 3,
    duration: quantityOption(given.duration, '--duration', 'time') ?? 1000,
    delays: delay === 'both' ? [0, 1.5] : [quantityOption(delay, '--delay', 'time')!],
  };
  const { dt } = configured(options.duration, 0);
  if (Math.round(options.duration / dt) < 2) {
    throw new InputError(
      `--duration is ${options.duration} ms, but must be at least two steps of ${dt} ms: rates are taken over the second half`,
    );
  }
  for (const each of options.delays) {
    const steps = Math.round(each / dt);
    if (steps < 0 || Math.abs(each - steps * dt) > 1e-6 * dt) {
      throw new InputError(
        `--delay is ${each} ms, but must be 0 ms or a multiple of the time step: use ${formatQuantity(stepsTime(Math.max(0, steps), dt), 'time')}`,
      );
    }
  }
  return options;
}

function overridesOf(delay: number): string[] {
  return delay === 0 ? [] : [`projections.*.delay=${delay}ms`];
}

function configured(duration: number, delay: number): Network {
  return readNetwork(name, [...overridesOf(delay), `duration=${duration}ms`]);
}

/** A whole number of steps in ms, without the last digits of the product. */
function stepsTime(steps: number, dt: number): number {
  return Number((steps * dt).toPrecision(12));
}

/** The step at which the second half of a run begins, and its time, ms. */
function secondHalf({ duration, dt }: Network): { step: number; time: number } {
  const step = Math.floor(Math.round(duration / dt) / 2);
  return { step, time: stepsTime(step, dt) };
}

async function measure({ rounds, duration, delays }: NetworkBenchOptions, say: Say): Promise<Report> {
  const machine = describeMachine();
  // A quarter of the cores is what the build that may have come before leaves behind.
  if (machine.load_before > machine.cores / 4) {
    say(`The machine is busy (load ${machine.load_before.toFixed(1)}): what is measured now says little.`);
  }
  const brian2 = await findBrian2();
  if ('absent' in brian2) say(`Brian2 is not measured: ${brian2.absent}.`);
  const python = 'absent' in brian2 ? undefined : brian2.python;
  const measured = [];
  for (const delay of delays) {
    measured.push(await measureNetwork(delay, { rounds, duration, python, cores: machine.cores, say }));
  }
  const result = {
    benchmark: 'network' as const,
    machine,
    adapter: measured[0]!.adapter,
    brian2,
    seed,
    rounds,
    duration_ms: duration,
    rates_from_ms: secondHalf(configured(duration, delays[0]!)).time,
    networks: measured.map(({ table }) => table),
  };
  return { result, lines: networkLines(result) };
}

interface Circumstances {
  rounds: number;
  duration: number;
  /** The Python that has Brian2, if there is one. */
  python: string | undefined;
  cores: number;
  say: Say;
}

async function measureNetwork(
  delay: number,
  { rounds, duration, python, cores, say }: Circumstances,
): Promise<{ table: NetworkTable; adapter: SpikefieldRun['adapter'] }> {
  const network = configured(duration, delay);
  const label = networkName({ network: name, delay_ms: delay });
  const scratch = scratchFolder();
  const { rivals, failures } =
    python === undefined
      ? { rivals: [], failures: [] }
      : await compileRivals(network, { python, cores, scratch, say: (line) => say(`${label}: ${line}`) });

  const job = {
    network: name,
    overrides: overridesOf(delay),
    duration_ms: duration,
    discard_ms: secondHalf(network).time,
    seed,
    scratch,
  };
  say(`${label}: compiling for Spikefield ...`);
  const compiled = await compileSpikefield(job);
  const runs: SpikefieldRun[] = [];
  const spikefield = async () => {
    const run = await runSpikefield(job);
    runs.push(run);
    return run.measurement;
  };
  const contestants = [
    { name: 'Spikefield', measure: spikefield },
    ...rivals.map((rival) => ({ name: rival.name, measure: () => rival.run() })),
  ];
  const [own, ...others] = await inTurn<Measurement>(contestants, rounds, (who, round) => {
    say(`${label}: round ${round} of ${rounds}, ${who} ...`);
  });
  for (const rival of rivals) await rival.close();
  const hasClock = runs.every(({ timing }) => timing.outside_kernels !== null);
  if (hasClock) say(`${label}: timing kernels ...`);
  const kernels = hasClock ? await timeKernels(job) : null;

  const table: NetworkTable = {
    network: name,
    delay_ms: delay,
    neurons: networkSize(network),
    dt_ms: network.dt,
    rows: [
      spikefieldRow(own!, compiled),
      ...rivals.map((rival, index) => brian2Row(rival, others[index]!, own!)),
    ],
    failures,
    device: deviceCost(runs, kernels),
  };
  return { table, adapter: runs[0]!.adapter };
}

/** Compiles the network for all cores and for one thread; one that cannot be compiled does not stop the other. */
async function compileRivals(
  network: Network,
  { python, cores, scratch, say }: { python: string; cores: number; scratch: string; say: Say },
): Promise<{ rivals: Brian2Network[]; failures: Failure[] }> {
  const rivals: Brian2Network[] = [];
  const failures: Failure[] = [];
  for (const threads of cores > 1 ? [cores, 1] : [1]) {
    say(`compiling for ${simulatorName({ simulator: 'Brian2', threads })} ...`);
    const job = {
      network: networkToJSON(network),
      duration_ms: network.duration,
      statistics_from_step: secondHalf(network).step,
      seed,
      threads,
      directory: join(scratch, `brian2-${threads}`),
    };
    try {
      rivals.push(await Brian2Network.build(python, job));
    } catch (error) {
      if (!(error instanceof ChildFailure)) throw error;
      failures.push({ simulator: 'Brian2', threads, reason: error.message });
      say(error.message);
    }
  }
  return { rivals, failures };
}

function spikefieldRow(runs: Measurement[], compiled: number): Row {
  return {
    simulator: 'Spikefield',
    threads: null,
    ...summary(runs),
    ratio: null,
    generate_s: null,
    compile_s: compiled,
    runs,
  };
}

function brian2Row(rival: Brian2Network, runs: Measurement[], own: Measurement[]): Row {
  const times = (each: Measurement[]) => each.map((run) => run.wall_s_per_bio_s);
  return {
    simulator: 'Brian2',
    threads: rival.job.threads,
    ...summary(runs),
    ratio: spread(pairRatios(times(runs), times(own))),
    generate_s: rival.generate_s,
    compile_s: rival.compile_s,
    runs,
  };
}

/** Medians over rounds; of memory the most, since that is what must be there. */
function summary(runs: Measurement[]) {
  const peaks = runs.flatMap((run) => run.peak_rss_bytes ?? []);
  return {
    wall_s_per_bio_s: spread(runs.map((run) => run.wall_s_per_bio_s)),
    build_s: median(runs.map((run) => run.build_s)),
    startup_s: median(runs.map((run) => run.startup_s)),
    peak_rss_bytes: peaks.length > 0 ? Math.max(...peaks) : null,
  };
}

/** Timestamps around every dispatch take time themselves, so that no round has them. */
async function timeKernels(job: SpikefieldJob): Promise<DeviceCost['kernels']> {
  const duration_ms = Math.min(job.duration_ms, mostProfiled);
  const { timing } = await runSpikefield({ ...job, duration_ms, discard_ms: 0, profile: true });
  return timing.kernels ?? null;
}
/** ms */
const mostProfiled = 300;

/** What the engine says of its dispatches, over all rounds. */
function deviceCost(runs: readonly SpikefieldRun[], kernels: DeviceCost['kernels']): DeviceCost {
  const shares = runs.flatMap(({ timing }) => timing.outside_kernels ?? []);
  return {
    window_steps: runs[0]!.timing.window_steps,
    dispatches_per_step: median(runs.map(({ timing }) => timing.dispatches_per_step)),
    share_outside_kernels: shares.length > 0 ? median(shares) : null,
    kernels,
  };
}
