/** What the verbs of `spikefield ring` share: the ring, its stimulus and its units, out of options. */
import { existsSync } from 'node:fs';
import { InputError } from '../errors.ts';
import { arrayReaders } from '../io/array-readers.ts';
import { readNpy } from '../io/npy.ts';
import { meanField } from '../mean-field/library.ts';
import { DEFAULT_T, isAdapting, type MeanField, type Order } from '../mean-field/model.ts';
import { suggestion } from '../models/document/near-names.ts';
import { readNetwork } from '../models/read-network.ts';
import { checkRing, RING_DT, type Ring, ZERLAUT_RING } from '../models/ring.ts';
import {
  type GaussianStimulus,
  type RingStimulus,
  STIMULUS_KINDS,
  type StimulusKind,
} from '../models/ring-stimulus.ts';
import { readTransferFunction } from '../transfer/transfer-function-file.ts';
import { integerOption, listOption, type OptionValue, quantityOption, textOption } from './options.ts';

/** What the parser hands over. */
type Given = Record<string, OptionValue>;

/** Options that say what a ring is; other verbs have them too. */
export const RING_OPTIONS: [string, string][] = [
  ['--units <n>', 'Units along the ring (default: 30)'],
  ['--rows <n>', 'Rows of a periodic sheet (default: 1, a ring)'],
  ['--extent <length>', 'Length of the ring (default: 36 mm)'],
  ['--exc-extent <length>', 'Standard deviation of excitatory connectivity (default: 5 mm)'],
  ['--inh-extent <length>', 'Standard deviation of inhibitory connectivity (default: 1 mm)'],
  ['--conduction-velocity <v>', 'Velocity of lateral conduction, mm/s or with a unit (default: 300)'],
  [
    '--stimulus <name|file>',
    `${STIMULUS_KINDS.join(', ')}, or an .npy array [sample, unit] in Hz (default: centre)`,
  ],
  ['--stimulus-dt <time>', 'Time between samples of a stimulus from a file (default: the time step)'],
  ['--stim-extent <length>', 'Standard deviation of the stimulus in space (default: 1 mm)'],
  ['--amplitude <rate>', 'Peak of the stimulus (default: 15 Hz)'],
  ['--tau1 <time>', 'Rise of the stimulus (default: 50 ms)'],
  ['--tau2 <time>', 'Fall of the stimulus (default: 150 ms)'],
  ['--start <time>', "When the stimulus peaks (default: the paper's, 150 ms or 3 tau1)"],
  ['--duration <time>', "Simulated time (default: the paper's, 400 ms or until 3 tau2 after the peak)"],
  ['--dt <time>', 'Time step (default: 0.5 ms)'],
];

/** Options that say what a unit of it is. */
export const UNIT_OPTIONS: [string, string][] = [
  [
    '--fit <file>',
    "A fitted transfer function, taken for its cell; may be repeated (default: Spikefield's own)",
  ],
  ['--as-published', "The printed coefficients of Zerlaut et al. 2017, with the slip of the paper's program"],
  ['--order <1|2>', 'Mean rates alone (1, the default), or with their covariances in each unit (2)'],
  [
    '--adaptation',
    'Adaptation as a slow variable, by a, b and tau_w of the cells (default: settled, within the transfer functions)',
  ],
  ['--T <time>', 'Time scale of the Master Equation (default: 5 ms)'],
  ['--set <path=value>', 'Change a field of the network, as populations.*.drive.*.rate=5Hz; may be repeated'],
  ['--fraction <f>', 'Part of the stimulus that excitatory cells receive (default: 1)'],
];

export interface ChosenRing {
  ring: Ring;
  model: MeanField;
  order: Order;
  dt: number;
  fraction: number;
  formula: string;
  network: string;
}

