/** `spikefield compare <network>`: the spiking network over several seeds against its mean field. */
import type { CAC } from 'cac';
import { type Compared, type Comparison, checkTimes, compareNetwork } from '../comparison/compare.ts';
import { InterruptedError } from '../errors.ts';
import { meanFieldCourseFigure } from '../figures/mean-field-course.ts';
import { rateDistributionFigure } from '../figures/rate-distributions.ts';
import { writeFigure } from '../figures/write-figure.ts';
import { type AdapterDescription, openDevice } from '../gpu/device.ts';
import { isAdapting } from '../mean-field/model.ts';
import type { SampledCourse } from '../models/network.ts';
import { watchInterrupt } from './interrupt.ts';
import {
  type ChosenModel,
  fixedPointJson,
  openDirectory,
  pointWarnings,
  readModel,
} from './meanfield-model.ts';
import { fractionOption, readWaveform } from './meanfield-waveform.ts';
import { integerOption, type OptionValue, quantityOption, textOption } from './options.ts';
import { Progress } from './progress.ts';
import { table } from './summary.ts';

/** What the parser hands over. */
type Given = Record<string, OptionValue>;

export function addCompareCommand(cli: CAC, version: string): void {
  cli
    .command('compare <network>', 'Hold a spiking network, over several seeds, against its mean field')
    .option('--seeds <n>', 'Runs of the network, with seeds 1 to n (default: 10)')
    .option('--duration <time>', "Simulated time of each (default: the network's)")
    .option('--discard <time>', 'Time before statistics begin (default: 500 ms, or 0 in shorter runs)')
    .option(
      '--waveform <peak,at,rise,fall>',
      'Also the response to the afferent input of the paper, as 2Hz,800ms,60ms,100ms',
    )
    .option('--fraction <f>', 'Part of the afferent input that excitatory cells receive (default: 1)')
    .option(
      '--fit <file>',
      "A fitted transfer function, taken for its cell; may be repeated (default: Spikefield's own)",
    )
    .option(
      '--as-published',
      "The printed coefficients of Zerlaut et al. 2017, with the slip of the paper's program",
    )
    .option('--order <1|2>', 'Mean rates alone (1), or with their covariances (2, the default)')
    .option('--adaptation', 'Adaptation as a slow variable, by a, b and tau_w of the cells')
    .option('--T <time>', 'Time scale of the mean field, and bins of population rates (default: 5 ms)')
    .option(
      '--set <path=value>',
      'Change a field of the network, as populations.*.drive.*.rate=5Hz; may be repeated',
    )
    .option('--out <folder>', 'Result directory (default: runs/compare-<network>)')
    .option('--force', 'Replace a result that is already there')
    .option('--no-figures', 'Draw no figure')
    .option('--dry-run', 'Say what it would cost, and stop')
    .option('--json', 'Print the result as one JSON object')
    .option('--quiet', 'No progress, no summary')
    .example('spikefield compare config1 --seeds 10 --json')
    .action((name: string, given: Given) => compare(String(name), given, version));
}

async function compare(name: string, given: Given, version: string): Promise<void> {
  const chosen = readModel(name, given);
  const { network, model, order, formula } = chosen;
  const count = integerOption(given.seeds, '--seeds', { least: 1, most: 10_000 }) ?? 10;
  const seeds = Array.from({ length: count }, (_, index) => index + 1);
  const duration = quantityOption(given.duration, '--duration', 'time') ?? network.duration;
  const discard = quantityOption(given.discard, '--discard', 'time') ?? (duration > 500 ? 500 : 0);
  checkTimes(duration, discard);
  const waveform = readWaveform(given, network.dt, duration);
  const fraction = fractionOption(given, waveform);
  if (given.dryRun === true) {
    const runs = count * (waveform ? 2 : 1);
    const cost = { network: network.name, runs, simulated_ms: runs * duration };
    const text = given.json === true ? JSON.stringify(cost) : `${runs} runs of ${duration} ms each`;
    process.stdout.write(`${text}\n`);
    return;
  }
  const out = textOption(given.out, '--out') ?? `runs/compare-${network.name}`;
  using directory = openDirectory(out, given, version, chosen, {
    seeds,
    duration_ms: duration,
    discard_ms: discard,
    waveform: textOption(given.waveform, '--waveform') ?? null,
    fraction: waveform ? fraction : null,
  });
  const interrupt = watchInterrupt();
  const progress = new Progress(`${network.name}, ${count} seeds`, { quiet: given.quiet === true });
  let comparison: Comparison;
  let adapter: AdapterDescription;
  try {
    await using device = await openDevice();
    adapter = device.adapter;
    comparison = await compareNetwork(device, network, model, {
      seeds,
      duration,
      discard,
      order,
      ...(waveform ? { afferent: { rate: waveform, fraction } } : {}),
      onProgress: (done) => {
        progress.update(done);
        if (interrupt.requested)
          throw new InterruptedError(
            `interrupted when ${Math.floor(100 * done)} % of the comparison were done; run again for a result`,
          );
      },
    });
  } catch (error) {
    directory.abandon(error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    progress.end();
    interrupt.stop();
  }
  const { rest, prediction, response } = comparison;
  for (const [index, { name: population }] of model.populations.entries()) {
    const rates = comparison.seeds.map((each) => each.rates[index]!);
    directory.write(`rates_${population}`, flat(rates), [count, rates[0]!.length]);
    if (!response) continue;
    const driven = response.seeds.map((each) => each.rates[index]!);
    directory.write(`response_${population}`, flat(driven), [count, driven[0]!.length]);
    directory.write(`response_predicted_${population}`, response.predicted.rate(index));
  }
  if (response) directory.write('response_predicted_time', response.predicted.times);
  if (given.figures !== false)
    drawFigures(chosen, comparison, discard, waveform, (file) => directory.file(file));
  const warnings = [...pointWarnings(prediction.point), ...(response?.predicted.warnings ?? [])];
  const result = {
    network: network.name,
    order,
    formula,
    T_ms: model.T,
    adaptation: isAdapting(model),
    seeds,
    duration_ms: duration,
    discard_ms: discard,
    populations: rest,
    fixed_point: fixedPointJson(model, prediction.point),
    ...(response ? { response: responseJson(chosen, comparison) } : {}),
    adapter,
    warnings,
  };
  directory.finish({ result });
  for (const warning of warnings) process.stderr.write(`spikefield: ${warning}\n`);
  if (given.json === true) process.stdout.write(`${JSON.stringify({ ...result, out })}\n`);
  else if (given.quiet !== true)
    process.stdout.write(`${lines(chosen, comparison, count, out).join('\n')}\n`);
}

function flat(lists: readonly Float64Array[]): Float64Array {
  return Float64Array.from(lists.flatMap((list) => Array.from(list)));
}

/** Peaks of the mean response and of its prediction. */
function responseJson({ model }: ChosenModel, { response }: Comparison) {
  return Object.fromEntries(
    model.populations.map(({ name }, index) => {
      const peak = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => Math.max(a, b), 0);
      const [measured, predicted] = [peak(response!.measured[index]!), peak(response!.predicted.rate(index))];
      return [name, { peak_hz: { measured, predicted, ratio: measured / predicted } }];
    }),
  );
}

