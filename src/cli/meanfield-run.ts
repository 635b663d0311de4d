/** `spikefield meanfield run <network>`: the mean field over time, with its figure. */
import { InputError, InterruptedError } from '../errors.ts';
import { meanFieldCourseFigure } from '../figures/mean-field-course.ts';
import { writeFigure } from '../figures/write-figure.ts';
import { openDevice } from '../gpu/device.ts';
import { Equations } from '../mean-field/equations.ts';
import { fixedPoints } from '../mean-field/fixed-points.ts';
import { withFluctuatingDrive, withFluctuations } from '../mean-field/fluctuation.ts';
import { driveRates, type MeanField, type RateFluctuation, withAfferentInput } from '../mean-field/model.ts';
import type { MeanFieldRun } from '../mean-field/run.ts';
import { type Integrator, type MeanFieldSettings, planMeanField } from '../mean-field/settings.ts';
import { simulateMeanField } from '../mean-field/simulate.ts';
import type { SampledCourse } from '../models/network.ts';
import { parseQuantity } from '../units.ts';
import { watchInterrupt } from './interrupt.ts';
import { refuseNone } from './meanfield-fixed-point.ts';
import {
  type ChosenModel,
  openDirectory,
  pointWarnings,
  readModel,
  restingPoint,
} from './meanfield-model.ts';
import { fractionOption, readWaveform } from './meanfield-waveform.ts';
import { integerOption, type OptionValue, quantityOption, textOption } from './options.ts';
import { Progress } from './progress.ts';

/** What the parser hands over. */
type Given = Record<string, OptionValue>;

/** ms */
const DEFAULT_OU_TAU = 5;

export async function meanFieldRun(name: string, given: Given, version: string): Promise<void> {
  const base = readModel(name, given);
  const dt = quantityOption(given.dt, '--dt', 'time') ?? 0.1;
  const duration = quantityOption(given.duration, '--duration', 'time') ?? base.network.duration;
  const waveform = readWaveform(given, dt, duration);
  const fraction = fractionOption(given, waveform);
  const fluctuation = readFluctuation(given);
  const seed = integerOption(given.seed, '--seed') ?? 1;
  const noisy = fluctuation ? withFluctuatingDrive(base.model, fluctuation) : base.model;
  const model = waveform ? withAfferentInput(noisy, waveform, fraction) : noisy;
  const chosen: ChosenModel = { ...base, model };
  const warnings: string[] = [];
  const settings: MeanFieldSettings = {
    duration,
    dt,
    order: base.order,
    every: quantityOption(given.every, '--every', 'time') ?? Math.max(1, dt),
    integrator: (textOption(given.integrator, '--integrator') ?? 'rk4') as Integrator,
    initial: readInitial(chosen, given, warnings),
    ...(fluctuation ? { seed } : {}),
  };
  const plan = planMeanField([model], settings);
  if (given.dryRun === true) {
    const steps = plan.samples * plan.stepsPerSample;
    const cost = {
      network: model.name,
      order: plan.order,
      steps,
      samples: plan.samples + 1,
      variables: plan.recorded,
    };
    const text =
      given.json === true
        ? JSON.stringify(cost)
        : `${steps} steps of ${dt} ms, ${cost.samples} samples of ${cost.variables} numbers`;
    process.stdout.write(`${text}\n`);
    return;
  }
  const out = textOption(given.out, '--out') ?? `runs/meanfield-run-${model.name}`;
  const { initial, ...rest } = settings;
  using directory = openDirectory(out, given, version, chosen, {
    settings: rest,
    initial,
    waveform: textOption(given.waveform, '--waveform') ?? null,
    fraction: waveform ? fraction : null,
    fluctuation: fluctuation ?? null,
  });
  const run = await simulate(chosen, settings, given, (reason) => directory.abandon(reason));
  warnings.push(...run.warnings, ...runWarnings(model, run));
  for (const [index, { name: population }] of model.populations.entries())
    directory.write(`rate_${population}`, run.rate(index));
  directory.write('time', run.times);
  if (run.adapting)
    for (const [index, { name: population }] of model.populations.entries())
      directory.write(`adaptation_${population}`, run.current(index));
  if (run.fluctuating)
    for (const [index, { name: population }] of model.populations.entries())
      directory.write(`fluctuation_${population}`, run.fluctuation(index));
  if (run.order === 2)
    for (const [a, one] of model.populations.entries())
      for (const [b, other] of model.populations.entries())
        if (b >= a) directory.write(`covariance_${one.name}_${other.name}`, run.covariance(a, b));
  if (given.figures !== false) {
    writeFigure(directory.file('rates.svg'), figure(chosen, run, warnings, waveform, fluctuation));
    directory.file('rates.png');
  }
  const summary = summarise(chosen, run, warnings, seed);
  directory.finish({ adapter: run.adapter, summary });
  for (const warning of warnings) process.stderr.write(`spikefield: ${warning}\n`);
  if (given.json === true) process.stdout.write(`${JSON.stringify({ ...summary, out })}\n`);
  else if (given.quiet !== true) process.stdout.write(`${summaryLines(summary, out).join('\n')}\n`);
}

