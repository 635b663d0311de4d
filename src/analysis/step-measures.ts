/**
 * What is read off the response to a current step: the few numbers by which electrophysiologists tell cells apart.
 */
import { firstAtOrAfter } from './spike-statistics.ts';

export interface StepMeasures {
  /** Spikes of the whole run. */
  spikes: number;
  /** Spikes within the step per second of step, Hz. */
  rate_hz: number;
  /** From the onset of the step to the first spike within it; null where there is none. */
  first_spike_latency_ms: number | null;
  /** Mean V over the last fifth of the step; null where a spike falls into it. */
  steady_V_mV: number | null;
  /**
   * Mean over pairs of successive intervals within the step of (later - earlier) / (later + earlier), as in the Allen
   * Cell Types Database: above 0 where firing slows down. Null with fewer than three spikes within the step.
   */
  adaptation_index: number | null;
}

/** Part of the step, at its end, over which V counts as steady. */
const STEADY_PART = 0.2;

/**
 * @param response times of spikes and of samples of V, ms, ascending; V, mV, [sample]
 * @param step onset and end of the current, ms
 */
export function stepMeasures(
  response: { spikeTimes: ArrayLike<number>; time: ArrayLike<number>; V: ArrayLike<number> },
  step: { start: number; stop: number },
): StepMeasures {
  const { spikeTimes, time, V } = response;
  // Times are sums of steps of dt: what lies at an edge up to rounding lies at it.
  const edge = 1e-9 * Math.max(1, step.stop);
  const within = (from: number) =>
    Array.from(spikeTimes).filter((spike) => spike >= from - edge && spike < step.stop - edge);
  const inStep = within(step.start);
  const steadyFrom = step.stop - STEADY_PART * (step.stop - step.start);
  const [from, to] = [firstAtOrAfter(time, steadyFrom - edge), firstAtOrAfter(time, step.stop - edge)];
  const isSteady = within(steadyFrom).length === 0 && to > from;
  return {
    spikes: spikeTimes.length,
    rate_hz: (1000 * inStep.length) / (step.stop - step.start),
    first_spike_latency_ms: inStep.length > 0 ? Math.max(0, tidy(inStep[0]! - step.start)) : null,
    steady_V_mV: isSteady ? mean(Array.from(V).slice(from, to)) : null,
    adaptation_index: adaptationIndex(inStep),
  };
}

function adaptationIndex(spikes: readonly number[]): number | null {
  const intervals = spikes.slice(1).map((spike, index) => tidy(spike - spikes[index]!));
  if (intervals.length < 2) return null;
  return mean(
    intervals.slice(1).map((later, index) => (later - intervals[index]!) / (later + intervals[index]!)),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A difference of times without the rounding of its terms: 10.4 and not 10.400000000000006. */
function tidy(time: number): number {
  return Number(time.toFixed(9));
}
