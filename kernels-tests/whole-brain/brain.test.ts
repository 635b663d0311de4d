/**
 * Brains against their twin in double precision, and against themselves: in batches, windows, layouts, from states.
 * Tolerances: single precision follows double to 5e-3 Hz over 60 ms from random states (rates reach 100 Hz); BOLD, of a range of 0.06,
 * to 2e-8.
 */
import { describe, expect, test } from 'vitest';
import { InputError, NonFiniteError } from '../../src/errors.ts';
import { defaultTables } from '../../src/fokker-planck/default-tables.ts';
import { alnNodes } from '../../src/models/aln.ts';
import { BOLD_DEFAULTS } from '../../src/models/bold.ts';
import { uniforms } from '../../src/random.ts';
import type { BrainGiven } from '../../src/whole-brain/brain-plan.ts';
import { BrainSimulation } from '../../src/whole-brain/brain-simulation.ts';
import { type Coupling, delayMatrix } from '../../src/whole-brain/links.ts';
import { type SimulateBrainOptions, simulateBrain } from '../../src/whole-brain/simulate-brain.ts';
import { testDevice } from '../device.ts';
import type { TwinState } from '../twins/aln.ts';
import { balloonStep, restingBalloon } from '../twins/balloon.ts';
import { runBrainTwin } from '../twins/brain.ts';

const draw = (stream: number, count: number, low: number, high: number) =>
  uniforms([9, 0, 0, 0], [stream, 0], count).map((u) => low + (high - low) * u);

/** A third of the pairs connected; lengths from 0, which is no delay at all. */
function randomBrain(nodes: number, stream: number, shortest = 0): Coupling {
  const there = draw(stream, nodes * nodes, 0, 1);
  const weights = draw(stream + 1, nodes * nodes, 0, 1).map((w, index) => (there[index]! < 0.3 ? w : 0));
  return { nodes, weights, lengths: draw(stream + 2, nodes * nodes, shortest, 120) };
}

const NODES = 11;
const connectome = randomBrain(NODES, 1);
const parameters = {
  mue_ext_mean: draw(4, NODES, 0.5, 2),
  mui_ext_mean: 0.8,
  b: draw(5, NODES, 0, 20),
  a: 3,
  de: 3,
  di: 1.5,
};

/** States, parameters and connectome of the first brain of a simulation in double precision. */
async function twinOf(simulation: BrainSimulation, given: BrainGiven, steps: number) {
  const state = await simulation.state();
  const columns = await initialOf(simulation);
  const initial = Array.from({ length: simulation.plan.nodes }, (_, node) =>
    Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[node]!])),
  ) as TwinState[];
  return runBrainTwin(
    {
      nodes: alnNodes(
        Object.fromEntries(Object.entries(given.parameters!).filter(([name]) => name !== 'signalV')),
      ),
      count: simulation.plan.nodes,
      weights: given.connectome.weights,
      delays: delayMatrix(given.connectome, 20, state.dt),
      ...{ initial, dt: state.dt, steps },
    },
    defaultTables(),
  );
}

/** Variables at the beginning, by running nothing: a state is bytes. */
async function initialOf(simulation: BrainSimulation): Promise<Record<string, Float32Array>> {
  const { states } = await simulation.state();
  const words = new Float32Array(states.slice().buffer);
  const names = [
    ...['mufe', 'mufi', 'IA', 'seem', 'seim', 'siem', 'siim', 'seev', 'seiv', 'siev', 'siiv'],
    ...['mue_ou', 'mui_ou', 'rates_exc', 'rates_inh', 'clipped'],
  ];
  const count = words.length / names.length;
  return Object.fromEntries(
    names.map((name, at) => [
      name,
      Float32Array.from({ length: count }, (_, index) => words[index * names.length + at]!),
    ]),
  );
}

