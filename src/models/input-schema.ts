/**
 * The part of the network file's schema that says what acts on neurons from outside the network, and through which receptors:
 * drives, events, given spikes, currents, noise.
 */
import type { Dimension } from '../units.ts';
import { VOLTAGE_RANGE } from './cells.ts';
import {
  type Bounds,
  choice,
  dictionary,
  integer,
  isRecord,
  numbers,
  quantity,
  record,
  text,
  word,
} from './document/fields.ts';

const POSITIVE: Bounds = { above: 0 };
const NOT_NEGATIVE: Bounds = { min: 0 };
export const WEIGHT: Bounds = { min: 0, hint: "inhibition is a receptor's E_rev, not a negative weight" };

export const receptor = {
  tau: quantity('time', POSITIVE, 'decay time constant of the conductance'),
  E_rev: quantity('voltage', VOLTAGE_RANGE, 'reversal potential'),
};
const inlineReceptor = record({
  name: text('name of a receptor written in place; the name of the projection where not given').optional(),
  ...receptor,
});
const receptorName = text(
  'name of an entry of `receptors`, or a receptor written in place',
  'the name of a receptor',
);
export const receptorUse = choice((value) => (isRecord(value) ? inlineReceptor : receptorName));

export const file = text('.csv, .npy or .npz file, relative to the network file', 'the path of a file');

export function course(dimension: Dimension, bounds: Bounds, description: string) {
  const constant = quantity(dimension, bounds, description);
  const sampled = record({
    dt: quantity('time', POSITIVE, 'duration of one sample, at least the time step'),
    values: numbers(dimension, bounds, 'samples; the last one is held to the end').optional(),
    file: file.optional(),
  });
  const ramp = record({
    from: quantity(dimension, bounds, 'value at the start'),
    to: quantity(dimension, bounds, 'value at the end of the ramp and after it'),
    over: quantity('time', POSITIVE, 'duration of the ramp, a multiple of the time step'),
  });
  const isRamp = (value: object) => 'from' in value || 'to' in value || 'over' in value;
  return choice((value) => {
    if (!isRecord(value)) return constant;
    return isRamp(value) ? ramp : sampled;
  });
}

/** An array [time, neuron] in a file beside the network. */
const neuronCourse = {
  dt: quantity('time', POSITIVE, 'duration of one row of the file, a multiple of the time step'),
  file: text(
    '.npy file with a row for each sample of time and a column for each neuron',
    'the path of a file',
  ),
};

const ofEachNeuron = numbers('number', NOT_NEGATIVE, 'what the rate is multiplied by, for each neuron');
const profile = record({
  file: file.optional(),
  around: record({
    x: quantity('length', {}, 'place of the middle along a row of the space of the population'),
    y: quantity('length', {}, 'place across the rows of a sheet').default(0),
    profile: word(['gaussian', 'exponential'], 'profile', 'how the factor falls off with distance, from 1'),
    scale: quantity(
      'length',
      POSITIVE,
      'sd of the gaussian, or length over which the exponential falls to 1/e',
    ),
  }).optional(),
});

export const drive = record({
  receptor: receptorUse,
  synapses: integer({ min: 1, max: 1e9 }, 'external synapses of each neuron'),
  rate: course('rate', NOT_NEGATIVE, 'rate of each synapse').optional(),
  profile: choice((value) => (isRecord(value) ? profile : ofEachNeuron)).optional(),
  neuron_rate: record(neuronCourse).optional(),
  weight: quantity('conductance', WEIGHT, 'conductance added by one event'),
  statistics: word(
    ['poisson', 'binomial', 'bernoulli'],
    'kind of statistics',
    'how events of a step are counted',
  ).default('poisson'),
});

/** A list of spikes in the network file, or beside it. */
export function spikeList(one: string, who: string) {
  return {
    times: numbers('time', NOT_NEGATIVE, `time of each ${one}, ascending`).optional(),
    neurons: numbers('number', NOT_NEGATIVE, `neuron that ${who}, counted from 0`).optional(),
    file: file.optional(),
    time_unit: word(
      ['us', 'ms', 's'],
      'unit of time',
      'what the file counts times in; ms where neither this nor the name of its column says it',
    ).optional(),
  };
}

export const events = record({
  receptor: receptorUse,
  weight: quantity('conductance', WEIGHT, 'conductance added by one event'),
  ...spikeList('event', 'receives it'),
});

const currentsFile = record({
  dt: quantity(
    'time',
    POSITIVE,
    'duration of one row of an array over time, a multiple of the time step; without it, the file has one constant for each neuron',
  ).optional(),
  file: text(
    '.csv, .npy or .npz file; with dt, a .npy file of an array [time, neuron]',
    'the path of a file',
  ),
});
const currentOfEach = numbers('current', {}, 'constant current added for each neuron');

function fluctuation(dimension: Dimension, bounds: Bounds, what: string) {
  return record({
    mean: quantity(dimension, bounds, `mean of ${what}`).default(0),
    sd: quantity(dimension, NOT_NEGATIVE, 'its stationary standard deviation'),
    tau: quantity('time', POSITIVE, 'its correlation time'),
  });
}

export const noise = record({
  white: quantity('diffusion', NOT_NEGATIVE, 'sigma of white noise in V: dV = ... dt + sigma dW').default(0),
  current: fluctuation('current', {}, 'an Ornstein-Uhlenbeck current').optional(),
  conductance: dictionary(
    fluctuation('conductance', NOT_NEGATIVE, 'an Ornstein-Uhlenbeck conductance with E_rev of this receptor'),
    'receptor',
    true,
  ).optional(),
});

/** Constants of neurons, or their currents over time. */
export const neuronCurrent = choice((value) => (isRecord(value) ? currentsFile : currentOfEach));
