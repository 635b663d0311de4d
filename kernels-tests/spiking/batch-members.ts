/** Networks that run side by side in tests, and what each does alone and in company. */
import { expect } from 'vitest';
import type { Network } from '../../src/models/network.ts';
import type { Activity } from '../../src/spiking/activity.ts';
import { simulate } from '../../src/spiking/simulate.ts';
import { type BatchMember, type BatchOptions, simulateBatch } from '../../src/spiking/simulate-batch.ts';
import type { TraceChannel } from '../../src/spiking/traces.ts';
import { testDevice } from '../device.ts';
import { cell, exc, inh, network, population, projection } from './networks.ts';

export type Hearing = NonNullable<BatchOptions['hearing']>;
type Traced = Pick<BatchOptions, 'traces' | 'traceEverySteps'>;

interface Found {
  spikes: number[];
  V: number[];
  times: number[];
  /** Samples of each channel, where traces are asked for. */
  traces: Record<string, number[]>;
  summary: unknown;
}

function keep(found: Found, { spikes, potentials, traces }: Activity, channels: readonly TraceChannel[]) {
  spikes.steps.forEach((step, index) => {
    found.spikes.push(step, spikes.neurons[index]!);
  });
  for (const values of potentials.values) found.V.push(...values);
  found.times.push(...potentials.times);
  channels.forEach(({ population, neuron, variable }, channel) => {
    const name = `${population} ${neuron} ${variable}`;
    found.traces[name] = [...(found.traces[name] ?? []), ...traces.values[channel]!];
  });
}

const nothing = (): Found => ({ spikes: [], V: [], times: [], traces: {}, summary: undefined });

export async function alone({ network: model, seed }: BatchMember, traced: Traced = {}): Promise<Found> {
  const found = nothing();
  const { timing, ...summary } = await simulate(await testDevice(), model, {
    ...{ seed, ...traced },
    onActivity: (activity, { channels }) => keep(found, activity, channels),
  });
  expect(timing.window_steps).toBeGreaterThan(0);
  return { ...found, summary };
}

export async function together(
  members: readonly BatchMember[],
  hearing?: Hearing,
  traced: Traced = {},
): Promise<Found[]> {
  const found = members.map(nothing);
  const run = await simulateBatch(await testDevice(), members, {
    ...(hearing === undefined ? traced : { ...traced, hearing }),
    onActivity: (activity, member, channels) => keep(found[member]!, activity, channels),
  });
  return found.map((each, member) => ({ ...each, summary: run.members[member] }));
}

/** Each alone, and all together. */
export async function expectSame(members: readonly BatchMember[], hearing?: Hearing, traced?: Traced) {
  const batch = await together(members, hearing, traced);
  for (const [index, member] of members.entries()) {
    const reference = await alone(member, traced);
    expect(reference.spikes.length / 2).toBeGreaterThan(20);
    expect(batch[index]).toEqual(reference);
  }
  return batch;
}

const start = {
  V: { kind: 'uniform', low: -65, high: -50 } as const,
  w: { kind: 'normal', mean: 20, sd: 5 } as const,
  g: new Map(),
};

export interface Change {
  delay?: number;
  weight?: number;
  probability?: number;
  rate?: number;
  g_L?: number;
}

/** Two populations, of which neither fills its last block; recurrent by chance. */
export function recurrent({
  delay = 0,
  weight = 1,
  probability = 0.1,
  rate = 8,
  g_L = 10,
}: Change = {}): Network {
  const drives = [{ receptor: exc, synapses: 400, rate, weight: 1, statistics: 'poisson' as const }];
  const p = { rule: 'fixed-probability', probability } as const;
  return network(
    [
      population('exc', 300, cell('RS-cell', { g_L }), { drives, initial: start }),
      population('inh', 102, cell('FS-cell', { tau_ref: 0.3 }), { drives, initial: start }),
    ],
    [
      projection(0, 0, exc, weight, p, { delay }),
      projection(0, 1, exc, 2 * weight, p, { delay }),
      projection(1, 0, inh, 5, p, { delay }),
      projection(1, 1, inh, 5, { rule: 'fixed-in-degree', degree: 10 }, { delay }),
    ],
  );
}