describe('a brain', () => {
  test.each(['together', 'spread'] as const)('follows the twin, %s', async (layout) => {
    const given = { connectome, parameters, seed: 3 };
    await using simulation = await BrainSimulation.create(await testDevice(), { brains: given, layout });
    const twin = await twinOf(simulation, given, 600);
    let [furthest, peak] = [0, 0];
    for await (const window of simulation.run({ duration: 60, sampling: 0.1, window: 7.3 })) {
      for (let node = 0; node < NODES; node++) {
        const ours = window.select({ node });
        window.times.forEach((time, at) => {
          const theirs = twin.rates[node]![Math.round(time / 0.1) - 1]!;
          furthest = Math.max(furthest, Math.abs(theirs - ours[at]!));
          peak = Math.max(peak, theirs);
        });
      }
    }
    expect(peak).toBeGreaterThan(20);
    expect(furthest).toBeLessThan(5e-3);
  });

  test('with BOLD and statistics, as computed from its own rates', async () => {
    const result = await simulateBrain(await testDevice(), {
      brains: { connectome, parameters: { ...parameters, sigma_ou: 0.1 }, seed: 4 },
      ...{ duration: 200, sampling: 0.1, bold: { TR: 50 }, variables: 'recorded', transient: 20 },
    });
    expect([...result.boldTimes]).toEqual([50, 100, 150, 200]);
    for (let node = 0; node < NODES; node++) {
      const rates = result.select({ node });
      const state = restingBalloon();
      const signal = Array.from(rates, (rate) => balloonStep(state, rate, 1e-4, BOLD_DEFAULTS));
      const bold = result.selectBold({ node });
      [499, 999, 1499, 1999].forEach((step, at) => {
        expect(Math.abs(bold[at]! - signal[step]!)).toBeLessThan(2e-8);
      });
      const counted = rates.subarray(200);
      const mean = counted.reduce((sum, rate) => sum + rate, 0) / counted.length;
      const square = counted.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / counted.length;
      expect(Math.abs(result.statistics.mean[node]! - mean)).toBeLessThan(1e-5 * mean);
      expect(Math.abs(result.statistics.sd[node]! - Math.sqrt(square))).toBeLessThan(
        1e-4 * Math.sqrt(square),
      );
      expect(result.statistics.max[node]).toBe(Math.max(...counted));
      const inhibitory = result.select({ variable: 'rates_inh', node }).subarray(200);
      const second = inhibitory.reduce((sum, rate) => sum + rate, 0) / inhibitory.length;
      expect(Math.abs(result.statistics.secondMean[node]! - second)).toBeLessThan(1e-5 * second);
    }
  });

  test('is the same at any place of any batch, bit for bit, with other brains beside it', async () => {
    const device = await testDevice();
    const other = randomBrain(NODES, 40);
    const brains = [
      { connectome, parameters: { ...parameters, sigma_ou: 0.1 }, seed: 1 },
      { connectome: other, parameters: { ...parameters, sigma_ou: 0.05, signalV: 10 }, seed: 2 },
      { connectome, parameters: { ...parameters, sigma_ou: 0.2, signalV: 7 }, seed: 3 },
    ];
    const run = { duration: 60, sampling: 1, bold: { TR: 20 }, variables: 'all' as const };
    const batch = await simulateBrain(device, {
      brains: brains.map((each) => ({
        ...each,
        parameters: { ...parameters, signalV: 20, ...each.parameters },
      })),
      ...run,
    });
    for (const [brain, each] of brains.entries()) {
      const alone = await simulateBrain(device, { brains: each, ...run });
      for (const variable of batch.variables)
        expect(alone.select({ variable })).toEqual(batch.select({ variable, brain }));
      expect(alone.selectBold()).toEqual(batch.selectBold({ brain }));
      const part = (all: Float64Array) => all.slice(brain * NODES, (brain + 1) * NODES);
      expect(alone.statistics.mean).toEqual(part(batch.statistics.mean));
    }
  });

  test.each(['together', 'spread'] as const)(
    'is the same in windows of any length and from a state, %s',
    async (layout) => {
      const device = await testDevice();
      const options: SimulateBrainOptions = {
        brains: { connectome, parameters: { ...parameters, sigma_ou: 0.1 }, seed: 4 },
        ...{ duration: 90, sampling: 1, bold: { TR: 30 }, layout },
      };
      const whole = await simulateBrain(device, options);
      await using simulation = await BrainSimulation.create(device, options);
      const rates: number[] = [];
      const bold: number[] = [];
      const take = async (from: BrainSimulation, duration: number, window: number) => {
        for await (const each of from.run({ ...options, duration, window })) {
          rates.push(...each.samples);
          bold.push(...each.bold);
        }
      };
      await take(simulation, 13.7, 3.1);
      await take(simulation, 30.3, 30.3);
      await using next = await BrainSimulation.create(device, {
        ...options,
        state: await simulation.state(),
      });
      await take(next, 46, 11);
      expect(rates).toEqual([...whole.samples]);
      expect(bold).toEqual([...whole.bold]);
      expect(await next.state()).toEqual(whole.finalState);
    },
  );

  test('larger than a workgroup is spread over several, and with a delay of nothing too', async () => {
    const device = await testDevice();
    const large = randomBrain(300, 60, 8);
    const given = {
      connectome: large,
      parameters: { mue_ext_mean: 1.2, mui_ext_mean: 0.8, Ke_gl: 20 },
      seed: 2,
    };
    await using simulation = await BrainSimulation.create(device, { brains: given });
    expect(simulation.plan.together).toBe(false);
    const twin = await twinOf(simulation, given, 100);
    for await (const window of simulation.run({ duration: 10, sampling: 1 })) {
      for (let node = 0; node < 300; node += 37) {
        window.select({ node }).forEach((rate, at) => {
          expect(Math.abs(rate - twin.rates[node]![10 * at + 9]!)).toBeLessThan(5e-3);
        });
      }
    }
  });

  test('hears inputs over time at their steps, whatever the windows', async () => {
    const device = await testDevice();
    const steps = 400;
    const course = Float64Array.from({ length: steps }, (_, step) => (step >= 200 ? 2 : 0));
    const options = {
      brains: [
        { connectome, parameters },
        { connectome, parameters },
      ],
      ...{ duration: 40, sampling: 1 },
    };
    const plain = await simulateBrain(device, options);
    const pushed = await simulateBrain(device, { ...options, inputs: { ext_exc_current: course } });
    const cut = await simulateBrain(device, { ...options, inputs: { ext_exc_current: course }, window: 3 });
    expect(cut.samples).toEqual(pushed.samples);
    const before = pushed.select({ node: 2 }).subarray(0, 20);
    expect(before).toEqual(plain.select({ node: 2 }).subarray(0, 20));
    expect(pushed.select({ node: 2 })[39]).not.toBe(plain.select({ node: 2 })[39]);
    const each = Array.from({ length: 2 * NODES }, (_, index) =>
      index === NODES + 2 ? course : new Float64Array(steps),
    );
    const single = await simulateBrain(device, { ...options, inputs: { ext_exc_current: each } });
    expect(single.select({ brain: 0 })).toEqual(plain.select({ brain: 0 }));
    expect(single.select({ brain: 1, node: 2 })).not.toEqual(plain.select({ brain: 1, node: 2 }));
  });
});

