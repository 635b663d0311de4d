/** Which synapses a neuron of a network has, for every rule of connection, and which networks do not reduce to two kinds. */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import type { Projection, Receptor } from '../../src/models/network.ts';
import { readNetwork } from '../../src/models/read-network.ts';
import { synapticInput, synapticInputOfCell } from '../../src/transfer/synapses.ts';
import { cell, exc, inh, network, population, projection } from '../spiking/networks.ts';
import { config1Input } from './measured.ts';

const two = [population('e', 80, cell('RS-cell')), population('i', 20, cell('FS-cell'))];
const probability: Projection['connect'] = { rule: 'fixed-probability', probability: 0.1 };

function model(projections: Projection[]) {
  return network(two, projections);
}

/** Projections onto the first population alone. */
function onto(first: Projection, second: Projection) {
  return synapticInput(model([first, second]), 'e');
}

const inhibition = projection(1, 0, inh, 5, probability);

describe('built-in networks', () => {
  test('config1: 400 and 100 synapses, the same onto both populations', () => {
    const config1 = readNetwork('config1');
    for (const of of [undefined, 'exc', 'inh']) expect(synapticInput(config1, of)).toEqual(config1Input);
    for (const name of ['RS-cell', 'FS-cell', 'LIF'])
      expect(synapticInputOfCell(config1, name)).toEqual(config1Input);
  });

  test('vogels-abbott: 80 and 20', () => {
    expect(synapticInput(readNetwork('vogels-abbott'))).toEqual({
      exc: { K: 80, Q: 7, tau: 5, E_rev: 0 },
      inh: { K: 20, Q: 67, tau: 10, E_rev: -80 },
    });
  });
});

describe('expected synapses of each rule', () => {
  const rules: [Projection['connect'], number][] = [
    [probability, 8],
    [{ rule: 'fixed-in-degree', degree: 7 }, 7],
    [{ rule: 'fixed-out-degree', degree: 7 }, 7],
    [{ rule: 'all-to-all' }, 80],
    [{ rule: 'one-to-one' }, 1],
    [{ rule: 'explicit', source: Uint32Array.of(0, 1, 2, 3), target: Uint32Array.of(4, 4, 5, 6) }, 4 / 80],
  ];
  test.each(rules)('%j within a population', (connect, K) => {
    expect(onto(projection(0, 0, exc, 1, connect), inhibition).exc.K).toBeCloseTo(K, 12);
  });

  test('of neurons that each reach 6 of a larger population', () => {
    const connect: Projection['connect'] = { rule: 'fixed-out-degree', degree: 6 };
    expect(onto(projection(0, 0, exc, 1, probability), projection(1, 0, inh, 5, connect)).inh.K).toBeCloseTo(
      1.5,
      12,
    );
  });

  test('projections through one receptor add up; the higher reversal potential is excitation', () => {
    const input = synapticInput(
      model([inhibition, projection(0, 0, exc, 1, probability), projection(1, 0, exc, 1, probability)]),
      'e',
    );
    expect(input.exc).toEqual({ K: 10, Q: 1, tau: 5, E_rev: 0 });
    expect(input.inh).toEqual({ K: 2, Q: 5, tau: 5, E_rev: -80 });
  });
});

describe('networks that are no such thing', () => {
  const slow: Receptor = { name: 'slow', tau: 100, E_rev: 0 };
  const same: Receptor = { name: 'same', tau: 7, E_rev: 0 };
  const excitation = projection(0, 0, exc, 1, probability);
  const cases: [string, Projection[], string][] = [
    [
      'no inhibition',
      [excitation],
      'population e of network test receives through 1 receptor (exc), but a transfer function has an excitatory and an inhibitory rate: it needs projections through exactly 2 receptors',
    ],
    ['no projections', [], 'population e of network test receives through 0 receptors (none)'],
    [
      'three kinds',
      [excitation, inhibition, projection(0, 0, slow, 1, probability)],
      'receives through 3 receptors (exc, inh, slow)',
    ],
    [
      'two of a kind',
      [excitation, projection(1, 0, same, 1, probability)],
      'both receptors of population e of network test have the reversal potential 0 mV, so none is the excitatory one',
    ],
    [
      'weights that differ',
      [excitation, inhibition, projection(1, 0, exc, 2, probability)],
      'share a receptor but have weights of 1 and 2 nS: a transfer function has one weight for each kind of synapse',
    ],
  ];
  test.each(cases)('%s', (_, projections, sentence) => {
    const read = () => synapticInput(model(projections), 'e');
    expect(read).toThrow(InputError);
    expect(read).toThrow(sentence);
  });

  test('populations that receive differently must be told apart', () => {
    const all = [
      excitation,
      inhibition,
      projection(0, 1, exc, 2, probability),
      projection(1, 1, inh, 5, probability),
    ];
    const sentence =
      'populations e and i of network test have different synapses: say with population which is meant';
    expect(() => synapticInput(model(all))).toThrow(sentence);
    expect(() => synapticInputOfCell(model(all), 'LIF')).toThrow(sentence);
    expect(synapticInputOfCell(model(all), 'FS-cell').exc.Q).toBe(2);
  });

  test('a population that is not there', () => {
    expect(() => synapticInput(readNetwork('config1'), 'ex')).toThrow(
      'network config1 has no population ex; did you mean exc?',
    );
  });
});
