/**
 * `ring`: the paper's grid of rings (six axes, n values of each) by Spikefield, whole and with the residual of each against a recording, and
 * by the same loop in numba on one core and on all and by the notebook's own arithmetic in Python, without residuals, on a part of the grid
 * and scaled by units times steps. What is measured:
 * docs/ring.md.
 */
import { centreRecording } from '../src/analysis/vsd.ts';
import { type Alignment, alignTo } from '../src/analysis/vsd-residual.ts';
import { integerOption } from '../src/cli/options.ts';
import { type AdapterDescription, type Device, openDevice } from '../src/gpu/device.ts';
import { meanField } from '../src/mean-field/library.ts';
import type { MeanField } from '../src/mean-field/model.ts';
import { readNetwork } from '../src/models/read-network.ts';
import { RING_DT, type Ring, ringSteps, ZERLAUT_RING } from '../src/models/ring.ts';
import { ringResiduals, stimulusPositions } from '../src/ring/residual.ts';
import { prepareUnit } from '../src/ring/settings.ts';
import { simulateRings } from '../src/ring/simulate.ts';
import type { Bench, Given, Report } from './bench.ts';
import { ChildFailure } from './child.ts';
import { describeMachine, type Machine } from './machine.ts';
import { inTurn, pairRatios, type Spread, spread } from './pairs.ts';
import { findNumbaRing, jobOf, PythonRings, type RingWay } from './peers/numba-ring.ts';
import { table } from './table.ts';

/** Rings that numba and the notebook's arithmetic run, about. */
const NUMBA_RINGS = 625;
const PYTHON_RINGS = 2;
/** How far the largest response may be apart, relative. */
const AGREEMENT = 1e-4;

interface Run {
  /** Of the whole grid, s; scaled where only a part of it ran. */
  grid_s: number;
  run_s: number;
}

interface Row {
  name: string;
  /** Rings that ran. */
  rings: number;
  grid_s: Spread;
  /** How many times as long as Spikefield, round by round; null for itself. */
  to_spikefield: Spread | null;
  runs: Run[];
}

interface RingBenchResult {
  benchmark: 'ring';
  machine: Machine;
  adapter: AdapterDescription;
  python: object;
  n: number;
  rings: number;
  unit_steps: number;
  rounds: number;
  compile_s: number | null;
  rows: Row[];
}

export interface RingBenchOptions {
  n: number;
  rounds: number;
}

export const ringBench: Bench = {
  name: 'ring',
  about: "Run the paper's grid of rings with Spikefield and, where numba is found, in Python",
  options: [
    { flag: '--n <n>', about: 'Values on each of the six axes (default: 5, 15625 rings)' },
    { flag: '--rounds <n>', about: 'Runs of each, in turn (default: 1)' },
  ],
  run: (given, say) => measure(readRingOptions(given), say),
};

/** @throws InputError where an option is not what it must be */
export function readRingOptions(given: Given): RingBenchOptions {
  return {
    n: integerOption(given.n, '--n', { least: 2, most: 8 }) ?? 5,
    rounds: integerOption(given.rounds, '--rounds', { least: 1, most: 1000 }) ?? 1,
  };
}

/** The paper's grid; the last axis is the fastest. */
export function paperGrid(n: number): Ring[] {
  const axis = (low: number, high: number) =>
    Array.from({ length: n }, (_, k) => low + ((high - low) * k) / (n - 1));
  const rings: Ring[] = [];
  for (const conduction_velocity of axis(50, 600))
    for (const extent of axis(0.2, 2))
      for (const exc_extent of axis(1, 7))
        for (const inh_extent of axis(1, 7))
          for (const tau2 of axis(50, 200))
            for (const tau1 of axis(5, 50)) {
              const stimulus = { kind: 'centre', amplitude: 15, extent, tau1, tau2 } as const;
              const name = `${rings.length}`;
              rings.push({ ...ZERLAUT_RING, name, conduction_velocity, exc_extent, inh_extent, stimulus });
            }
  return rings;
}