describe('what cannot be run', () => {
  const run = async (given: Partial<BrainGiven>, rest = {}) =>
    simulateBrain(await testDevice(), {
      brains: { connectome, parameters, ...given },
      duration: 10,
      ...rest,
    });
  const small = (weights: number[], lengths: number[]) => ({ nodes: 2, weights, lengths });

  test.each([
    [
      { connectome: small([0, 1, 1], [0, 30, 30, 0]) },
      'the matrix of weights has 3 values, but 2 nodes need 2 x 2',
    ],
    [{ connectome: small([0, 1, 1, 0], [0, 30, 30]) }, 'the matrix of lengths has 3 values'],
    [
      { connectome: small([0, Number.NaN, 1, 0], [0, 30, 30, 0]) },
      'weights is NaN at row 0, column 1 (from 0)',
    ],
    [
      { connectome: small([0, 1, 1, 0], [0, 0.03, 0.03, 0]) },
      'lengths are in mm, so multiply metres by 1000',
    ],
    [{ connectome: small([0, 1, 1, 0], [0, -3, 30, 0]) }, 'is -3 mm; lengths are not negative'],
    [{ parameters: { signalV: 0 } }, 'signalV is 0, but signals must move'],
    [{ parameters: { mue_ext_mean: [1, 2] } }, 'mue_ext_mean has 2 values, but the connectome has 11 nodes'],
    [{ parameters: { mue_ext_maen: 1 } }, 'did you mean mue_ext_mean?'],
    [{ seed: -1 }, 'a seed is -1'],
    [{ initial: { mufe_int: 1 } }, 'the ALN node has no initial value mufe_int; did you mean mufe_init?'],
    [{ initial: { mufe_init: [1, 2] } }, 'mufe_init has 2 values, but a brain has 11 nodes'],
  ])('%o', async (given, message) => {
    await expect(run(given as Partial<BrainGiven>)).rejects.toThrow(message);
    await expect(run(given as Partial<BrainGiven>)).rejects.toThrow(InputError);
  });

  test('runs that do not fit', async () => {
    await expect(run({}, { bold: { TR: 0.25 } })).rejects.toThrow(
      'TR is 0.25 ms, which is no whole number of steps',
    );
    await expect(run({}, { transient: 10 })).rejects.toThrow('the transient of 10 ms is as long as the run');
    await expect(run({}, { bold: { parameters: { rhoo: 1 } } })).rejects.toThrow('did you mean rho?');
    await expect(
      simulateBrain(await testDevice(), {
        brains: [{ connectome }, { connectome: small([0, 1, 1, 0], [0, 30, 30, 0]) }],
        duration: 10,
      }),
    ).rejects.toThrow('brain 1 has 2 nodes and brain 0 has 11');
    const far = { ...randomBrain(40, 90), lengths: new Float64Array(1600).fill(1e5) };
    const { maxStorageBufferBindingSize: most } = (await testDevice()).limits;
    const brains = new Array(Math.ceil(most / (40 * 65536 * 16)) + 1).fill({ connectome: far });
    await expect(run({}, { brains })).rejects.toThrow(
      /the history of a brain of 40 nodes over 65536 steps takes 41.9 MB, .* binds at most .*: run at most \d+ brains at once/,
    );
    const endless = { ...far, lengths: new Float64Array(1600).fill(2e7) };
    await expect(run({ parameters: {}, connectome: endless })).rejects.toThrow(
      'the longest delay is 1000000 ms',
    );
  });

  test('a state that explodes ends in a sentence', async () => {
    const bad = run({ parameters: { cii: 1e20, Ki: 1e20 } });
    await expect(bad).rejects.toThrow(NonFiniteError);
    await expect(bad).rejects.toThrow(/of node 0 is .* use a smaller dt/);
  });
});
