/**
 * Rings of second order and with adaptation: the kernel against its twin in double precision, against single mean fields where units hear
 * only themselves, against first order where nothing else is in the state, and against itself, bit for bit.
 *
 * Tolerance against the twin: 1e-5 of the peak of a rate, a current or the response, 1e-4 of that of a covariance (single precision,
 * some hundred steps; as `mean-field/advance.test.ts`). Found: a fifth to a half of that.
 */
import { describe, expect, test } from 'vitest';
import { NonFiniteError } from '../../src/errors.ts';
import { meanField } from '../../src/mean-field/library.ts';
import { type MeanField, type Order, withAfferentInput } from '../../src/mean-field/model.ts';
import { simulateMeanField } from '../../src/mean-field/simulate.ts';
import { readNetwork } from '../../src/models/read-network.ts';
import type { Ring } from '../../src/models/ring.ts';
import { ringConnectivity } from '../../src/ring/connectivity.ts';
import { ringInput } from '../../src/ring/device-ring.ts';
import { prepareUnit, type RingOptions } from '../../src/ring/settings.ts';
import { type RingRun, simulateRings } from '../../src/ring/simulate.ts';
import { testDevice } from '../device.ts';
import { draws } from '../draws.ts';
import { twinRingMoments } from '../twins/ring-moments.ts';
import { corrected, smallRing } from './rings.ts';

const adapting = meanField(readNetwork('config1'), { adaptation: true });

/** What the state of a ring is made of, in its order. */
const NAMES = ['Fe', 'Fi', 'Cee', 'Cei', 'Cii', 'we', 'wi'] as const;

const tolerance = (name: string) => (name.startsWith('C') ? 1e-4 : 1e-5);

/** Largest difference from the twin over the twin's peak, of each variable and of deltaV. */
async function misses(ring: Ring, options: RingOptions): Promise<Record<string, number>> {
  const [run] = await simulateRings(await testDevice(), [ring], { ...options, rates: true });
  const unit = prepareUnit([ring], options);
  const samples = run!.times.length;
  const input = ring.stimulus.kind === 'sampled' ? run!.input : ringInput(ring, samples, unit.dt);
  const { state, order } = unit;
  const at = order === 2 ? [2, 3, 4] : [];
  const [ee, ei, ii] = [0, 1, 2].map((k) => (at.length > 0 ? state[at[k]!]! : 0)) as [number, number, number];
  const [we, wi] = unit.adapting ? Array.from(state.slice(-2)) : [0, 0];
  const twin = twinRingMoments(ring, unit, input, samples, {
    nu: [state[0]!, state[1]!],
    c: [
      [ee, ei],
      [ei, ii],
    ],
    w: [we!, wi!],
  });
  const found: Record<string, number> = {};
  const compare = (name: string, values: Float32Array, expected: number[]) => {
    expect(values.length).toBe(expected.length);
    const peak = Math.max(...expected.map(Math.abs));
    const miss = Math.max(...expected.map((value, k) => Math.abs(value - values[k]!)));
    // A population that does not adapt has a current of 0.
    found[name] = peak === 0 ? (miss === 0 ? 0 : Number.POSITIVE_INFINITY) : miss / peak;
  };
  const flat = (value: (sample: (typeof twin)[number], pixel: number) => number) =>
    twin.flatMap((sample) => sample.units.map((_, pixel) => value(sample, pixel)));
  compare(
    'Fe',
    run!.Fe!,
    flat(({ units }, k) => units[k]!.nu[0]),
  );
  compare(
    'Fi',
    run!.Fi!,
    flat(({ units }, k) => units[k]!.nu[1]),
  );
  compare(
    'deltaV',
    run!.deltaV,
    flat(({ deltaV }, k) => deltaV[k]!),
  );
  if (order === 2) {
    compare(
      'Cee',
      run!.Cee!,
      flat(({ units }, k) => units[k]!.c[0][0]),
    );
    compare(
      'Cei',
      run!.Cei!,
      flat(({ units }, k) => units[k]!.c[0][1]),
    );
    compare(
      'Cii',
      run!.Cii!,
      flat(({ units }, k) => units[k]!.c[1][1]),
    );
  }
  if (unit.adapting) {
    compare(
      'we',
      run!.we!,
      flat(({ units }, k) => units[k]!.w[0]),
    );
    compare(
      'wi',
      run!.wi!,
      flat(({ units }, k) => units[k]!.w[1]),
    );
  }
  // The test can see something.
  expect(Math.max(...run!.Fe!) - Math.min(...run!.Fe!)).toBeGreaterThan(2);
  if (order === 2) expect(Math.max(...run!.Cee!)).toBeGreaterThan(2 * run!.Cee![0]!);
  if (unit.adapting) expect(Math.max(...run!.we!)).toBeGreaterThan(1.1 * run!.we![0]!);
  return found;
}

