/**
 * External rates that fluctuate: an Ornstein-Uhlenbeck process on the drive of each population, which stands for input that a mean
 * rate leaves out (other areas, states of arousal). What the device is told of it, and what is refused.
 */
import { InputError } from '../errors.ts';
import { normals, Purpose, randomKey } from '../random.ts';
import {
  checkMeanField,
  type ExternalDrive,
  type MeanField,
  type MeanFieldPopulation,
  type RateFluctuation,
} from './model.ts';

/** The drive of a population that fluctuates, with what makes it; or undefined. */
export function fluctuatingDrive({
  drives,
}: MeanFieldPopulation): (ExternalDrive & { fluctuation: RateFluctuation }) | undefined {
  for (const drive of drives) if (drive.fluctuation) return { ...drive, fluctuation: drive.fluctuation };
  return undefined;
}

/** Whether a run of the model draws random numbers. */
export function isFluctuating({ populations }: MeanField): boolean {
  return populations.some((population) => fluctuatingDrive(population) !== undefined);
}

/**
 * The model with an Ornstein-Uhlenbeck process on the external rate of each population that has external synapses: on that of its
 * excitatory ones where it has them. Populations fluctuate independently of each other.
 *
 *     const noisy = withFluctuatingDrive(model, { sd: 0.5, tau: 5 });
 *
 * @param fluctuation SD of the rate of an external synapse, Hz, and correlation time, ms
 * @throws InputError where no population has external synapses, or sd and tau cannot be meant
 */
export function withFluctuatingDrive(model: MeanField, fluctuation: RateFluctuation): MeanField {
  if (model.populations.every(({ drives }) => drives.length === 0))
    throw new InputError(
      `no population of ${model.name} has external synapses, so none has a rate that could fluctuate: give the network a drive`,
      { field: 'fluctuation' },
    );
  const populations = model.populations.map((population) => {
    const excitatory = population.drives.findIndex(({ kind }) => kind === 'exc');
    const chosen = Math.max(0, excitatory);
    return {
      ...population,
      drives: population.drives.map((drive, index) => (index === chosen ? { ...drive, fluctuation } : drive)),
    };
  });
  return checkMeanField({ ...model, populations });
}

/**
 * Fields of the WGSL struct Population where the kernel knows fluctuations; a population without has one of nothing.
 * @param dt ms
 */
export function fluctuationFields(population: MeanFieldPopulation, seed: number, dt: number) {
  const drive = fluctuatingDrive(population);
  const { sd, tau } = drive?.fluctuation ?? { sd: 0, tau: 1 };
  const load = sd * (drive?.share ?? 0);
  return {
    noise_drive: drive?.kind === 'inh' ? [0, load] : [load, 0],
    noise_sd: sd,
    noise_decay: Math.exp(-dt / tau),
    noise_kick: Math.sqrt(-Math.expm1((-2 * dt) / tau)),
    seed: [seed % 2 ** 32, Math.floor(seed / 2 ** 32)],
  };
}

/** Where the processes stand at time 0, in units of their SD: normal numbers of a stream that no step has, `[population]`. */
export function initialFluctuations(seed: number, populations: number): Float64Array {
  return normals(randomKey(seed, Purpose.rateNoise), [1, 0], populations);
}

/**
 * What external rates are where these fluctuations are added, as kernels do it.
 * @param rates those of the drives, `[population, kind]`, Hz (`driveRates`)
 * @param values fluctuation of each population's rate, Hz
 */
export function withFluctuations(
  { populations }: MeanField,
  rates: Float64Array,
  values: readonly number[],
): Float64Array {
  const sums = Float64Array.from(rates);
  populations.forEach((population, index) => {
    const drive = fluctuatingDrive(population);
    if (drive) sums[2 * index + (drive.kind === 'exc' ? 0 : 1)]! += drive.share * values[index]!;
  });
  return sums.map((rate) => Math.max(0, rate));
}

/** A rate held at 0 where it would fall below is more, in the mean, than its drive says. */
export function cutFluctuation(
  name: string,
  { rate, fluctuation }: Pick<ExternalDrive, 'rate' | 'fluctuation'>,
): string | undefined {
  if (!fluctuation) return undefined;
  const least = typeof rate === 'number' ? rate : rate.values.reduce((a, b) => Math.min(a, b), Infinity);
  if (fluctuation.sd <= least / 3) return undefined;
  return `the external rate of ${name}, ${least} Hz at its lowest, fluctuates with an SD of ${fluctuation.sd} Hz: where it would fall below 0 Hz it is held there, so its mean is higher than that of its drive`;
}
