/** Statistics that the kernel gathers while brains run, in numbers for people. */
import { NonFiniteError } from '../errors.ts';
import type { BrainPlan } from './brain-plan.ts';

/** `[brain, node]` each. */
export interface BrainStatistics {
  /** ms over which they were gathered. */
  duration: number;
  /** Of the first variable (the rate of E in Hz for the ALN). */
  mean: Float64Array;
  sd: Float64Array;
  min: Float64Array;
  max: Float64Array;
  /** Of the second variable. */
  secondMean: Float64Array;
  /** Part of all steps so far that left the look-up table; 0 for models without one. */
  outsideTable: Float64Array;
}

type Columns = Record<string, Float32Array | Uint32Array>;

export function statisticsOf(
  plan: BrainPlan,
  measures: Columns,
  { states, steps, step }: { states: Columns; steps: number; step: number },
): BrainStatistics {
  const total = (name: string) => {
    const low = measures[`${name}_low`]!;
    return Float64Array.from(measures[`${name}_high`]!, (value, index) => value + low[index]!);
  };
  const mean = total('sum').map((value) => value / steps);
  return {
    duration: steps * plan.dt,
    mean,
    sd: total('square').map((value, index) => Math.sqrt(Math.max(0, value / steps - mean[index]! ** 2))),
    min: Float64Array.from(measures.least!),
    max: Float64Array.from(measures.most!),
    secondMean: total('second').map((value) => value / steps),
    outsideTable: Float64Array.from(states.clipped!, (count) => count / Math.max(1, step)),
  };
}

/** The same measures with statistics at their beginning; BOLD goes on. */
export function clearedMeasures(measures: Columns): Record<string, ArrayLike<number> | number> {
  const sums = Object.keys(measures).filter((name) => /^(sum|square|second)_/.test(name));
  return { ...measures, ...Object.fromEntries(sums.map((name) => [name, 0])), least: 3e38, most: -3e38 };
}

/**
 * @param firstBrain what the first brain is called; where it is given, a brain that is alone is named too
 * @throws NonFiniteError for the first value of a state that is none
 */
export function requireFiniteBrains(
  plan: BrainPlan,
  states: Columns,
  end: number,
  firstBrain?: number,
): void {
  for (const { name } of plan.model.variables) {
    const values = states[name]!;
    for (let index = 0; index < values.length; index++) {
      if (Number.isFinite(values[index])) continue;
      const who =
        plan.brains === 1 && firstBrain === undefined
          ? ''
          : ` of brain ${(firstBrain ?? 0) + Math.floor(index / plan.nodes)}`;
      throw new NonFiniteError(
        `${name} of node ${index % plan.nodes}${who} is ${values[index]} after ${end} ms: the step of ${plan.dt} ms is too coarse for its inputs; use a smaller dt, or weaker inputs and couplings`,
      );
    }
  }
}