function drawFigures(
  { network, model, order, formula }: ChosenModel,
  { seeds, prediction, response }: Comparison,
  discard: number,
  waveform: SampledCourse | undefined,
  file: (name: string) => string,
): void {
  const theory = formula === 'as-published' ? ', theory as published' : '';
  const first = Math.ceil(discard / model.T);
  const distributions = model.populations.map(({ name }, index) => {
    const { rate_hz, population_rate_sd_hz } = prediction.populations[index]!;
    return {
      name,
      note: `bins of ${model.T} ms, ${seeds.length} seeds; order ${order}${theory}`,
      rates: seeds.flatMap(({ rates }) => Array.from(rates[index]!.slice(first))),
      mean: rate_hz,
      ...(population_rate_sd_hz === undefined ? {} : { sd: population_rate_sd_hz }),
    };
  });
  writeFigure(
    file('distributions.svg'),
    rateDistributionFigure(`${network.name}: population rates`, distributions),
  );
  file('distributions.png');
  if (!response || !waveform) return;
  const { predicted, measured } = response;
  const svg = meanFieldCourseFigure({
    title: `${network.name}: network and mean field`,
    note: `thin: network, mean of ${response.seeds.length} seeds in bins of ${model.T} ms; order ${order}${theory}`,
    times: predicted.times,
    populations: model.populations.map(({ name }, index) => ({
      name,
      rate: predicted.rate(index),
      ...(order === 2
        ? { sd: predicted.covariance(index, index).map((variance) => Math.sqrt(Math.max(0, variance))) }
        : {}),
      measured: {
        times: measured[index]!.map((_, bin) => (bin + 0.5) * model.T),
        rate: measured[index]!,
      },
    })),
    input: Float64Array.from(
      predicted.times,
      (time) => waveform.values[Math.min(waveform.values.length - 1, Math.round(time / waveform.dt))]!,
    ),
  });
  writeFigure(file('response.svg'), svg);
  file('response.png');
}

/** For people: a row for each quantity of each population. */
function lines(
  { network, model }: ChosenModel,
  { rest, response }: Comparison,
  count: number,
  out: string,
): string[] {
  const row = (name: string, quantity: string, { measured, standard_error, predicted, ratio }: Compared) => [
    name,
    quantity,
    `${measured.toFixed(3)}${standard_error === null ? '' : ` +- ${standard_error.toFixed(3)}`}`,
    predicted === null ? '' : predicted.toFixed(3),
    ratio === null ? '' : ratio.toFixed(3),
  ];
  const rows = model.populations.flatMap(({ name }) =>
    Object.entries(rest[name]!).map(([quantity, value]) => row(name, quantity, value)),
  );
  const peaks = response
    ? model.populations.map(({ name }, index) => {
        const peak = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => Math.max(a, b), 0);
        const [measured, predicted] = [peak(response.measured[index]!), peak(response.predicted.rate(index))];
        return row(name, 'response_peak_hz', {
          measured,
          standard_error: null,
          predicted,
          ratio: measured / predicted,
        });
      })
    : [];
  return [
    `${network.name}: ${count} seeds against the mean field`,
    '',
    ...table([['', '', 'network', 'mean field', 'ratio'], ...rows, ...peaks]),
    '',
    `arrays and figures in ${out}`,
  ];
}