/** The ring that the options mean. Throws InputError. */
export function readRing(network: string, given: Given): ChosenRing {
  const dt = quantityOption(given.dt, '--dt', 'time') ?? RING_DT;
  const length = (value: OptionValue, option: string, otherwise: number) =>
    quantityOption(value, option, 'length') ?? otherwise;
  const units = integerOption(given.units, '--units', { least: 3 }) ?? ZERLAUT_RING.units;
  const rows = integerOption(given.rows, '--rows', { least: 1 }) ?? 1;
  const ring: Ring = {
    name: network,
    units,
    rows,
    extent: length(given.extent, '--extent', ZERLAUT_RING.extent),
    exc_extent: length(given.excExtent, '--exc-extent', ZERLAUT_RING.exc_extent),
    inh_extent: length(given.inhExtent, '--inh-extent', ZERLAUT_RING.inh_extent),
    conduction_velocity:
      velocityOption(given.conductionVelocity, '--conduction-velocity') ?? ZERLAUT_RING.conduction_velocity,
    stimulus: readStimulus(given, dt, rows > 1 ? [rows, units] : [units]),
  };
  checkRing(ring, dt);
  const published = given.asPublished === true;
  const files = listOption(given.fit, '--fit');
  if (published && files.length > 0)
    throw new InputError(
      '--as-published means the printed coefficients, so it cannot stand beside --fit: leave one of them out',
    );
  const model = meanField(readNetwork(network, listOption(given.set, '--set'), arrayReaders), {
    formula: published ? 'as-published' : 'corrected',
    given: files.map((source) => ({ transfer: readTransferFunction(source), source })),
    T: quantityOption(given.T, '--T', 'time') ?? DEFAULT_T,
    adaptation: given.adaptation === true,
  });
  const order = (integerOption(given.order, '--order', { least: 1, most: 2 }) ?? 1) as Order;
  const formulas = [...new Set(model.populations.map(({ transfer }) => transfer.formula))];
  if (formulas.length > 1)
    throw new InputError(
      'the transfer functions belong to different formulas (corrected and as-published), which must not be mixed: fit all of them alike',
      { field: 'fit' },
    );
  const fraction = quantityOption(given.fraction, '--fraction', 'number') ?? 1;
  return { ring, model, order, dt, fraction, formula: formulas[0]!, network };
}

/** What there is to a unit besides its rates, for titles: `, second order, with adaptation`, or nothing. */
export function unitTitle({ order, model }: Pick<ChosenRing, 'order' | 'model'>): string {
  return `${order === 2 ? ', second order' : ''}${isAdapting(model) ? ', with adaptation' : ''}`;
}

/** The same for the line below a title. */
export function unitNote(chosen: Pick<ChosenRing, 'order' | 'model'>): string {
  return unitTitle(chosen).replace(',', ';');
}

/** A velocity in mm/s: `300`, `300mm/s`, `0.3 m/s`. */
export function velocityOption(value: OptionValue, option: string): number | undefined {
  const text = textOption(value, option);
  if (text === undefined) return undefined;
  const found = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(mm\/s|m\/s|mm\/ms)?\s*$/.exec(text);
  if (!found)
    throw new InputError(`${option} is "${text}", but a velocity is needed: write a number in mm/s or m/s`);
  return Number(found[1]) * (found[2] === 'm/s' || found[2] === 'mm/ms' ? 1000 : 1);
}

function readStimulus(given: Given, dt: number, shape: readonly number[]): RingStimulus {
  const name = textOption(given.stimulus, '--stimulus') ?? 'centre';
  const duration = quantityOption(given.duration, '--duration', 'time');
  const known = STIMULUS_KINDS.find((kind) => kind === name);
  if (known === undefined) {
    if (!name.endsWith('.npy') && !existsSync(name))
      throw new InputError(
        `there is no stimulus ${name} and no such file; ${suggestion(name, [...STIMULUS_KINDS])}`,
        { field: 'stimulus' },
      );
    const foreign = ['stimExtent', 'amplitude', 'tau1', 'tau2', 'start'].find(
      (key) => given[key] !== undefined,
    );
    if (foreign)
      throw new InputError(
        `--stimulus ${name} gives the whole stimulus, so --${foreign.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} cannot stand beside it: leave one of them out`,
        { field: 'stimulus' },
      );
    const array = readNpy(name);
    if (array.shape.length !== 1 + shape.length || shape.some((size, k) => array.shape[k + 1] !== size))
      throw new InputError(
        `${name} has the shape [${array.shape.join(', ')}], but a stimulus of this ring has [samples, ${shape.join(', ')}]: transpose it, or give its number of units with --units`,
        { field: 'stimulus' },
      );
    const every = quantityOption(given.stimulusDt, '--stimulus-dt', 'time') ?? dt;
    const values = Float64Array.from(array.data as ArrayLike<number>);
    return { kind: 'sampled', dt: every, values, ...(duration === undefined ? {} : { duration }) };
  }
  if (given.stimulusDt !== undefined)
    throw new InputError(
      `--stimulus-dt belongs to a stimulus from a file, but this one is ${known}: leave it out`,
    );
  return gaussian(known, given, duration);
}

function gaussian(kind: StimulusKind, given: Given, duration: number | undefined): GaussianStimulus {
  const paper = ZERLAUT_RING.stimulus as GaussianStimulus;
  const start = quantityOption(given.start, '--start', 'time');
  return {
    kind,
    amplitude: quantityOption(given.amplitude, '--amplitude', 'rate') ?? paper.amplitude,
    extent: quantityOption(given.stimExtent, '--stim-extent', 'length') ?? paper.extent,
    tau1: quantityOption(given.tau1, '--tau1', 'time') ?? paper.tau1,
    tau2: quantityOption(given.tau2, '--tau2', 'time') ?? paper.tau2,
    ...(start === undefined ? {} : { start }),
    ...(duration === undefined ? {} : { duration }),
  };
}
