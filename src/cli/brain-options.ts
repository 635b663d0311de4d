/** Options of `spikefield brain run` in numbers, and what of them a run is known by. */
import { createHash } from 'node:crypto';
import { InputError } from '../errors.ts';
import { type Connectome, connectomesOfSubjects } from '../models/connectome.ts';
import { suggestion } from '../models/document/near-names.ts';
import { parseQuantity } from '../units.ts';
import { wholeSteps } from '../whole-brain/aln-checks.ts';
import { alnModel } from '../whole-brain/aln-model.ts';
import { DEFAULT_TR } from '../whole-brain/brain-simulation.ts';
import { NODE_DEFINITIONS, nodeModel } from '../whole-brain/defined-model.ts';
import type { NodeGiven, NodeModel } from '../whole-brain/node-model.ts';
import { openTablesOption, parameterOptions, timeOption } from './aln-options.ts';
import { BATCH_OPTION, BRAIN_CONNECTOME_OPTIONS, connectomeOption, eachOption } from './connectome-option.ts';
import { integerOption, listOption, quantityOption, textOption } from './options.ts';
import type { Given, Verb } from './verbs.ts';

/** Options of every verb that simulates brains. */
export const BRAIN_OPTIONS: Verb['options'] = [
  ['--connectome <what>', 'A folder or file of a connectome, or synthetic[:regions[:seed]]'],
  ...BRAIN_CONNECTOME_OPTIONS,
  ['--model <name>', 'Of the nodes: aln, wilson-cowan, hopf or fitzhugh-nagumo (default: aln)'],
  ['--set <name=value>', "A parameter by neurolib's name, as b=5, or signalV=20 (mm/ms); may be repeated"],
  ['--duration <time>', 'Simulated time (default: 24 s)'],
  ['--bold', 'BOLD and its functional connectivity'],
  ['--bold-tr <time>', "Between samples of BOLD (default: the recordings', or 2 s)"],
  ['--transient <time>', 'Beginning that statistics and FC leave out (default: 10 s with --bold, else 0)'],
  ['--seed <number>', 'Of noise and drawn initial values (default: 0)'],
  ['--seeds <n>', 'So many runs at once with seeds that follow each other (default: 1)'],
  BATCH_OPTION,
  ['--dt <time>', 'Time step (default: 0.1 ms)'],
  ['--tables <path>', "Look-up tables of the node's neuron (default: those of the ALN neuron)"],
];

export interface BrainRunPlan {
  /** Of all subjects. */
  connectome: Connectome;
  /** Each subject's own, with `--subjects each`. Brains are then all seeds of the first subject, all of the second, ... */
  each: readonly Connectome[] | undefined;
  /** What is to be known of the data and its preparation. */
  notes: readonly string[];
  /** What was written after --connectome. */
  connectomeText: string;
  model: NodeModel;
  parameters: NodeGiven;
  /** Check sum of the look-up tables, where they are not those that come with Spikefield. */
  tables: string | undefined;
  seeds: number[];
  /** ms, as all times. */
  duration: number;
  transient: number;
  dt: number;
  sampling: number | null;
  TR: number | undefined;
  checkpoint: number | undefined;
}

/** Samples of BOLD below which a correlation says nothing. */
const LEAST_BOLD = 3;

