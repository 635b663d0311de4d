/** Parameters that single precision cannot hold are refused by name, on every path: the plan sees them all. */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import type { Network, Population, Projection } from '../../src/models/network.ts';
import { networkFromObject } from '../../src/models/read-network.ts';
import { planNetwork } from '../../src/spiking/plan.ts';
import { cell, exc, network, population, projection } from './networks.ts';

/** One population that drives itself, with changes. */
function model(
  changes: { cell?: object; population?: Partial<Population>; projection?: Partial<Projection> },
  whole: Partial<Network> = {},
): Network {
  const of = cell('RS-cell', changes.cell ?? {});
  return network(
    [population('cells', 3, of, changes.population)],
    [projection(0, 0, exc, 1, { rule: 'all-to-all' }, { name: 'self', ...changes.projection })],
    whole,
  );
}

const drive = { receptor: exc, synapses: 1, rate: 1, statistics: 'poisson' } as const;
const events = { receptor: exc, time: Float64Array.of(1), neuron: Uint32Array.of(0) };
const at = (value: number) => Float64Array.of(1, value, 2);

const cases: [string, string, Network][] = [
  ['projections.self.weight', '1e+39 nS', model({ projection: { weight: 1e39 } })],
  ['projections.self.weight', 'NaN nS', model({ projection: { weight: Number.NaN } })],
  ['populations.cells.cell.b', '-1e+39 pA', model({ cell: { b: -1e39 } })],
  ['populations.cells.cell.a', 'Infinity nS', model({ cell: { a: Number.POSITIVE_INFINITY } })],
  ['populations.cells.cell.g_L', '1e+39 nS', model({ cell: { g_L: 1e39 } })],
  ['populations.cells.cell.C_m', '1e-45 pF', model({ cell: { C_m: 1e-45 } })],
  ['populations.cells.cell.Delta_T', '1e-40 mV', model({ cell: { Delta_T: 1e-40 } })],
  ['populations.cells.cell.tau_w', '1e-41 ms', model({ cell: { tau_w: 1e-41 } })],
  ['populations.cells.cell.tau_ref', '1e+38 ms', model({ cell: { tau_ref: 1e38 } })],
  ['populations.cells.cell.tau_ref', '838861 ms', model({ cell: { tau_ref: 838_861 } })],
  ['populations.cells.cell.Delta_T', '2000000 mV', model({ cell: { Delta_T: 2e6 } })],
  ['populations.cells.cell.V_T', '3e+38 mV', model({ cell: { V_T: 3e38, E_L: -3e38 } })],
  ['populations.cells.initial.V', '9000000 mV', initial({ V: { kind: 'constant', value: 9e6 } })],
  ['populations.cells.initial.V', 'NaN mV', initial({ V: { kind: 'constant', value: Number.NaN } })],
  ['populations.cells.initial.w', '1e+39 pA', initial({ w: { kind: 'uniform', low: 0, high: 1e39 } })],
  ['populations.cells.initial.w', '2e+39 pA', initial({ w: { kind: 'normal', mean: 0, sd: 2e39 } })],
  [
    'populations.cells.initial.g.exc',
    '1e+39 nS',
    initial({ g: new Map([['exc', { kind: 'values', values: at(1e39) }]]) }),
  ],
  ['populations.cells.current', '1e+39 pA', model({ population: { current: 1e39 } })],
  [
    'populations.cells.current',
    'NaN pA',
    model({ population: { current: { dt: 1, values: at(Number.NaN) } } }),
  ],
  ['populations.cells.neuron_current', '1e+39 pA', model({ population: { neuronCurrent: at(1e39) } })],
  [
    'populations.cells.noise.white',
    '1e+40 mV/sqrt(ms)',
    model({ population: { noise: { white: 1e40, current: undefined, conductances: [] } } }),
  ],
  [
    'populations.cells.noise.current',
    '1e+39 pA',
    model({ population: { noise: { white: 0, current: { mean: 0, sd: 1e39, tau: 5 }, conductances: [] } } }),
  ],
  ['populations.cells.drive.1.weight', '1e+39 nS', drives(1, 1e39)],
  [
    'populations.cells.events.0.weight',
    '1e+39 nS',
    model({ population: { events: [{ ...events, weight: 1e39 }] } }),
  ],
  ['receptors.slow.tau', '0 ms', model({}, { receptors: [exc, { name: 'slow', tau: 0, E_rev: 0 }] })],
  ['receptors.far.E_rev', '1e+39 mV', model({}, { receptors: [exc, { name: 'far', tau: 5, E_rev: 1e39 }] })],
  ['dt', 'NaN ms', model({}, { dt: Number.NaN })],
];

function initial(changes: Partial<Population['initial']>): Network {
  const V = { kind: 'constant', value: -65 } as const;
  const w = { kind: 'constant', value: 0 } as const;
  return model({ population: { initial: { V, w, g: new Map(), ...changes } } });
}

function drives(...weights: number[]): Network {
  return model({ population: { drives: weights.map((weight) => ({ ...drive, weight })) } });
}

describe('a parameter beyond single precision', () => {
  test.each(cases)('%s of %s', (field, value, broken) => {
    const plan = () => planNetwork(broken);
    expect(plan).toThrow(InputError);
    const [number] = value.split(' ');
    const remedy =
      number === 'NaN' ? 'number' : Math.abs(Number(number)) > 1 ? 'smaller value' : 'larger value';
    // A number is written as JavaScript writes it.
    const limit =
      {
        'populations.cells.cell.V_T': 'voltages less than 8388608 mV above E_L',
        'populations.cells.initial.V': 'voltages less than 8388608 mV above E_L',
        'populations.cells.cell.tau_ref': 'less than 8388608 steps of dt',
      }[field] ??
      (value === '2000000 mV' ? 'voltages less than 8388608 mV above E_L' : undefined) ??
      'numbers up to 3.4e38';
    expect(plan).toThrow(
      `${field} is ${value}, which the device cannot compute with in single precision (${limit}): give a ${remedy}`,
    );
  });

  test('in a network from a document', () => {
    const document = (weight: number) =>
      networkFromObject({
        receptors: { exc: { tau: 5, E_rev: 0 } },
        populations: { a: { size: 3, cell: 'LIF' } },
        projections: { aa: { from: 'a', to: 'a', receptor: 'exc', weight, connect: 'all-to-all' } },
      });
    expect(() => planNetwork(document(3.5e38))).toThrow('projections.aa.weight is 3.5e+38 nS');
    planNetwork(document(3.4e38));
  });

  test('what is large but can be held is not refused, nor a cell without slope or a vanishing weight', () => {
    planNetwork(model({ projection: { weight: 3.4e38 }, cell: { Delta_T: 0, b: 3.4e38 } }));
    planNetwork(model({ projection: { weight: 1e-300 } }));
    planNetwork(drives(1, 2));
  });
});
