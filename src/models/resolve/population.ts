/**
 * A population: its cell, how it starts, and what reaches it from outside.
 */
import {
  CELL_LIBRARY,
  CELL_PARAMETERS,
  type Cell,
  NO_ADAPTATION_TAU_W,
  type Range,
  SPIKE_SOURCE,
  VOLTAGE_RANGE,
} from '../cells.ts';
import { suggestion } from '../document/near-names.ts';
import type { Path } from '../document/problems.ts';
import type { Initial, NeuronCell, Population } from '../network.ts';
import type { CheckedPopulation } from '../network-schema.ts';
import { resolveCell } from './cell.ts';
import type { ResolveContext } from './context.ts';
import { resolveDrive, resolveEvents } from './inputs.ts';
import { resolveNeuronCourse } from './neuron-course.ts';
import type { ReceptorTable } from './receptors.ts';
import { resolveSpace } from './space.ts';
import { resolveSpikeList } from './spike-list.ts';
import { resolveArray, resolveCourse } from './time-course.ts';

type InitialUse = NonNullable<NonNullable<CheckedPopulation['initial']>['V']>;

/**
 * All of a population but the start of its conductances, for which every receptor of the network must be known.
 *
 * @returns undefined where that was noted as a problem
 */
export function resolvePopulation(
  name: string,
  use: CheckedPopulation,
  receptors: ReceptorTable,
  context: ResolveContext,
): Population | undefined {
  const path: Path = ['populations', name];
  if (use.spikes !== undefined) return resolveSource(name, use, path, context);
  const { size, initial } = use;
  if (use.cell === undefined) {
    const names = CELL_LIBRARY.map((each) => each.name).join(', ');
    context.problems.add(
      path,
      `has neither a cell nor spikes; give a cell (${names}, or one of your own), or the spikes that its neurons fire`,
    );
  }
  const cell = use.cell && resolveCell(use.cell, [...path, 'cell'], context);
  const start = (given: InitialUse | undefined, otherwise: number, field: 'V' | 'w'): Initial =>
    given === undefined
      ? { kind: 'constant', value: otherwise }
      : resolveInitial(given, size, [...path, 'initial', field], context, field === 'V' ? VOLTAGE_RANGE : {});
  const space = resolveSpace(use.space, size, [...path, 'space'], context);
  const drives = use.drive.map((drive, index) =>
    resolveDrive(drive, [...path, 'drive', index], { name, size, space }, receptors, context),
  );
  const events = use.events.map((list, index) =>
    resolveEvents(list, [...path, 'events', index], { name, size }, receptors, context),
  );
  const neuronCurrent = resolveNeuronCurrent(use, name, [...path, 'neuron_current'], context);
  const current = resolveCourse(use.current, [...path, 'current'], context);
  if (!cell) return undefined;
  const neuronCell = resolveNeuronCell(use, cell, [...path, 'neuron_cell'], context);
  return {
    ...(space && { space }),
    ...(neuronCell && { neuronCell }),
    name,
    size,
    cell,
    initial: { V: start(initial?.V, cell.E_L, 'V'), w: start(initial?.w, 0, 'w'), g: new Map() },
    current,
    neuronCurrent: undefined,
    ...neuronCurrent,
    drives: drives.filter((drive) => drive !== undefined),
    events: events.filter((list) => list !== undefined),
  };
}

/** A population whose spikes are given; whatever acts on a membrane makes no sense in it. */
function resolveSource(
  name: string,
  use: CheckedPopulation,
  path: Path,
  context: ResolveContext,
): Population | undefined {
  const { size, cell, neuron_cell, initial, current, neuron_current, noise, drive, events } = use;
  const rest = { cell, neuron_cell, initial, neuron_current, noise };
  const given = [
    ...Object.entries(rest).flatMap(([key, value]) => (value === undefined ? [] : [key])),
    ...(current !== 0 ? ['current'] : []),
    ...(drive.length > 0 ? ['drive'] : []),
    ...(events.length > 0 ? ['events'] : []),
  ];
  for (const key of given)
    context.problems.add(
      [...path, key],
      'is given beside spikes, but neurons whose spikes are given have no membrane; remove it, or the spikes',
    );
  const noun = { one: 'spike', many: 'spikes', oncePerStep: true };
  const spikes = resolveSpikeList(use.spikes!, noun, [...path, 'spikes'], { name, size }, context);
  const space = resolveSpace(use.space, size, [...path, 'space'], context);
  const none = { kind: 'constant', value: 0 } as const;
  return {
    ...(space && { space }),
    ...{ name, size, cell: SPIKE_SOURCE, initial: { V: none, w: none, g: new Map() } },
    ...{ current: 0, neuronCurrent: undefined, drives: [], events: [] },
    spikes: spikes ?? { time: new Float64Array(), neuron: new Uint32Array() },
  };
}

