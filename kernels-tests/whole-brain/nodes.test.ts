/**
 * Wilson-Cowan, Hopf and FitzHugh-Nagumo nodes: against their twins in double precision, against neurolib's series from the same
 * initial states (neurolib-nodes.json: 0.6.2, float64), and against themselves in batches and pieces.
 * Tolerances: 1e-3 of the peak over 300 ms against neurolib, 1e-4 of it over 100 ms against the twins; noise within 4
 * standard errors of the difference (12 numbers, all but once in a thousand times).
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { uniforms } from '../../src/random.ts';
import { NODE_DEFINITIONS, nodeModel } from '../../src/whole-brain/defined-model.ts';
import { NodeSimulation, simulateNodes } from '../../src/whole-brain/node-simulation.ts';
import { testDevice } from '../device.ts';
import { fitzHughNagumo } from '../twins/fitzhugh-nagumo.ts';
import { hopf } from '../twins/hopf.ts';
import { runNodeTwin } from '../twins/node-run.ts';
import { wilsonCowan } from '../twins/wilson-cowan.ts';

interface Case {
  parameters: Record<string, number>;
  initial: Record<string, number>;
  series: Record<string, number[]>;
  peak: Record<string, number>;
}

interface Noise {
  parameters: Record<string, number>;
  initial: Record<string, number>;
  duration_ms: number;
  from_ms: number;
  statistics: Record<string, Record<'mean' | 'sd', { mean: number; sem: number }>>;
}

const neurolib = JSON.parse(readFileSync(new URL('neurolib-nodes.json', import.meta.url), 'utf8')) as {
  every_steps: number;
  duration_ms: number;
  models: Record<string, Case[]>;
  noise: Record<string, Noise>;
};

const twins = { 'wilson-cowan': wilsonCowan, hopf, 'fitzhugh-nagumo': fitzHughNagumo };
const names = Object.keys(twins) as (keyof typeof twins)[];

/** Initial values by name; the OU inputs rest at 0 where neurolib's do. */
function initialOf(name: string, given: Record<string, number>): Record<string, number> {
  return Object.fromEntries(nodeModel(name).variables.map(({ initial }) => [initial, given[initial] ?? 0]));
}

test('every definition has a twin and a reference', () => {
  expect(NODE_DEFINITIONS.map((each) => each.name)).toEqual(names);
  expect(Object.keys(neurolib.models)).toEqual(names);
});

