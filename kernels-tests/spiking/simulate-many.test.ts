/** Networks of several shapes in one list: each is at its place what `simulate` finds of it alone, and its activity comes under that place. */
import { describe, expect, test } from 'vitest';
import { NonFiniteError } from '../../src/errors.ts';
import { simulateMany } from '../../src/spiking/simulate-many.ts';
import { testDevice } from '../device.ts';
import { alone, recurrent } from './batch-members.ts';

// The first and the third are of one shape.
const [plain, delayed] = [recurrent(), recurrent({ delay: 1.5 })];
const networks = [
  { network: plain, seed: 1 },
  { network: delayed, seed: 1 },
  { network: plain, seed: 2 },
];

const traces = [{ population: 'exc', neurons: [3] }];

test.each([
  [undefined, [2, 1]],
  [1, [1, 1, 1]],
])('at most %s side by side', async (batch, sizes) => {
  const found: number[] = [];
  const spikes = networks.map((): number[] => []);
  const V = networks.map((): number[] => []);
  const fractions: number[] = [];
  const runs = await simulateMany(await testDevice(), networks, {
    ...(batch === undefined ? {} : { batch }),
    traces,
    onBatch: (count) => found.push(count),
    onActivity: (activity, place, channels) => {
      expect(channels.map(({ variable }) => variable)).toEqual(['V', 'w', 'g_exc', 'g_inh']);
      expect(activity.traces.values).toHaveLength(4);
      V[place]!.push(...activity.traces.values[0]!);
      activity.spikes.steps.forEach((step, index) => {
        spikes[place]!.push(step, activity.spikes.neurons[index]!);
      });
    },
    onProgress: (fraction) => fractions.push(fraction),
  });
  expect(found).toEqual(sizes);
  for (const [place, member] of networks.entries()) {
    const reference = await alone(member, { traces });
    expect(V[place]).toEqual(reference.traces['exc 3 V']);
    expect(runs[place]).toEqual(reference.summary);
    expect(spikes[place]).toEqual(reference.spikes);
  }
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  expect(fractions.at(-1)).toBe(1);
});

describe('one that blows up', () => {
  const broken = recurrent();
  broken.populations[0]!.drives[0]!.weight = 3e38;
  const list = [
    { network: plain, seed: 1 },
    { network: broken, seed: 1 },
    { network: plain, seed: 2 },
  ];

  test.each([undefined, 1])('is told of, and the others go on; at most %s side by side', async (batch) => {
    const failed: [number, string][] = [];
    const runs = await simulateMany(await testDevice(), list, {
      ...(batch === undefined ? {} : { batch }),
      onFailure: (error, place) => failed.push([place, error.message]),
    });
    expect(failed).toEqual([[1, expect.stringMatching(/in population exc became/)]]);
    expect(runs[1]).toBeInstanceOf(NonFiniteError);
    expect(runs[2]).toEqual((await alone(list[2]!)).summary);
  });

  test('ends all where that is wanted', async () => {
    let end = 0;
    const run = simulateMany(await testDevice(), list, {
      onActivity: (activity) => {
        end = activity.end;
      },
      onFailure: (error) => {
        throw error;
      },
    });
    await expect(run).rejects.toThrow(NonFiniteError);
    expect(end).toBeLessThan(plain.duration);
  });
});

test.each([0, -1, 1.5, Number.NaN])('a batch of %s is refused', async (batch) => {
  await expect(simulateMany(await testDevice(), networks, { batch })).rejects.toThrow(
    `a batch has a whole number of networks from 1, not ${batch}`,
  );
});

test('an error of the caller ends all, whatever it is', async () => {
  const error = new NonFiniteError('of the caller');
  for (const batch of [1, 2]) {
    const run = simulateMany(await testDevice(), networks, {
      batch,
      onActivity: () => {
        throw error;
      },
      onFailure: () => expect.unreachable(),
    });
    await expect(run).rejects.toBe(error);
  }
});
