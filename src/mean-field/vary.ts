/** Many models out of one: what may be varied by name, from the drive to a coefficient of a fit. */
import { InputError } from '../errors.ts';
import { CELL_PARAMETERS, type CellSymbol } from '../models/cells.ts';
import { suggestion } from '../models/document/near-names.ts';
import type { SynapticInput } from '../transfer/data.ts';
import { TransferFunction } from '../transfer/transfer-function.ts';
import { boundaryUnit, type Dimension } from '../units.ts';
import { checkMeanField, type MeanField, type MeanFieldPopulation } from './model.ts';

/** A number of a model that may be varied. */
export interface Variable {
  name: string;
  dimension: Dimension;
  about: string;
  /** Unit at the boundary, for axes; empty where there is none. */
  unit: string;
  /** Whether transfer functions were fitted with this number at one value only, so that others extrapolate. */
  fitted: boolean;
}

interface Rule {
  dimension: Variable['dimension'];
  about: string;
  /** Of one population; absent for T, which all share. */
  change: (population: MeanFieldPopulation, value: number) => MeanFieldPopulation;
}

const synapses =
  (change: (input: SynapticInput, value: number) => SynapticInput) =>
  (population: MeanFieldPopulation, value: number): MeanFieldPopulation => ({
    ...population,
    transfer: altered(population.transfer, { input: change(population.transfer.input, value) }),
  });

const weight = (kind: 'exc' | 'inh', symbol: 'Q' | 'tau' | 'E_rev') =>
  synapses((input, value) => ({ ...input, [kind]: { ...input[kind], [symbol]: value } }));

/** Numbers of a population. What a name without a population says is said of all of them. */
const RULES: Readonly<Record<string, Rule>> = {
  drive: {
    dimension: 'rate',
    about: 'rate of the external synapses',
    change: (population, value) => ({
      ...population,
      drives: population.drives.map((drive) =>
        typeof drive.rate === 'number' ? { ...drive, rate: value } : drive,
      ),
    }),
  },
  q_e: { dimension: 'conductance', about: 'weight of excitatory synapses', change: weight('exc', 'Q') },
  q_i: { dimension: 'conductance', about: 'weight of inhibitory synapses', change: weight('inh', 'Q') },
  tau_e: { dimension: 'time', about: 'decay time of excitatory synapses', change: weight('exc', 'tau') },
  tau_i: { dimension: 'time', about: 'decay time of inhibitory synapses', change: weight('inh', 'tau') },
  k_e: {
    dimension: 'number',
    about: 'excitatory synapses of a neuron, external ones in proportion',
    change: synapses((input, K) => ({ ...input, exc: { ...input.exc, K } })),
  },
  k_i: {
    dimension: 'number',
    about: 'inhibitory synapses of a neuron, external ones in proportion',
    change: synapses((input, K) => ({ ...input, inh: { ...input.inh, K } })),
  },
  N: {
    dimension: 'number',
    about: 'neurons',
    change: (population, size) => ({ ...population, size }),
  },
};

/**
 * The variable of this name: `drive`, `q_e`, `q_i`, `tau_e`, `tau_i`, `k_e`, `k_i`, `N`, a symbol of the cell (`E_L`) or a coefficient of the fit
 * (`P0` to `P10`, mV), of all populations or, as `exc.q_e`, of one; or `T`.
 * @throws InputError where a model has nothing of this name
 */
export function variable(model: MeanField, name: string): Variable {
  if (name === 'T') return { name, dimension: 'time', about: 'time scale', unit: 'ms', fitted: false };
  const [population, key] = split(model, name);
  const rule = ruleOf(model, key);
  if (!rule)
    throw new InputError(
      `${model.name} has no ${key} that could be varied; ${suggestion(key, [...Object.keys(RULES), 'T', ...CELL_PARAMETERS.map(({ symbol }) => symbol), 'P0'])}`,
      { field: name },
    );
  const about = population === undefined ? rule.about : `${rule.about} of ${population}`;
  return {
    name,
    dimension: rule.dimension,
    about,
    unit: boundaryUnit(rule.dimension),
    fitted: !['drive', 'N'].includes(key) && !/^P\d+$/.test(key),
  };
}

/**
 * The model with some of its numbers changed. Coefficients of fits stay: the threshold that they describe is taken for a property of the
 * cell, whatever its synapses; how far beyond the measured moments that leads, `extrapolates` says.
 * @throws InputError where a model has nothing of a name, or a value cannot be meant
 */
export function varied(model: MeanField, values: Readonly<Record<string, number>>): MeanField {
  let result = model;
  for (const [name, value] of Object.entries(values)) {
    const { about, unit } = variable(model, name);
    if (!Number.isFinite(value))
      throw new InputError(`${name} (${about}) is ${value}, but must be a number`, { field: name });
    if (name === 'T') {
      result = { ...result, T: value };
      continue;
    }
    const [only, key] = split(model, name);
    const rule = ruleOf(model, key)!;
    if (value < 0 && rule.dimension !== 'voltage')
      throw new InputError(
        `${name} (${about}) is ${value}${unit === '' ? '' : ` ${unit}`}, but must not be below 0`,
        { field: name },
      );
    result = {
      ...result,
      populations: result.populations.map((each) =>
        only === undefined || each.name === only ? rule.change(each, value) : each,
      ),
    };
  }
  return checkMeanField(result);
}

/** What a user should know who varies a number that fits were made at one value of. */
export function extrapolationWarning({ name }: Pick<Variable, 'name'>): string {
  return `${name} is part of what the transfer functions were fitted to: their coefficients are kept, so away from the fitted value the threshold is extrapolated; measure and fit there to be sure`;
}

function split({ populations, name: model }: MeanField, name: string): [string | undefined, string] {
  const dot = name.lastIndexOf('.');
  if (dot < 0) return [undefined, name];
  const population = name.slice(0, dot);
  const names = populations.map((each) => each.name);
  if (!names.includes(population))
    throw new InputError(`${model} has no population ${population}; ${suggestion(population, names)}`, {
      field: name,
    });
  return [population, name.slice(dot + 1)];
}

function ruleOf(model: MeanField, key: string): Rule | undefined {
  if (Object.hasOwn(RULES, key)) return RULES[key];
  const parameter = CELL_PARAMETERS.find(({ symbol }) => symbol === key);
  if (parameter && ENTERING.includes(parameter.symbol))
    return {
      dimension: parameter.dimension,
      about: parameter.description,
      change: (population, value) => ({
        ...population,
        transfer: altered(population.transfer, {
          cell: { ...population.transfer.cell, [parameter.symbol]: value },
        }),
      }),
    };
  const coefficient = /^P(\d+)$/.exec(key);
  const index = Number(coefficient?.[1]);
  const least = Math.min(...model.populations.map(({ transfer }) => transfer.coefficients_mV.length));
  if (!coefficient || index >= least) return undefined;
  return {
    dimension: 'voltage',
    about: `coefficient ${key} of the threshold`,
    change: (population, value) => ({
      ...population,
      transfer: altered(population.transfer, {
        coefficients_mV: population.transfer.coefficients_mV.map((each, at) => (at === index ? value : each)),
      }),
    }),
  };
}

/** What of a cell the theory knows; the rest is in the coefficients. */
const ENTERING: readonly CellSymbol[] = ['C_m', 'g_L', 'E_L'];

function altered(
  { cell, input, formula, coefficients_mV, report }: TransferFunction,
  change: Partial<Pick<TransferFunction, 'cell' | 'input' | 'coefficients_mV'>>,
): TransferFunction {
  return new TransferFunction({ cell, input, formula, coefficients_mV, ...change }, report);
}