async function measure({ n, rounds }: RingBenchOptions, say: (line: string) => void): Promise<Report> {
  const machine = describeMachine();
  if (machine.load_before > machine.cores / 4)
    say(`The machine is busy (load ${machine.load_before.toFixed(1)}): what is measured now says little.`);
  const python = await findNumbaRing();
  if ('absent' in python) say(`Python is not measured: ${python.absent}.`);
  const model = meanField(readNetwork('config1'), { formula: 'as-published' });
  const rings = paperGrid(n);
  const unit = prepareUnit(rings.slice(0, 1), { model });
  const steps = rings.map((ring) => ringSteps(ring) - 1);
  const unit_steps = ZERLAUT_RING.units * steps.reduce((sum, each) => sum + each, 0);
  await using device = await openDevice();
  const alignment = await recordingOf(device, model);
  await ringResiduals(device, rings.slice(0, 4), alignment, { model });
  const rival = 'absent' in python ? undefined : await buildRival(python.python, jobOf(unit, rings), say);
  const threads = 'absent' in python ? 1 : Math.min(python.versions.threads, machine.cores);
  const ways = rival ? pythonWays(rings.length, threads) : [];
  const ends = ways.map(({ every }) => every * (Math.ceil(rings.length / every) - 1));
  const ours = await peaksOf(device, rings, model, [...new Set([0, ...ends])]);
  const contestants = [
    {
      name: 'Spikefield',
      rings: rings.length,
      measure: () => runSpikefield(device, rings, model, alignment),
    },
    ...ways.map((way) => ({
      name: way.name,
      rings: Math.ceil(rings.length / way.every),
      measure: async (): Promise<Run> => {
        const run = await rival!.run(way);
        checkAgreement(way.name, ours.get(0), run.first);
        checkAgreement(way.name, ours.get(run.last_ring), run.last);
        return { grid_s: (run.run_s * unit_steps) / run.unit_steps, run_s: run.run_s };
      },
    })),
  ];
  const runs = await inTurn<Run>(contestants, rounds, (who, round) =>
    say(`round ${round} of ${rounds}, ${who} ...`),
  );
  await rival?.close();
  const seconds = (of: readonly Run[]) => of.map(({ grid_s }) => grid_s);
  const rows = contestants.map(
    ({ name, rings: count }, index): Row => ({
      name,
      rings: count,
      grid_s: spread(seconds(runs[index]!)),
      to_spikefield: index === 0 ? null : spread(pairRatios(seconds(runs[index]!), seconds(runs[0]!))),
      runs: runs[index]!,
    }),
  );
  const result: RingBenchResult = {
    ...{
      benchmark: 'ring',
      machine,
      adapter: device.adapter,
      python,
      n,
      rings: rings.length,
      unit_steps,
      rounds,
    },
    ...{ compile_s: rival?.compile_s ?? null, rows },
  };
  return { result, lines: linesOf(result) };
}

/** Each n-th ring: coprime to the grid's axes, so that all values of all of them are among those chosen. */
function pythonWays(rings: number, threads: number): (RingWay & { name: string })[] {
  const each = (count: number) =>
    Math.max(1, Math.floor(rings / count) + (Math.floor(rings / count) % 5 === 0 ? 1 : 0));
  const numba = (count: number) => ({
    name: `numba, ${count} thread${count === 1 ? '' : 's'}`,
    ...{ way: 'numba' as const, threads: count, every: each(NUMBA_RINGS) },
  });
  return [
    numba(1),
    ...(threads > 1 ? [numba(threads)] : []),
    { name: "the notebook's arithmetic", way: 'python', threads: 1, every: each(PYTHON_RINGS) },
  ];
}

/** The grid and its residuals, all that comes back from the device. */
async function runSpikefield(
  device: Device,
  rings: readonly Ring[],
  model: MeanField,
  alignment: Alignment,
): Promise<Run> {
  const began = performance.now();
  const { residuals } = await ringResiduals(device, rings, alignment, { model });
  const run_s = (performance.now() - began) / 1000;
  const wrong = residuals.findIndex((each) => !Number.isFinite(each));
  if (wrong >= 0) throw new ChildFailure(`the residual of ring ${wrong} is ${residuals[wrong]}`);
  return { grid_s: run_s, run_s };
}

