/** `spikefield step <cells>`: responses of single cells to current steps, as arrays, numbers and the paper's figure. */
import type { CAC } from 'cac';
import { InputError, InterruptedError } from '../errors.ts';
import { CELL_LIBRARY, type Cell } from '../models/cells.ts';
import { readCell } from '../models/read-cell.ts';
import { type StepResponse, stepBatches, stepResponses } from '../spiking/step-response.ts';
import { STEP_DEFAULTS, type StepSettings } from '../spiking/step-settings.ts';
import { parseQuantity } from '../units.ts';
import { watchInterrupt } from './interrupt.ts';
import { listOption, type OptionValue, quantityOption, textOption } from './options.ts';
import { Progress } from './progress.ts';
import { stepDryRun } from './step-dry-run.ts';
import { plainName, printStepSummary, StepRecorder, stepSummary } from './step-recorder.ts';

/** What the parser hands over. */
type Given = Record<string, OptionValue>;

/** Stands for every cell of the library. */
const ALL = 'all';

export function addStepCommand(cli: CAC, version: string): void {
  cli
    .command('step <cells>', 'Responses to current steps: library cells or cell files, with commas; or all')
    .option(
      '--current <amplitudes>',
      'One current for it and its negative, or a list (default: 200pA,-200pA)',
    )
    .option('--start <time>', 'Onset of the step (default: 100 ms)')
    .option('--stop <time>', 'End of the step (default: 500 ms)')
    .option('--duration <time>', 'Of the whole run (default: 700 ms)')
    .option('--dt <time>', 'Time step (default: 0.01 ms, as the paper)')
    .option('--sample-every <time>', 'Between samples of V and w (default: 0.1 ms)')
    .option('--set <parameter=value>', 'Change a parameter of the cells, as b=60pA; may be repeated')
    .option('--out <folder>', 'Result directory (default: runs/step-<cells>)')
    .option('--force', 'Replace results that are already there')
    .option('--no-figures', 'Draw no figure')
    .option('--dry-run', 'Say what it would cost in time and disk, and stop')
    .option('--json', 'Print the results as one JSON object')
    .option('--quiet', 'No progress, no summary')
    .example('spikefield step RS-cell')
    .example('spikefield step RS-cell,FS-cell --current 50pA,100pA,200pA --json')
    .example('spikefield step mine.yaml --set "tau_w=200 ms"')
    .action((cells: string, given: Given) => step(String(cells), given, version));
}

async function step(names: string, given: Given, version: string): Promise<void> {
  const cells = readCells(names, listOption(given.set, '--set'));
  const chosen = readSettings(given);
  const { settings, networks } = stepBatches(cells, chosen);
  const isJson = given.json === true;
  if (given.dryRun) {
    const cost = await stepDryRun(cells, settings, networks);
    process.stdout.write(isJson ? `${JSON.stringify(cost)}\n` : `${cost.sentence}\n`);
    return;
  }
  const out = textOption(given.out, '--out') ?? `runs/step-${folderName(names, cells)}`;
  // The directory comes first: an output that cannot be written is known before anything is computed.
  const recorder = StepRecorder.create(out, cells, settings, { force: given.force === true, version });
  try {
    const responses = await compute(cells, settings, { out, quiet: given.quiet === true });
    recorder.finish(responses, { figures: given.figures !== false });
    const summary = stepSummary(responses, out);
    if (isJson) process.stdout.write(`${JSON.stringify(summary)}\n`);
    else if (given.quiet !== true) printStepSummary(summary, recorder.figure);
  } catch (error) {
    recorder.abandon(error instanceof Error ? error.message : String(error));
    throw error;
  }
}

async function compute(
  cells: readonly Cell[],
  settings: StepSettings,
  { out, quiet }: { out: string; quiet: boolean },
): Promise<StepResponse[]> {
  const interrupt = watchInterrupt();
  const label = `${cells.length === 1 ? cells[0]!.name : `${cells.length} cells`}, ${settings.duration} ms`;
  const progress = new Progress(label, { quiet });
  try {
    return await stepResponses(cells, {
      ...settings,
      onProgress: (fraction) => {
        if (interrupt.requested) {
          throw new InterruptedError(
            `interrupted when ${Math.floor(100 * fraction)} % were done; ${out} holds no results and is marked incomplete`,
          );
        }
        progress.update(fraction);
      },
    });
  } finally {
    progress.end();
    interrupt.stop();
  }
}

/** `RS-cell,mine.yaml` or `all`, each with the overrides. */
function readCells(names: string, overrides: readonly string[]): Cell[] {
  const parts = names.split(',').map((part) => part.trim());
  if (parts.includes(''))
    throw new InputError(
      `"${names}" names an empty cell; separate cells by single commas, as RS-cell,FS-cell`,
    );
  return parts
    .flatMap((part) => (part === ALL ? CELL_LIBRARY.map(({ name }) => name) : [part]))
    .map((part) => readCell(part, overrides));
}

function readSettings(given: Given): Partial<StepSettings> {
  const time = (name: string, option: string) => {
    const value = quantityOption(given[name], option, 'time');
    return value === undefined ? {} : { [name]: value };
  };
  return {
    currents: readCurrents(given.current),
    ...time('start', '--start'),
    ...time('stop', '--stop'),
    ...time('duration', '--duration'),
    ...time('dt', '--dt'),
    ...time('sampleEvery', '--sample-every'),
  };
}

/** One amplitude stands for itself and its negative; several are taken as they are. */
function readCurrents(value: OptionValue): readonly number[] {
  const parts = listOption(value, '--current').flatMap((each) => each.split(','));
  const currents = parts.map((part) => parseQuantity(part, 'current', '--current'));
  if (currents.length === 0) return STEP_DEFAULTS.currents;
  const [only] = currents;
  return currents.length === 1 && only !== 0 ? [only!, -only!] : currents;
}

/** Short enough for a folder, and of plain characters. */
function folderName(names: string, cells: readonly Cell[]): string {
  if (names === ALL) return ALL;
  if (cells.length > 3) return `${cells.length}-cells`;
  return cells.map(({ name }) => plainName(name)).join('-');
}
