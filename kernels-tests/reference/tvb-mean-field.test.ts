/**
 * Adaptation as a slow variable against The Virtual Brain's ZerlautAdaptationFirstOrder and SecondOrder (zerlaut2017/tvb_zerlaut.json): the
 * transfer functions at forty points, right-hand sides, time series of three published parameter sets.
 *
 * TVB adds 1 mHz to every rate that its synapses see, which is a drive here. In second order it divides first derivatives by 1000 and second
 * ones by a million too much and mixes up the derivatives in the equation of the covariance between populations. The right-hand side with
 * these slips is written out below, for TVB's numbers; the same without them is held against the engine's.
 */
import { describe, expect, test } from 'vitest';
import { adapted, Equations } from '../../src/mean-field/equations.ts';
import { checkMeanField, driveRates, type MeanField } from '../../src/mean-field/model.ts';
import { simulateMeanField } from '../../src/mean-field/simulate.ts';
import { CELL_LIBRARY } from '../../src/models/cells.ts';
import { TransferFunction } from '../../src/transfer/transfer-function.ts';
import { testDevice } from '../device.ts';
import { referenceArray, referenceJson, referencePath } from '../reference.ts';

type Parameters = Record<
  | 'g_L'
  | 'C_m'
  | 'E_L_e'
  | 'E_L_i'
  | 'a_e'
  | 'b_e'
  | 'tau_w_e'
  | 'a_i'
  | 'b_i'
  | 'tau_w_i'
  | 'E_e'
  | 'E_i'
  | 'Q_e'
  | 'Q_i'
  | 'tau_e'
  | 'tau_i'
  | 'N_tot'
  | 'p_connect_e'
  | 'p_connect_i'
  | 'g'
  | 'K_ext_e'
  | 'T'
  | 'external_input_ex_ex'
  | 'external_input_in_ex',
  number
> & { P_e: number[]; P_i: number[] };

interface Reference {
  defaults: Record<keyof Parameters, number[]>;
  demo_configs: Record<string, Parameters>;
  TF_points: { rows: number[][] };
  dfun_points: {
    rows: {
      config: string;
      state_second_order: number[];
      dfun_second_order: number[];
      dfun_first_order: number[];
    }[];
  };
}

const present = referencePath('zerlaut2017', 'tvb_zerlaut.json') !== undefined;
const reference = () => referenceJson<Reference>('zerlaut2017', 'tvb_zerlaut.json');

/** Of every synapse, Hz. */
const RELEASE = 1e-3;

/** kHz, V and shares of TVB as Hz, mV and synapses. */
function modelOf(p: Parameters): MeanField {
  const K_e = p.N_tot * (1 - p.g) * p.p_connect_e;
  const K_i = p.N_tot * p.g * p.p_connect_i;
  const transfer = (E_L: number, P: readonly number[]) =>
    new TransferFunction({
      cell: { ...CELL_LIBRARY[0]!, name: 'TVB', C_m: p.C_m, g_L: p.g_L, E_L },
      input: {
        exc: { K: K_e, Q: p.Q_e, tau: p.tau_e, E_rev: p.E_e },
        inh: { K: K_i, Q: p.Q_i, tau: p.tau_i, E_rev: p.E_i },
      },
      formula: 'corrected',
      // No logarithm of the conductance.
      coefficients_mV: [...P.slice(0, 4), 0, ...P.slice(4)].map((each) => 1000 * each),
    });
  const drives = (external: number) => [
    { kind: 'exc' as const, rate: 1000 * external, share: p.K_ext_e / K_e },
    { kind: 'exc' as const, rate: RELEASE, share: 1 },
    { kind: 'inh' as const, rate: RELEASE, share: 1 },
  ];
  const from = { exc: [1, 0], inh: [0, 1] };
  return checkMeanField({
    name: 'TVB',
    T: p.T,
    populations: [
      {
        ...{ name: 'e', size: p.N_tot * (1 - p.g), transfer: transfer(p.E_L_e, p.P_e), from },
        ...{ drives: drives(p.external_input_ex_ex), adaptation: { a: p.a_e, b: p.b_e, tau_w: p.tau_w_e } },
      },
      {
        ...{ name: 'i', size: p.N_tot * p.g, transfer: transfer(p.E_L_i, p.P_i), from },
        ...{ drives: drives(p.external_input_in_ex), adaptation: { a: p.a_i, b: p.b_i, tau_w: p.tau_w_i } },
      },
    ],
  });
}

