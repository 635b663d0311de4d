/** What the command line says of look-up tables: numbers for `--json`, lines for people, maps for the figure. */
import type { TableMap } from '../figures/tables.ts';
import { type CascadeTables, QUANTITY_NAMES, TABLE_QUANTITIES } from '../fokker-planck/tables.ts';

/** Neuron, grid, recipe, and the extent of each quantity. */
export function describeTables(tables: CascadeTables) {
  const axis = (values: Float64Array) => ({
    from: values[0],
    to: values[values.length - 1],
    count: values.length,
  });
  const quantities = Object.fromEntries(
    QUANTITY_NAMES.map((name) => [
      name,
      { unit: TABLE_QUANTITIES[name].unit, ...extent(tables.values[name]) },
    ]),
  );
  return {
    neuron: tables.neuron,
    mu_mV_per_ms: axis(tables.mu),
    sigma_mV_per_sqrt_ms: axis(tables.sigma),
    quantities,
    recipe: tables.recipe,
  };
}

/** One line a quantity. */
export function tableLines(tables: CascadeTables): string[] {
  const { mu, sigma, neuron } = tables;
  const span = (values: Float64Array) => `${values[0]} to ${values[values.length - 1]}`;
  const lines = QUANTITY_NAMES.map((name) => {
    const { min, max } = extent(tables.values[name]);
    const { unit, description } = TABLE_QUANTITIES[name];
    return `${name.padEnd(12)} ${`${short(min)} to ${short(max)} ${unit}`.padEnd(24)} ${description}`;
  });
  return [
    `${neuron.name}: mu ${span(mu)} mV/ms (${mu.length}), sigma ${span(sigma)} mV/sqrt(ms) (${sigma.length})`,
    ...lines,
  ];
}

/** The maps of `figures/tables.ts`. */
export function tableMaps({ values }: CascadeTables): TableMap[] {
  return [
    { title: 'Rate', note: 'log10 of r in Hz, from 0.001 Hz', values: values.r, logarithm: { least: 1e-3 } },
    { title: 'Mean membrane potential', note: 'mV', values: values.V },
    {
      title: 'Time constant of μ',
      note: 'log10 of tau in ms, exponential',
      values: values.tau_mu,
      logarithm: { least: 0.01 },
    },
    {
      title: 'Time constant of σ',
      note: 'log10 of tau in ms; grey: σ does not raise r',
      values: values.tau_sigma,
      logarithm: { least: 0.01 },
      greyZero: true,
    },
    {
      title: 'Damping of μ',
      note: 'log10 of tau in ms, damped oscillation',
      values: values.tau_mu_dosc,
      logarithm: { least: 0.01 },
    },
    {
      title: 'Frequency of μ',
      note: 'Hz, damped oscillation; grey: 0',
      values: values.f0_mu_dosc,
      greyZero: true,
    },
  ];
}

function extent(values: Float32Array): { min: number; max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
