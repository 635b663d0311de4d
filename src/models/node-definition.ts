/**
 * A node model as data: what a file of src/models/ says about it beside its step in shaders/whole-brain/nodes/. Its struct
 * Parameters holds the parameters by these names, its struct State the variables.
 */
import { InputError } from '../errors.ts';
import { nearestName, suggestion } from './document/near-names.ts';
import type { NodeParameter } from './parameter-rows.ts';

export interface NodeVariable {
  name: string;
  unit: string;
  description: string;
  /** Name of its initial value. */
  initial: string;
  /** Initial values are drawn uniformly from the first to the second of these. */
  drawn: readonly [number, number];
}

export interface NodeDefinition {
  /** As on the command line, and as its files are called: `wilson-cowan`. */
  name: string;
  /** In sentences: `Wilson-Cowan node`. */
  title: string;
  source: string;
  parameters: readonly NodeParameter[];
  /** The first two are what a node emits: other nodes hear the first. They are recorded unless all are asked for. */
  variables: readonly NodeVariable[];
  /** Inputs over time, at most four, in the order of the kernel's `outer`. */
  inputs: readonly { name: string; unit: string; negative: boolean }[];
  /** Parameters that are time constants: no step may be longer. */
  timeConstants: readonly string[];
  /** An amplitude of the first variable below this is no oscillation. */
  leastAmplitude: number;
  /** BOLD hears the first variable times this, and `rateOffset` more, as a rate in Hz. */
  rateFactor: number;
  rateOffset: number;
}

/** Parameters of a batch by name: one number for all nodes, or one for each. */
export interface NodeValues {
  count: number;
  values: Readonly<Record<string, number | Float64Array>>;
}

/** What a run sets, not a node. */
const RUN_OPTIONS: readonly string[] = ['dt', 'duration', 'seed', 'sampling_dt'];

/**
 * All parameters of a batch of nodes, as long as the longest list in `given`; the definition's defaults where nothing is given.
 * @throws InputError for unknown names, values that are no finite number or out of range, lists of different lengths
 */
export function nodeValues(
  definition: NodeDefinition,
  given: Readonly<Record<string, number | ArrayLike<number>>>,
): NodeValues {
  const values: Record<string, number | Float64Array> = Object.fromEntries(
    definition.parameters.map((each) => [each.name, each.default]),
  );
  let count = 1;
  let longest: string | undefined;
  for (const [name, value] of Object.entries(given)) {
    const parameter = definition.parameters.find((each) => each.name === name);
    if (!parameter) throw unknownNodeParameter(definition, name);
    if (typeof value === 'number') {
      checkNumber(name, value, parameter);
      values[name] = value;
      continue;
    }
    const list = Float64Array.from(value);
    if (list.length === 0)
      throw new InputError(`${name} is an empty list; give a number, or one for each node`, { field: name });
    for (const [index, each] of list.entries()) checkNumber(`${name}[${index}]`, each, parameter);
    if (longest !== undefined && list.length !== count)
      throw new InputError(
        `${name} has ${list.length} values and ${longest} has ${count}; give lists of one length, one value for each node`,
        { field: name },
      );
    [count, longest] = [list.length, name];
    values[name] = list;
  }
  return { count, values };
}

/** @throws InputError where dt is no step, or above the fastest time constant of a node */
export function requireNodeStep(definition: NodeDefinition, dt: number, { values }: NodeValues): void {
  if (!(Number.isFinite(dt) && dt > 0))
    throw new InputError(`dt is ${dt}, but must be a time above 0; neurolib's is 0.1 ms`, { field: 'dt' });
  for (const name of definition.timeConstants) {
    const value = values[name]!;
    const least = typeof value === 'number' ? value : value.reduce((a, b) => Math.min(a, b));
    if (dt > least)
      throw new InputError(
        `dt is ${dt} ms, above the time constant ${name} of ${least} ms; choose a dt below it`,
        { field: 'dt' },
      );
  }
}

/** The sentence for a name that the model has not. */
export function unknownNodeParameter(
  { title, name: model, parameters, variables }: NodeDefinition,
  name: string,
): InputError {
  const field = { field: name };
  if (RUN_OPTIONS.includes(name))
    return new InputError(
      `${name} belongs to the run, not to the node; give it as an option of the run`,
      field,
    );
  if (variables.some(({ initial }) => initial === name))
    return new InputError(
      `${name} is part of the initial state, not a parameter; give it as initial value`,
      field,
    );
  const known = parameters.map((each) => each.name);
  const remedy =
    nearestName(name, known) === undefined
      ? `it may belong to another model; spikefield node parameters ${model} lists those of this one`
      : suggestion(name, known);
  return new InputError(`the ${title} has no parameter ${name}; ${remedy}`, field);
}

function checkNumber(
  name: string,
  value: unknown,
  { range: { above, min, max }, unit }: NodeParameter,
): void {
  const wrong = (rule: string) =>
    new InputError(`${name} is ${String(value)}, but must be ${rule}${unit === '' ? '' : ` (${unit})`}`, {
      field: name,
    });
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong('a finite number');
  if (above !== undefined && !(value > above)) throw wrong(`above ${above}`);
  if (min !== undefined && value < min) throw wrong(`at least ${min}`);
  if (max !== undefined && value > max) throw wrong(`at most ${max}`);
}
