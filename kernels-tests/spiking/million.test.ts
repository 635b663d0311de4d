/**
 * A synchronous burst of a million spikes in one step loses nothing: each neuron is lifted over its threshold in the same step and
 * has one synapse, onto a neuron of another population, which hears it and spikes because of it in the step of its delay.
 */
import { expect, test } from 'vitest';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { cell, network, population, projection } from './networks.ts';

const dt = 0.1;
const million = 1_000_000;

test.each(['stored', 'procedural'] as const)(
  'a million spikes in one step, each with a synapse that is %s',
  async (storage) => {
    const lif = { ...cell('LIF'), tau_ref: 5 };
    // 500 nS for one step lift V past the threshold, so that who spikes later has heard its source.
    const pulse = { name: 'pulse', tau: dt, E_rev: 0 };
    const current = { dt, values: Float64Array.of(20_000, 0) };
    const model = network(
      [population('sources', million, lif, { current }), population('targets', million, lif)],
      [projection(0, 1, pulse, 500, { rule: 'one-to-one' }, { delay: 3 * dt })],
      { dt, receptors: [pulse] },
    );
    // In chunks of 5 steps both volleys are the most that a chunk may hold, and more than its readback expects.
    await using simulation = await Simulation.create(await testDevice(), model, {
      ...{ chunkSteps: 5, storage },
    });
    const counts = new Map<number, number>();
    const heard = new Uint8Array(2 * million);
    let faults = 0;
    for await (const { spikes } of simulation.run({ duration: 2 })) {
      const { steps, neurons } = spikes;
      for (let at = 0; at < steps.length; at++) {
        counts.set(steps[at]!, (counts.get(steps[at]!) ?? 0) + 1);
        heard[neurons[at]!]! += 1;
        if (at > 0 && steps[at] === steps[at - 1] && neurons[at]! <= neurons[at - 1]!) faults++;
      }
    }
    // A target takes up the conductance at the end of one step and V follows it in the next.
    expect([...counts]).toEqual([
      [0, million],
      [4, million],
    ]);
    expect(heard.every((times) => times === 1)).toBe(true);
    expect(faults).toBe(0);
  },
);
