/** Fields of struct Hemodynamics in shaders/whole-brain/balloon.wgsl. */
import { BOLD_DEFAULTS, type BoldParameters } from '../models/bold.ts';

/** @param dt ms */
export function hemodynamics(parameters: BoldParameters = BOLD_DEFAULTS, dt: number): Record<string, number> {
  const { rho, alpha, V0, k1, k2, k3, gamma, kappa, tau } = parameters;
  const seconds = dt / 1000;
  return {
    ...{ dt: seconds, dt_per_tau: seconds / tau, kappa, gamma, rho },
    ...{ log2_free: Math.log2(1 - rho), per_alpha: 1 / alpha, V0, k1, k2, k3 },
  };
}
