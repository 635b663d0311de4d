/**
 * The Master Equation in double precision, for fixed points and their stability (El Boustani and Destexhe, Neural Computation
 * 2009; Zerlaut et al. 2017, equation 13). With nu the mean rates, c their covariances, F the transfer functions of all rates, and
 * sums over repeated indices:
 *
 *   T dnu_i/dt  = F_i - nu_i + 1/2 c_jk d2F_i/(dnu_j dnu_k)
 *   T dc_ij/dt  = delta_ij F_i (1/T - F_i) / N_i + (F_i - nu_i) (F_j - nu_j)
 *                 + c_jk dF_i/dnu_k + c_ik dF_j/dnu_k - 2 c_ij
 *
 * A transfer function depends on all rates through the two rates of its synapses, nu_e and nu_i, alone: the derivatives with
 * respect to these are carried by jets, and the shares of the synapses do the rest. Where a rate is driven below 0, F is that of 0.
 *
 * Adaptation as a slow variable (di Volo, Romagnoni, Capone and Destexhe, Neural Computation 2019): each population has a mean adaptation
 * current w, which lowers the mean potential by w / mu_G and so enters all moments of the membrane, and
 *
 *   dw/dt = ( a (mu_V - E_L) - w ) / tau_w + b nu
 *
 * In mu_V and in the amplitudes of synaptic events w stands beside the leak alone, as g_L E_L - w: the membrane is one with its rest at
 * E_L - w / g_L. Fluctuations of w are left out.
 */

import { type Template, templateDerivatives } from '../transfer/template.ts';
import { membraneMoments } from '../transfer/theory.ts';
import {
  covarianceIndex,
  isAdapting,
  type MeanField,
  type MeanFieldPopulation,
  type Order,
  stateLength,
} from './model.ts';

/** Hz and ms. */
const PER_MS = 1e-3;

/** A population's rate with the derivatives with respect to the two rates of its synapses. */
interface Response {
  rate: number;
  gradient: readonly [number, number];
  hessian: readonly [number, number, number];
}

export class Equations {
  readonly model: MeanField;
  readonly order: Order;
  /** Whether the state ends with adaptation currents, pA. */
  readonly adapting: boolean;
  /** External part of nu_e and nu_i, `[population, kind]`, Hz. */
  private readonly drive: Float64Array;

  constructor(model: MeanField, order: Order, drive: Float64Array) {
    this.model = model;
    this.order = order;
    this.adapting = isAdapting(model);
    this.drive = drive;
  }

  /**
   * The right-hand side.
   * @param state rates, Hz, and in second order covariances, Hz^2 (`covarianceIndex`), then adaptation currents, pA, where there are any
   * @returns the derivative of each with respect to time, per ms
   */
  slope(state: ArrayLike<number>): Float64Array {
    const { populations, T } = this.model;
    const count = populations.length;
    const responses = this.responses(state);
    const slope = new Float64Array(state.length);
    const excess = responses.map(({ rate }, i) => rate - state[i]!);
    excess.forEach((value, i) => {
      slope[i] = value / T;
    });
    if (this.adapting) this.adapt(state, slope);
    if (this.order === 1) return slope;

    const c = (a: number, b: number) => state[covarianceIndex(count, a, b)]!;
    const gradients = this.gradients(responses);
    populations.forEach(({ from, size }, i) => {
      const { rate, hessian } = responses[i]!;
      // Variances and covariance of the rates of the two kinds of synapse.
      let [ee, ei, ii] = [0, 0, 0];
      for (let j = 0; j < count; j++)
        for (let k = 0; k < count; k++) {
          ee += from.exc[j]! * from.exc[k]! * c(j, k);
          ei += from.exc[j]! * from.inh[k]! * c(j, k);
          ii += from.inh[j]! * from.inh[k]! * c(j, k);
        }
      slope[i]! += (0.5 * (hessian[0] * ee + hessian[2] * ii) + hessian[1] * ei) / T;
      for (let j = i; j < count; j++) {
        let sum = excess[i]! * excess[j]! - 2 * c(i, j);
        if (i === j) sum += (rate * (1 / (PER_MS * T) - rate)) / size;
        for (let k = 0; k < count; k++) sum += c(j, k) * gradients[i]![k]! + c(i, k) * gradients[j]![k]!;
        slope[covarianceIndex(count, i, j)] = sum / T;
      }
    });
    return slope;
  }