/** Random numbers in the ring, the stimulus and the unit. */
function randomCase(seed: number): [Ring, Partial<RingOptions>] {
  const { between } = draws(seed);
  const ring = smallRing(
    {
      exc_extent: between(1, 4),
      inh_extent: between(0.5, 3),
      conduction_velocity: between(60, 600),
    },
    { amplitude: between(4, 16), extent: between(0.5, 3), tau1: between(5, 12), tau2: between(15, 30) },
  );
  return [ring, { fraction: between(0.6, 1), dt: between(0.2, 0.5) }];
}

describe('against the twin', () => {
  const cases: [string, Ring, MeanField, Order, Partial<RingOptions>?][] = [
    ['second order', smallRing(), corrected, 2],
    ['adaptation in first order', smallRing(), adapting, 1],
    ['both', smallRing(), adapting, 2],
    ...[1, 2, 3].map((seed): [string, Ring, MeanField, Order, Partial<RingOptions>] => {
      const [ring, options] = randomCase(seed);
      return [`random numbers ${seed}`, ring, adapting, 2, options];
    }),
    ['slow conduction', smallRing({ conduction_velocity: 60 }), adapting, 2],
    ['conduction within a step', smallRing({ conduction_velocity: 5000 }), adapting, 2],
    ['nobody reached', smallRing({ exc_extent: 0.47, inh_extent: 0.45 }, { amplitude: 4 }), adapting, 2],
    [
      'silence, then samples',
      smallRing({
        stimulus: {
          kind: 'sampled',
          dt: 10,
          values: Float64Array.from({ length: 48 }, (_, k) => (k % 12 === 4 && k > 12 ? 12 : 0)),
        },
      }),
      adapting,
      2,
    ],
    ['a sheet', smallRing({ units: 4, rows: 4, extent: 4.8, exc_extent: 2 }, { duration: 40 }), adapting, 2],
  ];
  test.each(cases)('%s', async (_, ring, model, order, options) => {
    const found = await misses(ring, { model, order, ...options });
    console.info(
      Object.entries(found)
        .map(([name, miss]) => `${name} ${miss.toExponential(1)}`)
        .join(' '),
    );
    for (const [name, miss] of Object.entries(found)) expect(miss, name).toBeLessThan(tolerance(name));
  });
});

/** A ring whose units hear nobody but themselves, with the weight 1. */
function alone(stimulus: Ring['stimulus']): Ring {
  // The density of a Gaussian of this standard deviation, in units, is 1 in its middle.
  const extent = 1.5 / Math.sqrt(2 * Math.PI);
  const ring = smallRing({ extent: 18, exc_extent: extent, inh_extent: extent, stimulus });
  const { own, links } = ringConnectivity(ring, 0.5);
  expect(links).toEqual([]);
  expect(own.exc).toBeCloseTo(1, 10);
  expect(own.inh).toBeCloseTo(1, 10);
  return ring;
}

const orders: [string, MeanField, Order][] = [
  ['first order with adaptation', adapting, 1],
  ['second order', corrected, 2],
  ['second order with adaptation', adapting, 2],
];
test.each(orders)('units that hear only themselves are mean fields: %s', async (_, model, order) => {
  const device = await testDevice();
  const dt = 0.5;
  const course = Float64Array.from({ length: 60 }, (_, k) => (k > 5 ? 2 * Math.sin(k / 15) ** 2 : 0));
  const values = Float64Array.from({ length: 720 }, (_, k) => course[Math.floor(k / 12)]!);
  const ring = alone({ kind: 'sampled', dt, values });
  const [run] = await simulateRings(device, [ring], { model, order, dt, rates: true, fraction: 0.8 });
  const unit = prepareUnit([ring], { model, order, dt });
  expect([unit.exc, unit.inh]).toEqual([0, 1]);
  const field = await simulateMeanField(device, [withAfferentInput(model, { dt, values: course }, 0.8)], {
    duration: 29.5,
    dt,
    order,
    integrator: 'euler',
    initial: unit.state,
  });
  const state = order === 2 ? NAMES : NAMES.filter((name) => !name.startsWith('C'));
  const names = unit.adapting ? state : state.slice(0, -2);
  names.forEach((name, v) => {
    const expected = field.states.subarray(v * field.times.length, (v + 1) * field.times.length);
    const peak = Math.max(...expected.map(Math.abs));
    for (let sample = 0; sample < 60; sample++)
      expect(Math.abs(run![name]![12 * sample + 1]! - expected[sample]!)).toBeLessThanOrEqual(
        tolerance(name) * peak,
      );
  });
  expect(Math.max(...run!.Fe!)).toBeGreaterThan(run!.Fe![0]! + 1);
});

test('a unit by itself stays where it rests', async () => {
  const still = alone({ kind: 'sampled', dt: 100, values: new Float64Array(12) });
  const [run] = await simulateRings(await testDevice(), [still], { model: adapting, order: 2, rates: true });
  const { state } = prepareUnit([still], { model: adapting, order: 2 });
  for (const [v, name] of NAMES.entries())
    expect(Math.abs(run![name]!.at(-1)! - state[v]!)).toBeLessThan(1e-5 * Math.abs(state[v]!) + 1e-6);
  expect(Math.max(...run!.deltaV)).toBeLessThan(1e-6);
});

