/** The afferent input of the paper, as options of commands that can have it. */
import { InputError } from '../errors.ts';
import type { SampledCourse } from '../models/network.ts';
import { parseQuantity } from '../units.ts';
import { type OptionValue, textOption } from './options.ts';

/** What the parser hands over. */
type Given = Record<string, OptionValue>;

/** The paper's afferent input: a Gaussian that rises with one width and falls with another. */
export function readWaveform(given: Given, dt: number, duration: number): SampledCourse | undefined {
  const text = textOption(given.waveform, '--waveform');
  if (text === undefined) return undefined;
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length !== 4)
    throw new InputError(
      `--waveform is "${text}", but must be peak, time of the peak, rise and fall, as 2Hz,800ms,60ms,100ms`,
    );
  const peak = parseQuantity(parts[0]!, 'rate', '--waveform');
  const [at, rise, fall] = parts.slice(1).map((part) => parseQuantity(part, 'time', '--waveform')) as [
    number,
    number,
    number,
  ];
  if (!(rise > 0 && fall > 0) || peak < 0)
    throw new InputError(
      `--waveform is "${text}", but its peak must not be below 0 Hz, and its rise and fall must be above 0 ms`,
    );
  // The input is held during a step: its value in the middle stands for it.
  const values = Float64Array.from({ length: Math.ceil(duration / dt) + 1 }, (_, k) => {
    const from = (k + 0.5) * dt - at;
    return peak * Math.exp(-(from ** 2) / 2 / (from < 0 ? rise : fall) ** 2);
  });
  return { dt, values };
}

/** Which part of it excitatory cells receive. */
export function fractionOption(given: Given, waveform: SampledCourse | undefined): number {
  const text = textOption(given.fraction, '--fraction');
  if (text !== undefined && !waveform)
    throw new InputError('--fraction divides an afferent input, so it needs --waveform beside it');
  return text === undefined ? 1 : parseQuantity(text, 'number', '--fraction');
}
