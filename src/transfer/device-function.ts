/**
 * A transfer function as `shaders/transfer/template.wgsl` wants it: everything that does not depend on the input rates is worked
 * out here in double precision, so that the kernel's single precision is spent on small numbers alone.
 */
import type { WgslValue } from '../gpu/layout.ts';
import { membraneTimeConstant } from '../models/cells.ts';
import { NORMALISATION, QUADRATIC_TERMS, type Template } from './template.ts';
import { fluctuationTimes } from './theory.ts';

/** The fields of the WGSL struct TransferFunction. */
export function deviceFunction(template: Template): { [field: string]: WgslValue } {
  const { cell, input, formula, coefficients_mV } = template;
  const { exc, inh } = input;
  const times = fluctuationTimes(input, formula);
  const coefficients = Array.from({ length: QUADRATIC_TERMS + 1 }, (_, term) => coefficients_mV[term] ?? 0);
  coefficients[0]! -= cell.E_L;
  return {
    conductance: [exc, inh].map(({ K, Q, tau }) => (1e-3 * K * Q * tau) / cell.g_L),
    reversal: [exc.E_rev - cell.E_L, inh.E_rev - cell.E_L],
    decay: [exc.tau, inh.tau],
    fluctuation: [(exc.Q * times.exc) / cell.g_L, (inh.Q * times.inh) / cell.g_L],
    events: [1e-3 * exc.K, 1e-3 * inh.K],
    membrane_time: membraneTimeConstant(cell),
    x_at_rest: (cell.E_L - NORMALISATION.mu_V.centre) / NORMALISATION.mu_V.scale,
    threshold: [coefficients.slice(0, 4), coefficients.slice(4, 8), coefficients.slice(8, 12)],
  };
}
