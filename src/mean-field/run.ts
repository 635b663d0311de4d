/** What a batch of mean fields did: samples by instance, and what went wrong in which. */
import type { Device } from '../gpu/device.ts';
import { covarianceIndex, type MeanField, type Order, stateLength } from './model.ts';
import { meanFieldWarnings, type Plan } from './settings.ts';

/** When something happened to an instance of the batch, ms. */
export interface InstanceEvent {
  instance: number;
  time: number;
}

/** Samples of a batch; the first of them is the initial state. */
export class MeanFieldRun {
  readonly instances: number;
  readonly populations: readonly string[];
  readonly order: Order;
  /** ms */
  readonly times: Float64Array;
  /** `[instance, variable, sample]`: rates, Hz, then covariances, Hz^2 (`covarianceIndex`), then adaptation currents, pA, then fluctuations, Hz. */
  readonly states: Float32Array;
  /** Instances whose state stopped being finite, and when; their later samples are not numbers. */
  readonly diverged: readonly InstanceEvent[];
  /** Instances whose covariance stopped being one (no random rates have it), and the first sample in which. */
  readonly indefinite: readonly InstanceEvent[];
  readonly warnings: readonly string[];
  readonly adapter: Device['adapter'];
  readonly timing: { run_s: number; instance_steps: number };
  /** Whether adaptation is part of the state. */
  readonly adapting: boolean;
  /** Whether drives fluctuate in any instance. */
  readonly fluctuating: boolean;
  private readonly variables: number;
  private readonly recorded: number;

  constructor(
    models: readonly MeanField[],
    plan: Plan,
    states: Float32Array,
    diverged: InstanceEvent[],
    adapter: Device['adapter'],
    run_s: number,
  ) {
    this.instances = models.length;
    this.populations = models[0]!.populations.map(({ name }) => name);
    this.order = plan.order;
    this.adapting = plan.adapting;
    this.fluctuating = plan.noisy;
    this.variables = plan.variables;
    this.recorded = plan.recorded;
    this.times = Float64Array.from({ length: plan.samples + 1 }, (_, k) => k * plan.stepsPerSample * plan.dt);
    this.states = states;
    this.diverged = diverged;
    this.indefinite = plan.order === 2 ? this.findIndefinite() : [];
    this.warnings = meanFieldWarnings(models);
    this.adapter = adapter;
    this.timing = { run_s, instance_steps: models.length * plan.samples * plan.stepsPerSample };
  }

  /** Rate of a population over time, Hz. */
  rate(population: number, instance = 0): Float32Array {
    return this.variable(population, instance);
  }

  /** Covariance of two populations' rates over time, Hz^2; only in second order. */
  covariance(a: number, b: number, instance = 0): Float32Array {
    return this.variable(covarianceIndex(this.populations.length, a, b), instance);
  }

  /** Mean adaptation current of a population over time, pA; only with adaptation. */
  current(population: number, instance = 0): Float32Array {
    return this.variable(stateLength(this.populations.length, this.order) + population, instance);
  }

  /** What an Ornstein-Uhlenbeck process adds to a population's external rate over time, Hz; only where drives fluctuate. */
  fluctuation(population: number, instance = 0): Float32Array {
    return this.variable(this.variables + population, instance);
  }

  /** State of an instance in its last sample. */
  last(instance = 0): Float32Array {
    return Float32Array.from({ length: this.variables }, (_, v) => this.variable(v, instance).at(-1)!);
  }

  private variable(variable: number, instance: number): Float32Array {
    const length = this.times.length;
    const first = (instance * this.recorded + variable) * length;
    return this.states.subarray(first, first + length);
  }

  private findIndefinite(): InstanceEvent[] {
    const found: InstanceEvent[] = [];
    const count = this.populations.length;
    const matrix = new Float64Array(count * count);
    for (let instance = 0; instance < this.instances; instance++) {
      const columns = Array.from({ length: count * count }, (_, at) =>
        this.covariance(Math.floor(at / count), at % count, instance),
      );
      for (let sample = 0; sample < this.times.length; sample++) {
        for (let at = 0; at < matrix.length; at++) matrix[at] = columns[at]![sample]!;
        if (!isIndefinite(matrix, count)) continue;
        found.push({ instance, time: this.times[sample]! });
        break;
      }
    }
    return found;
  }
}

/** Negative by more than single precision explains, relative to the largest variance. */
const ROUNDING = 1e-4;

/** Whether a symmetric matrix has a negative eigenvalue: elimination meets a negative pivot. Changes the matrix. */
export function isIndefinite(matrix: Float64Array, size: number): boolean {
  let largest = 0;
  for (let i = 0; i < size; i++) largest = Math.max(largest, Math.abs(matrix[i * size + i]!));
  const least = ROUNDING * largest;
  for (let i = 0; i < size; i++) {
    const pivot = matrix[i * size + i]!;
    if (pivot < -least) return true;
    for (let j = i + 1; j < size; j++) {
      const factor = matrix[j * size + i]! / Math.max(pivot, least);
      if (largest === 0) return matrix[j * size + i] !== 0;
      for (let k = i + 1; k < size; k++) matrix[j * size + k]! -= factor * matrix[i * size + k]!;
    }
  }
  return false;
}