  /**
   * Derivatives of the right-hand side with respect to the state, rows and columns in its order, per ms. Exact by jets in first order;
   * in second order, where third derivatives of F enter, and with adaptation by differences of fourth order of the exact right-hand side.
   */
  jacobian(state: ArrayLike<number>): number[][] {
    const { T, populations } = this.model;
    if (this.order === 1 && !this.adapting)
      return this.gradients(this.responses(state)).map((row, i) =>
        row.map((value, j) => (value - (i === j ? 1 : 0)) / T),
      );
    const count = populations.length;
    const columns = Array.from(state, (value, at) => {
      // Rates must not cross 0, where F bends; the right-hand side is linear in covariances.
      const isCurrent = at >= stateLength(count, this.order);
      const h =
        at < count
          ? Math.min(2e-3 * Math.max(1, value), Math.max(0.2 * value, 1e-9))
          : isCurrent
            ? 0.02
            : 0.1;
      const shifted = (by: number) => {
        const probe = Float64Array.from(state);
        probe[at]! += by * h;
        return this.slope(probe);
      };
      const [far, near, back, farBack] = [shifted(2), shifted(1), shifted(-1), shifted(-2)];
      return near.map((_, row) => (8 * (near[row]! - back[row]!) - (far[row]! - farBack[row]!)) / (12 * h));
    });
    return Array.from(state, (_, row) => columns.map((column) => column[row]!));
  }

  /** The rates of the two kinds of synapse of a population, Hz. */
  inputs(state: ArrayLike<number>, population: number): [nu_e: number, nu_i: number] {
    const { from } = this.model.populations[population]!;
    let [nu_e, nu_i] = [this.drive[2 * population]!, this.drive[2 * population + 1]!];
    from.exc.forEach((share, j) => {
      nu_e += share * state[j]!;
    });
    from.inh.forEach((share, j) => {
      nu_i += share * state[j]!;
    });
    return [Math.max(0, nu_e), Math.max(0, nu_i)];
  }

  /** F of each population at a state, Hz. */
  rates(state: ArrayLike<number>): number[] {
    return this.responses(state).map(({ rate }) => rate);
  }

  private responses(state: ArrayLike<number>): Response[] {
    return this.model.populations.map((population, index) =>
      templateDerivatives(
        adapted(population.transfer, this.current(state, index)),
        ...this.inputs(state, index),
      ),
    );
  }

  /** The mean adaptation current of a population, pA; 0 where adaptation is no part of the state. */
  current(state: ArrayLike<number>, population: number): number {
    const count = this.model.populations.length;
    return this.adapting ? state[stateLength(count, this.order) + population]! : 0;
  }

  /** The currents at which adaptation stands still while the rates are held, pA. */
  steadyCurrents(state: ArrayLike<number>): number[] {
    return this.model.populations.map(({ transfer, adaptation }, index) => {
      if (!adaptation) return 0;
      const { a, b, tau_w } = adaptation;
      const { mu_V, mu_G } = membraneMoments(transfer.cell, transfer.input, ...this.inputs(state, index));
      // w = a (mu_V - w / mu_G - E_L) + tau_w b nu, mu_V being that without w.
      const driven = a * (mu_V - transfer.cell.E_L) + tau_w * b * PER_MS * state[index]!;
      return driven / (1 + a / mu_G);
    });
  }

  /** Puts the change of adaptation currents, pA per ms, into a slope. */
  private adapt(state: ArrayLike<number>, slope: Float64Array): void {
    const { populations } = this.model;
    const first = stateLength(populations.length, this.order);
    populations.forEach(({ transfer, adaptation }, index) => {
      if (!adaptation) {
        // Stays 0, and is not without a slope, so that the Jacobian can be inverted.
        slope[first + index] = -this.current(state, index) / this.model.T;
        return;
      }
      const { a, b, tau_w } = adaptation;
      const w = this.current(state, index);
      const { cell, input } = adapted(transfer, w);
      const { mu_V } = membraneMoments(cell, input, ...this.inputs(state, index));
      slope[first + index] = (a * (mu_V - transfer.cell.E_L) - w) / tau_w + b * PER_MS * state[index]!;
    });
  }

  /** dF_i / dnu_j. */
  private gradients(responses: readonly Response[]): number[][] {
    return this.model.populations.map(({ from }, i) => {
      const [by_e, by_i] = responses[i]!.gradient;
      return from.exc.map((share, j) => by_e * share + by_i * from.inh[j]!);
    });
  }
}

/** The transfer function under an adaptation current, pA: that of a membrane whose rest lies lower by w / g_L. */
export function adapted(transfer: MeanFieldPopulation['transfer'], w: number): Template {
  if (w === 0) return transfer;
  const { cell, input, formula, coefficients_mV } = transfer;
  return { cell: { ...cell, E_L: cell.E_L - w / cell.g_L }, input, formula, coefficients_mV };
}
