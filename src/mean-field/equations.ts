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
 */
import { covarianceIndex, type MeanField, type Order } from './model.ts';

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
  /** External part of nu_e and nu_i, `[population, kind]`, Hz. */
  private readonly drive: Float64Array;

  constructor(model: MeanField, order: Order, drive: Float64Array) {
    this.model = model;
    this.order = order;
    this.drive = drive;
  }

  /**
   * The right-hand side.
   * @param state rates, Hz, and in second order covariances, Hz^2 (`covarianceIndex`)
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
   * in second order, where third derivatives of F enter, by differences of fourth order of the exact right-hand side.
   */
  jacobian(state: ArrayLike<number>): number[][] {
    const { T, populations } = this.model;
    if (this.order === 1)
      return this.gradients(this.responses(state)).map((row, i) =>
        row.map((value, j) => (value - (i === j ? 1 : 0)) / T),
      );
    const count = populations.length;
    const columns = Array.from(state, (value, at) => {
      // Rates must not cross 0, where F bends; the right-hand side is linear in covariances.
      const h = at < count ? Math.min(2e-3 * Math.max(1, value), Math.max(0.2 * value, 1e-9)) : 0.1;
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
    return this.model.populations.map(({ transfer }, index) =>
      transfer.derivatives(...this.inputs(state, index)),
    );
  }

  /** dF_i / dnu_j. */
  private gradients(responses: readonly Response[]): number[][] {
    return this.model.populations.map(({ from }, i) => {
      const [by_e, by_i] = responses[i]!.gradient;
      return from.exc.map((share, j) => by_e * share + by_i * from.inh[j]!);
    });
  }
}
