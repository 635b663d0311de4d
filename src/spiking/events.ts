/** Given events (spike times from lists): sorted once, uploaded once, injected before the window that sees them. */
import { firstAtOrAfter } from '../analysis/spike-statistics.ts';
import type { Device } from '../gpu/device.ts';
import { stepContaining } from '../models/time-step.ts';
import { eventAmount, type NetworkPlan } from './plan.ts';
import type { Program } from './program.ts';

/** Windows with events that one submission can hold. */
const ranges = 1024;

export class EventFeed {
  private readonly steps: Uint32Array;
  private readonly program: Program;
  private readonly device: Device;
  private readonly group: GPUBindGroup | undefined;
  private readonly uniform: GPUBuffer | undefined;
  private nextRange = 0;

  private constructor(
    device: Device,
    program: Program,
    steps: Uint32Array,
    group?: GPUBindGroup,
    uniform?: GPUBuffer,
  ) {
    this.device = device;
    this.program = program;
    this.steps = steps;
    this.group = group;
    this.uniform = uniform;
  }

  static async create(device: Device, plan: NetworkPlan, program: Program): Promise<EventFeed> {
    const events = listEvents(plan).sort((a, b) => a.step - b.step);
    const steps = Uint32Array.from(events, (event) => event.step);
    if (events.length === 0) return new EventFeed(device, program, steps);
    const packed = program.inject.pack('events', events);
    const list = await device.upload('input events', packed, GPUBufferUsage.STORAGE);
    const bytes = ranges * program.inject.dynamicStride('range');
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const uniform = await device.allocate('event ranges', bytes, usage);
    const group = program.inject.bind({ range: uniform, events: list, input: program.input });
    return new EventFeed(device, program, steps, group, uniform);
  }

  /** Encodes the events that steps `first` to `end` (exclusive) see, where there are any. */
  encode(pass: GPUComputePassEncoder, first: number, end: number): void {
    if (!this.group || !this.uniform) return;
    const range = { first: firstAtOrAfter(this.steps, first), end: firstAtOrAfter(this.steps, end) };
    if (range.first === range.end) return;
    const { inject } = this.program;
    const offset = (this.nextRange++ % ranges) * inject.dynamicStride('range');
    this.device.write(this.uniform, offset, inject.pack('range', range));
    inject.dispatch(pass, this.group, Math.ceil((range.end - range.first) / 64), [offset]);
  }
}

/** Each event as the kernel has it; an event of step n is seen by step n + 1, like a spike without delay. */
function listEvents(plan: NetworkPlan): { step: number; address: number; amount: number }[] {
  return plan.populations.flatMap((each) =>
    each.population.events.flatMap((input) => {
      const receptor = each.receptors.findIndex((candidate) => candidate.receptor === input.receptor);
      const amount = eventAmount(each, input.receptor, input.weight);
      const word = plan.packed ? Math.floor(receptor / 2) : receptor;
      const shifted = plan.packed ? amount * 2 ** (16 * (receptor % 2)) : amount;
      return Array.from(input.neuron, (neuron, index) => ({
        step: stepContaining(input.time[index]!, plan.network.dt) + 1,
        address: word * plan.groups * 4 + 4 * each.firstGroup + neuron,
        amount: shifted,
      }));
    }),
  );
}
