/**
 * The synapses of a neuron of a network, as far as a transfer function knows them: K excitatory and K inhibitory ones, each
 * kind with one weight, one time constant and one reversal potential. Zerlaut et al. 2017: K_e = (1 - g) p N, K_i = g p N.
 */
import { InputError } from '../errors.ts';
import { suggestion } from '../models/document/near-names.ts';
import type { Network, Projection, Receptor } from '../models/network.ts';
import type { SynapseGroup, SynapticInput } from './data.ts';

/**
 * What a neuron of a network receives from its other neurons. External drives and given events are left out: nu_e and nu_i
 * say what arrives. K is the expected number of synapses; that a neuron does not connect to itself (one synapse in 8,000 of
 * the paper's network) is left out, as K = p N has it.
 *
 * @param population whose neurons; where not given, all populations must receive alike
 * @throws InputError where there is no such population, or where its input is not of two kinds
 */
export function synapticInput(network: Network, population?: string): SynapticInput {
  const names = network.populations.map(({ name }) => name);
  if (population !== undefined) {
    const index = names.indexOf(population);
    if (index < 0) {
      throw new InputError(
        `network ${network.name} has no population ${population}; ${suggestion(population, names)}`,
        { field: 'population' },
      );
    }
    return inputOf(network, index);
  }
  // Populations whose spikes are given receive nothing.
  const hearing = names.filter((_, index) => !network.populations[index]!.spikes);
  const [first, ...others] = hearing.map((name) => inputOf(network, names.indexOf(name)));
  if (!first) throw new InputError(`network ${network.name} has no populations, so nothing has synapses`);
  const other = others.findIndex((each) => !alike(each, first));
  if (other < 0) return first;
  throw different(network, hearing[0]!, hearing[other + 1]!);
}

/**
 * What a cell receives in a network: the input of the populations that are made of it or, where there are none, of all.
 *
 * @throws InputError as `synapticInput`
 */
export function synapticInputOfCell(network: Network, cell: string): SynapticInput {
  const populations = network.populations.filter((each) => each.cell.name === cell);
  const [first, ...others] = populations.map(({ name }) => synapticInput(network, name));
  if (!first) return synapticInput(network);
  const other = others.findIndex((each) => !alike(each, first));
  if (other < 0) return first;
  throw different(network, populations[0]!.name, populations[other + 1]!.name);
}

function alike(a: SynapticInput, b: SynapticInput): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function different({ name }: Network, a: string, b: string): InputError {
  return new InputError(
    `populations ${a} and ${b} of network ${name} have different synapses: say with population which is meant`,
    { field: 'population' },
  );
}

/** Projections onto a population that act through one receptor. */
interface Kind {
  receptor: Receptor;
  projections: Projection[];
}

function inputOf(network: Network, target: number): SynapticInput {
  const where = `population ${network.populations[target]!.name} of network ${network.name}`;
  const kinds: Kind[] = [];
  for (const projection of network.projections) {
    if (projection.to !== target || !(inDegree(network, projection) > 0)) continue;
    const { receptor } = projection;
    const kind = kinds.find((each) => sameReceptor(each.receptor, receptor));
    if (kind) kind.projections.push(projection);
    else kinds.push({ receptor, projections: [projection] });
  }
  if (kinds.length !== 2) {
    const found = kinds.map(({ receptor }) => receptor.name).join(', ') || 'none';
    throw new InputError(
      `${where} receives through ${kinds.length} ${kinds.length === 1 ? 'receptor' : 'receptors'} (${found}), but a transfer function has an excitatory and an inhibitory rate: it needs projections through exactly 2 receptors`,
    );
  }
  const [exc, inh] = kinds.sort((a, b) => b.receptor.E_rev - a.receptor.E_rev);
  if (exc!.receptor.E_rev === inh!.receptor.E_rev) {
    throw new InputError(
      `both receptors of ${where} have the reversal potential ${exc!.receptor.E_rev} mV, so none is the excitatory one: give them different ones`,
    );
  }
  return { exc: groupOf(network, exc!, where), inh: groupOf(network, inh!, where) };
}

/** Whether two receptors act alike, whatever their names. */
export function sameReceptor(
  a: Pick<Receptor, 'tau' | 'E_rev'>,
  b: Pick<Receptor, 'tau' | 'E_rev'>,
): boolean {
  return a.tau === b.tau && a.E_rev === b.E_rev;
}

function groupOf(network: Network, { receptor, projections }: Kind, where: string): SynapseGroup {
  const [first, ...others] = projections;
  const varied = projections.find(
    ({ weights, connect }) =>
      weights !== undefined || (connect.rule === 'explicit' && connect.weight !== undefined),
  );
  if (varied) {
    throw new InputError(
      `projection ${varied.name} onto ${where} has weights that vary between synapses: a transfer function has one weight for each kind of synapse`,
    );
  }
  const other = others.find(({ weight }) => weight !== first!.weight);
  if (other) {
    throw new InputError(
      `projections ${first!.name} and ${other.name} onto ${where} share a receptor but have weights of ${first!.weight} and ${other.weight} nS: a transfer function has one weight for each kind of synapse`,
    );
  }
  const K = projections.reduce((sum, each) => sum + inDegree(network, each), 0);
  return { K, Q: first!.weight, tau: receptor.tau, E_rev: receptor.E_rev };
}

/** Expected synapses of a projection onto each neuron of its target. */
export function inDegree({ populations }: Network, { from, to, connect }: Projection): number {
  const sources = populations[from]!.size;
  const targets = populations[to]!.size;
  switch (connect.rule) {
    case 'fixed-probability':
      return connect.probability * sources;
    case 'fixed-in-degree':
      return connect.degree;
    case 'by-distance':
      throw new InputError(
        'a rule of connection by distance gives neurons different numbers of synapses: a transfer function has one',
      );
    case 'fixed-out-degree':
      return (connect.degree * sources) / targets;
    case 'all-to-all':
      return sources;
    case 'one-to-one':
      return 1;
    case 'explicit':
      return connect.source.length / targets;
  }
}