/** The right-hand side of second order in Hz and pA per ms; state: two rates, three covariances, two currents. */
function secondOrder(model: MeanField, state: ArrayLike<number>, slips: boolean): number[] {
  const [e, i, ee, ei, ii, w_e, w_i] = Array.from(state) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [first, second] = slips ? [1e-3, 1e-6] : [1, 1];
  const equations = new Equations(model, 2, driveRates(model));
  const [exc, inh] = model.populations.map(({ transfer }, index) => {
    const found = new TransferFunction(adaptedParts(transfer, index === 0 ? w_e : w_i));
    const { rate, gradient, hessian } = found.derivatives(...equations.inputs(state, index));
    return {
      rate,
      by: gradient.map((each) => first * each) as [number, number],
      twice: hessian.map((each) => second * each) as [number, number, number],
    };
  }) as [Derived, Derived];
  const size = model.populations.map((each) => each.size) as [number, number];
  const { T } = model;
  const [a, b] = [exc.rate - e, inh.rate - i];
  const curved = ({ twice }: Derived) => 0.5 * (twice[0] * ee + twice[2] * ii) + twice[1] * ei;
  const mixed = slips
    ? ee * exc.by[0] + ei * inh.by[0] + ei * exc.by[1] + ii * inh.by[1]
    : ei * (exc.by[0] + inh.by[1]) + ii * exc.by[1] + ee * inh.by[0];
  const slope = equations.slope(state);
  return [
    (a + curved(exc)) / T,
    (b + curved(inh)) / T,
    ((exc.rate * (1000 / T - exc.rate)) / size[0] + a * a + 2 * (ee * exc.by[0] + ei * exc.by[1]) - 2 * ee) /
      T,
    (a * b + mixed - 2 * ei) / T,
    ((inh.rate * (1000 / T - inh.rate)) / size[1] + b * b + 2 * (ii * inh.by[1] + ei * inh.by[0]) - 2 * ii) /
      T,
    slope[5]!,
    slope[6]!,
  ];
}

interface Derived {
  rate: number;
  by: [number, number];
  twice: [number, number, number];
}

function adaptedParts(transfer: TransferFunction, w: number) {
  return { ...adapted(transfer, w), coefficients_mV: transfer.coefficients_mV };
}

/** A state of TVB in Hz, Hz^2 and pA. */
const hertz = ([e, i, ee, ei, ii, w_e, w_i]: readonly number[]) => [
  1e3 * e!,
  1e3 * i!,
  1e6 * ee!,
  1e6 * ei!,
  1e6 * ii!,
  w_e!,
  w_i!,
];

