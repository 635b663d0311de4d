/** The mean field of a spiking network: its populations, the shares of their synapses, its drives. */
import { InputError } from '../errors.ts';
import type { Cell } from '../models/cells.ts';
import type { Network, Population, Receptor } from '../models/network.ts';
import type { SynapseGroup, SynapticInput } from '../transfer/data.ts';
import { inDegree, sameReceptor, synapticInput } from '../transfer/synapses.ts';
import type { TransferFunction } from '../transfer/transfer-function.ts';
import { requireSameNeuron } from '../transfer/transfer-function-file.ts';
import {
  type Adaptation,
  checkMeanField,
  DEFAULT_T,
  type ExternalDrive,
  type MeanField,
  type SynapseKind,
} from './model.ts';

/** A population's transfer function, and what messages call the place it comes from. */
export interface ChosenTransfer {
  transfer: TransferFunction;
  source: string;
}

export interface NetworkOptions {
  /** Time scale, ms. */
  T?: number;
  /** Whether adaptation is a slow variable, by a, b and tau_w of the cells; transfer functions then are of cells without it. */
  adaptation?: boolean;
}

/**
 * The mean field of a spiking network. Delays do not enter: the Master Equation has none.
 *
 * @param choose the transfer function of a population; it must be of its cell with its synapses
 * @throws InputError where a population's input does not reduce to two kinds of synapse, where it has currents or given events, or
 *   where a transfer function is of another cell or of other synapses
 */
export function meanFieldOfNetwork(
  network: Network,
  choose: (population: Population, input: SynapticInput) => ChosenTransfer,
  { T = DEFAULT_T, adaptation = false }: NetworkOptions = {},
): MeanField {
  if (adaptation) requireAdaptation(network);
  const populations = network.populations.map((population, target) => {
    const where = `population ${population.name} of network ${network.name}`;
    refuseOtherInput(population, where);
    refuseOwnRates(population, where);
    const input = synapticInput(network, population.name);
    const { transfer, source } = choose(population, input);
    const cell = adaptation ? withoutAdaptation(population.cell) : population.cell;
    if (adaptation) refuseAdapting(transfer, source);
    requireSameNeuron(transfer, cell, input, source);
    const shares = (group: SynapseGroup) =>
      network.populations.map((_, from) =>
        network.projections
          .filter((each) => each.from === from && each.to === target && sameReceptor(each.receptor, group))
          .reduce((sum, each) => sum + inDegree(network, each) / group.K, 0),
      );
    return {
      name: population.name,
      size: population.size,
      transfer,
      ...(adaptation && adapts(population.cell) ? { adaptation: adaptationOf(population.cell) } : {}),
      from: { exc: shares(input.exc), inh: shares(input.inh) },
      drives: population.drives.map(({ receptor, synapses, rate, weight }): ExternalDrive => {
        const kind = kindOf(receptor, weight, input, where);
        return { kind, rate, share: synapses / input[kind].K };
      }),
    };
  });
  return checkMeanField({ name: network.name, populations, T });
}

function adapts({ a, b }: Cell): boolean {
  return a !== 0 || b !== 0;
}

function adaptationOf({ a, b, tau_w }: Cell): Adaptation {
  return { a, b, tau_w };
}

/** The cell of whose transfer function adaptation is no part. */
export function withoutAdaptation(cell: Cell): Cell {
  return { ...cell, a: 0, b: 0 };
}

function requireAdaptation({ name, populations }: Network): void {
  if (populations.some(({ cell }) => adapts(cell))) return;
  throw new InputError(
    `no cell of network ${name} adapts (a and b are 0), so adaptation cannot be a variable: leave it out`,
    { field: 'adaptation' },
  );
}

function refuseAdapting({ cell }: TransferFunction, source: string): void {
  if (!adapts(cell)) return;
  throw new InputError(
    `the transfer function is of ${cell.name} with adaptation (a ${cell.a} nS, b ${cell.b} pA), which would count twice where adaptation is a variable: measure and fit the cell with a=0nS and b=0pA`,
    { at: { file: source } },
  );
}

function refuseOwnRates({ drives }: Population, where: string): void {
  const own = drives.findIndex(({ profile, neuronRate }) => profile || neuronRate);
  if (own < 0) return;
  throw new InputError(
    `drive ${own} of ${where} has rates that differ between neurons, but a mean field has one neuron for all: give it one rate`,
    { field: `drive.${own}` },
  );
}

/** What neither a transfer function nor a drive of the mean field stands for. */
function refuseOtherInput(population: Population, where: string): void {
  const { current, neuronCurrent, neuronCurrents, neuronCell, noise, events, spikes } = population;
  if (spikes)
    throw new InputError(
      `${where} fires given spikes, which a mean field does not know: give its targets a drive of the same rate instead`,
      { field: 'spikes' },
    );
  const some = typeof current === 'number' ? current !== 0 : current.values.some((value) => value !== 0);
  if (some || neuronCurrents || neuronCurrent?.some((value) => value !== 0))
    throw new InputError(
      `${where} has an injected current, which transfer functions do not know: change E_L by current / g_L instead, measure and fit that cell`,
      { field: 'current' },
    );
  if (neuronCell)
    throw new InputError(
      `${where} has neurons that differ, but a transfer function is that of one cell: leave out neuron_cell`,
      { field: 'neuron_cell' },
    );
  if (noise)
    throw new InputError(
      `${where} has noise, which transfer functions do not know: leave it out, or give a drive that fluctuates as much`,
      { field: 'noise' },
    );
  if (events.length > 0)
    throw new InputError(
      `${where} has given events, which have no rate: give a drive with the rate of them instead`,
      { field: 'events' },
    );
}

/** Which synapses of the population a drive's are like. */
function kindOf(receptor: Receptor, weight: number, input: SynapticInput, where: string): SynapseKind {
  const kind = sameReceptor(receptor, input.exc)
    ? 'exc'
    : sameReceptor(receptor, input.inh)
      ? 'inh'
      : undefined;
  if (kind === undefined)
    throw new InputError(
      `a drive of ${where} acts through receptor ${receptor.name}, which no projection onto it has: a transfer function knows an excitatory and an inhibitory kind of synapse only`,
      { field: 'drive' },
    );
  if (weight !== input[kind].Q)
    throw new InputError(
      `a drive of ${where} has a weight of ${weight} nS, but its other synapses of this kind have ${input[kind].Q} nS: a transfer function has one weight for each kind`,
      { field: 'drive' },
    );
  return kind;
}
