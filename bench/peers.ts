/**
 * `peers`: the same networks by Spikefield and by every other simulator that is found, in turn, at several sizes. What is
 * measured and what the columns mean: docs/benchmarks.md.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { integerOption, quantityOption, textOption } from '../src/cli/options.ts';
import { InputError } from '../src/errors.ts';
import { writeFigure } from '../src/figures/write-figure.ts';
import { attempt, writeWhole } from '../src/io/output-file.ts';
import { suggestion } from '../src/models/document/near-names.ts';
import { networkSize } from '../src/models/network.ts';
import type { Bench, Given, Report } from './bench.ts';
import { ChildFailure, scratchFolder } from './child.ts';
import {
  brian2Contender,
  brian2CudaContender,
  type Contender,
  nestContender,
  type Ready,
  spikefieldContender,
} from './contenders.ts';
import { describeMachine } from './machine.ts';
import { inTurn, median, pairRatios, spread } from './pairs.ts';
import { NETWORK_NAMES, networkOf, type PeerNetworkName, type Recipe, recipesOf } from './peer-networks.ts';
import { findBrian2, findBrian2Cuda } from './peers/brian2.ts';
import { findNest } from './peers/nest.ts';
import { TimeLimit } from './peers/time-limit.ts';
import { peersLines, rowName } from './peers-lines.ts';
import { type MeasuredRow, type PeerRow, type PeerRun, type PeersResult, scalings } from './peers-result.ts';
import { scalingFigure } from './scaling-figure.ts';

/** All runs draw the same network and input, so that rounds differ in time alone. */
const seed = 1;
/** Half of a run is left for activity to settle, or this, ms, where that is less. */
const LONGEST_DISCARD = 500;

const PEERS = ['brian2', 'nest', 'brian2cuda'] as const;
type Peer = (typeof PEERS)[number];

export interface PeersOptions {
  networks: PeerNetworkName[];
  /** Neurons of config1, ascending. */
  sizes: number[];
  peers: Peer[];
  rounds: number;
  /** ms */
  duration: number;
  /** For each measurement, s. */
  limit: number;
  out: string | undefined;
}

export const peersBench: Bench = {
  name: 'peers',
  about: 'Simulate networks of several sizes with Spikefield and every peer that is found',
  options: [
    { flag: '--networks <names>', about: `Of ${NETWORK_NAMES.join(', ')} (default: all but million)` },
    { flag: '--sizes <list>', about: 'Neurons of config1 (default: 4000,10000,20000)' },
    { flag: '--peers <names>', about: `Of ${PEERS.join(', ')} (default: all)` },
    { flag: '--rounds <n>', about: 'Runs of each, in turn (default: 3)' },
    { flag: '--duration <time>', about: 'Simulated time (default: 500 ms)' },
    { flag: '--limit <time>', about: 'Longest that one measurement may take (default: 120 s)' },
    { flag: '--out <folder>', about: 'Save peers.json and the scaling figure there' },
  ],
  run: async (given, say) => measure(readPeersOptions(given), say),
};

/** @throws InputError where an option is not what it must be */
export function readPeersOptions(given: Given): PeersOptions {
  const sizes = entries(given.sizes, '--sizes', '4000,10000,20000').map(
    // 500 synapses onto each neuron from fewer than 1000 neurons are another kind of network.
    (size) => integerOption(size, '--sizes', { least: 1000, most: 1_000_000 })!,
  );
  const duration = quantityOption(given.duration, '--duration', 'time') ?? 500;
  if (duration < 20 || Math.abs(duration - Math.round(duration)) > 1e-9) {
    throw new InputError(`--duration is ${duration} ms, but must be a whole number of ms, 20 ms or more`);
  }
  const limit = (quantityOption(given.limit, '--limit', 'time') ?? 120_000) / 1000;
  if (!(limit >= 1 && limit <= 86_400)) {
    throw new InputError(`--limit is ${limit} s, but must be from 1 s to 24 h (86400 s)`);
  }
  return {
    networks: names(given.networks, '--networks', NETWORK_NAMES, 'config1,config1-delay,coba'),
    sizes: [...new Set(sizes)].sort((a, b) => a - b),
    peers: names(given.peers, '--peers', PEERS, PEERS.join(',')),
    rounds: integerOption(given.rounds, '--rounds', { least: 1, most: 1000 }) ?? 3,
    duration: Math.round(duration),
    limit,
    out: textOption(given.out, '--out'),
  };
}

