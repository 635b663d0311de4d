/**
 * The statistics of `spike-statistics.ts` for runs too long to keep their spikes: a few numbers per neuron are
 * carried from window to window. Intervals are held in whole steps, whose sums and sums of squares are exact.
 */
import {
  correlationFromMoments,
  MIN_INTERVALS,
  REPORTED_PERCENTILES,
  type SpikeStatistics,
  silentFraction,
  summarizeVariation,
} from './spike-statistics.ts';
import { type PopulationRange, type SpikeWindow, splitWindow, stepsPerBin } from './spike-windows.ts';
import { mean, percentiles, standardDeviation } from './summary.ts';

export interface SpikeAccumulatorOptions {
  /** Time step, ms. */
  dt: number;
  /** Step at which the window for statistics starts; earlier spikes are ignored. */
  firstStep: number;
  /** Width of the bins of population rate and correlation, ms; a whole number of steps. By default 5 ms, rounded to steps. */
  bin?: number;
}

/** Statistics of all populations of a network, fed with its windows in the order of time. */
export class SpikeAccumulator {
  private readonly ranges: readonly PopulationRange[];
  private readonly populations: PopulationAccumulator[];

  constructor(ranges: readonly PopulationRange[], options: SpikeAccumulatorOptions) {
    this.ranges = ranges;
    const binSteps = stepsPerBin(options.dt, options.bin);
    this.populations = ranges.map(({ size }) => new PopulationAccumulator(size, options, binSteps));
  }

  /** Takes the next window; its arrays may be reused at once. Throws InputError for a neuron that is in no population. */
  add(window: SpikeWindow): void {
    const parts = splitWindow(window, this.ranges);
    for (let i = 0; i < parts.length; i++) this.populations[i].add(parts[i]);
  }

  /**
   * Statistics by name of population over the steps from `firstStep` to `endStep` (not included), the number of
   * steps simulated so far. May be called at any time, and adding may go on afterwards. All NaN where `endStep` is
   * not beyond `firstStep`.
   */
  result(endStep: number, minIntervals: number = MIN_INTERVALS): Map<string, SpikeStatistics> {
    return new Map(
      this.ranges.map(({ name }, i) => [name, this.populations[i].result(endStep, minIntervals)]),
    );
  }
}

class PopulationAccumulator {
  private readonly dt: number;
  private readonly firstStep: number;
  private readonly binSteps: number;
  /** Per neuron: spikes, first and last spike (steps since `firstStep`), sum of squared intervals (steps^2). */
  private readonly count: Uint32Array;
  private readonly firstSpike: Uint32Array;
  private readonly lastSpike: Uint32Array;
  private readonly intervalSquares: Float64Array;
  /** Per neuron: the bin of its last spike, spikes in that bin, and the sum of squared counts of bins before. */
  private readonly bin: Uint32Array;
  private readonly inBin: Uint32Array;
  private readonly binSquares: Float64Array;
  /** The same for the population: bin of the last spike, spikes in it, spikes and squared counts of bins before. */
  private popBin = 0;
  private popInBin = 0;
  private popCount = 0;
  private popSquares = 0;

  constructor(size: number, options: SpikeAccumulatorOptions, binSteps: number) {
    this.dt = options.dt;
    this.firstStep = options.firstStep;
    this.binSteps = binSteps;
    this.count = new Uint32Array(size);
    this.firstSpike = new Uint32Array(size);
    this.lastSpike = new Uint32Array(size);
    this.intervalSquares = new Float64Array(size);
    this.bin = new Uint32Array(size);
    this.inBin = new Uint32Array(size);
    this.binSquares = new Float64Array(size);
  }

  add({ steps, neurons }: SpikeWindow): void {
    for (let k = 0; k < steps.length; k++) {
      if (steps[k] < this.firstStep) continue;
      const step = steps[k] - this.firstStep;
      const bin = Math.floor(step / this.binSteps);
      this.addToNeuron(neurons[k], step, bin);
      if (bin !== this.popBin) {
        this.popCount += this.popInBin;
        this.popSquares += this.popInBin ** 2;
        this.popInBin = 0;
        this.popBin = bin;
      }
      this.popInBin++;
    }
  }

  private addToNeuron(neuron: number, step: number, bin: number): void {
    if (this.count[neuron]++ === 0) this.firstSpike[neuron] = step;
    else this.intervalSquares[neuron] += (step - this.lastSpike[neuron]) ** 2;
    this.lastSpike[neuron] = step;
    if (bin !== this.bin[neuron]) {
      this.binSquares[neuron] += this.inBin[neuron] ** 2;
      this.inBin[neuron] = 0;
      this.bin[neuron] = bin;
    }
    this.inBin[neuron]++;
  }

  result(endStep: number, minIntervals: number): SpikeStatistics {
    const steps = Math.max(0, endStep - this.firstStep);
    const seconds = (steps * this.dt) / 1000;
    const rates = Float64Array.from(this.count, (count) => (steps > 0 ? count / seconds : Number.NaN));
    const bins = Math.floor(steps / this.binSteps);
    const binVariance = this.populationBinVariance(bins);
    const ratePerCount = 1000 / (this.count.length * this.binSteps * this.dt);
    return {
      meanRate: mean(rates),
      rateSd: standardDeviation(rates),
      silentFraction: steps > 0 ? silentFraction(rates) : Number.NaN,
      ratePercentiles: percentiles(rates, REPORTED_PERCENTILES),
      cvIsi: summarizeVariation(this.isiVariation(minIntervals)),
      populationRateSd: Math.sqrt(binVariance) * ratePerCount,
      pairwiseCorrelation: this.pairwiseCorrelation(bins, binVariance),
    };
  }

  private isiVariation(minIntervals: number): Float64Array {
    const cv: number[] = [];
    for (let i = 0; i < this.count.length; i++) {
      const intervals = this.count[i] - 1;
      if (intervals < Math.max(2, minIntervals)) continue;
      const sum = this.lastSpike[i] - this.firstSpike[i];
      const variance = (this.intervalSquares[i] - sum ** 2 / intervals) / (intervals - 1);
      // Rounding may leave a perfectly regular neuron just below zero.
      cv.push(Math.sqrt(Math.max(0, variance)) / (sum / intervals));
    }
    return Float64Array.from(cv);
  }

  /** Variance (ddof 0) of the summed count over the `bins` whole bins; the bin that is not whole does not count. */
  private populationBinVariance(bins: number): number {
    if (bins === 0) return Number.NaN;
    const open = this.popBin < bins ? this.popInBin : 0;
    const average = (this.popCount + open) / bins;
    return Math.max(0, (this.popSquares + open ** 2) / bins - average ** 2);
  }

  private pairwiseCorrelation(bins: number, binVariance: number): number {
    if (bins === 0) return Number.NaN;
    const counts = new Float64Array(this.count.length);
    const squares = new Float64Array(this.count.length);
    for (let i = 0; i < counts.length; i++) {
      const isWhole = this.bin[i] < bins;
      counts[i] = this.count[i] - (isWhole ? 0 : this.inBin[i]);
      squares[i] = this.binSquares[i] + (isWhole ? this.inBin[i] ** 2 : 0);
    }
    return correlationFromMoments(counts, squares, binVariance, bins);
  }
}
