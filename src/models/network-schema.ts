/**
 * What a network file may say: every field with its type, unit, range, default and meaning. This is the only list of
 * them; reading, overrides and the tables of docs/network-file.md follow it. It checks each value by itself; what
 * fields must mean together (names that must exist, sizes that must agree, steps that must fit) is checked in
 * `resolve/`.
 */
import type { z } from 'zod';
import type { Dimension } from '../units.ts';
import {
  CELL_LIBRARY,
  CELL_PARAMETERS,
  type CellParameter,
  type CellSymbol,
  VOLTAGE_RANGE,
} from './cells.ts';
import {
  type Bounds,
  choice,
  dictionary,
  flag,
  integer,
  isRecord,
  list,
  numbers,
  quantity,
  record,
  text,
  word,
} from './document/fields.ts';
import {
  course,
  drive,
  events,
  file,
  neuronCurrent,
  noise,
  receptor,
  receptorUse,
  spikeList,
  WEIGHT,
} from './input-schema.ts';
import { byDistanceFields, perSynapse, space } from './synapse-schema.ts';

/**
 * Most neurons of a population: one 32-bit value for each fills the 128 MiB that WebGPU guarantees for a storage
 * binding.
 */
export const MAX_POPULATION_SIZE = 2 ** 25;

/** Most steps of a run: they are counted in 32 bits, and random numbers are drawn by that count. */
export const MAX_STEPS = 2 ** 32 - 1;

const POSITIVE: Bounds = { above: 0 };
const NOT_NEGATIVE: Bounds = { min: 0 };

const CELL_NAMES = CELL_LIBRARY.map(({ name }) => name);

function cellParameter(symbol: CellSymbol): CellParameter {
  const parameter = CELL_PARAMETERS.find((candidate) => candidate.symbol === symbol);
  if (!parameter) throw new TypeError(`no cell parameter is called ${symbol}`);
  return parameter;
}

function cellQuantity(symbol: CellSymbol) {
  const parameter = cellParameter(symbol);
  return quantity(parameter.dimension, parameter.range, parameter.description).optional();
}

const cellRecord = record({
  base: word(CELL_NAMES, 'cell', 'library cell whose values are taken where none is given').optional(),
  name: text('name of the cell in results; that of the base where not given').optional(),
  C_m: cellQuantity('C_m'),
  g_L: cellQuantity('g_L'),
  E_L: cellQuantity('E_L'),
  V_T: cellQuantity('V_T'),
  Delta_T: cellQuantity('Delta_T'),
  V_r: cellQuantity('V_r'),
  tau_ref: cellQuantity('tau_ref'),
  a: cellQuantity('a'),
  b: cellQuantity('b'),
  tau_w: cellQuantity('tau_w'),
});
const cellName = word(CELL_NAMES, 'cell', 'library cell, or a cell written in place');
/** A cell as a network or a cell file writes it. */
export const cell = choice((value) => (isRecord(value) ? cellRecord : cellName), { field: 'base' });

function initial(dimension: Dimension, bounds: Bounds, description: string) {
  const one = quantity(dimension, bounds, description);
  const distributed = record({
    uniform: record({
      low: quantity(dimension, bounds, 'lower end'),
      high: quantity(dimension, bounds, 'upper end'),
    }).optional(),
    normal: record({
      mean: quantity(dimension, bounds, 'mean'),
      sd: quantity(dimension, NOT_NEGATIVE, 'standard deviation'),
    }).optional(),
    values: numbers(dimension, bounds, 'one value per neuron').optional(),
    file: file.optional(),
  });
  return choice((value) => (isRecord(value) ? distributed : one));
}

/** A parameter of cells that each neuron has for itself. */
function ofEach(symbol: CellSymbol) {
  const { dimension, range, description } = cellParameter(symbol);
  return initial(dimension, range, description).optional();
}

const neuronCell = record({
  C_m: ofEach('C_m'),
  g_L: ofEach('g_L'),
  E_L: ofEach('E_L'),
  V_T: ofEach('V_T'),
  Delta_T: ofEach('Delta_T'),
  V_r: ofEach('V_r'),
  tau_ref: ofEach('tau_ref'),
  a: ofEach('a'),
  b: ofEach('b'),
  tau_w: ofEach('tau_w'),
});

const population = record({
  size: integer(
    { min: 1, max: MAX_POPULATION_SIZE, hint: 'one value per neuron must fit in a buffer of 128 MiB' },
    'number of neurons',
  ),
  cell: cell.optional(),
  neuron_cell: neuronCell.optional(),
  initial: record({
    V: initial('voltage', VOLTAGE_RANGE, 'membrane potential at the start; E_L where not given').optional(),
    w: initial('current', {}, 'adaptation current at the start; 0 pA where not given').optional(),
    g: dictionary(
      initial('conductance', {}, 'conductance of this receptor at the start; 0 nS where not given'),
      'receptor',
      true,
    ).optional(),
  }).optional(),
  current: course('current', {}, 'injected current, the same for all neurons').default(0),
  neuron_current: neuronCurrent.optional(),
  noise: noise.optional(),
  drive: list(drive, 'drive').default([]),
  events: list(events, 'event list').default([]),
  spikes: record(spikeList('spike', 'fires')).optional(),
  space: space.optional(),
});