/** @throws InputError where something is missing or does not fit */
export async function readBrainRun(given: Given, verb = 'run'): Promise<BrainRunPlan> {
  const connectomeText = textOption(given.connectome, '--connectome');
  if (connectomeText === undefined)
    throw new InputError(
      `spikefield brain ${verb} needs a connectome; write --connectome <folder or file>, or --connectome synthetic`,
    );
  const dt = timeOption(given, 'dt', 0.1);
  const duration = timeOption(given, 'duration', 24_000);
  const steps = wholeSteps(duration, dt, '--duration');
  const sampling = given.rates === false ? null : timeOption(given, 'sampling', Math.max(10, dt));
  if (sampling !== null) wholeSteps(sampling, dt, '--sampling');
  const checkpoint = quantityOption(given.checkpoint, '--checkpoint', 'time');
  if (checkpoint !== undefined) wholeSteps(checkpoint, dt, '--checkpoint');
  const { model, tables } = await readModel(given);
  const parameters = brainParameters(given, model);
  const seed = integerOption(given.seed, '--seed') ?? 0;
  const count = integerOption(given.seeds, '--seeds', { least: 1, most: 100_000 }) ?? 1;
  const subjects = eachOption(given);
  const connectome = await connectomeOption(connectomeText, subjects.given);
  const recorded = connectome.subjects.find(({ bold }) => bold)?.bold?.TR;
  const givenTR = quantityOption(given.boldTr, '--bold-tr', 'time');
  if (givenTR !== undefined && given.bold !== true)
    throw new InputError('--bold-tr is of use with --bold alone; give both or none');
  const TR = given.bold === true ? (givenTR ?? recorded ?? DEFAULT_TR) : undefined;
  const transient = timeOption(given, 'transient', TR === undefined ? 0 : 10_000);
  if (transient !== 0) wholeSteps(transient, dt, '--transient');
  if (transient < 0 || transient >= duration)
    throw new InputError(
      `--transient is ${transient} ms, but the run has ${duration} ms; run for longer than its transient`,
    );
  if (TR !== undefined) {
    const every = wholeSteps(TR, dt, '--bold-tr');
    const left = Math.floor(steps / every) - Math.floor(transient / TR + 1e-9);
    if (left < LEAST_BOLD)
      throw new InputError(
        `a run of ${duration} ms with a sample of BOLD every ${TR} ms leaves ${left} samples after the transient of ${transient} ms, but functional connectivity needs at least ${LEAST_BOLD}; run for longer or shorten --transient`,
      );
  }
  const each = subjects.each ? chosenSubjects(connectome, TR !== undefined) : undefined;
  return {
    ...{
      connectome,
      each,
      notes: each ? notesOfEach(connectome, each) : connectome.preparation.notes,
      connectomeText,
      model,
      parameters,
      tables,
      duration,
      transient,
      dt,
      sampling,
      TR,
      checkpoint,
    },
    seeds: Array.from({ length: count }, (_, index) => seed + index),
  };
}

/** Where some subjects have recordings and BOLD is compared with them, those alone. */
function chosenSubjects(connectome: Connectome, hasBold: boolean): Connectome[] {
  const all = connectomesOfSubjects(connectome);
  const compared = all.filter(({ subjects }) => subjects[0]!.fc ?? subjects[0]!.bold);
  return hasBold && compared.length > 0 ? compared : all;
}

/** Those of the whole speak of averages, which are not what runs here. */
function notesOfEach({ source, subjects, preparation }: Connectome, each: readonly Connectome[]): string[] {
  const names = each.map((own) => own.subjects[0]!.name);
  const left = subjects.filter(({ name }) => !names.includes(name)).map(({ name }) => name);
  const how = preparation.normalise === 'max' ? 'divided by the largest of them' : 'as they were read';
  return [
    ...source.notes,
    each.length === 1
      ? `The brain is that of ${names[0]}: its own weights, ${how}, and its own lengths.`
      : `Each of ${each.length} subjects is a brain of its own: its own weights, ${how}, and its own lengths.`,
    ...(each.length > 1 && each.every((own) => isSame(own.weights, each[0]!.weights))
      ? ['All subjects have the same weights: their brains differ in what they are compared with alone.']
      : []),
    ...(left.length > 0 ? [`Subjects without a recording are left out: ${left.join(', ')}.`] : []),
    ...each.flatMap((own) =>
      own.preparation.notes
        .filter((note) => !/^The weights (are|were)/.test(note))
        .map((note) => (note.startsWith(own.subjects[0]!.name) ? note : `${own.subjects[0]!.name}: ${note}`)),
    ),
  ];
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, at) => value === b[at]);
}

