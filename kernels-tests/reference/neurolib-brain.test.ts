/**
 * The brain of neurolib's notebook (80 ALN nodes, connectome `gw`) against neurolib 0.7, with its own table.
 *
 * | what | tolerance |
 * | --- | --- |
 * | delays in steps | equal, halves rounded to even |
 * | without noise, rates of E over the first 500 ms | 1e-3 of the peak |
 * | without noise, mean, SD, least and largest rate of each node over the last of 2 s | 1 %, SD 1 % + 1e-5 Hz |
 * | with noise, mean and SD of the rate of each node over 24 s | 4 standard errors over seeds, at 95 % of nodes; 3 on average over nodes |
 *
 * Functional connectivity is judged on five minutes (docs/whole-brain.md), which is too long for a test.
 */
import { describe, expect, test } from 'vitest';
import { alnModel } from '../../src/whole-brain/aln-model.ts';
import { BrainSimulation } from '../../src/whole-brain/brain-simulation.ts';
import { type Coupling, delayMatrix } from '../../src/whole-brain/links.ts';
import { simulateBrain } from '../../src/whole-brain/simulate-brain.ts';
import { testDevice } from '../device.ts';
import { referenceArray, referenceJson, referencePath } from '../reference.ts';
import { neurolibTables } from '../whole-brain/neurolib.ts';

const reference = referencePath('neurolib', 'whole_brain.json');
const NODES = 80;

interface Deterministic {
  params: Record<string, number>;
  initial_conditions: { rows: string[]; mue_ou: number; mui_ou: number };
  last_1s: Record<'mean' | 'std' | 'min' | 'max', number[]>;
}

interface Noisy {
  rate_mean_per_node: number[];
  rate_std_per_node: number[];
}

interface WholeBrain {
  deterministic: Record<string, Deterministic>;
  runs_24s: Noisy[];
}

const array = (...path: string[]) => Float64Array.from(referenceArray('neurolib', ...path).data);
const connectome = (): Coupling => ({
  nodes: NODES,
  weights: array('gw', 'Cmat.npy'),
  lengths: array('gw', 'lengthMat.npy'),
});

describe.skipIf(!reference)("the notebook's brain", () => {
  const whole = reference
    ? referenceJson<WholeBrain>('neurolib', 'whole_brain.json')
    : ({ deterministic: {}, runs_24s: [] } as WholeBrain);

  test('has delays of as many steps', () => {
    const theirs = array('gw', 'delay_steps_dt0.1_v20_float.npy');
    const ours = delayMatrix(connectome(), 20, 0.1);
    const different = ours.filter(
      (delay, index) => Math.floor(index / NODES) !== index % NODES && delay !== theirs[index],
    );
    expect(different.length).toBe(0);
  });

  test.each(Object.entries(whole.deterministic))('%s, without noise', async (name, given) => {
    const { rows, mue_ou, mui_ou } = given.initial_conditions;
    const start = array('whole_brain', `${name}.initial_conditions.npy`);
    const initial: Record<string, number | Float64Array> = { mue_ou, mui_ou };
    rows.forEach((row, at) => {
      initial[row] = start.subarray(at * NODES, (at + 1) * NODES);
    });
    await using simulation = await BrainSimulation.create(await testDevice(), {
      brains: { connectome: connectome(), parameters: given.params, initial },
      model: alnModel(neurolibTables()),
    });
    const theirs = array('whole_brain', `${name}.rates_exc_1ms.npy`);
    let [furthest, peak] = [0, 0];
    for await (const window of simulation.run({ duration: 1000, sampling: 1 })) {
      for (let node = 0; node < NODES; node++) {
        const ours = window.select({ node });
        window.times.forEach((time, at) => {
          const wanted = theirs[node * 2000 + Math.round(time) - 1]!;
          peak = Math.max(peak, wanted);
          if (time <= 500.01) furthest = Math.max(furthest, Math.abs(wanted - ours[at]!));
        });
      }
    }
    expect(furthest).toBeLessThan(1e-3 * peak);
    await simulation.restartStatistics();
    for await (const _ of simulation.run({ duration: 1000, sampling: null }));
    const { mean, sd, min, max } = await simulation.statistics();
    const { last_1s } = given;
    for (let node = 0; node < NODES; node++) {
      expect(Math.abs(mean[node]! / last_1s.mean[node]! - 1)).toBeLessThan(0.01);
      expect(Math.abs(sd[node]! - last_1s.std[node]!)).toBeLessThan(0.01 * last_1s.std[node]! + 1e-5);
      expect(Math.abs(max[node]! / last_1s.max[node]! - 1)).toBeLessThan(0.01);
      expect(Math.abs(min[node]! - last_1s.min[node]!)).toBeLessThan(0.01 * last_1s.mean[node]!);
    }
  });

  test('with noise: mean and SD of the rates of every node', async () => {
    const seeds = 3;
    const parameters = { mue_ext_mean: 1.57, mui_ext_mean: 1.6, sigma_ou: 0.09, b: 5 };
    const shared = connectome();
    const { statistics } = await simulateBrain(await testDevice(), {
      brains: Array.from({ length: seeds }, (_, seed) => ({ connectome: shared, parameters, seed })),
      model: alnModel(neurolibTables()),
      ...{ duration: 24_000, sampling: null },
    });
    for (const [ours, theirs] of [
      [statistics.mean, (run: Noisy) => run.rate_mean_per_node],
      [statistics.sd, (run: Noisy) => run.rate_std_per_node],
    ] as const) {
      const moments = (values: number[]) => {
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
        return { mean, error: variance / values.length };
      };
      const distance = (a: number[], b: number[]) => {
        const [x, y] = [moments(a), moments(b)];
        return { difference: Math.abs(x.mean - y.mean), error: x.error + y.error };
      };
      const each = Array.from({ length: NODES }, (_, node) =>
        distance(
          Array.from({ length: seeds }, (_, seed) => ours[seed * NODES + node]!),
          whole.runs_24s.map((run) => theirs(run)[node]!),
        ),
      );
      // Few seeds give errors that are uncertain themselves: those of all nodes together are better known.
      const pooled = each.reduce((sum, { error }) => sum + error, 0) / NODES;
      const good = each.filter(
        ({ difference, error }) => difference < 4 * Math.sqrt(Math.max(error, pooled)),
      );
      expect(good.length).toBeGreaterThanOrEqual(0.95 * NODES);
      const mean = (values: ArrayLike<number>) =>
        Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
      const all = distance(
        Array.from({ length: seeds }, (_, seed) => mean(ours.subarray(seed * NODES, (seed + 1) * NODES))),
        whole.runs_24s.map((run) => mean(theirs(run))),
      );
      expect(all.difference).toBeLessThan(3 * Math.sqrt(all.error));
    }
  });
});
