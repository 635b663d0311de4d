/** Networks whose connections go by distance, as a user would write them: a case for each kind of space and profile. */
import type { Network } from '../../src/models/network.ts';
import type { NetworkDocument } from '../../src/models/network-schema.ts';
import { networkFromObject } from '../../src/models/read-network.ts';

export type Space = NonNullable<NetworkDocument['populations'][string]['space']>;

export const line: Space = { line: { length: 2 } };
export const ring: Space = { ring: { length: '2 mm' } };
export const sheet = (columns: number, periodic: boolean): Space => ({
  sheet: { width: 1.5, height: '1000 um', columns, periodic },
});

/** Two populations in one space, the first connected within and to the second. */
export function near(
  [first, second]: [[number, Space], [number, Space]],
  rule: Record<string, unknown>,
  values: Record<string, unknown> = {},
): Network {
  const receptor = { tau: 5, E_rev: 0 };
  const connect = { rule: 'by-distance', ...rule };
  return networkFromObject({
    populations: {
      a: { size: first[0], cell: 'RS-cell', space: first[1] },
      b: { size: second[0], cell: 'FS-cell', space: second[1] },
    },
    projections: {
      within: { from: 'a', to: 'a', receptor, weight: 1, connect, ...values },
      across: { from: 'a', to: 'b', receptor, weight: 1, connect, ...values },
    },
  } as unknown as NetworkDocument);
}

export const cases: [string, Network][] = [
  [
    'a line, gaussian',
    near(
      [
        [500, line],
        [211, line],
      ],
      { probability: 0.6, profile: 'gaussian', scale: 0.1 },
    ),
  ],
  [
    'a ring, exponential',
    near(
      [
        [700, ring],
        [255, ring],
      ],
      { probability: 0.3, profile: 'exponential', scale: 0.06 },
    ),
  ],
  [
    'a ring, all near ones',
    near(
      [
        [300, ring],
        [60, ring],
      ],
      { probability: 1, profile: 'flat', within: 0.31 },
    ),
  ],
  [
    'a ring, anywhere',
    near(
      [
        [300, ring],
        [60, ring],
      ],
      { probability: 0.1, profile: 'flat' },
    ),
  ],
  [
    'a sheet with edges',
    near(
      [
        [24 * 20, sheet(24, false)],
        [180, sheet(12, false)],
      ],
      { probability: 0.8, profile: 'gaussian', scale: 0.12 },
    ),
  ],
  [
    'a sheet without edges',
    near(
      [
        [24 * 20, sheet(24, true)],
        [180, sheet(15, true)],
      ],
      {
        ...{ probability: 0.5, profile: 'exponential', scale: 0.06, within: 0.31 },
      },
    ),
  ],
];
