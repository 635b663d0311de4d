/**
 * Networks of every other node model against neurolib: six nodes, couplings with delays from none to 3 ms, the same initial state, no
 * noise, 100 ms. Single precision is within 1e-3 of the peak (values in neurolib-networks.json are rounded to 1e-7).
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodeModel } from '../../src/whole-brain/defined-model.ts';
import { simulateBold } from '../../src/whole-brain/simulate-bold.ts';
import { simulateBrain } from '../../src/whole-brain/simulate-brain.ts';
import { testDevice } from '../device.ts';

interface Networks {
  nodes: number;
  weights: number[];
  lengths: number[];
  duration_ms: number;
  cases: {
    model: string;
    parameters: Record<string, number>;
    initial: Record<string, number[]>;
    series: number[][];
  }[];
}

const { nodes, weights, lengths, duration_ms, cases } = JSON.parse(
  readFileSync(new URL('neurolib-networks.json', import.meta.url), 'utf8'),
) as Networks;
const connectome = { nodes, weights, lengths };

test.each(cases)('$model', async ({ model, parameters, initial, series }) => {
  const given = { connectome, parameters, initial: { ...initial } };
  const options = { model: nodeModel(model), duration: duration_ms, sampling: 4 };
  for (const layout of ['together', 'spread'] as const) {
    const result = await simulateBrain(await testDevice(), { brains: given, ...options, layout });
    const peak = Math.max(...series.flat().map(Math.abs));
    for (let node = 0; node < nodes; node++) {
      const ours = result.select({ node });
      expect(ours).toHaveLength(series[node]!.length);
      series[node]!.forEach((value, at) => {
        expect(Math.abs(value - ours[at]!)).toBeLessThan(1e-3 * peak);
      });
    }
  }
  const alone = await simulateBrain(await testDevice(), {
    brains: { ...given, parameters: { ...parameters, K_gl: 0 } },
    ...options,
  });
  // Coupling matters in this case.
  expect(
    Math.max(...series[0]!.map((value, at) => Math.abs(value - alone.select({ node: 0 })[at]!))),
  ).toBeGreaterThan(0.01);
});

test('noise and inputs of another model by their own names', async () => {
  const { parameters, initial } = cases[0]!;
  const brains = { connectome, parameters: { ...parameters, sigma_ou: 0.05 }, initial };
  const options = { model: nodeModel(cases[0]!.model), duration: 20, sampling: 1 };
  const course = new Float64Array(200).fill(0.3);
  const pushed = await simulateBrain(await testDevice(), { brains, ...options, inputs: { x_ext: course } });
  const other = await simulateBrain(await testDevice(), {
    brains: { ...brains, parameters: { ...brains.parameters, x_ext: 0.3 } },
    ...options,
  });
  pushed.samples.forEach((value, at) => {
    expect(Math.abs(value - other.samples[at]!)).toBeLessThan(1e-5);
  });
  await expect(
    simulateBrain(await testDevice(), { brains, ...options, inputs: { ext_exc_current: course } }),
  ).rejects.toThrow('there is no input ext_exc_current');
});

test('BOLD hears 4 (x + 1) of Hopf nodes, as neurolib has it', async () => {
  const device = await testDevice();
  const brains = { connectome, parameters: { a: 0.1, K_gl: 0.2 }, seed: 1 };
  const options = { model: nodeModel('hopf'), duration: 2000, sampling: 0.1, bold: { TR: 250 } };
  const result = await simulateBrain(device, { brains, ...options });
  const rates = Array.from({ length: nodes }, (_, node) => result.select({ node }).map((x) => 4 * (x + 1)));
  const { data } = await simulateBold(device, { rates, dt: 0.1, TR: 250 });
  const ours = result.selectBold();
  const range = Math.max(...data) - Math.min(...data);
  // Without the offset the signal would fall instead of rise.
  expect(ours[7]!).toBeGreaterThan(0);
  ours.forEach((value, at) => {
    expect(Math.abs(value - data[at]!)).toBeLessThan(1e-4 * range);
  });
});
