/**
 * The device side of a block of neurons: the kernel compiled for the counts that occur in it, the cell, the tables of the
 * points and the neurons' state in buffers.
 */
import { InputError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import type { WgslValue } from '../gpu/layout.ts';
import { type Cell, membraneTimeConstant } from '../models/cells.ts';
import { membraneFactors } from '../models/membrane-factors.ts';
import { Purpose, randomKey } from '../random.ts';
import type { MeasureSettings, SynapseGroup, SynapticInput } from './data.ts';
import { type EventTable, eventTable, never } from './event-table.ts';
import { averagesFor } from './moments.ts';
import type { Quartet } from './quartets.ts';

/**
 * Thresholds that the kernel holds in registers, in fours: few, or many. Beyond that they are searched by bisection. Each choice
 * is a kernel of its own, and a CPU driver takes a second to compile one, so there are no more.
 */
const inlineQuads = [
  { exc: 4, inh: 3 },
  { exc: 8, inh: 8 },
];
/** Planes of four words in the kernel's state and in the sums of a window. */
export const statePlanes = 7;
export const sumPlanes = 8;

/** What is measured: a cell, its synapses, and how. */
export interface Subject {
  cell: Cell;
  input: SynapticInput;
  settings: MeasureSettings;
}

export interface MeasureProgram {
  kernel: Kernel;
  groups: number;
  workgroups: number;
  buffers: { cell: GPUBuffer; groups: GPUBuffer; tables: GPUBuffer; state: GPUBuffer };
}

/**
 * Compiles and fills what a block needs.
 * @throws InputError where more events come in a step than can be counted
 * @throws DeviceMemoryError where it does not fit
 */
export async function compileMeasureProgram(
  device: Device,
  subject: Subject,
  quartets: readonly Quartet[],
): Promise<MeasureProgram> {
  const tables = tablesOf(subject, quartets);
  // On a CPU every eight invocations are one vector of a core: small workgroups share the cores evenly.
  const perWorkgroup = device.adapter.software ? 8 : 64;
  const kernel = await Kernel.create(device, 'transfer/measure.wgsl', {
    dynamic: ['window'],
    constants: {
      GROUPS_PER_WORKGROUP: perWorkgroup,
      EXC_QUADS: tables.quads.exc,
      INH_QUADS: tables.quads.inh,
      TABLED: tables.tabled,
    },
  });
  const { STORAGE, UNIFORM } = GPUBufferUsage;
  const groups = quartets.length;
  const buffers: GPUBuffer[] = [];
  const keep = async (buffer: Promise<GPUBuffer>): Promise<GPUBuffer> => {
    buffers.push(await buffer);
    return buffers.at(-1)!;
  };
  try {
    const cell = kernel.pack('cell', cellValue(subject, tables));
    return {
      kernel,
      groups,
      workgroups: Math.ceil(groups / perWorkgroup),
      buffers: {
        cell: await keep(device.upload('cell', cell, UNIFORM)),
        groups: await keep(
          device.upload('points', kernel.pack('groups', groupsValue(quartets, tables)), STORAGE),
        ),
        tables: await keep(device.upload('event tables', tables.words, STORAGE)),
        // Zeros: V = E_L, w = 0, conductances of 0.
        state: await keep(device.allocate('neuron state', 16 * statePlanes * groups, STORAGE)),
      },
    };
  } catch (error) {
    for (const buffer of buffers) buffer.destroy();
    throw error;
  }
}

interface Tables {
  words: Uint32Array;
  /** Where the tables of each quartet begin. */
  first: Uint32Array;
  quads: { exc: number; inh: number };
  tabled: boolean;
  halvings: { exc: number; inh: number };
}

/** Expected events in a step at a rate of each synapse (Hz). */
function eventsPerStep({ K }: SynapseGroup, rate: number, dt: number): number {
  return (K * rate * dt) / 1000;
}

/** For each point the base and thresholds of its excitatory counts, then of its inhibitory ones. */
function tablesOf({ input, settings }: Subject, quartets: readonly Quartet[]): Tables {
  const { dt } = settings;
  const tablesOfKind = (group: SynapseGroup, rate: (quartet: Quartet) => number, name: string) => {
    const tables = new Map<number, EventTable>();
    for (const quartet of quartets) {
      const nu = rate(quartet);
      if (tables.has(nu)) continue;
      if (!(nu >= 0))
        throw new InputError(`${name} is ${nu} Hz, but rates are 0 Hz or more`, { field: name });
      tables.set(nu, eventTable(eventsPerStep(group, nu, dt), `${group.K} synapses at ${name} = ${nu} Hz`));
    }
    return tables;
  };
  const exc = tablesOfKind(input.exc, ({ nu_e }) => nu_e, 'nu_e');
  const inh = tablesOfKind(input.inh, ({ nu_i }) => nu_i, 'nu_i');
  const most = { exc: mostThresholds(exc), inh: mostThresholds(inh) };
  const inline = inlineQuads.find(({ exc, inh }) => most.exc <= 4 * exc && most.inh <= 4 * inh);
  const tabled = inline === undefined;
  const quads = inline ?? { exc: 1, inh: 1 };
  const halvings = { exc: halvingsFor(most.exc), inh: halvingsFor(most.inh) };
  const length = {
    exc: tabled ? 2 ** halvings.exc - 1 : 4 * quads.exc,
    inh: tabled ? 2 ** halvings.inh - 1 : 4 * quads.inh,
  };

  const points = new Map<string, number>();
  const rows: EventTable[][] = [];
  const stride = 2 + length.exc + length.inh;
  const first = Uint32Array.from(quartets, ({ nu_e, nu_i }) => {
    const name = `${nu_e} ${nu_i}`;
    const at = points.get(name) ?? rows.push([exc.get(nu_e)!, inh.get(nu_i)!]) - 1;
    points.set(name, at);
    return at * stride;
  });
  const words = new Uint32Array(rows.length * stride).fill(never);
  rows.forEach(([e, i], row) => {
    const at = row * stride;
    words[at] = e!.base;
    words.set(e!.thresholds, at + 1);
    words[at + 1 + length.exc] = i!.base;
    words.set(i!.thresholds, at + 2 + length.exc);
  });
  return { words, first, quads, tabled, halvings };
}

function mostThresholds(tables: Map<number, EventTable>): number {
  return Math.max(...[...tables.values()].map(({ thresholds }) => thresholds.length));
}

function halvingsFor(thresholds: number): number {
  return Math.ceil(Math.log2(thresholds + 1));
}

/** The points of the quartets; rates stand for themselves in the random numbers, by the bits of their single precision. */
function groupsValue(quartets: readonly Quartet[], { first }: Tables): WgslValue {
  const rates = new Float32Array(2);
  const bits = new Uint32Array(rates.buffer);
  return quartets.map(({ nu_e, nu_i, index }, group) => {
    rates[0] = nu_e;
    rates[1] = nu_i;
    return { nu_e: bits[0]!, nu_i: bits[1]!, repeats: index, table: first[group]! };
  });
}

/** The cell as the kernel has it: factors of a step, voltages from E_L. */
function cellValue({ cell, input, settings }: Subject, { halvings }: Tables): WgslValue {
  const { dt, seed } = settings;
  const { exc, inh } = input;
  const [key_low, key_high] = randomKey(seed, Purpose.transfer);
  const { weight } = averagesFor(membraneTimeConstant(cell), input, dt);
  return {
    ...membraneFactors(cell, dt),
    E_e: exc.E_rev - cell.E_L,
    E_i: inh.E_rev - cell.E_L,
    Q_e: exc.Q,
    Q_i: inh.Q,
    decay_e: Math.exp(-dt / exc.tau),
    decay_i: Math.exp(-dt / inh.tau),
    fast: weight.fast,
    slow: weight.slow,
    halvings_e: halvings.exc,
    halvings_i: halvings.inh,
    key_low,
    key_high,
    unused: 0,
  };
}
