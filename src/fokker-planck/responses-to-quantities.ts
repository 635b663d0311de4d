/**
 * From the responses of one grid point to the numbers of its table entry. The fits run here and not on the device: they
 * search for global minima, branch differently at every point, want double precision, and take a few seconds for a whole
 * table.
 */
import { ExponentialFit } from './fit-exponential.ts';
import { fitOscillation, type ResponseValue } from './fit-oscillation.ts';
import { AT_LOWEST, AT_ZERO, type FrequencySet } from './frequencies.ts';
import type { Responses } from './solver.ts';

/** Frequencies around each of the two peaks in the second pass, a multiple of four. */
export const PEAK_SAMPLES = 8;
export type Peak = 'real' | 'imaginary';
const PEAKS: readonly Peak[] = ['real', 'imaginary'];

export class ResponseReader {
  readonly set: FrequencySet;
  private readonly exponential: ExponentialFit;
  private readonly re: Float64Array;
  private readonly im: Float64Array;

  constructor(set: FrequencySet) {
    this.set = set;
    this.exponential = new ExponentialFit(set);
    this.re = new Float64Array(set.hertz.length);
    this.im = new Float64Array(set.hertz.length);
  }

  /**
   * tau_mu of point `point` of `points`, ms. As in the published table, the response is divided by its (complex) value at
   * 0.25 Hz.
   */
  tauMu({ muRe, muIm }: Responses, point: number, points: number): number {
    const low = AT_LOWEST * points + point;
    this.normalise(muRe, muIm, point, points, muRe[low]!, muIm[low]!);
    return this.exponential.fit(this.re, this.im);
  }

  /** tau_sigma, ms: the response is divided by dr/dsigma; 0 where that is not above 0. */
  tauSigma({ sigmaRe, sigmaIm }: Responses, point: number, points: number): number {
    const limit = sigmaRe[AT_ZERO * points + point]!;
    if (!(limit > 0)) return 0;
    this.normalise(sigmaRe, sigmaIm, point, points, limit, 0);
    return this.exponential.fit(this.re, this.im);
  }

  /**
   * Where to look closer for the largest real and imaginary parts of the responses to mu: `[frequency, point]`, Hz, first
   * PEAK_SAMPLES about the former, then as many about the latter.
   */
  aroundPeaks(responses: Responses, points: number): Float64Array {
    const { hertz } = this.set;
    const around = new Float64Array(2 * PEAK_SAMPLES * points);
    PEAKS.forEach((peak, which) => {
      const part = peak === 'real' ? responses.muRe : responses.muIm;
      for (let point = 0; point < points; point++) {
        let best = AT_LOWEST;
        for (let k = AT_LOWEST; k < hertz.length; k++)
          if (Math.abs(part[k * points + point]!) > Math.abs(part[best * points + point]!)) best = k;
        const low = hertz[Math.max(AT_LOWEST, best - 1)]!;
        const high = hertz[Math.min(hertz.length - 1, best + 1)]!;
        for (let sample = 0; sample < PEAK_SAMPLES; sample++)
          around[(which * PEAK_SAMPLES + sample) * points + point] =
            low + ((high - low) * sample) / (PEAK_SAMPLES - 1);
      }
    });
    return around;
  }

  /**
   * Damped oscillation of point `point`, through the response over dr/dmu at its two peaks.
   * @param near responses at the frequencies of `aroundPeaks`
   */
  oscillation(responses: Responses, near: Responses, hertz: Float64Array, point: number, points: number) {
    const limit = responses.muRe[AT_ZERO * points + point]!;
    const [first, second] = PEAKS.map((peak, which) =>
      peakValue(near, hertz, peak, which, point, points, limit),
    );
    return fitOscillation(first!, second!);
  }

  private normalise(
    re: Float32Array,
    im: Float32Array,
    point: number,
    points: number,
    byRe: number,
    byIm: number,
  ): void {
    const size = byRe * byRe + byIm * byIm;
    for (let k = 0; k < this.re.length; k++) {
      const at = k * points + point;
      this.re[k] = (re[at]! * byRe + im[at]! * byIm) / size;
      this.im[k] = (im[at]! * byRe - re[at]! * byIm) / size;
    }
  }
}

/** The response at a peak: the sample that is largest, moved to the vertex of the parabola through it and its neighbours. */
function peakValue(
  { muRe, muIm }: Responses,
  hertz: Float64Array,
  peak: Peak,
  which: number,
  point: number,
  points: number,
  limit: number,
): ResponseValue {
  const at = (sample: number) => (which * PEAK_SAMPLES + sample) * points + point;
  const part = peak === 'real' ? muRe : muIm;
  let best = 0;
  for (let sample = 1; sample < PEAK_SAMPLES; sample++)
    if (Math.abs(part[at(sample)]!) > Math.abs(part[at(best)]!)) best = sample;
  const edge = best === 0 || best === PEAK_SAMPLES - 1;
  const middle = edge ? (best === 0 ? 1 : PEAK_SAMPLES - 2) : best;
  const triple = [middle - 1, middle, middle + 1].map(at);
  // In units of the spacing, from the middle sample.
  const [left, centre, right] = triple.map((index) => part[index]!) as [number, number, number];
  const bend = left - 2 * centre + right;
  const vertex = edge
    ? best - middle
    : bend === 0
      ? 0
      : Math.max(-1, Math.min(1, (left - right) / (2 * bend)));
  const through = (values: Float32Array) => {
    const [a, b, c] = triple.map((index) => values[index]!) as [number, number, number];
    return b + (vertex * (c - a)) / 2 + (vertex * vertex * (a - 2 * b + c)) / 2;
  };
  const spacing = hertz[triple[2]!]! - hertz[triple[1]!]!;
  return {
    hertz: hertz[triple[1]!]! + vertex * spacing,
    re: through(muRe) / limit,
    im: through(muIm) / limit,
  };
}
