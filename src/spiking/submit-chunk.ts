/** Puts a chunk of steps onto the queue of a device: its windows, what they leave behind, and what is to be read back. */
import type { Device } from '../gpu/device.ts';
import type { EventFeed } from './events.ts';
import { type Flight, stagingSections, timestamps } from './flight.ts';
import type { NetworkPlan } from './plan.ts';
import { untimed } from './profile.ts';
import type { Program } from './program.ts';
import type { TracePlan } from './traces.ts';
import type { TrainFeed } from './train-feed.ts';
import { cutWindows, type Window } from './windows.ts';

/** What advances a network. */
export interface Engine {
  device: Device;
  plan: NetworkPlan;
  program: Program;
  traces: TracePlan;
  events: EventFeed;
  trains: TrainFeed | undefined;
}

/** Steps that were submitted together. */
export interface Chunk {
  flight: Flight;
  firstStep: number;
  endStep: number;
  firstSample: number;
  samples: number;
  /** Steps at which membrane potentials were copied. */
  snapshots: number[];
  copiedEntries: number;
  /** First step of each window, counted from `firstStep`. */
  windows: number[];
  /** Kernels dispatched. */
  dispatches: number;
  /** When it was submitted, ms. */
  submitted: number;
}

/** @param wanted.entries of the list of spikes that are read back at once; more need a second copy */
export function submitChunk(
  engine: Engine,
  flight: Flight,
  wanted: { firstStep: number; endStep: number; entries: number },
): Chunk {
  const { device, plan, program, traces } = engine;
  const { firstStep, endStep } = wanted;
  const firstSample = Math.ceil(firstStep / traces.everySteps);
  const samples = Math.ceil(endStep / traces.everySteps) - firstSample;
  const windows = cutWindows(plan, firstStep, endStep);
  writeWindows(engine, flight, windows, firstSample);
  program.fields.load(firstStep, endStep);

  const encoder = device.raw.createCommandEncoder({ label: `steps ${firstStep} to ${endStep}` });
  encoder.clearBuffer(flight.spikes, 0, 16);
  flight.profile?.begin();
  const snapshots = encodeWindows(engine, flight, windows, encoder);
  const copiedEntries = Math.min(program.spikeEntries, wanted.entries);
  encodeReadback(engine, flight, encoder, samples, copiedEntries);
  device.raw.queue.submit([encoder.finish()]);
  return {
    ...{ flight, firstStep, endStep, firstSample, samples, snapshots, copiedEntries },
    windows: windows.map(({ first }) => first - firstStep),
    dispatches: (1 + (program.crew ? 1 : 0) + flight.deliveries.length) * windows.length + snapshots.length,
    submitted: performance.now(),
  };
}

function writeWindows(
  { device, plan, program, trains }: Engine,
  flight: Flight,
  windows: readonly Window[],
  firstSample: number,
): void {
  const stride = program.advance.dynamicStride('window');
  const uniforms = new Uint8Array(stride * windows.length);
  for (const [index, { first, steps }] of windows.entries()) {
    const value = {
      ...{ first_step: first, steps, slot: first % plan.slots, index },
      first_sample: firstSample,
    };
    uniforms.set(program.advance.pack('window', value), index * stride);
  }
  device.write(flight.windows, 0, uniforms);
  trains?.load(windows);
}

/** @returns the steps at which membrane potentials were copied */
function encodeWindows(
  engine: Engine,
  flight: Flight,
  windows: readonly Window[],
  encoder: GPUCommandEncoder,
): number[] {
  const { device, plan, program, events, trains } = engine;
  const { clock, deliveries, profile } = flight;
  const { clearsBetween } = plan.layout;
  const stride = program.advance.dynamicStride('window');
  const count = windows.length;
  const snapshots: number[] = [];
  const timed = profile?.timing(encoder) ?? untimed;
  for (let index = 0; index < count; ) {
    // A pass ends where membrane potentials are copied out, or input is cleared.
    const passEnd = windows.findIndex(({ last }, at) => at >= index && last) + 1;
    const isLast = () => (clearsBetween ? index === count - 1 : passEnd === count);
    let pass = encoder.beginComputePass(timestamps(clock, index === 0, !clearsBetween && isLast()));
    for (; index < passEnd; index++) {
      const { first, steps } = windows[index]!;
      const offset = [index * stride];
      events.encode(pass, first, first + steps);
      trains?.encode(pass, flight, index, index * stride);
      const { crew } = program;
      if (crew)
        pass = timed(pass, { path: `${crew.path} (crew)` }, (own) => {
          crew.dispatch(own, flight.advance, plan.layout.crew, offset);
        });
      pass = timed(pass, program.advance, (own) => {
        program.advance.dispatch(own, flight.advance, program.advanceWorkgroups, offset);
      });
      if (clearsBetween) {
        pass.end();
        clearInput(engine, encoder, first, steps);
        pass = encoder.beginComputePass(timestamps(clock, false, isLast()));
      }
      for (const { kernel, group } of deliveries)
        pass = timed(pass, kernel, (own) => {
          kernel.dispatch(own, group, deliverWorkgroups(device), offset);
        });
    }
    pass = timed(pass, program.watch, (own) => {
      program.watch.dispatch(own, flight.watch, program.blocks);
    });
    pass.end();
    encodeSnapshot(engine, flight, encoder, snapshots.length);
    const { first, steps } = windows[index - 1]!;
    snapshots.push(first + steps);
  }
  return snapshots;
}

/** Copies membrane potentials, and what `watch` has found. */
function encodeSnapshot(
  { plan, program, traces }: Engine,
  { finding, staging }: Flight,
  encoder: GPUCommandEncoder,
  number: number,
): void {
  const sections = stagingSections(plan, program, traces);
  const bytes = 16 * plan.groups;
  encoder.copyBufferToBuffer(program.state, 0, staging, sections.V + number * bytes, bytes);
  const findingBytes = 4 * plan.networks.length;
  encoder.copyBufferToBuffer(finding, 0, staging, sections.findings + number * findingBytes, findingBytes);
}

/** Empties the slots of steps that were heard, for the steps that use them next. */
function clearInput(
  { plan, program }: Engine,
  encoder: GPUCommandEncoder,
  first: number,
  steps: number,
): void {
  const { slots, words, groups } = plan;
  const slotBytes = 16 * words * groups;
  const from = first % slots;
  const straight = Math.min(steps, slots - from);
  encoder.clearBuffer(program.input, from * slotBytes, straight * slotBytes);
  if (straight < steps) encoder.clearBuffer(program.input, 0, (steps - straight) * slotBytes);
}

function encodeReadback(
  { plan, program, traces }: Engine,
  { clock, spikes, staging, ...flight }: Flight,
  encoder: GPUCommandEncoder,
  samples: number,
  entries: number,
): void {
  const sections = stagingSections(plan, program, traces);
  if (clock) {
    encoder.resolveQuerySet(clock.queries, 0, 2, clock.times, 0);
    encoder.copyBufferToBuffer(clock.times, 0, staging, sections.clock, 16);
  }
  const traceBytes = 4 * samples * traces.sampleWords;
  if (traceBytes > 0) encoder.copyBufferToBuffer(flight.traces, 0, staging, sections.traces, traceBytes);
  const bytes = program.spikeHeaderBytes + 4 * entries;
  encoder.copyBufferToBuffer(spikes, 0, staging, sections.spikes, bytes);
}

/** Enough workgroups to share rows between, few enough to start quickly on a CPU. */
function deliverWorkgroups(device: Device): number {
  return device.adapter.software ? 8 : 256;
}
