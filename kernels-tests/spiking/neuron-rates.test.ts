/**
 * Drives whose neurons have rates of their own. As in drive-counts.test.ts, a receptor that decays within one step (tau = dt) and
 * events of 1 nS make g at the beginning of a step the number of events of the step before; V stands still at the reversal potential.
 *
 * Every count is the twin's; its distribution functions are held against Poisson's in double precision, and the counts themselves are
 * judged by statistics, with fixed seeds.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Drive, NeuronCourse, TimeCourse } from '../../src/models/network.ts';
import { estimateMemory } from '../../src/spiking/memory.ts';
import { planNetwork } from '../../src/spiking/plan.ts';
import { Simulation, type SimulationOptions } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { chiSquaredTest, histogram, normalTails, poissonPmf, unlikely } from '../statistics.ts';
import { neuronEvents, poissonSums } from '../twins/fields.ts';
import { cell, courseOf, exc, inh, network, population, projection } from './networks.ts';
import { record, traceAll } from './record.ts';

const dt = 0.1;
const seed = 2 ** 34 + 5;
const lif = cell('LIF');
const counted = { name: 'counted', tau: dt, E_rev: lif.E_L };

function drive(changes: Partial<Drive>): Drive {
  return { receptor: counted, synapses: 10, rate: 0, weight: 1, statistics: 'poisson', ...changes };
}
/** Hz of one of ten synapses that together bring `mean` events a step. */
const hertz = (mean: number) => (mean / (10 * dt)) * 1000;

async function drawCounts(
  drives: Drive[],
  size: number,
  steps: number,
  options: SimulationOptions = {},
): Promise<number[][]> {
  // The population that is looked at is the second: its groups are not those of the network.
  const model = network([population('other', 3, lif), population('driven', size, lif, { drives })], [], {
    dt,
    duration: (steps + 1) * dt,
    receptors: [counted],
  });
  await using simulation = await Simulation.create(await testDevice(), model, {
    seed,
    traces: traceAll(model).slice(1),
    ...options,
  });
  const found = await record(simulation, (steps + 1) * dt);
  const counts = Array.from({ length: steps }, () => new Array<number>(size).fill(0));
  simulation.channels.forEach(({ neuron, variable }, channel) => {
    if (variable !== 'g_counted') return;
    for (let step = 0; step < steps; step++) counts[step]![neuron] = found.traces[channel]![step + 1]!;
  });
  return counts;
}

function twinCounts(of: Drive, size: number, steps: number, parts: number, at = 0): number[][] {
  return Array.from({ length: steps }, (_, step) =>
    Array.from({ length: size }, (_, neuron) =>
      neuronEvents(of, { parts, dt }, { seed, population: 1, drive: at, neuron, step }),
    ),
  );
}

describe('distribution functions', () => {
  test.each([0, 1e-9, 1e-6, 1e-4, 0.01, 0.16, 0.5, 1, 1.7, 3, 4])(
    'of mean %f are those of Poisson',
    (mean) => {
      const lambda = Math.fround(mean);
      const sums = poissonSums(lambda);
      let exact = 0;
      sums.forEach((sum, k) => {
        exact += k === 0 ? Math.exp(-lambda) : poissonPmf(k, lambda);
        // Whole numbers of units, and terms of 24 bits.
        expect(Math.abs(sum / 2 ** 32 - exact)).toBeLessThan(4 * 2 ** -32 + 2e-7 * Math.min(1, lambda));
        // Never above: a sum that reached 1 early would cut counts off.
        if (k > 0) expect(sum).toBeGreaterThanOrEqual(sums[k - 1]!);
      });
      expect(sums.length).toBeLessThan(40);
    },
  );
});

