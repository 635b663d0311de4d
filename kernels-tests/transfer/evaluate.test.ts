/**
 * The template in single precision on the device against double precision, on random neurons and input rates.
 *
 * Tolerances: moments 1e-5 of themselves. A threshold is a sum of some ten terms of up to 50 mV, so it is rounded to about 1e-5 mV,
 * and the rate follows with its own sensitivity; nothing else adds more than 1e-5 of it. Gradient and Hessian: 1e-3 of their norm
 * where the rate is above 1e-6 Hz (near a turning point, 1e-5 of the rate per Hz and per Hz^2).
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { Kernel } from '../../src/gpu/kernel.ts';
import { deviceFunction } from '../../src/transfer/device-function.ts';
import { evaluateTransferFunctions } from '../../src/transfer/evaluate.ts';
import { Jet } from '../../src/transfer/jet.ts';
import { rateAtThreshold, type Template, templateDerivatives } from '../../src/transfer/template.ts';
import { membraneMoments, momentJets } from '../../src/transfer/theory.ts';
import { TransferFunction } from '../../src/transfer/transfer-function.ts';
import { testDevice } from '../device.ts';
import { draws } from '../draws.ts';
import { runWgsl } from '../run-wgsl.ts';
import { anyTemplate, cellOf, config1, someCoefficients } from './neurons.ts';

const templates = fc.sample(anyTemplate, { numRuns: 200, seed: 3 });
const { between } = draws(11);
const nu_e = Float32Array.from({ length: 50 }, (_, index) => (index < 3 ? 0 : between(0, 25)));
const nu_i = Float32Array.from({ length: 50 }, (_, index) => (index % 4 === 0 ? 0 : between(0, 25)));

/** How the rate changes with the threshold, Hz per mV. */
function sensitivity(template: Template, e: number, i: number): number {
  const { cell, input, formula, coefficients_mV } = template;
  const moments = momentJets(cell, input, new Jet(e), new Jet(i), formula);
  const threshold = new TransferFunction({
    ...template,
    coefficients_mV: Array.from(coefficients_mV),
  }).threshold(e, i);
  return rateAtThreshold(moments, Jet.first(threshold)).x;
}

test('rates, gradients and Hessians at random', async () => {
  const found = await evaluateTransferFunctions(await testDevice(), templates, nu_e, nu_i);
  let compared = 0;
  const worst = { rate: 0, gradient: 0, hessian: 0 };
  templates.forEach((template, f) => {
    nu_e.forEach((e, p) => {
      const at = f * nu_e.length + p;
      const i = nu_i[p]!;
      const expected = templateDerivatives(template, e, i);
      const gradient = [found.d_e[at]!, found.d_i[at]!];
      const hessian = [found.d_ee[at]!, found.d_ei[at]!, found.d_ii[at]!];
      for (const each of [found.rate[at]!, ...gradient, ...hessian]) expect(Number.isFinite(each)).toBe(true);
      if (expected.rate < 1e-6) {
        expect(found.rate[at]).toBeLessThan(2e-6);
        return;
      }
      compared++;
      const allowed = 1e-5 * expected.rate + 1e-5 * Math.abs(sensitivity(template, e, i));
      worst.rate = Math.max(worst.rate, Math.abs(found.rate[at]! - expected.rate) / allowed);
      // Where V hardly moves, derivatives of 1e9 come from the floors that keep the formulas finite.
      const { sigma_V } = membraneMoments(template.cell, template.input, e, i, template.formula);
      if (sigma_V < 1e-6) return;
      const miss = (got: number[], wanted: number[]) =>
        Math.hypot(...got.map((value, index) => value - wanted[index]!)) /
        (1e-3 * Math.hypot(...wanted) + 1e-5 * expected.rate);
      worst.gradient = Math.max(worst.gradient, miss(gradient, expected.gradient));
      worst.hessian = Math.max(worst.hessian, miss(hessian, expected.hessian));
    });
  });
  console.info('largest part of the tolerances:', worst, `over ${compared} points`);
  expect(compared).toBeGreaterThan(3000);
  expect(worst.rate).toBeLessThan(1);
  expect(worst.gradient).toBeLessThan(1);
  expect(worst.hessian).toBeLessThan(1);
});

