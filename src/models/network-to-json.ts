/**
 * A resolved network written back as the object a user could have written, every default filled in and every number
 * in its boundary unit: what a run keeps as its record. Long arrays are named by length and SHA-256 instead.
 */
import { createHash } from 'node:crypto';
import { boundaryUnit, DIMENSIONS, type Dimension } from '../units.ts';
import type {
  Connect,
  Drive,
  EventInput,
  Initial,
  Network,
  NeuronCourse,
  Noise,
  Population,
  Projection,
  Spread,
  TimeCourse,
} from './network.ts';
import type { Space } from './space.ts';

/** An array too long to write whole: SHA-256 of its elements as little-endian float64 or uint32. */
export interface ArraySummary {
  length: number;
  type: 'float64' | 'uint32';
  sha256: string;
}
export type JsonArray = number[] | ArraySummary;

/** Arrays up to this length are written whole. */
export const LONGEST_WHOLE_ARRAY = 64;

/** The unit of every number in the output of `networkToJSON`, by dimension. */
export const JSON_UNITS = Object.fromEntries(
  DIMENSIONS.filter((dimension) => boundaryUnit(dimension) !== '').map((dimension) => [
    dimension,
    boundaryUnit(dimension),
  ]),
) as Readonly<Record<Exclude<Dimension, 'number'>, string>>;

/**
 * The network as plain JSON. Where no array is longer than 64, `networkFromObject` makes the same network of it.
 */
export function networkToJSON(network: Network) {
  const { name, description, source, dt, duration, method, storage } = network;
  const { receptors, populations, projections } = network;
  return {
    name,
    description,
    source,
    dt,
    duration,
    method,
    storage,
    receptors: Object.fromEntries(receptors.map(({ name, tau, E_rev }) => [name, { tau, E_rev }])),
    populations: Object.fromEntries(
      populations.map((population) => [population.name, populationJSON(population)]),
    ),
    projections: Object.fromEntries(
      projections.map((projection) => [projection.name, projectionJSON(projection, populations)]),
    ),
  };
}

function populationJSON(population: Population) {
  const { size, space, spikes } = population;
  const membrane: Partial<ReturnType<typeof membraneJSON>> = spikes ? {} : membraneJSON(population);
  return {
    size,
    ...membrane,
    ...(spikes && { spikes: { times: arrayJSON(spikes.time), neurons: arrayJSON(spikes.neuron) } }),
    ...(space && { space: spaceJSON(space) }),
  };
}

/** What a population of neurons with a membrane has. */
function membraneJSON(population: Population) {
  const { cell, neuronCell, initial, current, neuronCurrent, neuronCurrents, noise, drives, events } =
    population;
  return {
    cell: { ...cell },
    ...(neuronCell && {
      neuron_cell: Object.fromEntries(
        Object.entries(neuronCell).map(([symbol, value]) => [symbol, initialJSON(value)]),
      ),
    }),
    initial: {
      V: initialJSON(initial.V),
      w: initialJSON(initial.w),
      g: Object.fromEntries([...initial.g].map(([receptor, value]) => [receptor, initialJSON(value)])),
    },
    current: courseJSON(current),
    ...(neuronCurrent && { neuron_current: arrayJSON(neuronCurrent) }),
    ...(neuronCurrents && { neuron_current: neuronCourseJSON(neuronCurrents) }),
    ...(noise && { noise: noiseJSON(noise) }),
    drive: drives.map(driveJSON),
    events: events.map(eventsJSON),
  };
}

function noiseJSON({ white, current, conductances }: Noise) {
  return {
    white,
    ...(current && { current: { ...current } }),
    conductance: Object.fromEntries(
      conductances.map(({ receptor, fluctuation }) => [receptor.name, { ...fluctuation }]),
    ),
  };
}

function driveJSON({ receptor, synapses, rate, profile, neuronRate, weight, statistics }: Drive) {
  return {
    ...{ receptor: receptor.name, synapses },
    ...(neuronRate ? { neuron_rate: neuronCourseJSON(neuronRate) } : { rate: courseJSON(rate) }),
    ...(profile && { profile: arrayJSON(profile) }),
    ...{ weight, statistics },
  };
}

/** Arrays over time are named, never written: they may not even fit in memory. */
function neuronCourseJSON({ dt, rows, record }: NeuronCourse) {
  return { dt, values: { rows, ...record } };
}

function eventsJSON({ receptor, weight, time, neuron }: EventInput) {
  return { receptor: receptor.name, weight, times: arrayJSON(time), neurons: arrayJSON(neuron) };
}

function projectionJSON(projection: Projection, populations: readonly Population[]) {
  return {
    from: populations[projection.from]!.name,
    to: populations[projection.to]!.name,
    receptor: projection.receptor.name,
    ...(!listsOf(projection).weight && {
      weight: projection.weights ? spreadJSON(projection.weights) : projection.weight,
    }),
    ...(!listsOf(projection).delay && {
      delay: projection.delays ? spreadJSON(projection.delays) : projection.delay,
    }),
    connect: connectJSON(projection.connect),
    self_connections: projection.selfConnections,
  };
}

function spaceJSON({ kind, width, height, columns, periodic }: Space) {
  return kind === 'sheet' ? { sheet: { width, height, columns, periodic } } : { [kind]: { length: width } };
}

/** A flat profile has no scale, and may have no end. */
function byDistanceJSON({ scale, within, ...rest }: Extract<Connect, { rule: 'by-distance' }>) {
  return { ...rest, ...(scale > 0 && { scale }), ...(Number.isFinite(within) && { within }) };
}

function spreadJSON(spread: Spread) {
  if (spread.kind === 'falloff') {
    const { atZero, profile, scale } = spread;
    return { falloff: { at_zero: atZero, profile, ...(scale > 0 && { scale }) } };
  }
  const { kind, ...values } = spread;
  const bounds = Object.entries(values).filter(([, value]) => Number.isFinite(value));
  return { [kind]: Object.fromEntries(bounds) };
}

function connectJSON(connect: Connect) {
  if (connect.rule === 'by-distance') return byDistanceJSON(connect);
  if (connect.rule !== 'explicit') return { ...connect };
  const { weight, delay } = connect;
  return {
    rule: connect.rule,
    sources: arrayJSON(connect.source),
    targets: arrayJSON(connect.target),
    ...(weight && { weights: arrayJSON(weight) }),
    ...(delay && { delays: arrayJSON(delay) }),
  };
}

/** What the edges of a list have of their own. */
function listsOf({ connect }: Projection): { weight?: Float64Array; delay?: Float64Array } {
  return connect.rule === 'explicit' ? connect : {};
}

function initialJSON(initial: Initial) {
  switch (initial.kind) {
    case 'constant':
      return initial.value;
    case 'uniform':
      return { uniform: { low: initial.low, high: initial.high } };
    case 'normal':
      return { normal: { mean: initial.mean, sd: initial.sd } };
    case 'values':
      return { values: arrayJSON(initial.values) };
  }
}

function courseJSON(course: TimeCourse) {
  return typeof course === 'number' ? course : { dt: course.dt, values: arrayJSON(course.values) };
}

function arrayJSON(values: Float64Array | Uint32Array): JsonArray {
  if (values.length <= LONGEST_WHOLE_ARRAY) return [...values];
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return {
    length: values.length,
    type: values instanceof Float64Array ? 'float64' : 'uint32',
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}