describe('counts', () => {
  const means = [0, 1e-3, 0.05, 0.16, 0.7, 2, 3.9, 4];
  const size = 64;
  const steps = 1500;
  /** Neuron n has the mean of its place among eight. */
  const meanOf = (neuron: number) => means[neuron % means.length]!;
  const of = drive({ rate: hertz(2), profile: Float64Array.from({ length: size }, (_, n) => meanOf(n) / 2) });
  let counts: number[][];
  beforeAll(async () => {
    counts = await drawCounts([of], size, steps);
  });

  test('are those of the twin', () => {
    expect(counts).toEqual(twinCounts(of, size, steps, 1));
  });

  test.each(means)('of neurons of mean %f are Poisson', (mean) => {
    const all = counts.flatMap((row) => row.filter((_, neuron) => meanOf(neuron) === mean));
    const most = all.reduce((a, b) => Math.max(a, b), 0);
    if (mean === 0) return expect(most).toBe(0);
    const expected = Array.from({ length: most + 2 }, (_, k) => all.length * poissonPmf(k, mean));
    expected[most + 1] = Math.max(0, all.length - expected.slice(0, -1).reduce((a, b) => a + b, 0));
    expect(chiSquaredTest(histogram(all, most + 2), expected), 'goodness of fit').toBeGreaterThan(unlikely);
    const sum = all.reduce((a, b) => a + b, 0);
    const expectedSum = mean * all.length;
    expect(normalTails((sum - expectedSum) / Math.sqrt(expectedSum)), 'mean').toBeGreaterThan(unlikely);
    return undefined;
  });

  test('of neurons and steps are independent', () => {
    const z = counts.map((row) =>
      row.map((count, neuron) => (count - meanOf(neuron)) / Math.sqrt(meanOf(neuron) || 1)),
    );
    const live = Array.from({ length: size }, (_, n) => n).filter((n) => meanOf(n) >= 0.05);
    const correlation = (lag: number, distance: number) => {
      let [sum, pairs] = [0, 0];
      for (let step = lag; step < steps; step++)
        for (const n of live) {
          const other = z[step - lag]![n + distance];
          if (other === undefined) continue;
          sum += z[step]![n]! * other;
          pairs++;
        }
      return sum / Math.sqrt(pairs);
    };
    for (const lag of [1, 2, 32]) expect(normalTails(correlation(lag, 0))).toBeGreaterThan(unlikely);
    for (const distance of [1, 2, 4, 8])
      expect(normalTails(correlation(0, distance))).toBeGreaterThan(unlikely);
  });
});

test('large means are the sum of several counts', async () => {
  const means = [0, 0.3, 5, 37, 120, 256];
  const of = drive({ neuronRate: courseOf(1, [means.map(hertz)]) });
  const steps = 400;
  const model = network([population('driven', 6, lif, { drives: [of] })], [], { dt, receptors: [counted] });
  const { parts } = planNetwork(model).fields[0]!;
  expect(parts).toBe(64);
  const counts = await drawCounts([of], means.length, steps);
  expect(counts).toEqual(twinCounts(of, means.length, steps, parts));
  means.forEach((mean, neuron) => {
    const all = counts.map((row) => row[neuron]!);
    const sum = all.reduce((a, b) => a + b, 0);
    if (mean === 0) expect(sum).toBe(0);
    else expect(normalTails((sum - mean * steps) / Math.sqrt(mean * steps))).toBeGreaterThan(unlikely);
    const squares = all.reduce((total, count) => total + (count - mean) ** 2, 0) / steps;
    if (mean > 0) {
      const spread = Math.sqrt((2 + 1 / mean) / steps);
      expect(normalTails((squares / mean - 1) / spread), 'variance').toBeGreaterThan(unlikely);
    }
  });
});

describe('in time', () => {
  const size = 9;
  const rows = Array.from({ length: 7 }, (_, row) =>
    Array.from({ length: size }, (_, neuron) => hertz(((3 * row + neuron) % 8) / 2)),
  );
  const steps = 260;

  test.each([
    ['rows of one step', 0.1],
    ['rows of 3 steps', 0.3],
    ['rows of 5 ms, the last one held', 5],
  ])('%s', async (_, rowTime) => {
    const of = drive({ neuronRate: courseOf(rowTime, rows) });
    const twin = twinCounts(of, size, steps, 1);
    expect(await drawCounts([of], size, steps)).toEqual(twin);
    // Rows at hand are fewer than there are, and wander through their ring.
    for (const chunkSteps of [1, 2, 5, 7, 33])
      expect(await drawCounts([of], size, steps, { chunkSteps })).toEqual(twin);
  });

  test('a profile times a course', async () => {
    const profile = Float64Array.from({ length: size }, (_, neuron) => neuron / 4);
    const rate: TimeCourse = { dt: 0.7, values: Float64Array.of(1, 0, 2, 0.5).map(hertz) };
    const of = drive({ rate, profile });
    const counts = await drawCounts([of], size, steps, { chunkSteps: 10 });
    // Means of up to 4 events: one count each.
    expect(counts).toEqual(twinCounts(of, size, steps, 1));
    expect(counts.every((row) => row[0] === 0)).toBe(true);
    expect(counts.slice(7, 14).flat()).toEqual(new Array(63).fill(0));
  });

  test('beside other drives, whose counts do not change', async () => {
    const plain = drive({ rate: hertz(0.4) });
    const alone = await drawCounts([plain], size, 100);
    const of = drive({ neuronRate: courseOf(1, rows) });
    const both = await drawCounts([plain, of], size, 100);
    const twin = twinCounts(of, size, 100, 1, 1);
    expect(both).toEqual(alone.map((row, step) => row.map((count, neuron) => count + twin[step]![neuron]!)));
  });
});

