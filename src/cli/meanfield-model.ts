/** What the verbs of `spikefield meanfield` share: the model that the options mean, and how fixed points are told. */
import { InputError } from '../errors.ts';
import { arrayReaders } from '../io/array-readers.ts';
import type { RunDirectoryOptions } from '../io/run-directory.ts';
import { RunDirectory } from '../io/run-directory.ts';
import type { FixedPoint } from '../mean-field/fixed-points.ts';
import { meanField } from '../mean-field/library.ts';
import { DEFAULT_T, isAdapting, isExcitatory, type MeanField, type Order } from '../mean-field/model.ts';
import type { Network } from '../models/network.ts';
import { networkToJSON } from '../models/network-to-json.ts';
import { readNetwork } from '../models/read-network.ts';
import type { Formula } from '../transfer/theory.ts';
import { readTransferFunction } from '../transfer/transfer-function-file.ts';
import { integerOption, listOption, type OptionValue, quantityOption } from './options.ts';

/** What the parser hands over. */
type Given = Record<string, OptionValue>;

export interface ChosenModel {
  network: Network;
  model: MeanField;
  order: Order;
  formula: Formula | 'as given';
}

/** The network, its mean field, and the order. Throws InputError. */
export function readModel(name: string, given: Given): ChosenModel {
  const network = readNetwork(name, listOption(given.set, '--set'), arrayReaders);
  const order = (integerOption(given.order, '--order', { least: 1, most: 2 }) ?? 2) as Order;
  const files = listOption(given.fit, '--fit');
  const published = given.asPublished === true;
  if (published && files.length > 0)
    throw new InputError(
      '--as-published means the printed coefficients, so it cannot stand beside --fit: leave one of them out',
    );
  const T = quantityOption(given.T, '--T', 'time') ?? DEFAULT_T;
  const fits = files.map((source) => ({ transfer: readTransferFunction(source), source }));
  const model = meanField(network, {
    formula: published ? 'as-published' : 'corrected',
    given: fits,
    T,
    adaptation: given.adaptation === true,
  });
  const formulas = new Set(model.populations.map(({ transfer }) => transfer.formula));
  if (formulas.size > 1)
    throw new InputError(
      'the transfer functions belong to different formulas (corrected and as-published), which must not be mixed: fit all of them alike',
      { field: 'fit' },
    );
  return { network, model, order, formula: [...formulas][0]! };
}

/** The result directory, with what is known before the work. */
export function openDirectory(
  out: string,
  given: Given,
  version: string,
  { network, model, order, formula }: ChosenModel,
  fields: Record<string, unknown>,
): RunDirectory {
  const options: RunDirectoryOptions = {
    force: given.force === true,
    manifest: {
      kind: 'mean-field',
      spikefield: version,
      network: networkToJSON(network),
      order,
      formula,
      T_ms: model.T,
      adaptation: isAdapting(model),
      transfer_functions: model.populations.map(({ name, transfer: { cell, input, coefficients_mV } }) => ({
        population: name,
        cell,
        input,
        coefficients_mV,
      })),
      ...fields,
    },
  };
  return RunDirectory.create(out, options);
}

/** A fixed point as `--json` prints it. */
export function fixedPointJson(model: MeanField, point: FixedPoint): Record<string, unknown> {
  const { rates, covariance, eigenvalues, jacobian, stable, stability, frequency, responseTime } = point;
  return {
    ...shortRates(model, rates),
    rates_hz: Object.fromEntries(model.populations.map(({ name }, index) => [name, rates[index]])),
    ...(covariance ? { covariance_hz2: covariance } : {}),
    ...(point.currents
      ? {
          adaptation_pA: Object.fromEntries(
            model.populations.map(({ name }, index) => [name, point.currents![index]]),
          ),
        }
      : {}),
    eigenvalues_per_s: eigenvalues,
    jacobian_per_s: jacobian,
    stable,
    stability,
    frequency_hz: frequency ?? null,
    response_time_ms: responseTime,
    extrapolates: point.extrapolates,
    large_fluctuations: point.fluctuates,
  };
}

/** The two keys that everybody looks for, where there are one excitatory and one inhibitory population. */
function shortRates(model: MeanField, rates: readonly number[]): Record<string, number> {
  if (rates.length !== 2) return {};
  const kinds = rates.map((_, index) => isExcitatory(model, index));
  if (kinds[0] === kinds[1]) return {};
  const exc = kinds[0] ? 0 : 1;
  return { nu_e_hz: rates[exc]!, nu_i_hz: rates[1 - exc]! };
}

/** The stable point of lowest rates, where activity is looked for first; or undefined. */
export function restingPoint(points: readonly FixedPoint[]): FixedPoint | undefined {
  return points.find(({ stable }) => stable);
}

/** What a user should know of a point, one sentence each. */
export function pointWarnings({ extrapolates, fluctuates }: FixedPoint): string[] {
  return [
    ...(extrapolates.length > 0
      ? [
          `the fit of ${extrapolates.join(' and ')} has seen no input rates like these, so here it extrapolates: measure up to higher rates`,
        ]
      : []),
    ...(fluctuates.length > 0
      ? [
          `fluctuations change the rate of ${fluctuates.join(' and ')} by more than half, for which second order was not made: compare --order 1`,
        ]
      : []),
  ];
}