function entries(given: Given[string], option: string, otherwise: string): string[] {
  const list = (textOption(given, option) ?? otherwise).split(',').map((each) => each.trim());
  if (list.includes('')) throw new InputError(`${option} has an empty entry: separate entries by one comma`);
  return list;
}

function names<T extends string>(
  given: Given[string],
  option: string,
  known: readonly T[],
  otherwise: string,
): T[] {
  const found = entries(given, option, otherwise).map((entry) => {
    const name = known.find((each) => each === entry);
    if (name === undefined) throw new InputError(`${option} has ${entry}; ${suggestion(entry, [...known])}`);
    return name;
  });
  return [...new Set(found)];
}

interface Entrant {
  name: string;
  contender: Contender;
}

async function measure(options: PeersOptions, say: (line: string) => void): Promise<Report> {
  const { networks, sizes, rounds, duration, limit, out } = options;
  const machine = describeMachine();
  // A quarter of the cores is what the build that may have come before leaves behind.
  if (machine.load_before > machine.cores / 4) {
    say(`The machine is busy (load ${machine.load_before.toFixed(1)}): what is measured now says little.`);
  }
  // Whoever waited for an hour shall not learn then that there is no place for the result.
  if (out !== undefined) attempt(out, () => mkdirSync(out, { recursive: true }));
  let adapter: PeersResult['adapter'] = null;
  const { entrants, simulators } = await findPeers(options.peers);
  for (const [name, found] of Object.entries(simulators)) {
    if ('absent' in found) say(`${name} is not measured: ${found.absent}.`);
  }
  entrants.unshift({
    name: 'Spikefield',
    contender: spikefieldContender((used) => {
      adapter = used;
    }),
  });
  const scratch = scratchFolder();
  const recipes = networks.flatMap((name) => recipesOf(name, { sizes, duration, scratch }));
  const rows: PeerRow[] = [];
  for (const recipe of recipes) {
    rows.push(...(await measureRecipe(recipe, entrants, { rounds, limit, threads: machine.cores, say })));
  }
  const result: PeersResult = {
    benchmark: 'peers',
    machine,
    adapter,
    simulators,
    seed,
    rounds,
    limit_s: limit,
    rows,
    scaling: scalings(rows),
  };
  const lines = peersLines(result);
  if (out !== undefined) lines.push('', ...save(result, out));
  return { result, lines };
}

async function findPeers(
  peers: readonly Peer[],
): Promise<{ entrants: Entrant[]; simulators: PeersResult['simulators'] }> {
  const entrants: Entrant[] = [];
  const simulators: PeersResult['simulators'] = {};
  const take = (
    name: string,
    found: { python: string; versions: Record<string, string> } | { absent: string },
    contender: (python: string) => Contender,
  ) => {
    simulators[name] = 'absent' in found ? found : found.versions;
    if (!('absent' in found)) entrants.push({ name, contender: contender(found.python) });
  };
  if (peers.includes('brian2')) take('Brian2', await findBrian2(), brian2Contender);
  if (peers.includes('nest')) take('NEST', await findNest(), nestContender);
  if (peers.includes('brian2cuda')) take('Brian2CUDA', await findBrian2Cuda(), brian2CudaContender);
  return { entrants, simulators };
}

interface Circumstances {
  rounds: number;
  limit: number;
  threads: number;
  say: (line: string) => void;
}

