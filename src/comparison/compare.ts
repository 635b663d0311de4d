/**
 * A spiking network held against its mean field: rates, population fluctuations, potentials and conductances at rest, and the mean
 * response to an afferent input.
 */
import { mean, standardDeviation } from '../analysis/summary.ts';
import { InputError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import { isExcitatory, type MeanField, type Order } from '../mean-field/model.ts';
import type { MeanFieldRun } from '../mean-field/run.ts';
import { simulateMeanField } from '../mean-field/simulate.ts';
import type { Network, SampledCourse, TimeCourse } from '../models/network.ts';
import { measureNetwork } from './measure.ts';
import { type PopulationQuantities, type Prediction, predictRest } from './predict.ts';
import type { SeedResult } from './seed-recorder.ts';

export interface CompareOptions {
  seeds: readonly number[];
  /** ms */
  duration: number;
  /** Statistics begin here, ms. */
  discard: number;
  order?: Order;
  /** On top of the drives; excitatory populations receive `fraction` of it, the others the rest. */
  afferent?: { rate: SampledCourse; fraction: number };
  traced?: number;
  onProgress?: (fraction: number) => void;
}

/** One quantity: over seeds, against the prediction; `predicted` and `ratio` (measured over predicted) are null where there is none. */
export interface Compared {
  measured: number;
  /** Standard error over seeds; null for one seed. */
  standard_error: number | null;
  predicted: number | null;
  ratio: number | null;
}

export interface Comparison {
  /** By population, quantity by quantity; of the state at rest, without afferent input. */
  rest: Record<string, Record<keyof PopulationQuantities, Compared>>;
  seeds: SeedResult[];
  prediction: Prediction;
  /** Response to the afferent input, where there is one. */
  response?: {
    seeds: SeedResult[];
    /** Mean over seeds in bins, Hz, `[population][bin]`. */
    measured: Float64Array[];
    predicted: MeanFieldRun;
  };
}

const QUANTITIES: readonly (keyof PopulationQuantities)[] = [
  'rate_hz',
  'population_rate_sd_hz',
  'mean_V_mV',
  'sd_V_mV',
  'mean_g_exc_nS',
  'sd_g_exc_nS',
  'mean_g_inh_nS',
  'sd_g_inh_nS',
];

/**
 * Runs the network over all seeds, at rest and, where there is an afferent input, with it, and predicts the same.
 * @param model the mean field of this network
 * @throws InputError where times do not fit or there is nothing to predict
 */
export async function compareNetwork(
  device: Device,
  network: Network,
  model: MeanField,
  options: CompareOptions,
): Promise<Comparison> {
  const { seeds, duration, discard, order = 2, afferent, onProgress } = options;
  checkTimes(duration, discard);
  const prediction = predictRest(model, order);
  const parts = afferent ? 2 : 1;
  const measuring = {
    seeds,
    duration,
    discard,
    bin: model.T,
    ...(options.traced === undefined ? {} : { traced: options.traced }),
  };
  const atRest = await measureNetwork(device, network, model, {
    ...measuring,
    onProgress: (fraction) => onProgress?.(fraction / parts),
  });
  const rest = Object.fromEntries(
    model.populations.map(({ name }, index) => [
      name,
      Object.fromEntries(
        QUANTITIES.map((quantity) => [
          quantity,
          compared(
            atRest.map(({ populations }) => populations[index]![quantity]!),
            prediction.populations[index]![quantity],
          ),
        ]),
      ) as Record<keyof PopulationQuantities, Compared>,
    ]),
  );
  if (!afferent) return { rest, seeds: atRest, prediction };

  const { rate, fraction } = afferent;
  const share = (index: number) => (isExcitatory(model, index) ? fraction : 1 - fraction);
  const drivenNetwork = {
    ...network,
    populations: network.populations.map((each, index) => ({
      ...each,
      drives: withInput(each.drives, each.name, rate, share(index)),
    })),
  };
  const drivenModel = {
    ...model,
    populations: model.populations.map((each, index) => ({
      ...each,
      drives: withInput(each.drives, each.name, rate, share(index)),
    })),
  };
  const driven = await measureNetwork(device, drivenNetwork, model, {
    ...measuring,
    onProgress: (done) => onProgress?.((1 + done) / parts),
  });
  const predicted = await simulateMeanField(device, [drivenModel], {
    order,
    duration,
    dt: rate.dt,
    every: Math.max(1, Math.round(1 / rate.dt)) * rate.dt,
    initial: prediction.point.state,
  });
  const measured = network.populations.map((_, population) =>
    driven[0]!.rates[population]!.map((_, bin) => mean(driven.map(({ rates }) => rates[population]![bin]!))),
  );
  return { rest, seeds: atRest, prediction, response: { seeds: driven, measured, predicted } };
}

/** Refuses to discard all of a run. Throws InputError. */
export function checkTimes(duration: number, discard: number): void {
  if (discard >= 0 && discard < duration) return;
  throw new InputError(
    `${discard} ms are to be discarded of a run of ${duration} ms: discard less, or run longer`,
    { field: 'discard' },
  );
}

function compared(values: readonly number[], predicted: number | undefined): Compared {
  const measured = mean(values);
  return {
    measured,
    standard_error: values.length > 1 ? standardDeviation(values, 1) / Math.sqrt(values.length) : null,
    predicted: predicted ?? null,
    ratio: predicted === undefined ? null : measured / predicted,
  };
}

/** Drives of a population with the input on top of the first that is constant, which spiking and mean populations have alike. */
function withInput<Drive extends { rate: TimeCourse }>(
  drives: readonly Drive[],
  where: string,
  input: SampledCourse,
  share: number,
): Drive[] {
  const at = drives.findIndex(({ rate }) => typeof rate === 'number');
  if (share === 0) return [...drives];
  if (at < 0)
    throw new InputError(
      `population ${where} has no constant drive that the afferent input could add to: give it one`,
      { field: 'drive' },
    );
  const values = input.values.map((value) => (drives[at]!.rate as number) + share * value);
  return drives.map((each, index) => (index === at ? { ...each, rate: { dt: input.dt, values } } : each));
}
