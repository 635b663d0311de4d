/**
 * Advances a network on a device, chunk by chunk: an async iterable of what happened. While one chunk is read back and
 * handed over, the next are already computed.
 */
import { InputError, type NonFiniteError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import { Pace } from '../gpu/pace.ts';
import type { Network } from '../models/network.ts';
import { type Activity, membranePotentials, pickTraces } from './activity.ts';
import { compileAdvance } from './advance-kernels.ts';
import { buildConnectivity, type Connectivity, freeRows, readConnectivity } from './connectivity.ts';
import { EventFeed } from './events.ts';
import { createFlight, type Flight, flightBuffers, stagingSections } from './flight.ts';
import { refuseTooLarge, roomOf } from './memory.ts';
import { noteFailures } from './non-finite.ts';
import { type NetworkPlan, type PlanOptions, planNetwork } from './plan.ts';
import { type KernelTime, ProfileTotals } from './profile.ts';
import { compileProgram } from './program.ts';
import { chunksInFlight, decodeSpikes } from './spikes.ts';
import { deviceOptions } from './storage.ts';
import { type Chunk, type Engine, submitChunk } from './submit-chunk.ts';
import { planTraces, type TraceChannel, type TraceRequest } from './traces.ts';
import { TrainFeed } from './train-feed.ts';

export interface SimulationOptions extends PlanOptions {
  /** Of connectivity, drives and initial values: an integer from 0 to 2^53 - 1. */
  seed?: number;
  traces?: TraceRequest[];
  /** Steps between trace samples. */
  traceEverySteps?: number;
  /** Times every dispatch, which makes the run slower: see `profile` of the simulation. */
  profile?: boolean;
}

export class Simulation implements AsyncDisposable {
  readonly plan: NetworkPlan;
  readonly connectivity: Connectivity;
  readonly channels: readonly TraceChannel[];
  private readonly engine: Engine;
  private readonly flights: Flight[];
  private readonly inFlight: Chunk[] = [];
  /** Kernels dispatched so far. */
  dispatches = 0;
  /** Networks of a batch, by number, whose state is no longer finite; the others go on. */
  readonly failures = new Map<number, NonFiniteError>();
  private nextStep = 0;
  /** Spikes of the chunk before; of the first, in which all neurons start alike, a guess. */
  private lastEntries: number;
  private readonly pace = new Pace();
  private readonly totals: ProfileTotals | undefined;

  private constructor(engine: Engine, connectivity: Connectivity, flights: Flight[]) {
    this.engine = engine;
    this.plan = engine.plan;
    this.connectivity = connectivity;
    this.channels = engine.traces.channels;
    this.flights = flights;
    this.lastEntries = Math.max(1024, engine.plan.neurons);
    this.totals = flights[0]?.profile && new ProfileTotals();
  }

  /**
   * Builds the network on the device.
   * @throws DeviceMemoryError where it does not fit, DeviceError where a profile is asked of a device without timestamps
   */
  static async create(
    device: Device,
    network: Network,
    options: SimulationOptions = {},
  ): Promise<Simulation> {
    const plan = planNetwork(network, { ...deviceOptions(device), ...options });
    return Simulation.build(device, plan, [options.seed ?? 0], options);
  }

  /**
   * Builds what a plan says: a network, or a batch of them; see batch-plan.ts.
   * @param seeds of each network of the plan
   * @throws DeviceMemoryError where it does not fit
   */
  static async build(
    device: Device,
    plan: NetworkPlan,
    seeds: readonly number[],
    options: Pick<SimulationOptions, 'traces' | 'traceEverySteps' | 'profile'> = {},
  ): Promise<Simulation> {
    refuseTooLarge(plan, roomOf(device));
    const traces = planTraces(plan, options.traces ?? [], options.traceEverySteps ?? 1);
    // Compilers are busy on one core while synapses are drawn.
    const [kernels, connectivity] = await Promise.all([
      compileAdvance(device, plan, traces),
      buildConnectivity(device, plan, seeds),
    ]);
    const program = await compileProgram(device, plan, connectivity, traces, seeds, kernels);
    const events = await EventFeed.create(device, plan, program);
    const trains = await TrainFeed.create(device, plan, program.windows);
    const flights: Flight[] = [];
    for (let index = 0; index < chunksInFlight; index++)
      flights.push(await createFlight(device, plan, program, traces, options.profile));
    return new Simulation({ device, plan, program, traces, events, trains }, connectivity, flights);
  }

  /** Time of each kernel in the chunks handed over so far, where that was asked for. */
  get profile(): KernelTime[] | undefined {
    return this.totals?.result();
  }

  /** Simulated time so far handed over or in flight, ms. */
  get time(): number {
    return this.nextStep * this.plan.network.dt;
  }

  /**
   * Advances by `duration` ms and hands over what happens, chunk by chunk. A second call goes on where the first ended;
   * results do not depend on how a run is cut.
   * @throws NonFiniteError where a state variable is no longer finite; in a batch, see `failures`
   */
  async *run(options: { duration: number }): AsyncGenerator<Activity, void, undefined> {
    const end = this.nextStep + Math.round(options.duration / this.plan.network.dt);
    while (this.nextStep < end || this.inFlight.length > 0) {
      this.submitChunks(end);
      const activity = await this.receiveChunk();
      // What was read is a copy, so the device may go on while it is looked at.
      this.submitChunks(end);
      yield activity;
    }
  }

  /**
   * Lets the driver compile the kernels, which some do only when a kernel first runs: an empty window is advanced. A run does
   * the same by itself; this is for those who want to know how long it takes.
   */
  async warmUp(): Promise<void> {
    const { program, device } = this.engine;
    const { windows, advance, deliveries, watch } = this.flights[0]!;
    const nothing = { first_step: 0, steps: 0, slot: 0, index: 0, first_sample: 0 };
    device.write(windows, 0, program.advance.pack('window', nothing));
    const encoder = device.raw.createCommandEncoder({ label: 'warm up' });
    const pass = encoder.beginComputePass();
    program.crew?.dispatch(pass, advance, this.plan.layout.crew, [0]);
    program.advance.dispatch(pass, advance, program.advanceWorkgroups, [0]);
    for (const { kernel, group } of deliveries) kernel.dispatch(pass, group, 1, [0]);
    program.watch.dispatch(pass, watch, program.blocks);
    pass.end();
    device.raw.queue.submit([encoder.finish()]);
    await device.raw.queue.onSubmittedWorkDone();
    device.throwIfFaulty();
    this.pace.compiled();
  }

  /** The synapses of a projection as (source, target) pairs, numbered within their populations, sorted. */
  async synapses(projection: string): Promise<{ source: Uint32Array; target: Uint32Array }> {
    const names = this.plan.projections.map((each) => each.projection.name);
    const index = names.indexOf(projection);
    if (index < 0)
      throw new InputError(`there is no projection ${projection}: choose from ${names.join(', ')}`);
    return readConnectivity(this.engine.device, this.plan, this.connectivity, index);
  }

  /** Frees its buffers. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { program, trains } = this.engine;
    const { state, input, tables, currents, traceSlots, uniforms } = program;
    freeRows(this.connectivity);
    const gathering = Object.values(program.gathering ?? {}) as GPUBuffer[];
    const shared = [state, input, tables, currents, traceSlots, uniforms.seed, uniforms.populations];
    for (const buffer of [...shared, ...gathering, ...(trains?.buffers ?? [])]) buffer.destroy();
    for (const flight of this.flights) {
      for (const each of flightBuffers(flight)) each.destroy();
      flight.profile?.destroy();
    }
  }

  private submitChunks(end: number): void {
    while (this.nextStep < end && this.inFlight.length < chunksInFlight) this.submitChunk(end);
  }

  private submitChunk(end: number): void {
    const { plan } = this.engine;
    const firstStep = this.nextStep;
    // Chunks end on multiples of their length, wherever a run began.
    const endStep = Math.min(end, (Math.floor(firstStep / plan.chunkSteps) + 1) * plan.chunkSteps);
    const flight = this.flights.shift()!;
    this.flights.push(flight);
    const chunk = submitChunk(this.engine, flight, { firstStep, endStep, entries: 2 * this.lastEntries });
    this.dispatches += chunk.dispatches;
    this.inFlight.push(chunk);
    this.nextStep = endStep;
  }

  private async receiveChunk(): Promise<Activity> {
    const chunk = this.inFlight.shift()!;
    const { device, plan, program, traces } = this.engine;
    const { dt } = plan.network;
    const { staging } = chunk.flight;
    await this.pace.wait(chunk.submitted, () => device.map(staging), this.inFlight.length > 0);
    const sections = stagingSections(plan, program, traces);
    const mapped = device.mapped(staging);
    // [snapshot, network]
    const networks = plan.networks.length;
    const findings = new Uint32Array(mapped, sections.findings, networks * chunk.snapshots.length).slice();
    const [began, ended] = new BigUint64Array(mapped, sections.clock, 2);
    const deviceTime = chunk.flight.clock ? Number(ended! - began!) / 1e6 : undefined;
    if (chunk.flight.clock) this.pace.ran(Number(began!) / 1e6, Number(ended!) / 1e6);
    const potentials = {
      times: Float64Array.from(chunk.snapshots, (step) => step * dt),
      values: chunk.snapshots.map((_, index) =>
        membranePotentials(
          plan,
          new Float32Array(mapped, sections.V + index * 16 * plan.groups, 4 * plan.groups),
          program.V_r,
        ),
      ),
    };
    const samples = pickTraces(traces, dt, chunk, new Float32Array(mapped, sections.traces));
    const header = new Uint32Array(mapped, sections.spikes, program.spikeHeaderBytes / 4).slice();
    const count = header[0]!;
    // The end of the last window is the end of the list.
    header[1 + chunk.windows.length] = count;
    let entries = new Uint32Array(
      mapped,
      sections.spikes + program.spikeHeaderBytes,
      Math.min(count, chunk.copiedEntries),
    ).slice();
    staging.unmap();
    if (this.totals) await chunk.flight.profile?.read(this.totals);
    await noteFailures(device, plan, program.state, { ...chunk, findings }, this.failures);
    if (networks === 1 && this.failures.size > 0) throw this.failures.get(0)!;
    if (count > chunk.copiedEntries) {
      // More spikes than foreseen: the list itself is still on the device.
      entries = new Uint32Array(await device.read(chunk.flight.spikes, program.spikeHeaderBytes, 4 * count));
    }
    this.lastEntries = Math.max(1024, count);
    return {
      firstStep: chunk.firstStep,
      endStep: chunk.endStep,
      start: chunk.firstStep * dt,
      end: chunk.endStep * dt,
      spikes: decodeSpikes(plan, header, entries, chunk.windows, chunk.firstStep),
      traces: samples,
      potentials,
      deviceTime,
    };
  }
}
