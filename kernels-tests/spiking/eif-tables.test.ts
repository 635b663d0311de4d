/**
 * The shipped look-up table against what it stands for: 1,000 EIF neurons under white noise, simulated by the spiking engine, at 20
 * points of its grid.
 *
 * Tolerance: 3 standard errors of the simulated rate (Poisson counts, which overestimate those of regular firing) and 1 % for the
 * differences in kind: steps of 0.05 ms, in which a threshold crossing between two steps is missed, and a spike that is counted at
 * V_T + 5 Delta_T = -42.5 mV instead of Vs = -40 mV.
 */
import { expect, test } from 'vitest';
import { defaultTables } from '../../src/fokker-planck/default-tables.ts';
import { networkFromObject } from '../../src/models/read-network.ts';
import { simulate } from '../../src/spiking/simulate.ts';
import { testDevice } from '../device.ts';

const SIZE = 1000;
const DURATION = 600;
const DISCARD = 100;

test('rates of simulated EIF neurons at 20 points of the grid', async () => {
  const { mu, sigma, values, neuron } = defaultTables();
  // Rows of mu from 0.1 to 2.9 mV/ms, columns of sigma from 1 to 4.5 mV/sqrt(ms).
  const points = [48, 70, 90, 120, 170].flatMap((row) => [7, 20, 35, 56].map((column) => ({ row, column })));
  const populations = Object.fromEntries(
    points.map(({ row, column }, index) => [
      `p${index}`,
      {
        size: SIZE,
        cell: {
          ...{ name: 'EIF', C_m: neuron.C, g_L: neuron.gL, E_L: neuron.EL, V_T: neuron.VT },
          ...{ Delta_T: neuron.DeltaT, V_r: neuron.Vr, tau_ref: neuron.Tref, a: 0, b: 0, tau_w: 200 },
        },
        current: mu[row]! * neuron.C,
        noise: { white: sigma[column]! },
        initial: { V: { uniform: { low: neuron.Vr, high: neuron.VT } } },
      },
    ]),
  );
  const network = networkFromObject({ name: 'EIF neurons', dt: 0.05, duration: DURATION, populations });
  const summary = await simulate(await testDevice(), network, { seed: 1, discard: DISCARD });
  const far = points.map(({ row, column }, index) => {
    const wanted = values.r[row * sigma.length + column]!;
    const measured = summary.populations[`p${index}`]!.rate_hz;
    const error = Math.sqrt(wanted / (SIZE * (DURATION - DISCARD) * 1e-3));
    return {
      mu: mu[row],
      sigma: sigma[column],
      wanted,
      measured,
      part: (measured - wanted) / (3 * error + 0.01 * wanted),
    };
  });
  const outside = far.filter(({ part }) => !(Math.abs(part) < 1));
  expect(outside).toEqual([]);
  // The points are no trivial ones.
  expect(far.filter(({ wanted }) => wanted > 1).length).toBeGreaterThanOrEqual(15);
});