describe.skipIf(!present)('against The Virtual Brain', () => {
  test('transfer functions with an adaptation current at forty points', () => {
    const { defaults, TF_points } = reference();
    const p = Object.fromEntries(
      Object.entries(defaults).map(([key, values]) => [key, key.startsWith('P_') ? values : values[0]]),
    ) as unknown as Parameters;
    const { populations } = modelOf(p);
    expect(TF_points.rows).toHaveLength(40);
    for (const [E, I, external, , w, mu_V, sigma_V, tau_V, ...rates] of TF_points.rows) {
      const nu_e = 1000 * (E! + external!) + RELEASE;
      const nu_i = 1000 * I! + RELEASE;
      populations.forEach(({ transfer }, index) => {
        const found = new TransferFunction(adaptedParts(transfer, w!));
        const moments = found.moments(nu_e, nu_i);
        expect(moments.mu_V).toBeCloseTo(mu_V!, 9);
        expect(moments.sigma_V).toBeCloseTo(sigma_V!, 8);
        expect(moments.tau_V).toBeCloseTo(tau_V!, 8);
        expect(Math.abs(found.rate(nu_e, nu_i) / (1000 * rates[index]!) - 1)).toBeLessThan(1e-6);
      });
    }
  });

  test('right-hand sides of first order', () => {
    const { dfun_points, demo_configs } = reference();
    for (const { config, state_second_order, dfun_first_order } of dfun_points.rows) {
      const model = modelOf(demo_configs[config]!);
      const state = hertz(state_second_order);
      const slope = new Equations(model, 1, driveRates(model)).slope([
        state[0]!,
        state[1]!,
        state[5]!,
        state[6]!,
      ]);
      const [e, i, w_e, w_i] = dfun_first_order;
      [1e3 * e!, 1e3 * i!, w_e!, w_i!].forEach((expected, at) => {
        expect(slope[at], `${config} ${at}`).toBeCloseTo(expected, 7);
      });
    }
  });

  test('right-hand sides of second order, with its slips; without them, the engine', () => {
    const { dfun_points, demo_configs } = reference();
    for (const { config, state_second_order, dfun_second_order } of dfun_points.rows) {
      const model = modelOf(demo_configs[config]!);
      const state = hertz(state_second_order);
      const theirs = hertz(dfun_second_order);
      const slipped = secondOrder(model, state, true);
      const right = secondOrder(model, state, false);
      const engine = new Equations(model, 2, driveRates(model)).slope(state);
      theirs.forEach((expected, at) => {
        expect(slipped[at]! - expected, `${config} ${at}`).toBeCloseTo(0, 5);
        expect(engine[at]! - right[at]!, `engine, ${config} ${at}`).toBeCloseTo(0, 9);
      });
      // Hz^2 per ms in the covariance between populations: the slips are seen.
      expect(Math.abs(right[3]! - theirs[3]!)).toBeGreaterThan(1e-4);
    }
  });

  test.each(['divolo2019', 'carlu2020', 'goldman2020'])(
    'two seconds of first order on the device: %s',
    async (config) => {
      const model = modelOf(reference().demo_configs[config]!);
      const { shape, data } = referenceArray('zerlaut2017', `tvb_${config}_order1.npy`);
      const run = await simulateMeanField(await testDevice(), [model], {
        ...{
          duration: shape[0]! - 1,
          dt: 0.1,
          every: 1,
          order: 1,
          integrator: 'heun' as const,
          initial: [0, 0],
        },
      });
      let largest = 0;
      for (let row = 0; row < shape[0]!; row++) {
        const at = (column: number) => data[row * shape[1]! + column]!;
        [run.rate(0), run.rate(1)].forEach((rate, index) => {
          const expected = 1000 * at(index);
          largest = Math.max(largest, Math.abs(rate[row]! - expected) / (1e-3 * expected + 1e-5));
        });
        // 20,000 small changes in single precision.
        largest = Math.max(largest, Math.abs(run.current(0)[row]! - at(2)) / (5e-4 * at(2) + 1e-4));
      }
      console.info(`largest part of the tolerance: ${largest.toFixed(3)}`);
      expect(largest).toBeLessThan(1);
    },
  );

  test.each(['divolo2019', 'carlu2020'])('300 ms of second order with its slips: %s', (config) => {
    const model = modelOf(reference().demo_configs[config]!);
    const { shape, data } = referenceArray('zerlaut2017', `tvb_${config}_order2.npy`);
    const dt = 0.1;
    let state = new Array<number>(7).fill(0);
    const clamped = (values: number[]) => values.map((each, at) => (at < 2 ? Math.max(0, each) : each));
    let largest = 0;
    for (let row = 0; row < 300; row++) {
      const theirs = hertz(Array.from({ length: 7 }, (_, column) => data[row * shape[1]! + column]!));
      theirs.forEach((expected, at) => {
        const floor = at < 2 ? 1e-5 : 1e-4;
        largest = Math.max(largest, Math.abs(state[at]! - expected) / (2e-4 * Math.abs(expected) + floor));
      });
      for (let step = 0; step < 10; step++) {
        const k1 = secondOrder(model, state, true);
        const k2 = secondOrder(model, clamped(state.map((each, at) => each + dt * k1[at]!)), true);
        state = clamped(state.map((each, at) => each + (dt / 2) * (k1[at]! + k2[at]!)));
      }
    }
    console.info(`largest part of the tolerance: ${largest.toFixed(3)}`);
    expect(largest).toBeLessThan(1);
  });
});
