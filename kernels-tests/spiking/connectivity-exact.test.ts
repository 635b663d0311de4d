/**
 * Every rule of connection, synapse by synapse: the device draws exactly the pairs that the twins draw, for populations
 * below, at and above the sizes of groups (4), workgroups (256 neurons) and segments, many projections in one network.
 */
import { describe, expect, test, vi } from 'vitest';
import { InputError } from '../../src/errors.ts';
import type { Connect, Projection } from '../../src/models/network.ts';
import { planNetwork } from '../../src/spiking/plan.ts';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { draws } from '../draws.ts';
import { connect } from '../twins/connect.ts';
import { buildPairs, degrees, wiring } from './build.ts';

type Wire = [number, number, Connect, Partial<Projection>?];

const sizes = [1, 4, 256, 7, 130, 259];

/** Each population with itself, and with one neighbour: upwards from even ones, downwards from odd ones. */
function ends(): [number, number][] {
  return sizes.flatMap((_, from) =>
    [from, from % 2 === 0 ? from + 1 : from - 1]
      .filter((to) => to < sizes.length)
      .map((to): [number, number] => [from, to]),
  );
}

/** One wire for each pair of populations; within a population with and without self-connections. */
function wires(rule: (sources: number, targets: number, self: boolean) => Connect): Wire[] {
  return ends().flatMap(([from, to]): Wire[] =>
    (from === to ? [false, true] : [true]).map(
      (selfConnections): Wire => [
        from,
        to,
        rule(sizes[from]!, sizes[to]!, selfConnections),
        { selfConnections },
      ],
    ),
  );
}

/** Where two arrays differ first, or -1 (an assertion on each element of large arrays takes long). */
function firstDifference(a: Uint32Array, b: Uint32Array): number {
  return a.findIndex((value, index) => value !== b[index]);
}

async function expectTwin(projections: Wire[], seed: number) {
  const model = wiring(sizes, projections);
  const found = await buildPairs(await testDevice(), model, seed);
  found.forEach((pairs, index) => {
    const [from, to, rule, changes] = projections[index]!;
    const what = `${JSON.stringify(rule).slice(0, 80)} from ${sizes[from]} to ${sizes[to]} ${JSON.stringify(changes)}`;
    const expected = connect(model, index, seed);
    expect(pairs.source.length, what).toBe(expected.source.length);
    expect(firstDifference(pairs.source, expected.source), `sources of ${what}`).toBe(-1);
    expect(firstDifference(pairs.target, expected.target), `targets of ${what}`).toBe(-1);
  });
  return found;
}

/** Pairs as numbers that can be compared. */
function numbered({ source, target }: { source: Uint32Array; target: Uint32Array }): number[] {
  return Array.from(source, (each, index) => each * 2 ** 20 + target[index]!);
}

