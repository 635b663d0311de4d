/**
 * Rings against the published program of Zerlaut et al. 2017 (zerlaut2017/ring_*): weights and delays of every neighbour, rates and
 * membrane response of five runs within 1e-5 of their peak (asked for: 1e-3). The same runs with the corrected formula stand beside them.
 */
import { describe, expect, test } from 'vitest';
import { meanField } from '../../src/mean-field/library.ts';
import { readNetwork } from '../../src/models/read-network.ts';
import { type Ring, ringPositions, ringSteps, ZERLAUT_RING } from '../../src/models/ring.ts';
import { ringConnectivity } from '../../src/ring/connectivity.ts';
import { prepareUnit } from '../../src/ring/settings.ts';
import { simulateRings } from '../../src/ring/simulate.ts';
import { testDevice } from '../device.ts';
import { referenceArray, referenceJson, referencePath } from '../reference.ts';

interface Kernel {
  offset_px: number[];
  weight: number[];
  delay_steps: number[];
  sum: number;
}
interface RingReference {
  parameters: Record<string, number>;
  n_t: number;
  X_mm: number[];
  center_pixel: number;
  initial: { nu_e0: number; nu_i0: number; muV0_V: number };
  kernel_exc: Kernel;
  kernel_inh: Kernel;
}

const present = referencePath('zerlaut2017', 'ring_baseline.json') !== undefined;
const names = ['baseline', 'vc50', 'Tau1_10_Tau2_50', 'lexc1_sX4', 'hd_baseline'];

function read(name: string): { reference: RingReference; ring: Ring } {
  const reference = referenceJson<RingReference>('zerlaut2017', `ring_${name}.json`);
  const given = reference.parameters;
  const ring: Ring = {
    ...ZERLAUT_RING,
    name,
    units: given.X_discretization!,
    extent: given.X_extent_mm!,
    exc_extent: given.exc_connect_extent_mm!,
    inh_extent: given.inh_connect_extent_mm!,
    conduction_velocity: given.conduction_velocity_mm_s!,
    stimulus: {
      kind: 'centre',
      amplitude: given.amp_Hz!,
      extent: given.sX_mm!,
      tau1: 1000 * given.Tau1_s!,
      tau2: 1000 * given.Tau2_s!,
    },
  };
  return { reference, ring };
}

describe.skipIf(!present)('the published ring', () => {
  const published = meanField(readNetwork('config1'), { formula: 'as-published' });
  const corrected = meanField(readNetwork('config1'));

  test.each(names)('%s: positions, weights and delays', (name) => {
    const { reference, ring } = read(name);
    expect(ringSteps(ring)).toBe(reference.n_t);
    ringPositions(ring).forEach((x, unit) => {
      expect(Math.abs(x - reference.X_mm[unit]!)).toBeLessThan(1e-12);
    });
    const { own, links, sum } = ringConnectivity(ring, 0.5);
    for (const [kind, kernel] of [
      ['exc', reference.kernel_exc],
      ['inh', reference.kernel_inh],
    ] as const) {
      const mine = links.filter((link) => link[kind] > 0);
      expect(2 * mine.length + 1).toBe(kernel.offset_px.length);
      kernel.offset_px.forEach((offset, at) => {
        const link = mine.find((each) => each.offset[1] === Math.abs(offset));
        expect(link?.delay ?? 0).toBe(kernel.delay_steps[at]);
        expect(Math.abs((link?.[kind] ?? own[kind]) / kernel.weight[at]! - 1)).toBeLessThan(1e-10);
      });
      expect(Math.abs(sum[kind] - kernel.sum)).toBeLessThan(1e-10);
    }
    const unit = prepareUnit([ring], { model: published });
    expect(Math.abs(unit.rates.exc - reference.initial.nu_e0)).toBeLessThan(1e-6);
    expect(Math.abs(unit.rates.inh - reference.initial.nu_i0)).toBeLessThan(1e-6);
    expect(Math.abs(unit.mu_V / 1000 - reference.initial.muV0_V)).toBeLessThan(1e-8);
  });

  test.each(names)('%s: rates and membrane response', async (name) => {
    const { ring } = read(name);
    const device = await testDevice();
    const [run] = await simulateRings(device, [ring], { model: published, rates: true });
    const [beside] = await simulateRings(device, [ring], { model: corrected, rates: true });
    const report: Record<string, string> = {};
    for (const [file, found, other] of [
      ['Fe', run!.Fe!, beside!.Fe!],
      ['Fi', run!.Fi!, beside!.Fi!],
      ['muVn', run!.deltaV, beside!.deltaV],
    ] as const) {
      const { data } = referenceArray('zerlaut2017', `ring_${name}_${file}.npy`);
      expect(found.length).toBe(data.length);
      let [peak, miss, correctedPeak] = [0, 0, 0];
      for (let k = 0; k < data.length; k++) {
        peak = Math.max(peak, data[k]!);
        miss = Math.max(miss, Math.abs(found[k]! - data[k]!));
        correctedPeak = Math.max(correctedPeak, other[k]!);
      }
      report[file] =
        `peak ${peak.toPrecision(4)}, off by ${(miss / peak).toExponential(1)} of it; corrected formula ${correctedPeak.toPrecision(4)}`;
      expect(miss / peak, file).toBeLessThan(1e-5);
      // Another theory with its own fit: the same phenomenon, not the same numbers.
      expect(Math.abs(correctedPeak / peak - 1), file).toBeGreaterThan(1e-3);
    }
    console.info(`ring ${name}:`, report);
  });
});