test('neurons that look for spikes themselves draw the same', async () => {
  const size = 300;
  const model = (changes = {}) => {
    const profile = Float64Array.from({ length: size }, (_, neuron) => neuron / size);
    const drives = [drive({ receptor: exc, synapses: 400, rate: 10, profile })];
    const neuronCurrents = courseOf(
      2,
      [0, 1, 2].map((row) => Array.from({ length: size }, (_, n) => row * n)),
    );
    const half = { rule: 'fixed-probability', probability: 0.1 } as const;
    return network(
      [
        population('exc', size, cell('RS-cell'), { drives }),
        population('inh', 80, cell('FS-cell'), { drives: [drives[0]!] }),
      ].map((each, index) =>
        index === 0
          ? { ...each, neuronCurrents }
          : { ...each, drives: [{ ...drives[0]!, profile: profile.slice(0, 80) }] },
      ),
      [projection(0, 0, exc, 1, half), projection(0, 1, exc, 1, half), projection(1, 0, inh, 5, half)],
      { dt, duration: 60, ...changes },
    );
  };
  const results = [];
  for (const hearing of ['deliver', 'gather', 'together'] as const) {
    await using simulation = await Simulation.create(await testDevice(), model(), { seed: 4, hearing });
    expect(simulation.plan.layout.hearing).toBe(hearing);
    results.push(await record(simulation, 60));
  }
  expect(results[0]!.spikes.length).toBeGreaterThan(100);
  for (const { spikes, V } of results.slice(1)) {
    expect(spikes).toEqual(results[0]!.spikes);
    expect(V).toEqual(results[0]!.V);
  }
});

describe('memory', () => {
  const size = 100_000;
  const row = new Float64Array(size);
  const course = (rows: number): NeuronCourse => ({
    ...{ dt, rows, least: 0, greatest: 1, row: () => row },
    record: { type: 'f4', sha256: 'none' },
  });
  const planOf = (rows: number) =>
    planNetwork(
      network([population('driven', size, lif, { drives: [drive({ neuronRate: course(rows) })] })], [], {
        dt,
        receptors: [counted],
      }),
    );

  test('does not grow with the duration', () => {
    const [short, long] = [planOf(1e4), planOf(1e9)];
    expect(estimateMemory(long)).toEqual(estimateMemory(short));
    expect(4 * long.fieldWords).toBeLessThan(2 ** 25);
    // Chunks are cut for it.
    expect(long.chunkSteps).toBeLessThan(100);
    expect(long.chunkSteps).toBeGreaterThan(10);
  });
});

test('what cannot be drawn is refused', () => {
  const plan = (of: Drive) =>
    planNetwork(network([population('p', 2, lif, { drives: [of] })], [], { receptors: [counted] }));
  const rates = courseOf(1, [[1, 2]]);
  expect(() => plan(drive({ neuronRate: rates, statistics: 'bernoulli' }))).toThrow(
    "populations.p.drive.0 has rates of neurons' own from 1 to 2 Hz with bernoulli statistics",
  );
  expect(() => plan(drive({ neuronRate: courseOf(1, [[-1, 2]]) }))).toThrow('from -1 to 2 Hz');
  expect(() => plan(drive({ neuronRate: courseOf(1, [[1, 1e12]]) }))).toThrow('at most 262144 events a step');
  expect(() => plan(drive({ neuronRate: courseOf(0.25, [[1, 2]]) }))).toThrow(
    'populations.p.drive.0.neuron_rate.dt is 0.25 ms, but a row lasts a whole number of steps of 0.1 ms',
  );
});