/** Fills in how the conductance of every receptor starts: as the file says, else at 0. */
export function resolveInitialConductances(
  population: Population,
  use: CheckedPopulation,
  receptors: readonly { name: string }[],
  context: ResolveContext,
): void {
  const path: Path = ['populations', population.name, 'initial', 'g'];
  const given = use.initial?.g ?? {};
  const names = receptors.map(({ name }) => name);
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) {
      context.problems.add(
        [...path, name],
        `starts a receptor that the network has not; ${suggestion(name, names)}`,
      );
    }
  }
  for (const name of names) {
    const start = Object.hasOwn(given, name) ? given[name] : undefined;
    const initial: Initial =
      start === undefined
        ? { kind: 'constant', value: 0 }
        : resolveInitial(start, population.size, [...path, name], context);
    population.initial.g.set(name, initial);
  }
}

function resolveInitial(
  use: InitialUse,
  size: number,
  path: Path,
  context: ResolveContext,
  range: Range = {},
): Initial {
  if (typeof use === 'number') return { kind: 'constant', value: use };
  const given = Object.entries(use).filter(([, value]) => value !== undefined);
  if (given.length !== 1) {
    const what = given.length === 0 ? 'says nothing' : `says ${given.map(([key]) => key).join(' and ')}`;
    context.problems.add(path, `${what}; give one of uniform, normal, values and file`);
  }
  if (use.uniform) {
    const { low, high } = use.uniform;
    if (low > high)
      context.problems.add([...path, 'uniform', 'low'], `is ${low}, above high = ${high}; swap the two`);
    return { kind: 'uniform', low, high };
  }
  if (use.normal) return { kind: 'normal', ...use.normal };
  const values = given.length === 1 ? resolveArray(use, path, context, range) : undefined;
  if (!values) return { kind: 'constant', value: 0 };
  checkOnePerNeuron(values, size, path, context);
  return { kind: 'values', values };
}

/** @returns undefined where no parameter is given */
function resolveNeuronCell(
  { neuron_cell: use = {}, size }: CheckedPopulation,
  cell: Cell,
  path: Path,
  context: ResolveContext,
): NeuronCell | undefined {
  const own: NeuronCell = {};
  for (const { symbol, range } of CELL_PARAMETERS) {
    const given = use[symbol];
    if (given === undefined) continue;
    own[symbol] = resolveInitial(given, size, [...path, symbol], context, range);
  }
  if ((own.a || own.b) && !own.tau_w && cell.tau_w >= NO_ADAPTATION_TAU_W) {
    context.problems.add(
      path,
      'varies a or b, but the cell has no tau_w; give the time constant of adaptation in cell, as 500 ms',
    );
  }
  return Object.keys(own).length > 0 ? own : undefined;
}

/** A constant for each neuron, or a course. */
function resolveNeuronCurrent(
  { neuron_current: use, size }: CheckedPopulation,
  name: string,
  path: Path,
  context: ResolveContext,
): Partial<Pick<Population, 'neuronCurrent' | 'neuronCurrents'>> {
  if (use === undefined) return {};
  if (!(use instanceof Float64Array) && use.dt !== undefined) {
    const course = resolveNeuronCourse({ dt: use.dt, file: use.file }, { name, size }, {}, path, context);
    return course ? { neuronCurrents: course } : {};
  }
  const values = use instanceof Float64Array ? use : resolveArray(use, path, context);
  if (values) checkOnePerNeuron(values, size, path, context);
  return { neuronCurrent: values };
}

function checkOnePerNeuron(values: Float64Array, size: number, path: Path, context: ResolveContext): void {
  if (values.length === size) return;
  context.problems.add(path, `has ${values.length} values for ${size} neurons; give one for each neuron`);
}
