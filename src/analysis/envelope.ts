/** Amplitude and phase of oscillations: the analytic signal, by the Hilbert transform (as scipy.signal.hilbert). */
import { type Series, samplesOf } from './correlation.ts';
import { type ComplexSeries, fourier, fourierOfReal } from './fourier.ts';

/** The signal with its Hilbert transform as imaginary part: positive frequencies twice, negative ones not. */
export function analyticSignal(values: ArrayLike<number>): ComplexSeries {
  const n = values.length;
  const { re, im } = fourierOfReal(values);
  for (let k = 1; k < n; k++) {
    const factor = 2 * k < n ? 2 : 2 * k === n ? 1 : 0;
    re[k]! *= factor;
    im[k]! *= factor;
  }
  return fourier({ re, im }, true);
}

/** The amplitude of each region over time; take its mean or a band off first. `[region, time]` */
export function hilbertEnvelope(series: Series, regions: number): Float64Array {
  return eachRegion(series, regions, (re, im) => Math.hypot(re, im));
}

/** The phase of each region over time, -pi to pi. `[region, time]` */
export function hilbertPhase(series: Series, regions: number): Float64Array {
  return eachRegion(series, regions, (re, im) => Math.atan2(im, re));
}

function eachRegion(
  series: Series,
  regions: number,
  value: (re: number, im: number) => number,
): Float64Array {
  const samples = samplesOf(series, regions);
  const result = new Float64Array(series.length);
  for (let region = 0; region < regions; region++) {
    const { re, im } = analyticSignal(series.subarray(region * samples, (region + 1) * samples));
    for (let k = 0; k < samples; k++) result[region * samples + k] = value(re[k]!, im[k]!);
  }
  return result;
}