describe.each(names)('%s', (name) => {
  const model = nodeModel(name);
  const [first, second] = model.variables.map((each) => each.name) as [string, string];

  test('follows neurolib from the same state', async () => {
    const device = await testDevice();
    for (const { parameters, initial, series, peak } of neurolib.models[name]!) {
      const result = await simulateNodes(device, model, {
        ...{ parameters, initial: initialOf(name, initial) },
        ...{ duration: neurolib.duration_ms, sampling: neurolib.every_steps * 0.1 },
      });
      for (const variable of [first, second]) {
        const theirs = series[variable]!;
        const ours = result.select({ variable, node: 0 });
        expect(ours.length).toBe(theirs.length);
        const worst = theirs.reduce((most, value, k) => Math.max(most, Math.abs(value - ours[k]!)), 0);
        expect(worst / peak[variable]!, `${variable} of ${JSON.stringify(parameters)}`).toBeLessThan(1e-3);
      }
    }
  });

  test('follows its twin with random parameters and inputs', async () => {
    const count = 8;
    const steps = 1000;
    const draw = (stream: number, n: number, from: number, to: number) =>
      uniforms([5, 0, 0, 0], [stream, 0], n).map((u) => from + (to - from) * u);
    const parameters = Object.fromEntries(
      model.parameters
        .filter((each) => each.name !== 'sigma_ou')
        .map(({ name: key, default: value }, index) => [
          key,
          draw(index, count, 0.9 * value - 0.02, 1.1 * value + 0.02).map((each) =>
            key.startsWith('tau') ? Math.abs(each) : each,
          ),
        ]),
    );
    const inputs = {
      [model.inputs[0]!.name]: draw(90, steps, -0.2, 0.2),
      [model.inputs[1]!.name]: draw(91, steps, -0.05, 0.05),
    };
    const device = await testDevice();
    await using simulation = await NodeSimulation.create(device, model, { parameters, seed: 2 });
    const begin = await simulation.state();
    const result = await simulation.run({ duration: steps * 0.1, inputs, window: 50, variables: 'all' });
    for (let node = 0; node < count; node++) {
      const p = {
        sigma_ou: 0,
        ...Object.fromEntries(Object.entries(parameters).map(([k, v]) => [k, v[node]!])),
      };
      const initial = Object.fromEntries(
        model.variables.map(({ name: v }) => [v, begin.variables[v]![node]!]),
      );
      const twin = runNodeTwin(twins[name], p, initial, {
        ...{ dt: 0.1, steps },
        outer: (step) => [inputs[model.inputs[0]!.name]![step]!, inputs[model.inputs[1]!.name]![step]!],
      });
      for (const { name: variable } of model.variables) {
        const ours = result.select({ variable, node });
        const theirs = twin.series[variable]!;
        const peak = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        const worst = theirs.reduce((most, value, k) => Math.max(most, Math.abs(value - ours[k]!)), 0);
        expect(worst, `${variable} of node ${node}`).toBeLessThan(1e-4 * peak + 1e-7);
      }
      const closing = result.select({ variable: first, node }).subarray(steps / 2);
      expect(result.reduction!.extremes[first]!.max[node]).toBe(Math.max(...closing));
      expect(result.reduction!.extremes[first]!.min[node]).toBe(Math.min(...closing));
    }
  });

  test('has the statistics of neurolib under noise', async () => {
    const { parameters, initial, duration_ms, from_ms, statistics } = neurolib.noise[name]!;
    const nodes = 256;
    const result = await simulateNodes(await testDevice(), model, {
      parameters: { ...parameters, K_gl: new Float64Array(nodes) },
      ...{ initial: initialOf(name, initial), duration: duration_ms, sampling: 1, seed: 100 },
    });
    for (const variable of [first, second]) {
      const moments = { mean: [] as number[], sd: [] as number[] };
      for (let node = 0; node < nodes; node++) {
        const values = result.select({ variable, node }).subarray(from_ms);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        moments.mean.push(mean);
        moments.sd.push(
          Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length),
        );
      }
      for (const which of ['mean', 'sd'] as const) {
        const mean = moments[which].reduce((sum, value) => sum + value, 0) / nodes;
        const variance = moments[which].reduce((sum, value) => sum + (value - mean) ** 2, 0) / (nodes - 1);
        const theirs = statistics[variable]![which];
        const errors = Math.hypot(Math.sqrt(variance / nodes), theirs.sem);
        expect(Math.abs(mean - theirs.mean) / errors, `${which} of ${variable}`).toBeLessThan(4);
      }
    }
  });

  test('a batch is its runs, and pieces make the whole, bit for bit, noise included', async () => {
    const device = await testDevice();
    const parameters = { ...neurolib.noise[name]!.parameters };
    const key = Object.keys(parameters)[0]!;
    const values = [parameters[key]!, parameters[key]! + 0.1];
    const options = { parameters: { ...parameters, [key]: values }, seed: 9 };
    const whole = await simulateNodes(device, model, { ...options, duration: 30, sampling: 1 });
    const alone = await simulateNodes(device, model, {
      ...{ parameters: { ...parameters, [key]: values[1]! }, seed: 10, duration: 30, sampling: 1 },
    });
    expect(alone.select({ variable: first })).toEqual(whole.select({ variable: first, node: 1 }));
    const begun = await simulateNodes(device, model, { ...options, duration: 12.3, sampling: 1 });
    const ended = await simulateNodes(device, model, {
      ...{ ...options, initial: begun.finalState, duration: 17.7, sampling: 1 },
    });
    const joined = [begun, ended].flatMap((part) => [...part.select({ variable: second, node: 1 })]);
    expect(joined).toEqual([...whole.select({ variable: second, node: 1 })]);
    expect(ended.finalState).toEqual(whole.finalState);
  });
});

test('the Hopf node turns with radius sqrt(a) at w / 2 pi', async () => {
  const result = await simulateNodes(await testDevice(), nodeModel('hopf'), {
    ...{ parameters: { a: 0.25, w: 0.2 }, duration: 600, window: 500, sampling: null, dt: 0.01 },
  });
  // Explicit Euler widens the circle: a - r^2 = -w^2 dt / 2.
  expect(result.reduction!.extremes.x!.max[0]!).toBeCloseTo(Math.sqrt(0.25 + (0.2 ** 2 * 0.01) / 2), 4);
  expect(result.reduction!.frequency[0]!).toBeCloseTo(200 / (2 * Math.PI), 1);
});

test('what makes no sense is refused', async () => {
  const device = await testDevice();
  const run = (model: string, rest: Partial<Parameters<typeof simulateNodes>[2]>) =>
    simulateNodes(device, nodeModel(model), { duration: 10, ...rest });
  expect(() => nodeModel('hopff')).toThrow('there is no node model hopff; did you mean hopf?');
  await expect(run('hopf', { parameters: { tau_exc: 3 } })).rejects.toThrow(
    'the Hopf node has no parameter tau_exc; it may belong to another model',
  );
  await expect(run('hopf', { parameters: { xs_init: 3 } })).rejects.toThrow('part of the initial state');
  await expect(run('hopf', { parameters: { dt: 3 } })).rejects.toThrow('belongs to the run');
  await expect(run('wilson-cowan', { parameters: { tau_exc: 0 } })).rejects.toThrow(
    'tau_exc is 0, but must be above 0',
  );
  await expect(run('wilson-cowan', { dt: 3, duration: 9 })).rejects.toThrow(
    'dt is 3 ms, above the time constant tau_exc of 2.5 ms',
  );
  await expect(run('hopf', { initial: { xs_init: [1, 2] } })).rejects.toThrow(
    'xs_init has 2 values, but there is 1 node',
  );
  await expect(run('hopf', { initial: { x_init: 1 } })).rejects.toThrow('has no initial value x_init');
  await expect(run('hopf', { inputs: { exc_ext: [1] } })).rejects.toThrow('there is no input exc_ext');
  const other = await run('hopf', {});
  await expect(run('fitzhugh-nagumo', { initial: other.finalState })).rejects.toThrow(
    'the initial state is of the model hopf',
  );
});
