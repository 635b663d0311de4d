/**
 * The cell library and the built-in networks, number by number against the published ones.
 */
import { describe, expect, test } from 'vitest';
import {
  CELL_LIBRARY,
  CELL_PARAMETERS,
  type CellSymbol,
  libraryCell,
  membraneTimeConstant,
  spikeLevel,
} from '../../src/models/cells.ts';
import { BUILT_IN_NETWORKS } from '../../src/models/library/index.ts';
import type { Network, Projection } from '../../src/models/network.ts';
import { readNetwork } from '../../src/models/read-network.ts';
import { boundaryUnit } from '../../src/units.ts';
import { referenceJson, referencePath } from '../reference.ts';

/** Name of each parameter in the reference files. */
const REFERENCE_NAME: Record<CellSymbol, string> = {
  C_m: 'Cm',
  g_L: 'Gl',
  E_L: 'El',
  V_T: 'Vthre',
  Delta_T: 'delta_v',
  V_r: 'Vreset',
  tau_ref: 'Trefrac',
  a: 'a',
  b: 'b',
  tau_w: 'tauw',
};

interface CellsFile {
  units: Record<string, string>;
  cells: Record<string, Record<string, number>>;
  derived: Record<string, { V_detect_mV: number; tau_m_ms: number }>;
}
interface Connection {
  name: string;
  p_conn: number;
  Q: number;
  Tsyn: number;
  Erev: number;
}
interface Globals {
  Ntot: number;
  gei: number;
  ext_drive?: number;
}
interface NetworkFile {
  networks: Record<string, [[Connection & Globals, Connection], [Connection, Connection]]>;
  derived: Record<string, { Ne: number; Ni: number; K_exc_per_neuron: number }>;
}

describe.skipIf(!referencePath('zerlaut2017', 'cells.json'))('cell library', () => {
  test('is the published one', () => {
    const reference = referenceJson<CellsFile>('zerlaut2017', 'cells.json');
    expect(CELL_LIBRARY.map(({ name }) => name)).toEqual(Object.keys(reference.cells));
    for (const cell of CELL_LIBRARY) {
      for (const { symbol, dimension } of CELL_PARAMETERS) {
        expect(boundaryUnit(dimension)).toBe(reference.units[REFERENCE_NAME[symbol]]);
        expect(cell[symbol], `${cell.name} ${symbol}`).toBe(
          reference.cells[cell.name]![REFERENCE_NAME[symbol]],
        );
      }
      expect(spikeLevel(cell)).toBe(reference.derived[cell.name]!.V_detect_mV);
      expect(membraneTimeConstant(cell)).toBe(reference.derived[cell.name]!.tau_m_ms);
    }
  });
});

test('a library cell is found by its name', () => {
  expect(libraryCell('RS-cell')?.b).toBe(20);
  expect(libraryCell('toString')).toBeUndefined();
});

test.each(Object.keys(BUILT_IN_NETWORKS))('%s is a network', (name) => {
  const network = readNetwork(name);
  expect(network.name).toBe(name);
  expect(network.description).not.toBe('');
  expect(network.source).toMatch(/\(20\d\d\)/);
});

describe.skipIf(!referencePath('zerlaut2017', 'network.json'))('built-in networks', () => {
  test.each([
    ['config1', 'CONFIG1', ['RS-cell', 'FS-cell']],
    ['vogels-abbott', 'Vogels-Abbott', ['LIF', 'LIF']],
  ])('%s is the published %s', (name, published, cells) => {
    const { networks, derived } = referenceJson<NetworkFile>('zerlaut2017', 'network.json');
    const matrix = networks[published]!;
    const sizes = derived[published]!;
    const network = readNetwork(name);
    const drive = matrix[0][0];

    expect(network.dt).toBe(0.1);
    expect(network.duration).toBe(1500);
    expect(network.method).toBe('euler');
    expect(network.populations.map((population) => population.name)).toEqual(['exc', 'inh']);
    expect(network.populations.map((population) => population.size)).toEqual([sizes.Ne, sizes.Ni]);
    expect(network.populations.map((population) => population.cell)).toEqual(cells.map(libraryCell));
    for (const population of network.populations) {
      expect(population.initial.V).toEqual({ kind: 'constant', value: -65 });
      expect(population.initial.w).toEqual({ kind: 'constant', value: 0 });
      expect([...population.initial.g.values()]).toEqual(Array(2).fill({ kind: 'constant', value: 0 }));
      expect(population.current).toBe(0);
      expect(population.neuronCurrent).toBeUndefined();
      expect(population.events).toEqual([]);
      expect(population.drives).toEqual([
        {
          receptor: network.receptors[0],
          synapses: sizes.K_exc_per_neuron,
          rate: drive.ext_drive ?? 4,
          weight: drive.Q,
          statistics: 'poisson',
        },
      ]);
    }
    const connections = matrix.flatMap((row, from) =>
      row.map((connection, to) => ({ ...connection, from, to })),
    );
    expect(network.projections).toHaveLength(4);
    for (const connection of connections) {
      expect(network.projections).toContainEqual(expectedProjection(network, connection));
    }
  });

  function expectedProjection(
    network: Network,
    connection: Connection & { from: number; to: number },
  ): Projection {
    const { name, p_conn, Q, Tsyn, Erev, from, to } = connection;
    const receptor = network.receptors.find((one) => one.tau === Tsyn && one.E_rev === Erev);
    if (!receptor) throw new Error(`no receptor for ${name}`);
    return {
      name,
      from,
      to,
      receptor,
      weight: Q,
      delay: 0,
      connect: { rule: 'fixed-probability', probability: p_conn },
      selfConnections: false,
    };
  }

  test('vogels-abbott has the drive of its reference case', () => {
    const { cases } = referenceJson<{ cases: Record<string, { ext_drive: number; tstop_ms: number }> }>(
      'zerlaut2017',
      'network_vogels_abbott.json',
    );
    const network = readNetwork('vogels-abbott');
    expect(cases.cli_ext4_kick0_100ms?.ext_drive).toBe(network.populations[0]?.drives[0]?.rate);
    expect(cases.cli_ext4_kick0_100ms?.tstop_ms).toBe(network.duration);
  });
});