/** One network by all; who fails once is not asked again, and has a row that says why. */
async function measureRecipe(
  recipe: Recipe,
  entrants: readonly Entrant[],
  { rounds, limit, threads, say }: Circumstances,
): Promise<PeerRow[]> {
  const network = networkOf(recipe);
  const neurons = networkSize(network);
  const step = Math.round(Math.min(recipe.duration / 2, LONGEST_DISCARD) / network.dt);
  const from = { step, time: Number((step * network.dt).toPrecision(12)) };
  const label = rowName({ network: recipe.name, neurons });
  const taking: { name: string; ready: Ready | null; failure: string | null }[] = [];
  for (const { name, contender } of entrants) {
    say(`${label}: ${name} gets ready ...`);
    const task = {
      ...{ recipe, network, from, seed, threads },
      ...{ scratch: scratchFolder(), limit: new TimeLimit(limit) },
    };
    const { value: ready, failure } = await failing(() => contender(task));
    if (failure !== null) say(`${label}: ${name} is not measured: ${failure}`);
    taking.push({ name, ready, failure });
  }
  const contestants = taking.map((each) => ({
    name: each.name,
    measure: async (): Promise<PeerRun | null> => {
      if (each.ready === null || each.failure !== null) return null;
      const { value, failure } = await failing(each.ready.run);
      each.failure = failure;
      return value;
    },
  }));
  const results = await inTurn(contestants, rounds, (name, round) => {
    const { failure } = taking.find((each) => each.name === name)!;
    if (failure === null) say(`${label}: round ${round} of ${rounds}, ${name} ...`);
  });
  for (const { ready } of taking) await ready?.close();
  return taking.map(({ name, ready, failure }, index) => ({
    network: recipe.name,
    simulator: name,
    neurons,
    duration_ms: recipe.duration,
    statistics_from_ms: from.time,
    failure,
    measured: summary(results[index]!, index === 0 ? null : results[0]!, neurons, ready?.compile_s ?? null),
  }));
}

/** What `work` gives, or the sentence with which it failed. */
async function failing<T>(
  work: () => Promise<T>,
): Promise<{ value: T; failure: null } | { value: null; failure: string }> {
  try {
    return { value: await work(), failure: null };
  } catch (error) {
    if (!(error instanceof ChildFailure)) throw error;
    return { value: null, failure: error.message };
  }
}

/** Medians over the rounds that ended; ratios over those in which Spikefield ended too; of memory the most. */
export function summary(
  rounds: readonly (PeerRun | null)[],
  own: readonly (PeerRun | null)[] | null,
  neurons: number,
  compile_s: number | null,
): MeasuredRow | null {
  const runs = rounds.filter((run) => run !== null);
  const first = runs[0];
  if (first === undefined) return null;
  const pairs = rounds.flatMap((run, round) => {
    const other = own?.[round];
    return run && other ? [[run.wall_s_per_bio_s, other.wall_s_per_bio_s] as const] : [];
  });
  const ratios = pairRatios(
    pairs.map(([theirs]) => theirs),
    pairs.map(([, ours]) => ours),
  );
  const peaks = runs.flatMap((run) => run.peak_rss_bytes ?? []);
  return {
    wall_s_per_bio_s: spread(runs.map((run) => run.wall_s_per_bio_s)),
    ratio: ratios.length > 0 ? spread(ratios) : null,
    synaptic_events_per_s: median(
      runs.map(({ spikes, synapses, run_s }) => (spikes * synapses) / neurons / run_s),
    ),
    compile_s,
    build_s: median(runs.map((run) => run.build_s)),
    peak_rss_bytes: peaks.length > 0 ? Math.max(...peaks) : null,
    synapses: first.synapses,
    spikes: first.spikes,
    activity: first.activity,
    runs: runs.map(({ activity, ...run }) => run),
  };
}

function save(result: PeersResult, folder: string): string[] {
  const json = join(folder, 'peers.json');
  writeWhole(json, `${JSON.stringify(result)}\n`);
  const figure = scalingFigure(result.rows);
  if (figure === null) {
    return [`Saved ${json}; no figure, since nothing was measured.`];
  }
  const { svg, png } = writeFigure(join(folder, 'scaling'), figure);
  return [`Saved ${json}, ${svg} and ${png}.`];
}
