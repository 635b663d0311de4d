/**
 * How far a model is from a recording, as `compare_to_model` of Zerlaut et al. 2018 has it: the model's response is centred in time by its
 * own maximum, each of its pixels meets the nearest row of the recording, and squared differences are summed without dividing by their
 * number. Two habits of the published program are kept, since residuals are compared with it: a time of the recording takes the first
 * sample of the model that is less than a frame away, so nearly one frame early, and times that the model does not reach count as 0.
 * Times in ms, positions in mm.
 */
import { InputError } from '../errors.ts';
import { smoothed } from './smooth.ts';
import type { CentredRecording } from './vsd.ts';
import { columnMeans, peakSample } from './vsd.ts';

/** The scale of the paper: a response of 4 mV from -58 mV. */
export const RESPONSE_SCALE = 4 / 58;

/** What is the same for all runs that are compared with one recording. */
export interface Alignment {
  /** Pixels of the model within the recording, from `first` on. */
  first: number;
  pixels: number;
  /** Their positions from the stimulus, mm. */
  positions: Float64Array;
  times: Float64Array;
  /** `[pixel, time]`: the recording over its maximum there. */
  data: Float64Array;
  /** What the model is divided by; 0: its own maximum where it is compared. */
  scale: number;
  /** ms */
  dt: number;
  /** Between times of the recording, ms. */
  frame: number;
}

export interface AlignmentOptions {
  /** ms */
  dt: number;
  /** Default: `RESPONSE_SCALE`; 'peak': each run's own maximum. */
  scale?: number | 'peak';
}

/** The Gaussian over time, samples. */
export const SIGMA = 1;

/**
 * @param positions of the model's pixels, mm from its stimulus, ascending
 * @throws InputError where they do not meet the recording
 */
export function alignTo(
  recording: CentredRecording,
  positions: ArrayLike<number>,
  { dt, scale = RESPONSE_SCALE }: AlignmentOptions,
): Alignment {
  const places = recording.positions;
  const kept = Array.from(positions).flatMap((x, index) =>
    x >= places[0]! && x <= places[places.length - 1]! ? [index] : [],
  );
  if (kept.length === 0)
    throw new InputError(
      `no pixel of the model lies within the recording, which reaches from ${places[0]} to ${places[places.length - 1]} mm from its centre; check the unit of the space axis`,
      { field: 'space' },
    );
  if (scale !== 'peak' && !(scale > 0 && Number.isFinite(scale)))
    throw new InputError(`the model is divided by ${scale}, but the scale must be above 0`, {
      field: 'scale',
    });
  const { times } = recording;
  const columns = times.length;
  const data = new Float64Array(kept.length * columns);
  kept.forEach((index, pixel) => {
    const row = nearest(places, positions[index]!);
    for (let k = 0; k < columns; k++) data[pixel * columns + k] = recording.data[row * columns + k]!;
  });
  const most = data.reduce((top, value) => Math.max(top, value), 0);
  if (most === 0)
    throw new InputError(
      'the recording does not rise above 0 where the model has pixels; check its space axis',
      {
        field: 'space',
      },
    );
  const frame = times[1]! - times[0]!;
  if (!(frame > dt))
    throw new InputError(
      `frames of the recording are ${frame} ms apart, not more than the model's step of ${dt} ms; give a smaller dt`,
      { field: 'dt' },
    );
  return {
    first: kept[0]!,
    pixels: kept.length,
    positions: Float64Array.from(kept, (index) => positions[index]!),
    times,
    data: data.map((value) => value / most),
    scale: scale === 'peak' ? 0 : scale,
    dt,
    frame,
  };
}

/** Stands for no sample. */
export const NONE = 2 ** 31 - 1;

/**
 * The sample that each time of the recording meets in a model whose maximum is at sample `peak`: the first that is less than a frame away.
 * Where frames and steps have a common measure, sample and edge may fall together, and rounding decides; so times are rounded as the
 * published program rounds them, which counts in seconds.
 */
export function meetings({ times, frame, dt }: Alignment, peak: number, samples: number): Int32Array {
  const step = dt / 1000;
  const origin = 1000 * (peak * step);
  const away = (sample: number, time: number) => Math.abs(1000 * (sample * step) - origin - time);
  return Int32Array.from(times, (time) => {
    let sample = Math.max(0, peak + Math.floor((time - frame) / dt) - 2);
    const last = Math.min(samples - 1, peak + Math.ceil((time + frame) / dt) + 2);
    while (sample <= last && !(away(sample, time) < frame)) sample++;
    return sample <= last ? sample : NONE;
  });
}

/** A model's response where a recording is, `[pixel, time]`, scaled, and when its maximum was. */
export interface AlignedModel {
  values: Float64Array;
  /** ms in the model's time. */
  peakTime: number;
}

/**
 * @param response `[sample, pixel]` of the whole model, of `width` pixels
 * @param peakAt the sample to be taken for its maximum (default: where its smoothed mean is largest)
 */
export function alignModel(
  alignment: Alignment,
  response: ArrayLike<number>,
  width: number,
  peakAt?: number,
): AlignedModel {
  const { first, pixels, times } = alignment;
  const samples = response.length / width;
  const rows = new Float64Array(pixels * samples);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let k = 0; k < samples; k++) rows[pixel * samples + k] = response[k * width + first + pixel]!;
  const peak = peakAt ?? peakSample(columnMeans(rows, pixels), SIGMA, 1);
  const values = new Float64Array(pixels * times.length);
  meetings(alignment, peak, samples).forEach((sample, k) => {
    if (sample >= samples) return;
    for (let pixel = 0; pixel < pixels; pixel++)
      values[pixel * times.length + k] = rows[pixel * samples + sample]!;
  });
  const scale = alignment.scale || values.reduce((top, value) => Math.max(top, value), 0);
  return {
    values: scale > 0 ? values.map((value) => value / scale) : values,
    peakTime: peak * alignment.dt,
  };
}

/** Sum of squared differences over the pixels and times of the recording. */
export function residual({ data }: Alignment, { values }: AlignedModel): number {
  return values.reduce((sum, value, k) => sum + (value - data[k]!) ** 2, 0);
}

/** Weights of the Gaussian over time from its middle outwards, which a kernel wants; they add to 1 on both sides together. */
export function gaussianWeights(): number[] {
  const radius = Math.floor(4 * SIGMA + 0.5);
  const impulse = new Float64Array(4 * radius + 1);
  impulse[2 * radius] = 1;
  return Array.from(smoothed(impulse, SIGMA).subarray(2 * radius, 3 * radius + 1));
}

function nearest(axis: Float64Array, value: number): number {
  let best = 0;
  axis.forEach((each, k) => {
    if (Math.abs(each - value) < Math.abs(axis[best]! - value)) best = k;
  });
  return best;
}
