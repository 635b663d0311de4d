/**
 * The transfer functions that come with Spikefield: of the two cells of CONFIG1 with the corrected formula, measured and fitted by
 *
 *   spikefield transfer measure RS-cell,FS-cell --network config1 --adaptive --nu-i 0:20:21 --repeats 16 --discard 2s --duration 12s --dt 0.1ms
 *   spikefield transfer fit <RS-cell and FS-cell of it>
 *
 * (the network's own time step; adaptation has settled before spikes count); of the RS cell without adaptation, for adaptation as a slow
 * variable, by the same with `--set a=0nS --set b=0pA --discard 0.2s --duration 4s`; and the printed ones with the formula as published.
 */
import { fileURLToPath } from 'node:url';
import { InputError } from '../errors.ts';
import type { Network, Population } from '../models/network.ts';
import type { SynapticInput } from '../transfer/data.ts';
import type { Formula } from '../transfer/theory.ts';
import type { TransferFunction } from '../transfer/transfer-function.ts';
import { readTransferFunction } from '../transfer/transfer-function-file.ts';
import { type ChosenTransfer, meanFieldOfNetwork } from './from-network.ts';
import { DEFAULT_T, type MeanField } from './model.ts';
import { printedTransferFunction } from './printed.ts';

/** Cells with a fit, all with the synapses of CONFIG1. */
const FITTED = ['RS-cell', 'FS-cell'];

/** The same folder from `src/mean-field/` and `dist/mean-field/`. */
const folder = fileURLToPath(new URL('../../src/mean-field/data', import.meta.url));
const read = new Map<string, TransferFunction>();

/** The one of them that adapts. */
const ADAPTING = 'RS-cell';

/**
 * The transfer function that comes with Spikefield for a library cell with the synapses of CONFIG1, or undefined.
 * @param adaptation whether adaptation is a variable of the mean field and so no part of the function
 */
export function libraryTransferFunction(
  cell: string,
  formula: Formula = 'corrected',
  adaptation = false,
): TransferFunction | undefined {
  if (formula === 'as-published') return printedTransferFunction(cell);
  if (!FITTED.includes(cell)) return undefined;
  const name = adaptation && cell === ADAPTING ? `${cell}-without-adaptation` : cell;
  const known = read.get(name);
  if (known) return known;
  const found = readTransferFunction(`${folder}/config1-${name}.json`);
  read.set(name, found);
  return found;
}

export interface LibraryOptions {
  /** Which theory the functions that come with Spikefield belong to. */
  formula?: Formula;
  /** Functions of the user's own, with the files they are from; each is taken for the populations of its cell. */
  given?: readonly ChosenTransfer[];
  /** Time scale, ms. */
  T?: number;
  /** Whether adaptation is a slow variable (`NetworkOptions`). */
  adaptation?: boolean;
}

/**
 * The mean field of a network with given transfer functions, or else with those that come with Spikefield.
 *
 *     meanField(readNetwork('config1'))
 *
 * @throws InputError where a population has neither, or has one that is of another cell or of other synapses
 */
export function meanField(network: Network, options: LibraryOptions = {}): MeanField {
  const { formula = 'corrected', given = [], T = DEFAULT_T, adaptation = false } = options;
  if (adaptation && formula === 'as-published')
    throw new InputError(
      'the printed coefficients are of a cell whose adaptation is part of them, so adaptation cannot be a variable beside them: leave out --as-published or --adaptation',
      { field: 'adaptation' },
    );
  const unused = given.find(({ transfer }) =>
    network.populations.every(({ cell }) => cell.name !== transfer.cell.name),
  );
  if (unused) {
    const cells = [...new Set(network.populations.map(({ cell }) => cell.name))].join(', ');
    throw new InputError(
      `${unused.source} holds the transfer function of ${unused.transfer.cell.name}, but the cells of network ${network.name} are ${cells}: give a fit of one of these`,
      { field: 'fit' },
    );
  }
  return meanFieldOfNetwork(
    network,
    (population, input) => choose(population, input, formula, given, adaptation),
    {
      T,
      adaptation,
    },
  );
}

function choose(
  { name, cell }: Population,
  input: SynapticInput,
  formula: Formula,
  given: readonly ChosenTransfer[],
  adaptation: boolean,
): ChosenTransfer {
  const own = given.filter(({ transfer }) => transfer.cell.name === cell.name);
  // Of several for one cell, that with the population's synapses; where none has them, the first is refused with its reason.
  const fitting =
    own.find(({ transfer }) => JSON.stringify(transfer.input) === JSON.stringify(input)) ?? own[0];
  if (fitting) return fitting;
  const transfer = libraryTransferFunction(cell.name, formula, adaptation);
  if (transfer) return { transfer, source: `the library's ${cell.name} (${formula})` };
  throw new InputError(
    `population ${name} is made of ${cell.name}, of which no transfer function ${formula === 'as-published' ? 'was published' : 'comes with Spikefield'}: measure and fit it (spikefield transfer), and give its file with --fit`,
    { field: 'fit' },
  );
}
