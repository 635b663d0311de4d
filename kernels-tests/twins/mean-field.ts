/**
 * Twin of shaders/mean-field/advance.wgsl: the Master Equation as El Boustani and Destexhe (2009) print it, with gradient and Hessian
 * of each transfer function with respect to all rates written out as tables, stepped by Euler, Heun or Runge-Kutta from the textbook.
 */
import type { MeanField, Order } from '../../src/mean-field/model.ts';
import type { Integrator } from '../../src/mean-field/settings.ts';
import { templateDerivatives } from '../../src/transfer/template.ts';

/** Rates, Hz, covariances, Hz^2, as full matrix, and adaptation currents, pA. */
export interface TwinState {
  nu: number[];
  c: number[][];
  w: number[];
}

/** What sampled drives add to (nu_e, nu_i) of each population during a step, Hz. */
type Added = (population: number, step: number) => [number, number];

function derivative(model: MeanField, order: Order, { nu, c, w }: TwinState, external: [number, number][]) {
  const { populations, T } = model;
  const all = populations.map((_, index) => index);
  const dw: number[] = [];
  const F: number[] = [];
  const first: number[][] = [];
  const second: number[][][] = [];
  populations.forEach(({ transfer, from, adaptation }, i) => {
    const nu_e = external[i]![0] + all.reduce((sum, j) => sum + from.exc[j]! * nu[j]!, 0);
    const nu_i = external[i]![1] + all.reduce((sum, j) => sum + from.inh[j]! * nu[j]!, 0);
    const membrane = {
      cell: { ...transfer.cell, E_L: transfer.cell.E_L - w[i]! / transfer.cell.g_L },
      input: transfer.input,
      formula: transfer.formula,
      coefficients_mV: transfer.coefficients_mV,
    };
    const inputs = [Math.max(nu_e, 0), Math.max(nu_i, 0)] as const;
    const { rate, gradient, hessian } = templateDerivatives(membrane, ...inputs);
    // The mean potential as di Volo et al. print it, with w among the currents.
    const { exc, inh } = transfer.input;
    const G_e = (exc.K * inputs[0] * exc.Q * exc.tau) / 1000;
    const G_i = (inh.K * inputs[1] * inh.Q * inh.tau) / 1000;
    const { g_L, E_L } = transfer.cell;
    const mu_V = (G_e * exc.E_rev + G_i * inh.E_rev + g_L * E_L - w[i]!) / (G_e + G_i + g_L);
    dw.push(
      adaptation
        ? (adaptation.a * (mu_V - E_L) - w[i]!) / adaptation.tau_w + (adaptation.b * nu[i]!) / 1000
        : 0,
    );
    const share = (j: number) => [from.exc[j]!, from.inh[j]!];
    const curvature = [
      [hessian[0], hessian[1]],
      [hessian[1], hessian[2]],
    ];
    F.push(rate);
    first.push(all.map((j) => gradient[0] * share(j)[0]! + gradient[1] * share(j)[1]!));
    second.push(
      all.map((j) =>
        all.map((k) => {
          let sum = 0;
          for (const a of [0, 1])
            for (const b of [0, 1]) sum += curvature[a]![b]! * share(j)[a]! * share(k)[b]!;
          return sum;
        }),
      ),
    );
  });
  const dnu = all.map((i) => {
    let sum = F[i]! - nu[i]!;
    if (order === 2) for (const j of all) for (const k of all) sum += (c[j]![k]! * second[i]![j]![k]!) / 2;
    return sum / T;
  });
  const dc = all.map((i) =>
    all.map((j) => {
      if (order === 1) return 0;
      let sum = (F[i]! - nu[i]!) * (F[j]! - nu[j]!) - 2 * c[i]![j]!;
      if (i === j) sum += (F[i]! * (1 / (T / 1000) - F[i]!)) / populations[i]!.size;
      for (const k of all) sum += first[i]![k]! * c[j]![k]! + first[j]![k]! * c[i]![k]!;
      return sum / T;
    }),
  );
  return { nu: dnu, c: dc, w: dw };
}

function plus(a: TwinState, b: TwinState, factor: number): TwinState {
  return {
    nu: a.nu.map((value, i) => value + factor * b.nu[i]!),
    c: a.c.map((row, i) => row.map((value, j) => value + factor * b.c[i]![j]!)),
    w: a.w.map((value, i) => value + factor * b.w[i]!),
  };
}

/** The state after each step, `[step]`, the initial one first. */
export function twinMeanField(
  model: MeanField,
  initial: TwinState,
  { steps, dt, order, integrator }: { steps: number; dt: number; order: Order; integrator: Integrator },
  added: Added = () => [0, 0],
): TwinState[] {
  const states = [initial];
  for (let step = 0; step < steps; step++) {
    const external = model.populations.map(({ drives }, i): [number, number] => {
      const [e, n] = added(i, step);
      const constant = (kind: string) =>
        drives.reduce(
          (sum, d) => sum + (d.kind === kind && typeof d.rate === 'number' ? d.share * d.rate : 0),
          0,
        );
      return [Math.max(0, e + constant('exc')), Math.max(0, n + constant('inh'))];
    });
    const f = (state: TwinState) => derivative(model, order, state, external);
    const y = states.at(-1)!;
    const k1 = f(y);
    if (integrator === 'euler') {
      states.push(plus(y, k1, dt));
    } else if (integrator === 'heun') {
      states.push(plus(plus(y, k1, dt / 2), f(plus(y, k1, dt)), dt / 2));
    } else {
      const k2 = f(plus(y, k1, dt / 2));
      const k3 = f(plus(y, k2, dt / 2));
      const k4 = f(plus(y, k3, dt));
      states.push(plus(plus(plus(plus(y, k1, dt / 6), k2, dt / 3), k3, dt / 3), k4, dt / 6));
    }
  }
  return states;
}