describe('every rule is its twin', () => {
  test.each([0, 1e-4, 0.05, 0.5, 0.999, 1])('fixed probability %d', async (probability) => {
    const projections = wires(() => ({ rule: 'fixed-probability', probability }));
    const found = await expectTwin(projections, 17);
    found.forEach((pairs, index) => {
      const [from, to, , changes] = projections[index]!;
      expect(new Set(numbered(pairs)).size).toBe(pairs.source.length);
      const loops = pairs.source.filter((source, synapse) => source === pairs.target[synapse]).length;
      if (from === to && !changes?.selfConnections) expect(loops).toBe(0);
      const self = from === to && !changes?.selfConnections ? 1 : 0;
      if (probability === 1) expect(pairs.source.length).toBe(sizes[from]! * (sizes[to]! - self));
      if (probability === 0) expect(pairs.source.length).toBe(0);
    });
  });

  test.each(['fixed-out-degree', 'fixed-in-degree'] as const)('%s', async (rule) => {
    const fractions = [0, 0.1, 1];
    const projections = fractions.flatMap((fraction) =>
      wires((sources, targets, self) => {
        // The wires within a population are the ones of equal size.
        const most =
          (rule === 'fixed-out-degree' ? targets : sources) - (sources === targets && !self ? 1 : 0);
        return { rule, degree: Math.ceil(fraction * most) };
      }),
    );
    const found = await expectTwin(projections, 2 ** 40 + 5);
    found.forEach((pairs, index) => {
      const [from, to, connect] = projections[index]!;
      const degree = 'degree' in connect ? connect.degree : Number.NaN;
      const counts = degrees(pairs, sizes[from]!, sizes[to]!)[rule === 'fixed-out-degree' ? 'out' : 'in'];
      expect(counts).toEqual(counts.map(() => degree));
      expect(new Set(numbered(pairs)).size).toBe(pairs.source.length);
    });
  });

  test('all to all', async () => {
    await expectTwin(
      wires(() => ({ rule: 'all-to-all' })),
      0,
    );
  });

  test('one to one', async () => {
    await expectTwin(
      sizes.map((_, index): Wire => [index, index, { rule: 'one-to-one' }, { selfConnections: true }]),
      0,
    );
  });

  test('one to one within a population without self-connections is nothing, and leaves the others as they are', async () => {
    const model = wiring(
      [70, 70],
      [
        [0, 0, { rule: 'one-to-one' }],
        [0, 1, { rule: 'one-to-one' }],
        [1, 1, { rule: 'one-to-one' }, { selfConnections: true }],
      ],
    );
    const own = Array.from({ length: 70 }, (_, neuron) => neuron);
    const found = await buildPairs(await testDevice(), model, 0);
    expect(found.map(({ source }) => Array.from(source))).toEqual([[], own, own]);
    expect(found.map(({ target }) => Array.from(target))).toEqual([[], own, own]);
    expect(planNetwork(model).projections.map((each) => each.expectedSynapses)).toEqual([0, 70, 70]);
  });

  test('reading an unknown projection is refused with the names there are', async () => {
    const model = wiring([5], [[0, 0, { rule: 'all-to-all' }]]);
    await using simulation = await Simulation.create(await testDevice(), model);
    const read = async () => simulation.synapses('unknown');
    await expect(read).rejects.toThrow(InputError);
    await expect(read).rejects.toThrow('there is no projection unknown: choose from projection 0');
    expect((await simulation.synapses('projection 0')).source.length).toBe(20);
  });

  test('the buffers of rules are freed once their kernels are submitted', async () => {
    const device = await testDevice();
    const rules: GPUBuffer[] = [];
    const upload = device.upload.bind(device);
    device.upload = async (label, data, usage) => {
      const buffer = await upload(label, data, usage);
      if (label === 'connection rule') rules.push(buffer);
      return buffer;
    };
    const destroyed = vi.spyOn(GPUBuffer.prototype, 'destroy');
    try {
      await buildPairs(device, wiring([40], [[0, 0, { rule: 'fixed-probability', probability: 0.5 }]]), 3);
      expect(rules.length).toBe(2);
      for (const rule of rules) expect(destroyed.mock.contexts).toContain(rule);
    } finally {
      destroyed.mockRestore();
      device.upload = upload;
    }
  });

  test('explicit lists, unsorted, with duplicates, and empty', async () => {
    const { integer } = draws(8);
    const projections = [0, 1, 300, 2000].flatMap((edges) =>
      ends().map(
        ([from, to]): Wire => [
          from,
          to,
          {
            rule: 'explicit',
            source: Uint32Array.from({ length: edges }, () => integer(0, sizes[from]! - 1)),
            target: Uint32Array.from({ length: edges }, () => integer(0, sizes[to]! - 1)),
          },
          { selfConnections: true },
        ],
      ),
    );
    const found = await expectTwin(projections, 0);
    // A synapse that is listed twice is there twice.
    expect(found.at(-1)!.source.length).toBe(2000);
    expect(found.some((pairs) => new Set(numbered(pairs)).size < pairs.source.length)).toBe(true);
  });

  test('rules of all kinds beside each other', async () => {
    await expectTwin(
      [
        [3, 4, { rule: 'fixed-probability', probability: 0.3 }],
        [4, 3, { rule: 'all-to-all' }],
        [5, 5, { rule: 'fixed-in-degree', degree: 20 }],
        [5, 0, { rule: 'explicit', source: Uint32Array.of(258, 0, 258), target: Uint32Array.of(0, 0, 0) }],
        [2, 2, { rule: 'one-to-one' }],
        [0, 5, { rule: 'fixed-out-degree', degree: 258 }],
        [3, 3, { rule: 'fixed-probability', probability: 0 }],
        [3, 3, { rule: 'fixed-probability', probability: 0.02 }],
      ],
      99,
    );
  });
});

describe('large and extreme', () => {
  test('more workgroups than one dimension of a dispatch allows', async () => {
    const size = 2100;
    const workgroups = (size * size) / 64;
    const device = await testDevice();
    expect(workgroups).toBeGreaterThan(device.limits.maxComputeWorkgroupsPerDimension);
    const [pairs] = await buildPairs(device, wiring([size], [[0, 0, { rule: 'all-to-all' }]]), 0);
    expect(pairs!.source.length).toBe(size * (size - 1));
    let wrong = 0;
    for (let synapse = 0; synapse < pairs!.source.length; synapse++) {
      const source = Math.floor(synapse / (size - 1));
      const within = synapse % (size - 1);
      if (pairs!.source[synapse] !== source) wrong++;
      if (pairs!.target[synapse] !== (within >= source ? within + 1 : within)) wrong++;
    }
    expect(wrong).toBe(0);
  });

  test('a long row of rare synapses is cut into segments that meet', async () => {
    const model = wiring([3, 50_000], [[0, 1, { rule: 'fixed-probability', probability: 0.01 }]]);
    const [pairs] = await buildPairs(await testDevice(), model, 4);
    const expected = connect(model, 0, 4);
    expect(firstDifference(pairs!.source, expected.source)).toBe(-1);
    expect(firstDifference(pairs!.target, expected.target)).toBe(-1);
    expect(pairs!.source.length).toBe(expected.source.length);
    expect(expected.source.length / 1500).toBeCloseTo(1, 1);
  });

  test('a probability that cannot be told from 0 is refused', async () => {
    const model = wiring([10, 10], [[0, 1, { rule: 'fixed-probability', probability: 1e-9 }]]);
    const building = buildPairs(await testDevice(), model, 0);
    await expect(building).rejects.toThrow(InputError);
    await expect(building).rejects.toThrow(
      'projections.projection 0.connect.probability is 1e-9, too small to be told from 0: use 0, or at least 2e-8',
    );
    await buildPairs(
      await testDevice(),
      wiring([10, 10], [[0, 1, { rule: 'fixed-probability', probability: 2e-8 }]]),
      0,
    );
  });
});