/** Brains of a run in the order of its arrays. */
export function brainsOfRun({ connectome, each, seeds }: BrainRunPlan): {
  connectome: Connectome;
  /** undefined: the brain of all subjects. */
  subject: string | undefined;
  seed: number;
}[] {
  if (!each) return seeds.map((seed) => ({ connectome, subject: undefined, seed }));
  return each.flatMap((own) =>
    seeds.map((seed) => ({ connectome: own, subject: own.subjects[0]!.name, seed })),
  );
}

/** Those of the nodes, and the velocity, which belongs to the brain. */
export function brainParameters(given: Given, model: NodeModel): NodeGiven {
  const all = listOption(given.set, '--set');
  const isVelocity = (text: string) => /^\s*signalV\s*=/.test(text);
  const velocities = all.filter(isVelocity);
  if (velocities.length > 1) throw new InputError('signalV is set twice; set it once', { field: 'signalV' });
  const rest = all.filter((text) => !isVelocity(text));
  const parameters: NodeGiven =
    model.name === 'aln' ? { ...parameterOptions({ set: rest }) } : plainParameters(rest);
  const [velocity] = velocities;
  if (velocity !== undefined)
    parameters.signalV = parseQuantity(velocity.split('=')[1] ?? '', 'number', 'signalV');
  return parameters;
}

/** `name=value`, where commas separate the values of nodes; names are checked by the model. */
function plainParameters(texts: readonly string[]): NodeGiven {
  const parameters: NodeGiven = {};
  for (const text of texts) {
    const [name = '', value, ...more] = text.split('=').map((part) => part.trim());
    if (!name || value === undefined || more.length > 0)
      throw new InputError(`--set is "${text}", but is written name=value, as K_gl=0.6`);
    if (Object.hasOwn(parameters, name))
      throw new InputError(`${name} is set twice; set it once`, { field: name });
    const values = value.split(',').map((part) => parseQuantity(part, 'number', name));
    parameters[name] = values.length === 1 ? values[0]! : values;
  }
  return parameters;
}

/** `--model`, with its tables where it has some. */
async function readModel(given: Given): Promise<{ model: NodeModel; tables: string | undefined }> {
  const name = textOption(given.model, '--model') ?? 'aln';
  const known = ['aln', ...NODE_DEFINITIONS.map((each) => each.name)];
  if (!known.includes(name)) throw new InputError(`--model is ${name}; ${suggestion(name, known)}`);
  if (name !== 'aln') {
    if (given.tables !== undefined)
      throw new InputError(`--tables are of the ALN model; leave them out with --model ${name}`);
    return { model: nodeModel(name), tables: undefined };
  }
  const tables = await openTablesOption(given);
  if (!tables) return { model: alnModel(), tables: undefined };
  const hash = createHash('sha256');
  for (const values of Object.values(tables.values))
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return { model: alnModel(tables), tables: hash.digest('hex') };
}

/** All that the numbers of a run depend on, to know it again. */
export function identityOf(plan: BrainRunPlan, version: string): Record<string, unknown> {
  const hash = createHash('sha256');
  const add = (array: Float64Array | Float32Array | undefined) => {
    if (array) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  };
  for (const { weights, lengths } of plan.each ?? [plan.connectome]) {
    add(weights);
    add(lengths);
  }
  const matrices = hash.digest('hex');
  return {
    ...{ version, connectome: matrices, model: plan.model.name, tables: plan.tables ?? 'default' },
    parameters: Object.fromEntries(
      Object.entries(plan.parameters).map(([name, value]) => [
        name,
        typeof value === 'number' ? value : Array.from(value),
      ]),
    ),
    subjects: plan.each?.map(({ subjects }) => subjects[0]!.name) ?? null,
    ...{ seeds: plan.seeds, duration: plan.duration, transient: plan.transient, dt: plan.dt },
    ...{ sampling: plan.sampling, bold_tr: plan.TR ?? null },
  };
}
