/** `spikefield transfer measure <cells>`: measures transfer functions into result directories. */
import { InputError, InterruptedError } from '../errors.ts';
import { openDevice } from '../gpu/device.ts';
import { arrayReaders } from '../io/array-readers.ts';
import type { Cell } from '../models/cells.ts';
import type { Network } from '../models/network.ts';
import { readCell } from '../models/read-cell.ts';
import { readNetwork } from '../models/read-network.ts';
import { adaptiveGrid, evenly, rectangularGrid, type TransferGrid } from '../transfer/grid.ts';
import { describeSubject, measureTransferFunction, type TransferMeasurement } from '../transfer/measure.ts';
import type { Subject } from '../transfer/measure-program.ts';
import { synapticInput } from '../transfer/synapses.ts';
import { TransferDirectory } from '../transfer/transfer-directory.ts';
import { watchInterrupt } from './interrupt.ts';
import { integerOption, listOption, type OptionValue, quantityOption, textOption } from './options.ts';
import { Progress } from './progress.ts';
import { rateAxis } from './rate-axis.ts';
import { dryRunLines, transferDryRun } from './transfer-dry-run.ts';
import { measurementJson, measurementLines } from './transfer-show.ts';

/** What the parser hands over. */
type Given = Record<string, OptionValue>;

/** One cell, and where its transfer function goes. */
interface Job {
  subject: Subject;
  out: string;
  directory?: TransferDirectory;
}

export async function transferMeasure(what: string, given: Given, version: string): Promise<void> {
  const network = readNetwork(textOption(given.network, '--network') ?? 'config1', [], arrayReaders);
  const grid = readGrid(given);
  const jobs = readJobs(what, network, given);
  const isJson = given.json === true;
  const quiet = given.quiet === true;
  if (given.dryRun) {
    const cost = await transferDryRun(
      jobs.map(({ subject }) => subject),
      grid,
    );
    process.stdout.write(isJson ? `${JSON.stringify(cost)}\n` : `${dryRunLines(cost).join('\n')}\n`);
    return;
  }
  // Directories come first: an output that cannot be written is known before anything is computed.
  for (const job of jobs) {
    const request = { ...job.subject, grid, version };
    job.directory = TransferDirectory.create(job.out, request, { force: given.force === true });
  }
  const measured = await measureAll(jobs, grid, quiet);
  for (const { cell, spikes, settings } of measured) {
    if (spikes > 0) continue;
    process.stderr.write(
      `spikefield: ${cell.name} fired no spike anywhere on the grid in ${settings.duration} ms, so no transfer function can be fitted to this: give higher rates or a longer duration\n`,
    );
  }
  if (isJson) {
    const cells = measured.map((each, index) => ({
      ...measurementJson(each),
      spikes: each.spikes,
      timing: each.timing,
      out: jobs[index]!.out,
    }));
    process.stdout.write(
      `${JSON.stringify({ network: network.name, adapter: measured[0]!.adapter, cells })}\n`,
    );
  } else if (!quiet) {
    measured.forEach((each, index) => {
      const { run_s, neuron_steps } = each.timing;
      const speed = `measured in ${run_s.toFixed(1)} s on ${each.adapter.name}: ${(neuron_steps / run_s / 1e6).toFixed(0)} million neuron-steps a second`;
      const lines = [
        ...measurementLines(each),
        speed,
        `arrays, table.csv and manifest in ${jobs[index]!.out}`,
        '',
      ];
      process.stdout.write(`${lines.join('\n')}\n`);
    });
  }
}

