/**
 * `aln`: steps of ALN nodes a second in batches of several sizes by Spikefield, and of a single node by neurolib on one core, in
 * turn. What is measured: docs/benchmarks.md.
 */
import { integerOption } from '../src/cli/options.ts';
import { type AdapterDescription, type Device, openDevice } from '../src/gpu/device.ts';
import { AlnSimulation } from '../src/whole-brain/aln-simulation.ts';
import type { Bench, Given, Report } from './bench.ts';
import { ChildFailure } from './child.ts';
import { describeMachine, type Machine } from './machine.ts';
import { inTurn, pairRatios, type Spread, spread } from './pairs.ts';
import { findNeurolib, NeurolibNode } from './peers/neurolib.ts';
import { table } from './table.ts';

const DT = 0.1;
/** The fast cycle between excitation and inhibition: rates, tables and delays are all in use. */
const PARAMETERS = { mue_ext_mean: 1, mui_ext_mean: 0.4 };
const BATCHES = [1, 50, 961, 100_000];
/** Node-steps of a run: a quarter of a second to a few on a CPU. */
const MOST_NODE_STEPS = 2e7;
/** ms; a single node of neurolib. */
const NEUROLIB_DURATION = 10_000;

interface Run {
  node_steps_per_s: number;
  run_s: number;
}

interface Row {
  name: string;
  node_steps_per_s: Spread;
  /** This row's speed to neurolib's, round by round; null where neurolib is not measured, and for itself. */
  ratio: Spread | null;
  runs: Run[];
}

interface AlnBenchResult {
  benchmark: 'aln';
  machine: Machine;
  adapter: AdapterDescription;
  neurolib: object;
  rounds: number;
  compile_s: number | null;
  rows: Row[];
}

export const alnBench: Bench = {
  name: 'aln',
  about: 'Step ALN nodes in batches with Spikefield and, where it is found, neurolib',
  options: [{ flag: '--rounds <n>', about: 'Runs of each, in turn (default: 3)' }],
  run: (given, say) => measure(readAlnOptions(given), say),
};

/** @throws InputError where an option is not what it must be */
export function readAlnOptions(given: Given): { rounds: number } {
  return { rounds: integerOption(given.rounds, '--rounds', { least: 1, most: 1000 }) ?? 3 };
}

/** Simulated time of a batch, ms: so many node-steps, between 50 ms and 20 s. */
export function durationOf(nodes: number): number {
  return Math.round(Math.min(20_000, Math.max(50, (MOST_NODE_STEPS / nodes) * DT)) / DT) * DT;
}

async function measure({ rounds }: { rounds: number }, say: (line: string) => void): Promise<Report> {
  const machine = describeMachine();
  if (machine.load_before > machine.cores / 4)
    say(`The machine is busy (load ${machine.load_before.toFixed(1)}): what is measured now says little.`);
  const neurolib = await findNeurolib();
  if ('absent' in neurolib) say(`neurolib is not measured: ${neurolib.absent}.`);
  await using device = await openDevice();
  await warmUp(device);
  const rival = 'absent' in neurolib ? undefined : await buildRival(neurolib.python, say);
  const contestants = [
    ...BATCHES.map((nodes) => ({ name: `Spikefield, ${nodes}`, measure: () => runBatch(device, nodes) })),
    ...(rival ? [{ name: 'neurolib, 1', measure: () => runNeurolib(rival) }] : []),
  ];
  const runs = await inTurn<Run>(contestants, rounds, (who, round) =>
    say(`round ${round} of ${rounds}, ${who} ...`),
  );
  await rival?.close();
  const speeds = (of: readonly Run[]) => of.map((run) => run.node_steps_per_s);
  const theirs = rival ? runs[BATCHES.length] : undefined;
  const rows = contestants.map(({ name }, index): Row => {
    const own = runs[index]!;
    const ratio = theirs && own !== theirs ? spread(pairRatios(speeds(own), speeds(theirs))) : null;
    return { name, node_steps_per_s: spread(speeds(own)), ratio, runs: own };
  });
  const result: AlnBenchResult = {
    ...{ benchmark: 'aln', machine, adapter: device.adapter, neurolib, rounds },
    ...{ compile_s: rival?.compile_s ?? null, rows },
  };
  return { result, lines: linesOf(result) };
}

/** Compiles the kernel: a batch pays for that once, and the driver keeps it. */
async function warmUp(device: Device): Promise<void> {
  await using simulation = await AlnSimulation.create(device, { parameters: PARAMETERS });
  await simulation.run({ duration: 10, sampling: null });
}

/** Nodes made before the clock starts; the run and its last state count. */
async function runBatch(device: Device, nodes: number): Promise<Run> {
  const parameters = { ...PARAMETERS, mue_ext_mean: new Float64Array(nodes).fill(PARAMETERS.mue_ext_mean) };
  await using simulation = await AlnSimulation.create(device, { parameters, dt: DT });
  const duration = durationOf(nodes);
  const started = performance.now();
  await simulation.run({ duration, sampling: null });
  const run_s = (performance.now() - started) / 1000;
  return { node_steps_per_s: (nodes * Math.round(duration / DT)) / run_s, run_s };
}

/** A rival that cannot be run does not keep Spikefield from being measured. */
async function buildRival(python: string, say: (line: string) => void): Promise<NeurolibNode | undefined> {
  say('compiling for neurolib ...');
  try {
    return await NeurolibNode.build(python, NEUROLIB_DURATION);
  } catch (error) {
    if (!(error instanceof ChildFailure)) throw error;
    say(`neurolib is not measured: ${error.message}`);
    return undefined;
  }
}

async function runNeurolib(rival: NeurolibNode): Promise<Run> {
  const { run_s } = await rival.run();
  return { node_steps_per_s: NEUROLIB_DURATION / DT / run_s, run_s };
}

function linesOf({ machine, adapter, rounds, rows }: AlnBenchResult): string[] {
  const millions = (value: number) => (value / 1e6).toFixed(2);
  const cells = rows.map(({ name, node_steps_per_s: speed, ratio }) => [
    name,
    millions(speed.median),
    `${millions(speed.min)} to ${millions(speed.max)}`,
    ratio === null ? '-' : ratio.median.toFixed(2),
  ]);
  return [
    `${machine.cpu}, ${machine.cores} cores (load ${machine.load_before.toFixed(1)} before), ${machine.system}, Node ${machine.node}`,
    `Spikefield ${machine.spikefield} on ${adapter.name}`,
    `ALN nodes on the fast cycle, dt ${DT} ms; ${rounds === 1 ? 'one round' : `medians of ${rounds} rounds in turn`}`,
    '',
    ...table([['nodes', 'million node-steps/s', 'min to max', 'times neurolib (1 core)'], ...cells]),
  ];
}