/** Largest responses of the rings that others begin and end with; a ring's numbers are those it has in the grid. */
async function peaksOf(
  device: Device,
  rings: readonly Ring[],
  model: MeanField,
  wanted: readonly number[],
): Promise<Map<number, number>> {
  const runs = await simulateRings(
    device,
    wanted.map((index) => rings[index]!),
    { model },
  );
  const peak = (values: Float32Array) => values.reduce((most, value) => Math.max(most, value), 0);
  return new Map(runs.map(({ deltaV }, k) => [wanted[k]!, peak(deltaV)]));
}

/** A recording to compare with: the paper's ring as dye would show it, 110 frames a second over 14 mm. */
async function recordingOf(device: Device, model: MeanField): Promise<Alignment> {
  const [run] = await simulateRings(device, [ZERLAUT_RING], { model });
  const at = stimulusPositions(ZERLAUT_RING);
  const positions = Float64Array.from({ length: 112 }, (_, k) => -7 + k / 8);
  const times = Float64Array.from({ length: 60 }, (_, k) => (1000 * k) / 110);
  const data = Float64Array.from({ length: positions.length * times.length }, (_, k) => {
    const [place, frame] = [positions[Math.floor(k / times.length)]!, times[k % times.length]!];
    const unit = at.reduce(
      (best, x, index) => (Math.abs(x - place) < Math.abs(at[best]! - place) ? index : best),
      0,
    );
    return run!.deltaV[Math.round(frame / RING_DT) * ZERLAUT_RING.units + unit]!;
  });
  return alignTo(centreRecording({ data, times, positions }), at, { dt: RING_DT });
}

/** Two programs that find another response did not do the same work. Throws ChildFailure. */
export function checkAgreement(name: string, ours: number | undefined, theirs: number): void {
  if (ours !== undefined && Math.abs(ours / theirs - 1) <= AGREEMENT) return;
  throw new ChildFailure(
    `Spikefield finds a largest response of ${ours?.toPrecision(6)}, but ${name} ${theirs.toPrecision(6)}: they did not do the same, so their speeds mean nothing`,
  );
}

/** A rival that cannot be run does not keep Spikefield from being measured. */
async function buildRival(
  python: string,
  job: object,
  say: (line: string) => void,
): Promise<PythonRings | undefined> {
  say('compiling for numba ...');
  try {
    return await PythonRings.build(python, job);
  } catch (error) {
    if (!(error instanceof ChildFailure)) throw error;
    say(`Python is not measured: ${error.message}`);
    return undefined;
  }
}

function linesOf({ machine, adapter, n, rings, unit_steps, rounds, rows }: RingBenchResult): string[] {
  const cells = rows.map(({ name, rings: ran, grid_s, to_spikefield }) => [
    name,
    ran === rings ? 'all' : `${ran}, scaled`,
    grid_s.median.toPrecision(3),
    `${grid_s.min.toPrecision(3)} to ${grid_s.max.toPrecision(3)}`,
    to_spikefield === null ? '-' : to_spikefield.median.toPrecision(3),
  ]);
  return [
    `${machine.cpu}, ${machine.cores} cores (load ${machine.load_before.toFixed(1)} before), ${machine.system}, Node ${machine.node}`,
    `Spikefield ${machine.spikefield} on ${adapter.name}`,
    `the paper's grid, n = ${n}: ${rings} rings of ${ZERLAUT_RING.units} units, ${(unit_steps / 1e6).toFixed(0)} million unit-steps; ${rounds === 1 ? 'one round' : `medians of ${rounds} rounds in turn`}`,
    '',
    ...table([['', 'rings that ran', 'whole grid, s', 'min to max', 'to Spikefield'], ...cells]),
  ];
}