async function measureAll(
  jobs: readonly Job[],
  grid: TransferGrid,
  quiet: boolean,
): Promise<TransferMeasurement[]> {
  const interrupt = watchInterrupt();
  const measured: TransferMeasurement[] = [];
  const names = jobs.map(({ subject }) => subject.cell.name).join(', ');
  const progress = new Progress(`${names}, ${grid.nu_i.length} values of nu_i`, { quiet });
  try {
    await using device = await openDevice();
    for (const { subject, directory, out } of jobs) {
      const { cell, input, settings } = subject;
      const store = directory!.store;
      if (store.size > 0 && !quiet) {
        process.stderr.write(
          `spikefield: going on with ${4 * store.size} neurons of ${cell.name} measured before\n`,
        );
      }
      const measurement = await measureTransferFunction(device, cell, input, grid, {
        ...settings,
        store,
        onBlock: (quartets, sums) => directory!.keep(quartets, sums),
        onProgress: (fraction) => {
          progress.update((measured.length + fraction) / jobs.length);
          if (!interrupt.requested) return;
          throw new InterruptedError(
            `interrupted when ${Math.floor(100 * fraction)} % of ${cell.name} were done; ${out} keeps what is whole, and the same command goes on from there`,
          );
        },
      });
      directory!.finish(measurement);
      measured.push(measurement);
    }
  } catch (error) {
    for (const { directory } of jobs)
      directory!.abandon(error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    progress.end();
    interrupt.stop();
  }
  return measured;
}

function readJobs(what: string, network: Network, given: Given): Job[] {
  const names = what.split(',').map((name) => name.trim());
  if (names.includes('')) {
    throw new InputError(
      `"${what}" names an empty cell; separate cells by single commas, as RS-cell,FS-cell`,
    );
  }
  const overrides = listOption(given.set, '--set');
  const cells = names.map((name) => readCell(name, overrides));
  const twice = cells.find(({ name }, index) => cells.findIndex((each) => each.name === name) !== index);
  if (twice) {
    throw new InputError(
      `two of the cells are called ${twice.name}; give each another name, or measure one at a time`,
    );
  }
  const population = textOption(given.population, '--population');
  const input = population === undefined ? network : synapticInput(network, population);
  const settings = {
    dt: quantityOption(given.dt, '--dt', 'time'),
    duration: quantityOption(given.duration, '--duration', 'time'),
    discard: quantityOption(given.discard, '--discard', 'time'),
    repeats: integerOption(given.repeats, '--repeats'),
    seed: integerOption(given.seed, '--seed'),
  };
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  const out = textOption(given.out, '--out');
  return cells.map((cell) => ({
    subject: describeSubject(cell, input, Object.fromEntries(entries)),
    out: outputOf(cell, network, out, cells.length),
  }));
}

/** A folder for each cell: the one that is given, or below it where there are several. */
function outputOf({ name }: Cell, network: Network, out: string | undefined, cells: number): string {
  const plain = (text: string) => text.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^\./, '-');
  if (out === undefined) return `runs/transfer-${plain(network.name)}-${plain(name)}`;
  return cells === 1 ? out : `${out}/${plain(name)}`;
}

function readGrid(given: Given): TransferGrid {
  const nu_e = rateAxis(given.nuE, '--nu-e');
  const nu_i = rateAxis(given.nuI, '--nu-i');
  const columns = integerOption(given.columns, '--columns');
  const max_rate = quantityOption(given.maxRate, '--max-rate', 'rate');
  const max_nu_e = quantityOption(given.maxNuE, '--max-nu-e', 'rate');
  if (!given.adaptive) {
    const stray = Object.entries({ '--columns': columns, '--max-rate': max_rate, '--max-nu-e': max_nu_e });
    const option = stray.find(([, value]) => value !== undefined)?.[0];
    if (option) throw new InputError(`${option} says how nu_e is chosen, so it needs --adaptive beside it`);
    return rectangularGrid(nu_e ?? evenly(0, 20, 11), nu_i ?? evenly(0, 20, 11));
  }
  if (nu_e)
    throw new InputError('--adaptive chooses nu_e by itself: leave out --nu-e, or leave out --adaptive');
  const options = Object.entries({ nu_i, columns, max_rate, max_nu_e }).filter(
    ([, value]) => value !== undefined,
  );
  return adaptiveGrid(Object.fromEntries(options));
}
