/** Spaces, and what goes by distance, in network files: read, written back, refused. */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import type { NetworkDocument } from '../../src/models/network-schema.ts';
import { networkToJSON } from '../../src/models/network-to-json.ts';
import { networkFromObject } from '../../src/models/read-network.ts';
import { cases, line, near, ring, type Space, sheet } from '../spiking/near-networks.ts';

describe('reading', () => {
  test('and writing back', () => {
    for (const [, model] of cases) {
      const again = networkFromObject(networkToJSON(model) as unknown as NetworkDocument);
      expect(again).toEqual(model);
    }
  });

  const gaussian = { probability: 0.5, profile: 'gaussian', scale: 0.1 };
  const both: [[number, Space], [number, Space]] = [
    [100, line],
    [50, line],
  ];
  test.each([
    [
      both,
      { ...gaussian, scale: undefined },
      {},
      'connect is gaussian but has no scale; give a length, as scale: 0.2 mm',
    ],
    [
      both,
      { ...gaussian, profile: 'flat' },
      {},
      'connect.scale is given, but a flat profile has none; remove it',
    ],
    [
      both,
      { ...gaussian, within: 3 },
      {},
      'connect.within is 3 mm, where less than 0.04 % of the probability is left; give at most 0.4 mm',
    ],
    [
      [
        [100, line],
        [50, ring],
      ],
      gaussian,
      {},
      'depends on distances between populations a and b, whose spaces differ; give both the same form and extent',
    ],
    [
      [
        [100, line],
        [50, undefined],
      ],
      gaussian,
      {},
      'depends on distances but population b has no space; give it a line, a ring or a sheet',
    ],
    [
      [
        [100, sheet(7, true)],
        [50, sheet(5, true)],
      ],
      gaussian,
      {},
      'populations.a.space.sheet.columns is 7, which does not divide the 100 neurons into whole rows; give a divisor of the size',
    ],
    [
      both,
      gaussian,
      { weight: { path: { velocity: 1 } } },
      'weight says path; give one of uniform, normal, lognormal and falloff',
    ],
    [
      [
        [100, {}],
        [50, line],
      ],
      gaussian,
      {},
      'populations.a.space says nothing; give one of line, ring and sheet',
    ],
  ])('%j %j %j is refused', (ends, rule, values, sentence) => {
    const reading = () => near(ends as [[number, Space], [number, Space]], rule, values);
    expect(reading).toThrow(InputError);
    expect(reading).toThrow(sentence);
  });
});
