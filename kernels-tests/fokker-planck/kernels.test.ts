/**
 * The kernels against their twins in double precision on the same cells, over points that span rates from 1e-130 to 180 Hz and
 * several neurons; and that a result does not depend on the points solved with it.
 *
 * Tolerances: ln r 2e-5 + 1e-6 of itself (exponents up to 300 in single precision), V 1e-4 mV, responses 2e-4 of the larger of
 * the response at frequency 0 and the one compared; 5e-4 at 0.25 Hz, where phi at cut-off and reset differ by a hundredth and
 * less.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AT_LOWEST, tableFrequencies } from '../../src/fokker-planck/frequencies.ts';
import type { InputPoint } from '../../src/fokker-planck/mesh.ts';
import { FokkerPlanckSolver, type Responses } from '../../src/fokker-planck/solver.ts';
import { ALN_NEURON, type EifNeuron } from '../../src/models/eif.ts';
import { testDevice } from '../device.ts';
import { draws } from '../draws.ts';
import { type Complex, twinResponse } from '../twins/response.ts';
import { twinStationary } from '../twins/stationary.ts';

const step = 0.1;
const neurons: EifNeuron[] = [
  { ...ALN_NEURON },
  { ...ALN_NEURON, name: 'sharp', DeltaT: 0.4, Tref: 0 },
  { ...ALN_NEURON, name: 'slow', C: 400, VT: -55, DeltaT: 3, Vr: -60, Vs: -30, Tref: 5 },
];
const edges: InputPoint[] = [
  { mu: -1, sigma: 0.5 },
  { mu: 7, sigma: 0.5 },
  { mu: -1, sigma: 5 },
  { mu: 7, sigma: 5 },
];
const { between } = draws(6);
const points = [
  ...edges,
  ...Array.from({ length: 20 }, () => ({ mu: between(-1, 4), sigma: between(0.5, 4) })),
];
const { hertz } = tableFrequencies('strong');
const compared = [0, 1, 5, 20, 40, 91];

function response(responses: Responses, name: 'mu' | 'sigma', frequency: number, point: number): Complex {
  const at = frequency * points.length + point;
  return [responses[`${name}Re`][at]!, responses[`${name}Im`][at]!];
}

describe.each(neurons)('neuron $name', (neuron) => {
  let solver: FokkerPlanckSolver;
  beforeAll(async () => {
    solver = await FokkerPlanckSolver.create(await testDevice(), neuron);
  });
  afterAll(() => solver.release());

  test('rates and voltages', async () => {
    const block = await solver.solve(points, step);
    points.forEach((point, index) => {
      const twin = twinStationary(neuron, point, step);
      const tolerance = 2e-5 + 1e-6 * Math.abs(twin.logRate);
      expect(Math.abs(block.logRate[index]! - twin.logRate), JSON.stringify(point)).toBeLessThan(tolerance);
      expect(Math.abs(block.voltage[index]! - twin.voltage), JSON.stringify(point)).toBeLessThan(1e-4);
    });
    const lowest = block.logRate[0]!;
    if (neuron === neurons[0]) expect(lowest / Math.LN10).toBeCloseTo(-129.43, 1);
  });

  test('responses', async () => {
    const block = await solver.solve(points, step);
    const responses = await solver.respond(block, hertz);
    points.forEach((point, index) => {
      for (const name of ['mu', 'sigma'] as const) {
        const limit = Math.hypot(...twinResponse(neuron, point, step, hertz[0]!)[name]);
        for (const frequency of compared) {
          const twin = twinResponse(neuron, point, step, hertz[frequency]!)[name];
          const [a, b] = response(responses, name, frequency, index);
          const off = Math.hypot(a - twin[0], b - twin[1]) / Math.max(limit, Math.hypot(...twin));
          expect(off, `${name} at ${hertz[frequency]} Hz, ${JSON.stringify(point)}`).toBeLessThan(
            frequency === AT_LOWEST ? 5e-4 : 2e-4,
          );
        }
      }
    });
  });
});

describe('blocks', () => {
  test('a point has the same bits in any block, with shared frequencies or its own', async () => {
    using solver = await FokkerPlanckSolver.create(await testDevice(), ALN_NEURON);
    const all = await solver.solve(points, step);
    const together = await solver.respond(all, hertz.slice(0, 8));
    const own = Float64Array.from(
      { length: 8 * points.length },
      (_, k) => hertz[Math.floor(k / points.length)]!,
    );
    expect(await solver.respond(all, own, { each: true })).toEqual(together);
    const part = await solver.solve(points.slice(5, 9), step);
    expect(part.logRate).toEqual(all.logRate.slice(5, 9));
    const alone = await solver.respond(part, hertz.slice(0, 8));
    for (let frequency = 0; frequency < 8; frequency++)
      for (let point = 0; point < 4; point++)
        expect(alone.muIm[frequency * 4 + point]).toBe(together.muIm[frequency * points.length + point + 5]);
  });

  test('a block holds no more than its densities may take', async () => {
    using solver = await FokkerPlanckSolver.create(await testDevice(), ALN_NEURON);
    const many = Array.from({ length: 100 }, () => ({ mu: -1, sigma: 5 }));
    expect(solver.blockSize(many, 0, 0.1, 64)).toBe(64);
    expect(solver.blockSize(many, 90, 0.1, 64)).toBe(10);
    const fine = solver.blockSize(many, 0, 1e-5, 64);
    expect(fine).toBeGreaterThan(0);
    expect(fine).toBeLessThan(64);
  });
});
