/**
 * Network against mean field: that what is measured is what simulating measures, that conductances obey the theory of shot noise, which
 * holds whatever the transfer functions, and that both sides get the same input.
 */
import { describe, expect, test } from 'vitest';
import { compareNetwork } from '../../src/comparison/compare.ts';
import { measureNetwork } from '../../src/comparison/measure.ts';
import { predictRest } from '../../src/comparison/predict.ts';
import { meanField } from '../../src/mean-field/library.ts';
import { readNetwork } from '../../src/models/read-network.ts';
import { simulate } from '../../src/spiking/simulate.ts';
import { membraneMoments } from '../../src/transfer/theory.ts';
import { testDevice } from '../device.ts';

/** CONFIG1 with a tenth of the neurons and each neuron's synapses as many as before. */
const small = readNetwork('config1', [
  'populations.exc.size=800',
  'populations.inh.size=200',
  'projections.*.connect.probability=0.5',
]);
const model = meanField(small);

test('the prediction: moments at the fixed point, conductances of shot noise', () => {
  const { point, populations } = predictRest(model, 2);
  const [nu_e, nu_i] = [point.rates[0]! + 4, point.rates[1]!];
  expect(point.extrapolates).toEqual([]);
  for (const [index, each] of populations.entries()) {
    expect(each.rate_hz).toBe(point.rates[index]);
    expect(each.population_rate_sd_hz).toBeCloseTo(Math.sqrt(point.covariance![index]![index]!), 12);
    const { cell, input } = model.populations[index]!.transfer;
    expect(each.mean_V_mV).toBeCloseTo(membraneMoments(cell, input, nu_e, nu_i).mu_V, 9);
    // Campbell: 400 synapses at nu_e Hz, 1 nS, 5 ms; 100 at nu_i Hz, 5 nS, 5 ms.
    expect(each.mean_g_exc_nS).toBeCloseTo(400 * nu_e * 0.005, 9);
    expect(each.sd_g_exc_nS ** 2).toBeCloseTo((400 * nu_e * 0.005) / 2, 9);
    expect(each.mean_g_inh_nS).toBeCloseTo(100 * nu_i * 0.005 * 5, 9);
    expect(each.sd_g_inh_nS ** 2).toBeCloseTo((100 * nu_i * 0.005 * 25) / 2, 9);
  }
  expect(predictRest(model, 1).populations[0]!.population_rate_sd_hz).toBeUndefined();
});

describe('measuring', () => {
  test('agrees with what simulating sums up, and with the theory of conductances', async () => {
    const device = await testDevice();
    const options = { duration: 300, discard: 100, traced: 60 };
    const [result] = await measureNetwork(device, small, model, { ...options, seeds: [3], bin: 5 });
    const summary = await simulate(device, small, { seed: 3, duration: 300, discard: 100 });
    for (const [index, { name }] of small.populations.entries()) {
      const each = result!.populations[index]!;
      expect(each.rate_hz).toBeCloseTo(summary.populations[name]!.rate_hz, 6);
      expect(each.population_rate_sd_hz).toBeCloseTo(summary.populations[name]!.population_rate_sd_hz, 6);
      expect(result!.rates[index]!.length).toBe(60);
      // All neurons at a few instants there, some neurons at many here.
      expect(Math.abs(each.mean_V_mV - summary.populations[name]!.mean_V_mV!)).toBeLessThan(0.7);
      const [exc, inh] = result!.populations.map(({ rate_hz }) => rate_hz);
      expect(each.mean_g_exc_nS / (400 * (exc! + 4) * 0.005)).toBeCloseTo(1, 1);
      expect(each.mean_g_inh_nS / (100 * inh! * 0.025)).toBeCloseTo(1, 1);
    }
  });

  test('of seeds side by side is that of each alone', async () => {
    const device = await testDevice();
    const options = { duration: 120, discard: 20, bin: 5 };
    const together = await measureNetwork(device, small, model, { ...options, seeds: [5, 3, 4] });
    for (const [place, seed] of [5, 3, 4].entries())
      expect([together[place]]).toEqual(
        await measureNetwork(device, small, model, { ...options, seeds: [seed] }),
      );
    expect(together[1]!.populations[0]!.mean_V_mV).not.toBe(together[0]!.populations[0]!.mean_V_mV);
  });

  test('without traces says nothing of membranes', async () => {
    const options = { duration: 60, discard: 0, bin: 5, traced: 0 };
    const [only] = await measureNetwork(await testDevice(), small, model, { ...options, seeds: [1] });
    expect(only!.populations[0]!.rate_hz).toBeGreaterThan(0);
    expect(only!.populations[0]!.mean_V_mV).toBeNaN();
    expect(only!.populations[1]!.sd_g_inh_nS).toBeNaN();
  });

  test('refuses bins that are no multiple of dt, and no seeds', async () => {
    const device = await testDevice();
    const options = { duration: 100, discard: 0 };
    await expect(measureNetwork(device, small, model, { ...options, seeds: [1], bin: 0.25 })).rejects.toThrow(
      "population rates are compared in bins of T = 0.25 ms, which is no multiple of the network's dt of 0.1 ms",
    );
    await expect(measureNetwork(device, small, model, { ...options, seeds: [], bin: 5 })).rejects.toThrow(
      'a comparison needs at least one seed',
    );
  });
});

describe('comparing', () => {
  test('means over seeds with their errors, ratios, and the response to an input that only some receive', async () => {
    const values = Float64Array.from({ length: 2000 }, (_, step) => (step >= 1000 ? 3 : 0));
    const options = { seeds: [1, 2, 3], duration: 200, discard: 50 };
    const { rest, seeds, response, prediction } = await compareNetwork(await testDevice(), small, model, {
      ...options,
      afferent: { rate: { dt: 0.1, values }, fraction: 1 },
    });
    const rates = seeds.map(({ populations }) => populations[0]!.rate_hz);
    const { measured, standard_error, predicted, ratio } = rest.exc!.rate_hz;
    const mean = (rates[0]! + rates[1]! + rates[2]!) / 3;
    expect(measured).toBeCloseTo(mean, 12);
    const variance = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / 2;
    expect(standard_error).toBeCloseTo(Math.sqrt(variance / 3), 12);
    expect(predicted).toBe(prediction.point.rates[0]);
    expect(ratio).toBeCloseTo(mean / predicted!, 12);

    // Without the input both runs are the same: same seeds, same draws. With it, both sides rise.
    const half = 20;
    for (const index of [0, 1]) {
      const before = seeds.map((each) => [...each.rates[index]!.slice(0, half)]);
      expect(response!.seeds.map((each) => [...each.rates[index]!.slice(0, half)])).toEqual(before);
      const late = [...response!.measured[index]!.slice(half + 2)];
      const average = late.reduce((sum, rate) => sum + rate, 0) / late.length;
      expect(average).toBeGreaterThan(1.3 * rest[index === 0 ? 'exc' : 'inh']!.rate_hz.measured);
      const predictedRate = response!.predicted.rate(index);
      expect(predictedRate[95]).toBeCloseTo(prediction.point.rates[index]!, 2);
      expect(predictedRate.at(-1)).toBeGreaterThan(1.5 * predictedRate[95]!);
    }
  });

  test('refuses to discard everything', async () => {
    const options = { seeds: [1], duration: 100, discard: 100 };
    await expect(compareNetwork(await testDevice(), small, model, options)).rejects.toThrow(
      '100 ms are to be discarded of a run of 100 ms',
    );
  });
});