test('moments at random', async () => {
  const device = await testDevice();
  const kernel = await Kernel.create(device, 'transfer/evaluate.wgsl');
  const words = kernel.sizeOf('functions', 1) / 4;
  const input = templates.flatMap((template) =>
    [0, 3, 20, 40].map((p) => {
      const packed = new Uint32Array(kernel.pack('functions', [deviceFunction(template)]).buffer);
      const rates = new Uint32Array(Float32Array.of(nu_e[p]!, nu_i[p]!).buffer);
      return { template, e: nu_e[p]!, i: nu_i[p]!, words: [...packed, ...rates] };
    }),
  );
  const word = (index: number) => `bitcast<f32>(given[first_in + ${index}u])`;
  const pair = (index: number) => `vec2f(${word(index)}, ${word(index + 1)})`;
  const four = (index: number) => `vec4f(${[0, 1, 2, 3].map((k) => word(index + k)).join(', ')})`;
  const call = {
    includes: ['transfer/template.wgsl'],
    wordsIn: words + 2,
    wordsOut: 4,
    body: `
      let neuron = TransferFunction(${pair(0)}, ${pair(2)}, ${pair(4)}, ${pair(6)}, ${pair(8)}, ${word(10)}, ${word(11)},
        array<vec4f, 3>(${four(12)}, ${four(16)}, ${four(20)}));
      let moments = membrane_moments(neuron, jet_first(${word(words)}), jet_second(${word(words + 1)}));
      result[first_out] = bitcast<u32>(moments.mu_V.value);
      result[first_out + 1u] = bitcast<u32>(moments.sigma_V.value);
      result[first_out + 2u] = bitcast<u32>(moments.tau_V.value);
      result[first_out + 3u] = bitcast<u32>(moments.mu_G.value);`,
  };
  expect(words).toBe(24);
  const flat = Uint32Array.from(input.flatMap((each) => each.words));
  const found = new Float32Array((await runWgsl(device, call, flat)).buffer);
  input.forEach(({ template, e, i }, index) => {
    const { cell, input: synapses, formula } = template;
    const { mu_V, sigma_V, tau_V, mu_G } = membraneMoments(cell, synapses, e, i, formula);
    const expected = [mu_V - cell.E_L, sigma_V, tau_V, mu_G / cell.g_L];
    expected.forEach((value, part) => {
      // The depolarisation is a difference of excitation and inhibition, some 10 mV each.
      const size = part === 0 ? Math.max(Math.abs(value), 10) : Math.abs(value);
      expect(Math.abs(found[4 * index + part]! - value), `moment ${part}`).toBeLessThan(1e-5 * size);
    });
  });
});

describe('many points', () => {
  const template = {
    cell: cellOf('RS-cell'),
    input: config1,
    formula: 'corrected' as const,
    coefficients_mV: someCoefficients,
  };

  test('do not depend on how they are cut into dispatches', async () => {
    const device = await testDevice();
    const count = 300_000;
    const e = Float32Array.from({ length: count }, (_, index) => index % 24);
    const i = Float32Array.from({ length: count }, (_, index) => index % 17);
    const two = [template, { ...template, formula: 'as-published' as const }];
    const all = await evaluateTransferFunctions(device, two, e, i);
    const part = await evaluateTransferFunctions(device, two, e.subarray(0, 408), i.subarray(0, 408));
    let different = 0;
    for (let f = 0; f < 2; f++)
      for (let index = 0; index < count; index++) {
        const of = f * 408 + (index % 408);
        if (all.rate[f * count + index] !== part.rate[of] || all.d_ei[f * count + index] !== part.d_ei[of])
          different++;
      }
    expect(different).toBe(0);
  });

  test('none, and impossible ones', async () => {
    const device = await testDevice();
    expect((await evaluateTransferFunctions(device, [template], [], [])).rate.length).toBe(0);
    expect((await evaluateTransferFunctions(device, [], [1], [1])).rate.length).toBe(0);
    await expect(evaluateTransferFunctions(device, [template], [1, -2], [1, 1])).rejects.toThrow(
      'nu_e[1] is -2 Hz, but rates are numbers not below 0',
    );
    await expect(evaluateTransferFunctions(device, [template], [1], [Number.NaN])).rejects.toThrow(
      'nu_i[0] is NaN Hz, but rates are numbers not below 0',
    );
    await expect(evaluateTransferFunctions(device, [template], [1, 2], [1])).rejects.toThrow(
      new InputError('nu_e holds 2 rates and nu_i 1: give one of each for every point'),
    );
  });
});
