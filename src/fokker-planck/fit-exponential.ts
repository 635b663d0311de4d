/**
 * The time constant of an exponential filter that comes nearest to a response: least squares over the frequency band of
 * |X(f) - 1 / (1 + 2 pi i f tau)|^2, with X the response over its value at low frequency (Augustin, Ladenbauer, Baumann and
 * Obermayer, PLoS Comput Biol 2017). One parameter, and a sum that may have several minima: all of the range is looked at
 * on a logarithmic scale first, and the lowest valley is then followed down, which a library's gradient method would not do.
 */
import type { FrequencySet } from './frequencies.ts';

/** Time constants looked at, ms. */
const SHORTEST = 1e-3;
const LONGEST = 1e3;
const LOOKED_AT = 121;
/** Golden sections after that: each narrows the valley to 0.62 of its width. */
const SECTIONS = 24;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

export class ExponentialFit {
  private readonly angular: Float64Array;
  private readonly weight: Float64Array;
  private readonly tau: Float64Array;
  /** For each time constant looked at: w / (1 + x^2) and w x / (1 + x^2), x = 2 pi f tau. */
  private readonly squares: Float64Array[];
  private readonly products: Float64Array[];

  constructor({ hertz, weight }: FrequencySet) {
    this.angular = hertz.map((frequency) => 2 * Math.PI * frequency * 1e-3);
    this.weight = weight;
    this.tau = Float64Array.from({ length: LOOKED_AT }, (_, index) => this.tauAt(index));
    this.squares = [...this.tau].map((tau) => this.angular.map((w, k) => weight[k]! / (1 + (w * tau) ** 2)));
    this.products = [...this.tau].map((tau, t) =>
      this.squares[t]!.map((square, k) => square * this.angular[k]! * tau),
    );
  }

  /**
   * The time constant in ms, from 1e-3 to 1e3; NaN where X holds NaN.
   * @param re real part of X at each frequency
   * @param im imaginary part
   */
  fit(re: Float64Array, im: Float64Array): number {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let index = 0; index < LOOKED_AT; index++) {
      const squares = this.squares[index]!;
      const products = this.products[index]!;
      let error = 0;
      for (let k = 0; k < re.length; k++) error += squares[k]! * (1 - 2 * re[k]!) + 2 * products[k]! * im[k]!;
      if (error < least) [best, least] = [index, error];
    }
    if (least === Number.POSITIVE_INFINITY) return Number.NaN;
    return this.descend(Math.max(0, best - 1), Math.min(LOOKED_AT - 1, best + 1), re, im);
  }

  private descend(low: number, high: number, re: Float64Array, im: Float64Array): number {
    let inner = high - GOLDEN * (high - low);
    let outer = low + GOLDEN * (high - low);
    let atInner = this.error(this.tauAt(inner), re, im);
    let atOuter = this.error(this.tauAt(outer), re, im);
    for (let section = 0; section < SECTIONS; section++) {
      if (atInner < atOuter) {
        [high, outer, atOuter] = [outer, inner, atInner];
        inner = high - GOLDEN * (high - low);
        atInner = this.error(this.tauAt(inner), re, im);
      } else {
        [low, inner, atInner] = [inner, outer, atOuter];
        outer = low + GOLDEN * (high - low);
        atOuter = this.error(this.tauAt(outer), re, im);
      }
    }
    return this.tauAt((low + high) / 2);
  }

  /** The squared distance, less what does not depend on tau. */
  private error(tau: number, re: Float64Array, im: Float64Array): number {
    let error = 0;
    for (let k = 0; k < re.length; k++) {
      const x = this.angular[k]! * tau;
      error += (this.weight[k]! * (1 - 2 * re[k]! + 2 * x * im[k]!)) / (1 + x * x);
    }
    return error;
  }

  private tauAt(index: number): number {
    return SHORTEST * (LONGEST / SHORTEST) ** (index / (LOOKED_AT - 1));
  }
}
