/** Neurons and templates for tests of transfer functions: the paper's, and random ones. */
import fc from 'fast-check';
import { type Cell, libraryCell } from '../../src/models/cells.ts';
import type { SynapticInput, TransferData } from '../../src/transfer/data.ts';
import type { Template } from '../../src/transfer/template.ts';

/** The synapses of the paper's network, CONFIG1. */
export const config1: SynapticInput = {
  exc: { K: 400, Q: 1, tau: 5, E_rev: 0 },
  inh: { K: 100, Q: 5, tau: 5, E_rev: -80 },
};

export const cellOf = (name: string): Cell => ({ ...libraryCell(name)! });

/** Coefficients of the printed kind for an RS cell, mV (rounded; tests do not depend on their meaning). */
export const someCoefficients = [-49.3, 3.1, 8, 0.42, 0.37, 1.1, -1.7, -1.7, -1.5, 2.6, 1.8];

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true, noDefaultInfinity: true });
const synapses = (low: number, high: number) =>
  fc.record({
    K: between(20, 1000),
    Q: between(0.2, 6),
    tau: between(2, 12),
    E_rev: between(low, high),
  });

/** Random neurons whose coefficients are of the size that fits give. */
export const anyTemplate: fc.Arbitrary<Template> = fc
  .record({
    C_m: between(80, 400),
    g_L: between(4, 20),
    E_L: between(-75, -58),
    exc: synapses(-5, 5),
    inh: synapses(-90, -76),
    formula: fc.constantFrom('corrected' as const, 'as-published' as const),
    P0: between(-54, -44),
    others: fc.array(between(-8, 8), { minLength: 10, maxLength: 10 }),
    linear: fc.boolean(),
  })
  .map(({ C_m, g_L, E_L, exc, inh, formula, P0, others, linear }) => ({
    cell: { ...cellOf('RS-cell'), name: 'any', C_m, g_L, E_L },
    input: { exc, inh },
    formula,
    coefficients_mV: [P0, ...others].slice(0, linear ? 5 : 11),
  }));

/** Input rates, Hz. */
export const anyRate = between(0.2, 25);

/** Data whose rates a template gives, on a rectangular grid, with `noise(k)` Hz added. */
export function dataOf(
  template: Template,
  rateOf: (nu_e: number, nu_i: number) => number,
  { nu_e, nu_i, noise = () => 0 }: { nu_e: number[]; nu_i: number[]; noise?: (index: number) => number },
): TransferData {
  const count = nu_e.length * nu_i.length;
  const row = (index: number) => nu_i[Math.floor(index / nu_e.length)]!;
  const column = (index: number) => nu_e[index % nu_e.length]!;
  const list = (of: (index: number) => number) =>
    Float64Array.from({ length: count }, (_, index) => of(index));
  return {
    cell: template.cell,
    input: template.input,
    settings: { dt: 0.05, duration: 10_000, discard: 0, repeats: 4, seed: 1 },
    shape: [nu_i.length, nu_e.length],
    nu_e: list(column),
    nu_i: list(row),
    rate: list((index) => Math.max(0, rateOf(column(index), row(index)) + noise(index))),
    rate_sd: list(() => 0.1),
    mu_V: list(() => Number.NaN),
    sigma_V: list(() => Number.NaN),
    tau_V: list(() => Number.NaN),
  };
}