async function simulate(
  { model }: ChosenModel,
  settings: MeanFieldSettings,
  given: Given,
  abandon: (reason: string) => void,
): Promise<MeanFieldRun> {
  const interrupt = watchInterrupt();
  const progress = new Progress(`mean field of ${model.name}`, { quiet: given.quiet === true });
  try {
    await using device = await openDevice();
    return await simulateMeanField(device, [model], {
      ...settings,
      onProgress: (fraction) => {
        progress.update(fraction);
        if (interrupt.requested)
          throw new InterruptedError(
            `interrupted at ${Math.round(fraction * settings.duration)} of ${settings.duration} ms; run again for a result`,
          );
      },
    });
  } catch (error) {
    abandon(error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    progress.end();
    interrupt.stop();
  }
}

/** What makes external rates fluctuate, or nothing. */
function readFluctuation(given: Given): RateFluctuation | undefined {
  const sd = quantityOption(given.ouSd, '--ou-sd', 'rate');
  const tau = quantityOption(given.ouTau, '--ou-tau', 'time');
  if (sd !== undefined) return { sd, tau: tau ?? DEFAULT_OU_TAU };
  for (const [value, option] of [
    [given.ouTau, '--ou-tau'],
    [given.seed, '--seed'],
  ] as const)
    if (value !== undefined)
      throw new InputError(
        `${option} is of drives that fluctuate, so it needs their SD beside it, as --ou-sd 0.5Hz`,
      );
  return undefined;
}

/** Rates that are given, or the lowest stable fixed point at the beginning. */
function readInitial({ model, order }: ChosenModel, given: Given, warnings: string[]): number[] {
  const text = textOption(given.initial, '--initial');
  if (text !== undefined)
    return text.split(',').map((part) => parseQuantity(part.trim(), 'rate', '--initial'));
  const points = fixedPoints(model, { order });
  refuseNone(points, { model, order } as ChosenModel);
  const resting = restingPoint(points);
  if (!resting)
    throw new InputError(
      `none of the ${points.length} fixed points of ${model.name} is stable, so there is no state to begin at: give one with --initial, as --initial 2,9`,
    );
  warnings.push(...pointWarnings(resting));
  return Array.from(resting.state);
}

/** What happened in a run that its numbers do not say by themselves. */
function runWarnings(model: MeanField, run: MeanFieldRun): string[] {
  const warnings = [
    ...run.diverged.map(
      ({ time }) =>
        `the mean field stopped being finite at ${time.toFixed(1)} ms: give a shorter --dt, or --order 1`,
    ),
    ...run.indefinite.map(
      ({ time }) =>
        `the covariances at ${time.toFixed(1)} ms are no longer those of any random rates (a variance would be negative), so the bands mean nothing from there on: compare --order 1`,
    ),
  ];
  for (const [index, { name, transfer }] of model.populations.entries()) {
    // More than rounding of a silent population.
    const negative = run.rate(index).findIndex((rate) => rate < -1e-3);
    if (negative >= 0)
      warnings.push(
        `the rate of ${name} is below 0 Hz at ${run.times[negative]!.toFixed(1)} ms, which second order does not exclude and no network does: compare --order 1`,
      );
    const outside = run.times.find((time, sample) => {
      const rates = run.populations.map((_, each) => run.rate(each)[sample]!);
      if (!rates.every(Number.isFinite)) return false;
      const equations = new Equations(model, 1, drivesAt(model, run, time, sample));
      return transfer.extrapolates(...equations.inputs(rates, index));
    });
    if (outside !== undefined)
      warnings.push(
        `from ${outside.toFixed(1)} ms on, input to ${name} reaches rates that its fit has not seen, so it extrapolates there: measure up to higher rates`,
      );
  }
  return warnings;
}

/** External rates in a sample, fluctuations included, `[population, kind]`, Hz. */
function drivesAt(model: MeanField, run: MeanFieldRun, time: number, sample: number): Float64Array {
  const rates = driveRates(model, time);
  if (!run.fluctuating) return rates;
  return withFluctuations(
    model,
    rates,
    run.populations.map((_, population) => run.fluctuation(population)[sample]!),
  );
}

function figure(
  { model, order, formula }: ChosenModel,
  run: MeanFieldRun,
  warnings: string[],
  waveform?: SampledCourse,
  fluctuation?: RateFluctuation,
): string {
  const theory = formula === 'as-published' ? ', theory as published' : '';
  const bands = order === 2 ? '; bands: SD of the rate' : '';
  const noise = fluctuation ? `; drive +- ${fluctuation.sd} Hz over ${fluctuation.tau} ms` : '';
  const beyond = warnings.some((warning) => warning.includes('extrapolates'))
    ? ', beyond the range fitted'
    : '';
  return meanFieldCourseFigure({
    title: `${model.name}: mean field`,
    // What limits trust stands first: a narrow figure cuts the end.
    note: `order ${order}${theory}${beyond}${noise}${bands}`,
    times: run.times,
    populations: model.populations.map(({ name }, index) => ({
      name,
      rate: run.rate(index),
      ...(order === 2
        ? {
            sd: Float64Array.from(run.covariance(index, index), (variance) =>
              Math.sqrt(Math.max(0, variance)),
            ),
          }
        : {}),
    })),
    ...(waveform
      ? {
          input: Float64Array.from(
            run.times,
            (time) => waveform.values[Math.min(waveform.values.length - 1, Math.round(time / waveform.dt))]!,
          ),
        }
      : {}),
  });
}

function summarise(
  { model, order, formula }: ChosenModel,
  run: MeanFieldRun,
  warnings: readonly string[],
  seed: number,
) {
  const of = (rate: Float32Array) => ({
    first_hz: rate[0]!,
    last_hz: rate.at(-1)!,
    peak_hz: rate.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
  });
  return {
    network: model.name,
    order,
    formula,
    T_ms: model.T,
    ...(run.fluctuating ? { seed } : {}),
    duration_ms: run.times.at(-1)!,
    adapter: run.adapter,
    populations: Object.fromEntries(
      model.populations.map(({ name, size }, index) => [
        name,
        {
          size,
          ...of(run.rate(index)),
          ...(run.adapting ? { last_adaptation_pA: run.current(index).at(-1)! } : {}),
          ...(order === 2 ? { last_variance_hz2: run.covariance(index, index).at(-1)! } : {}),
        },
      ]),
    ),
    warnings,
    timing: run.timing,
  };
}

function summaryLines(summary: ReturnType<typeof summarise>, out: string): string[] {
  const { network, order, duration_ms, populations, timing, adapter } = summary;
  return [
    `${network}: mean field of order ${order}, ${duration_ms} ms in ${timing.run_s.toFixed(2)} s on ${adapter.name}`,
    ...Object.entries(populations).map(
      ([name, { first_hz, peak_hz, last_hz }]) =>
        `  ${name}: ${first_hz.toFixed(3)} Hz at the beginning, at most ${peak_hz.toFixed(3)} Hz, ${last_hz.toFixed(3)} Hz at the end`,
    ),
    `arrays and figure in ${out}`,
  ];
}