const probability = quantity('number', { min: 0, max: 1 }, 'probability of each possible connection');
const index = (of: string) =>
  numbers('number', NOT_NEGATIVE, `${of} neuron of each edge, counted from 0`).optional();

/** What each edge of a list may have for itself, in place of what the projection says. */
const ownValues = {
  weights: numbers('conductance', WEIGHT, 'weight of each edge').optional(),
  delays: numbers(
    'time',
    NOT_NEGATIVE,
    'delay of each edge, which is rounded to a whole number of steps',
  ).optional(),
};

/** Fields of `connect` beside the rule, by rule. */
const RULE_FIELDS = {
  'fixed-probability': record({ rule: rule('fixed-probability'), probability }),
  'fixed-in-degree': record({
    rule: rule('fixed-in-degree'),
    degree: integer({ min: 1 }, 'connections that each target receives'),
  }),
  'fixed-out-degree': record({
    rule: rule('fixed-out-degree'),
    degree: integer({ min: 1 }, 'connections that each source makes'),
  }),
  'all-to-all': record({ rule: rule('all-to-all') }),
  'one-to-one': record({ rule: rule('one-to-one') }),
  'by-distance': record({
    rule: rule('by-distance'),
    probability: quantity('number', { above: 0, max: 1 }, 'probability of a connection at distance 0'),
    ...byDistanceFields,
  }),
  explicit: record({
    rule: rule('explicit'),
    sources: index('source'),
    targets: index('target'),
    ...ownValues,
    file: file.optional(),
  }),
};
type RuleName = keyof typeof RULE_FIELDS;
export const CONNECT_RULES = Object.keys(RULE_FIELDS) as readonly RuleName[];

function rule<Name extends string>(name: Name) {
  return word([name], 'rule', 'how pairs of neurons are connected');
}
/** What stands for `connect` while its rule is none of these: it always refuses, and suggests one that is. */
const unknownRule = record({
  rule: word(CONNECT_RULES, 'rule', 'how pairs of neurons are connected'),
  probability: probability.optional(),
  degree: integer({ min: 1 }, 'number of connections').optional(),
  ...byDistanceFields,
  profile: byDistanceFields.profile.optional(),
  sources: index('source'),
  targets: index('target'),
  ...ownValues,
  file: file.optional(),
}) as unknown as (typeof RULE_FIELDS)['all-to-all'];

const projection = record({
  from: text('source population', 'the name of a population'),
  to: text('target population', 'the name of a population'),
  receptor: receptorUse,
  weight: perSynapse(
    'conductance',
    WEIGHT,
    'conductance added by one spike; required unless a list of edges has weights of its own',
  ).optional(),
  delay: perSynapse(
    'time',
    NOT_NEGATIVE,
    'conduction delay, a multiple of dt; 0 ms, as where it is not given, acts from the next step on',
  ).optional(),
  connect: choice(
    (value) => {
      const name = isRecord(value) ? value.rule : value;
      const known = CONNECT_RULES.find((candidate) => candidate === name);
      return known === undefined ? unknownRule : RULE_FIELDS[known];
    },
    { field: 'rule', bare: ['all-to-all', 'one-to-one'] },
  ),
  self_connections: flag('whether a neuron may connect to itself').optional(),
});

/** The whole file. */
export const networkSchema = record({
  name: text('name of the network in results; that of the file where not given').optional(),
  description: text('what it is, in a sentence').default(''),
  source: text('paper or program that it follows').default(''),
  dt: quantity('time', POSITIVE, 'time step').default(0.1),
  duration: quantity(
    'time',
    POSITIVE,
    'how long a run lasts, a multiple of dt; about 1000 ms where not given',
  ).optional(),
  method: word(
    ['euler', 'exponential-euler'],
    'method',
    'how conductances decay in a step; V and w are Euler in both',
  ).default('euler'),
  storage: word(
    ['auto', 'stored', 'procedural'],
    'storage',
    'whether synapses are kept in memory or drawn anew at each spike; auto goes by memory',
  ).default('auto'),
  receptors: dictionary(record(receptor), 'receptor').default({}),
  populations: dictionary(population, 'population'),
  projections: dictionary(projection, 'projection').default({}),
});

/** A network as a user writes it: the content of a network file, or the same as an object. */
export type NetworkDocument = z.input<typeof networkSchema>;

/** The same after each value was checked by itself: numbers in boundary units, defaults filled in. */
export type CheckedNetwork = z.output<typeof networkSchema>;
export type CheckedPopulation = CheckedNetwork['populations'][string];
export type CheckedProjection = CheckedNetwork['projections'][string];
