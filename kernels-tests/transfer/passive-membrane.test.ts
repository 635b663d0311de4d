/**
 * Statistics of V of a cell that cannot spike, against the theory of shot noise. Conductances are nearly currents here (weak
 * events, reversal potentials far away, so that V hardly changes what an event does), where the theory is exact:
 *
 *   mean = E_L + sum K nu Q tau_s (E - mu) / g,   variance = sum K nu U^2 tau_s^2 / (2 (tau + tau_s)),
 *   tau_V = sum K nu U^2 tau_s^2 / sum (K nu U^2 tau_s^2 / (tau + tau_s)),   U = Q (E - mu) / g,   g = g_L + sum K nu Q tau_s
 *
 * (time in ms, events per ms). Events count from the end of their step, undecayed, as in the paper's program: the area of one is
 * Q dt / (1 - exp(-dt / tau_s)) instead of Q tau_s, 0.5 % more at dt = 0.05 ms. Tolerances are four standard errors of 40 neurons
 * over 4 s, and 0.3 % for the step.
 * With one tau_s for both kinds of synapse the line that `moments.ts` extrapolates is straight; with 3 and 8 ms it bends, and
 * tau_V may be 3 % off besides.
 */
import { describe, expect, test } from 'vitest';
import { membraneTimeConstant } from '../../src/models/cells.ts';
import type { SynapseGroup, SynapticInput } from '../../src/transfer/data.ts';
import { measureBlock } from '../../src/transfer/measure-block.ts';
import { averagesFor, potentialMoments } from '../../src/transfer/moments.ts';
import { quartetsAt } from '../../src/transfer/quartets.ts';
import { testDevice } from '../device.ts';
import { cell } from '../spiking/networks.ts';
import { subject } from './measured.ts';

const passive = cell('LIF', { name: 'passive', V_T: 190 });
const repeats = 40;
const duration = 4200;
const discard = 200;
const dt = 0.05;

function theory({ exc, inh }: SynapticInput, nu_e: number, nu_i: number) {
  const area = ({ Q, tau }: SynapseGroup) => (Q * dt) / -Math.expm1(-dt / tau);
  const groups = [
    { ...exc, Q: area(exc) / exc.tau, rate: exc.K * nu_e * 1e-3 },
    { ...inh, Q: area(inh) / inh.tau, rate: inh.K * nu_i * 1e-3 },
  ];
  const mean = (of: (group: (typeof groups)[number]) => number) =>
    groups.reduce((sum, each) => sum + of(each), 0);
  const g = passive.g_L + mean(({ rate, Q, tau }) => rate * Q * tau);
  const mu = (passive.g_L * passive.E_L + mean(({ rate, Q, tau, E_rev }) => rate * Q * tau * E_rev)) / g;
  const tau_m = passive.C_m / g;
  const power = ({ rate, Q, tau, E_rev }: (typeof groups)[number]) =>
    rate * ((Q * (E_rev - mu) * tau) / g) ** 2;
  const variance = mean((each) => power(each) / (2 * (tau_m + each.tau)));
  return { mu, sigma: Math.sqrt(variance), tau: mean(power) / (2 * variance) };
}

function synapses(tau_e: number, tau_i: number): SynapticInput {
  return {
    exc: { K: 400, Q: 0.002, tau: tau_e, E_rev: 10_000 },
    inh: { K: 100, Q: 0.01, tau: tau_i, E_rev: -10_000 },
  };
}

describe.each([
  { tau_e: 5, tau_i: 5, bend: 0 },
  { tau_e: 3, tau_i: 8, bend: 0.03 },
])('synapses of $tau_e and $tau_i ms', ({ tau_e, tau_i, bend }) => {
  test.each([
    { nu_e: 4, nu_i: 0 },
    { nu_e: 12, nu_i: 9 },
    { nu_e: 2, nu_i: 10 },
    { nu_e: 60, nu_i: 50 },
  ])('nu_e = $nu_e Hz, nu_i = $nu_i Hz', async ({ nu_e, nu_i }) => {
    const input = synapses(tau_e, tau_i);
    const of = subject(passive, { dt, duration, discard, repeats, seed: 5 }, input);
    const blocks = await measureBlock(await testDevice(), of, quartetsAt(nu_e, nu_i, repeats));
    const sums = Float64Array.from(blocks.flatMap((each) => Array.from(each)));
    const found = potentialMoments(
      sums,
      averagesFor(membraneTimeConstant(passive), input, dt),
      passive.E_L,
      dt,
    );
    const { mu, sigma, tau } = theory(input, nu_e, nu_i);
    // Independent samples come every 2 tau; the integral is known from its weight function over 2 T_slow of lags.
    const independent = (repeats * (duration - discard)) / (2 * tau);
    const { T } = averagesFor(membraneTimeConstant(passive), input, dt);
    const error = {
      mu: sigma / Math.sqrt(independent),
      sigma: Math.sqrt(0.5 / independent),
      tau: (4 / 3) * Math.sqrt((2 * T.slow) / (repeats * (duration - discard))),
    };
    expect(Math.abs(found.mu_V - mu)).toBeLessThan(4 * error.mu + 0.003 * Math.abs(mu - passive.E_L));
    expect(Math.abs(found.sigma_V / sigma - 1)).toBeLessThan(4 * error.sigma + 0.003);
    expect(Math.abs(found.tau_V / tau - 1)).toBeLessThan(4 * error.tau + 0.003 + bend);
  });
});
