/** What files of transfer functions and their measurements say of a cell and its synapses. */
import { z } from 'zod';

export const finite = z.number();
export const positive = z.number().positive();
export const notNegative = z.number().nonnegative();

export const cellSchema = z.strictObject({
  name: z.string(),
  C_m: positive,
  g_L: positive,
  E_L: finite,
  V_T: finite,
  Delta_T: notNegative,
  V_r: finite,
  tau_ref: notNegative,
  a: finite,
  b: finite,
  tau_w: positive,
});

const synapses = z.strictObject({ K: notNegative, Q: notNegative, tau: positive, E_rev: finite });
export const inputSchema = z.strictObject({ exc: synapses, inh: synapses });