test('rates alone, by the kernel that knows more, are those of first order', async () => {
  const device = await testDevice();
  // Adaptation without effect: nothing feeds the current.
  const none = {
    ...corrected,
    populations: corrected.populations.map((population) => ({
      ...population,
      adaptation: { a: 0, b: 0, tau_w: 100 },
    })),
  };
  const rings = [smallRing(), smallRing({ conduction_velocity: 80 }, { amplitude: 5 })];
  const plain = await simulateRings(device, rings, { model: corrected, rates: true });
  const more = await simulateRings(device, rings, { model: none, rates: true });
  plain.forEach((run, index) => {
    const peak = Math.max(...run.Fe!);
    for (const name of ['Fe', 'Fi'] as const)
      expect(largestDifference(run[name]!, more[index]![name]!)).toBeLessThan(1e-5 * peak);
    expect(largestDifference(run.deltaV, more[index]!.deltaV)).toBeLessThan(1e-5 * Math.max(...run.deltaV));
    expect(Math.max(...more[index]!.we!)).toBe(0);
  });
});

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, k) => Math.max(most, Math.abs(value - b[k]!)), 0);
}

describe('bit for bit', () => {
  const rings = [
    smallRing(),
    smallRing({ conduction_velocity: 80 }),
    smallRing({}, { extent: 2 }),
    smallRing({}, { tau2: 40, duration: 80 }),
    smallRing({}, { amplitude: 5 }),
    smallRing({ exc_extent: 2, inh_extent: 3 }),
    smallRing({}, { tau1: 4 }),
  ];
  const options = { model: adapting, order: 2, rates: true } as const;
  const same = (a: RingRun, b: RingRun) =>
    ['deltaV' as const, ...NAMES].every((name) => {
      const [one, other] = [a[name]!, b[name]!];
      return one.length === other.length && one.every((value, k) => value === other[k]);
    });

  test('alone, in a batch, and in windows of any length', async () => {
    const device = await testDevice();
    const together = await simulateRings(device, rings, { ...options, window: 1000 });
    for (const [index, ring] of rings.entries()) {
      const [run] = await simulateRings(device, [ring], options);
      expect(same(together[index]!, run!)).toBe(true);
      expect(Math.max(...run!.Cee!)).toBeGreaterThan(2 * run!.Cee![0]!);
    }
    for (const window of [1, 7, 50]) {
      const cut = await simulateRings(device, rings, { ...options, window });
      for (const index of rings.keys()) expect(same(cut[index]!, together[index]!)).toBe(true);
    }
  });
});

test('a sheet is the same in windows of any length', async () => {
  const device = await testDevice();
  const sheets = [2, 3].map((exc_extent) =>
    smallRing({ units: 4, rows: 4, extent: 4.8, exc_extent }, { duration: 40 }),
  );
  const options = { model: adapting, order: 2, rates: true } as const;
  const whole = await simulateRings(device, sheets, { ...options, window: 1000 });
  const cut = await simulateRings(device, sheets.toReversed(), { ...options, window: 3 });
  sheets.forEach((_, index) => {
    for (const name of ['deltaV' as const, ...NAMES])
      expect(cut[1 - index]![name]).toEqual(whole[index]![name]);
    expect(Math.max(...whole[index]!.Cee!)).toBeGreaterThan(2 * whole[index]!.Cee![0]!);
  });
});

describe('what is refused', () => {
  test('an order that is none', () => {
    expect(() => prepareUnit([smallRing()], { model: corrected, order: 3 as Order })).toThrow(/order is 3/);
  });

  test('a state that leaves all bounds, with when, where and what', async () => {
    const device = await testDevice();
    // Some neurons rest within second order, and fluctuate beyond all bounds once they are driven.
    const few = {
      ...adapting,
      populations: adapting.populations.map((each) => ({ ...each, size: each.size / 100 })),
    };
    const calm = alone({ kind: 'sampled', dt: 10, values: new Float64Array(120) });
    // Unit 2 alone is driven.
    const values = Float64Array.from({ length: 120 }, (_, k) => (k % 12 === 2 ? 80 : 0));
    const driven = { ...calm, name: 'driven', stimulus: { kind: 'sampled' as const, dt: 10, values } };
    const options = { model: few, order: 2 as const, rates: true };
    const [run] = await simulateRings(device, [calm], options);
    expect(Math.max(...run!.Fe!)).toBeLessThan(10);
    await expect(simulateRings(device, [calm, driven], options)).rejects.toThrow(NonFiniteError);
    await expect(simulateRings(device, [calm, driven], options)).rejects.toThrow(
      /ring driven \(.*\) became unstable: at \d+\.\d ms the (rate|variance) of (exc|inh) in unit 2 of 12 was (not within 2000 Hz|no longer finite).*order 1/,
    );
  });
});
