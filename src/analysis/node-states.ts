/**
 * What a node does in the long run, from the extremes of its rate: rest low (down) or high (up), oscillate fast (excitation
 * against inhibition) or slowly (excitation against adaptation), or one or another of these from different beginnings.
 */

export const NODE_STATES = ['down', 'up', 'fast cycle', 'slow cycle', 'bistable'] as const;
export type NodeState = (typeof NODE_STATES)[number];

/** Of the excitatory rate over a closing window. */
export interface Outcome {
  /** Hz. */
  min: number;
  max: number;
  mean: number;
  /** Hz; NaN where fewer than two rises were seen. */
  frequency: number;
}

export interface StateLimits {
  /** A rate that moves by less, Hz, rests. */
  amplitude: number;
  /** Resting rates below it, Hz, are down. */
  rate: number;
  /** Resting rates that lie further apart, Hz, are different states. */
  apart: number;
  /** Cycles slower than it, Hz, are slow. */
  frequency: number;
}

export const STATE_LIMITS: Readonly<StateLimits> = { amplitude: 1, rate: 5, apart: 10, frequency: 5 };

/** Of one run. */
export function nodeState(
  outcome: Outcome,
  limits: StateLimits = STATE_LIMITS,
): Exclude<NodeState, 'bistable'> {
  if (outcome.max - outcome.min < limits.amplitude) return outcome.mean < limits.rate ? 'down' : 'up';
  // Too slow to rise twice within the window.
  return outcome.frequency >= limits.frequency ? 'fast cycle' : 'slow cycle';
}

/** Of one node that was started in several ways. */
export function regionOf(outcomes: readonly Outcome[], limits: StateLimits = STATE_LIMITS): NodeState {
  const states = outcomes.map((outcome) => nodeState(outcome, limits));
  const means = outcomes.map(({ mean }) => mean);
  const rests = states.every((state) => state === 'down' || state === 'up');
  const apart = Math.max(...means) - Math.min(...means) > limits.apart;
  // Two resting rates on both sides of the limit, but close to each other, are one state still settling.
  if (rests)
    return apart ? 'bistable' : nodeState({ ...outcomes[0]!, min: means[0]!, max: means[0]! }, limits);
  return states.every((state) => state === states[0]) ? states[0]! : 'bistable';
}
