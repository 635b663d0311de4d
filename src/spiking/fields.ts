/**
 * Inputs over time that neurons have for themselves, as kernels read them: rows of a value for each neuron, which are uploaded chunk by
 * chunk into a ring, so that memory does not grow with their duration. Kernels: shaders/spiking/fields.wgsl.
 */
import { InputError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import type { WgslValue } from '../gpu/layout.ts';
import type { Drive, NeuronCourse, Population } from '../models/network.ts';
import { forever } from './drive.ts';

/** A population as far as its fields go. */
interface Place {
  population: Population;
  groups: number;
}

/** One input of the neurons of a population. */
export interface Field {
  /** Numbers in the plan of the populations that have it: more than one in a batch. */
  populations: number[];
  /** Number of the drive in its population, or undefined for a current. */
  drive: number | undefined;
  rows: number;
  stepsPerRow: number;
  /** Rows at hand. */
  slots: number;
  /** Words of a row: padded neurons, once for a current, twice for a rate (its mean count and the chance of none). */
  rowWords: number;
  /** Poisson counts that events of a step are the sum of, each of a mean of at most 4; 1 for a current. */
  parts: number;
  /** First word, counted from that of the first field: where the row of each step stands, then the rows. */
  first: number;
  /** Writes the values of a row. */
  fill(row: number, words: Uint32Array): void;
}

/** Of a Poisson count that is drawn at once; the kernel counts on it. */
export const mostMean = 4;
/** Drives count their parts beside their own number. */
const mostParts = 2 ** 16;
/** Steps of which a kernel knows where their row stands: more than a chunk has, and a power of two. */
const knownSteps = 1024;
/** Bytes of all rows at hand, unless a window needs more. */
const usualBytes = 2 ** 25;

/** Rows of fields and the longest chunk that they allow. */
export interface FieldPlan {
  fields: Field[];
  words: number;
  chunkSteps: number;
}

/**
 * Lays out the fields of a network. Rows at hand are those of a chunk: chunks are cut where these would take much memory.
 * @throws InputError where a rate is drawn in more counts than can be told apart
 */
export function planFields(
  populations: readonly Place[],
  dt: number,
  { chunkSteps, windowSteps, settled }: { chunkSteps: number; windowSteps: number; settled: boolean },
): FieldPlan {
  const fields = populations.flatMap((place, index) => fieldsOf(place, index, dt));
  const lay = (steps: number) => {
    for (const field of fields) field.slots = Math.min(field.rows, Math.ceil(steps / field.stepsPerRow) + 1);
    return placeFields(fields);
  };
  let steps = chunkSteps;
  while (!settled && 4 * lay(steps) > usualBytes && steps > windowSteps)
    steps = Math.max(windowSteps, Math.floor(steps / 2));
  return { fields, words: lay(steps), chunkSteps: Math.min(chunkSteps, steps) };
}

/** Puts fields behind each other; the words of all. */
function placeFields(fields: readonly Field[]): number {
  let words = 0;
  for (const field of fields) {
    field.first = words;
    words += knownSteps + field.slots * field.rowWords;
  }
  return words;
}

/**
 * The fields of networks side by side. Populations that are the same, as those of one network with several seeds are, share theirs.
 * @param members of one shape
 * @param size populations of each
 */
export function batchFields(
  members: readonly { fields: readonly Field[]; populations: readonly Place[] }[],
  size: number,
): { fields: Field[]; fieldWords: number } {
  const fields: Field[] = [];
  const known = new Map<Population, Field[]>();
  members.forEach((member, instance) => {
    for (const field of member.fields) {
      const [number] = field.populations as [number];
      const { population } = member.populations[number]!;
      const its = known.get(population) ?? [];
      known.set(population, its);
      const shared = its.find(({ drive }) => drive === field.drive);
      if (shared) shared.populations.push(number + instance * size);
      else {
        const own = { ...field, populations: [number + instance * size] };
        its.push(own);
        fields.push(own);
      }
    }
  });
  return { fields, fieldWords: placeFields(fields) };
}

function fieldsOf({ population, groups }: Place, index: number, dt: number): Field[] {
  const common = { populations: [index], slots: 1, first: 0, parts: 1 };
  const fields: Field[] = [];
  const { neuronCurrents, drives, name } = population;
  if (neuronCurrents) {
    const { rows } = neuronCurrents;
    fields.push({
      ...common,
      ...{ drive: undefined, rows, rowWords: 4 * groups },
      stepsPerRow: stepsOfRow(neuronCurrents.dt, dt, `populations.${name}.neuron_current`),
      fill(row, words) {
        new Float32Array(words.buffer, words.byteOffset, words.length).set(neuronCurrents.row(row));
      },
    });
  }
  drives.forEach((drive, at) => {
    const rates = ratesOf(drive);
    if (!rates) return;
    const field = `populations.${name}.drive.${at}`;
    const perStep = (drive.synapses * dt) / 1000;
    // A mean of 4 is one count, however it is rounded.
    const parts = Math.max(1, Math.ceil((rates.greatest * perStep) / mostMean - 1e-6));
    if (drive.statistics !== 'poisson' || !(rates.least >= 0) || parts > mostParts)
      throw new InputError(
        `${field} has rates of neurons' own from ${rates.least} to ${rates.greatest} Hz with ${drive.statistics} statistics: give rates of at least 0 Hz that bring at most ${mostMean * mostParts} events a step, and poisson`,
        { field },
      );
    fields.push({
      ...common,
      ...{ drive: at, rows: rates.rows, rowWords: 8 * groups, parts },
      stepsPerRow: Number.isFinite(rates.dt)
        ? stepsOfRow(rates.dt, dt, `${field}.${drive.neuronRate ? 'neuron_rate' : 'rate'}`)
        : forever,
      fill(row, words) {
        fillPoisson(rates.row(row), perStep / parts, words);
      },
    });
  });
  return fields;
}

/** Mean counts, then chances of none in units of 2^-32, rounded down; 2^32 - 1 for certain, which no random number reaches. */
export function fillPoisson(rates: ArrayLike<number>, scale: number, words: Uint32Array): void {
  const half = words.length / 2;
  const means = new Float32Array(words.buffer, words.byteOffset, half);
  // Padding expects nothing.
  words.fill(0xffffffff, half);
  for (let neuron = 0; neuron < rates.length; neuron++) {
    means[neuron] = Math.max(0, rates[neuron]! * scale);
    words[half + neuron] = Math.min(0xffffffff, Math.floor(Math.exp(-means[neuron]!) * 2 ** 32));
  }
}

function stepsOfRow(time: number, dt: number, field: string): number {
  const steps = Math.round(time / dt);
  if (steps >= 1 && Math.abs(steps * dt - time) <= 1e-6 * time) return steps;
  throw new InputError(
    `${field}.dt is ${time} ms, but a row lasts a whole number of steps of ${dt} ms: change one of the two`,
    {
      field: `${field}.dt`,
    },
  );
}

type Rates = Pick<NeuronCourse, 'dt' | 'rows' | 'least' | 'greatest' | 'row'>;

/** The rates of a drive's neurons, Hz; undefined where all have the same. */
function ratesOf({ neuronRate, profile, rate }: Drive): Rates | undefined {
  if (neuronRate) return neuronRate;
  if (!profile) return undefined;
  const [values, dt] = typeof rate === 'number' ? [[rate], Number.POSITIVE_INFINITY] : [rate.values, rate.dt];
  let [least, greatest] = [Number.POSITIVE_INFINITY, 0];
  for (const value of values) {
    for (const factor of profile) {
      least = Math.min(least, value * factor);
      greatest = Math.max(greatest, value * factor);
    }
  }
  return {
    dt,
    rows: values.length,
    least,
    greatest,
    row: (index) => profile.map((factor) => factor * values[index]!),
  };
}

/** `Field` of the shader; of nothing where there is none. @param firstWord of all fields in `tables` */
export function fieldValue(field: Field | undefined, firstWord: number): WgslValue {
  if (!field) return { places: 0, row_words: 0, parts: 0, unused: 0 };
  return { places: firstWord + field.first, row_words: field.rowWords, parts: field.parts, unused: 0 };
}

/** Keeps at hand the rows that the chunk to be submitted needs. */
export class FieldFeed {
  private readonly device: Device;
  private readonly fields: readonly Field[];
  private readonly tables: GPUBuffer;
  private readonly firstWord: number;
  /** Rows of each field that were uploaded. */
  private readonly uploaded: number[];

  constructor(device: Device, fields: readonly Field[], tables: GPUBuffer, firstWord: number) {
    this.device = device;
    this.fields = fields;
    this.tables = tables;
    this.firstWord = firstWord;
    this.uploaded = fields.map(() => 0);
  }

  /** Uploads what is missing for a chunk: chunks submitted before have read their rows, as the queue keeps its order. */
  load(firstStep: number, endStep: number): void {
    this.fields.forEach((field, index) => {
      const { rows, stepsPerRow, slots, rowWords } = field;
      const places = this.firstWord + field.first;
      const firstRow = places + knownSteps;
      const rowOf = (step: number) => Math.min(rows - 1, Math.floor(step / stepsPerRow));
      const end = rowOf(endStep - 1) + 1;
      for (let row = Math.max(this.uploaded[index]!, rowOf(firstStep)); row < end; ) {
        // As many as follow each other in the ring.
        const together = Math.min(end - row, slots - (row % slots));
        const words = new Uint32Array(together * rowWords);
        for (let each = 0; each < together; each++)
          field.fill(row + each, words.subarray(each * rowWords, (each + 1) * rowWords));
        this.device.write(this.tables, 4 * (firstRow + (row % slots) * rowWords), words);
        row += together;
      }
      this.uploaded[index] = end;
      for (let step = firstStep; step < endStep; ) {
        const together = Math.min(endStep - step, knownSteps - (step % knownSteps));
        const words = Uint32Array.from(
          { length: together },
          (_, each) => firstRow + (rowOf(step + each) % slots) * rowWords,
        );
        this.device.write(this.tables, 4 * (places + (step % knownSteps)), words);
        step += together;
      }
    });
  }
}
