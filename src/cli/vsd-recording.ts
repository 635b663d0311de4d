/** Options that say which recording is meant and how it is prepared; `vsd show` and `ring scan` read them alike. */
import { CENTRING, type CentredRecording, centreRecording } from '../analysis/vsd.ts';
import { InputError } from '../errors.ts';
import { readRecording } from '../io/recording-file.ts';
import { parseQuantity } from '../units.ts';
import { integerOption, textOption } from './options.ts';
import type { Given } from './verbs.ts';

export const RECORDING_OPTIONS: readonly (readonly [flag: string, about: string])[] = [
  ['--time <file>', 'Times of an .npy recording'],
  ['--space <file>', 'Positions of an .npy recording'],
  ['--time-unit <unit>', 'ms or s (default: whichever is plausible)'],
  ['--space-unit <unit>', 'mm or m (default: whichever is plausible)'],
  ['--field <name>', 'Stimulus of a MATLAB recording (default: stim1)'],
  ['--window <from:to>', 'Time that is kept, ms (default: -100:300)'],
  ['--smooth <n>', 'Samples on each side of the smoothing box (default: 2)'],
];

export interface ChosenRecording {
  recording: CentredRecording;
  /** What the user should know, one sentence each. */
  notes: string[];
  window: [from: number, to: number];
  box: number;
}

/** Throws InputError. */
export async function readRecordingOption(path: string, given: Given): Promise<ChosenRecording> {
  const [time, space, stimulus] = [
    textOption(given.time, '--time'),
    textOption(given.space, '--space'),
    textOption(given.field, '--field'),
  ];
  const timeUnit = unitOption(given.timeUnit, '--time-unit', ['ms', 's'] as const);
  const spaceUnit = unitOption(given.spaceUnit, '--space-unit', ['mm', 'm'] as const);
  const window = windowOption(given);
  const box = integerOption(given.smooth, '--smooth', { least: 1, most: 100 }) ?? CENTRING.box;
  const { notes, ...raw } = await readRecording(path, {
    ...(time === undefined ? {} : { time }),
    ...(space === undefined ? {} : { space }),
    ...(stimulus === undefined ? {} : { stimulus }),
    ...(timeUnit === undefined ? {} : { timeUnit }),
    ...(spaceUnit === undefined ? {} : { spaceUnit }),
  });
  const recording = centreRecording(raw, { box, from: window[0], to: window[1] });
  const { blanked, emptyRows } = recording;
  if (blanked > 0)
    notes.push(
      `${blanked} value${blanked === 1 ? ' is' : 's are'} NaN and count as 0${emptyRows.length > 0 ? `; position${emptyRows.length === 1 ? '' : 's'} ${emptyRows.join(', ')} (from 0) hold nothing else` : ''}`,
    );
  return { recording, notes, window, box };
}

function unitOption<T extends string>(
  value: Given[string],
  option: string,
  units: readonly T[],
): T | undefined {
  const text = textOption(value, option);
  if (text === undefined) return undefined;
  const unit = units.find((each) => each === text);
  if (!unit) throw new InputError(`${option} is ${text}, but must be ${units.join(' or ')}`);
  return unit;
}

function windowOption(given: Given): [number, number] {
  const text = textOption(given.window, '--window');
  if (text === undefined) return [CENTRING.from, CENTRING.to];
  const parts = text.split(':');
  if (parts.length !== 2) throw new InputError(`--window is "${text}", but is written from:to, as -100:300`);
  const [from, to] = parts.map((part) => parseQuantity(part, 'time', '--window'));
  return [from!, to!];
}
