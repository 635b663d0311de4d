/** A state that is no longer finite stops a run with a sentence that names what, where and when. */
import { describe, expect, test } from 'vitest';
import { NonFiniteError } from '../../src/errors.ts';
import { Kernel } from '../../src/gpu/kernel.ts';
import type { Network } from '../../src/models/network.ts';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { draws } from '../draws.ts';
import { watch } from '../twins/watch.ts';
import { cell, exc, inh, network, population, projection } from './networks.ts';
import { record } from './record.ts';

describe('watch', () => {
  const [planes, groups] = [5, 320];

  /** What the kernel finds in a state. */
  async function find(state: Float32Array): Promise<number> {
    const device = await testDevice();
    const kernel = await Kernel.create(device, 'spiking/watch.wgsl', {
      constants: { PLANES: planes, GROUPS: groups },
    });
    const { STORAGE, COPY_SRC } = GPUBufferUsage;
    const buffer = await device.upload('state', state, STORAGE);
    const finding = await device.upload('finding', Uint32Array.of(0xffffffff), STORAGE | COPY_SRC);
    kernel.run(kernel.bind({ state: buffer, finding }), groups / 64);
    return new Uint32Array(await device.read(finding, 0, 4))[0]!;
  }

  test('finds nothing in finite values, however large or small', async () => {
    const { uniform, pick } = draws(1);
    const extremes = [3.4e38, -3.4e38, 1e-45, -0, 0, 1.2e-38];
    const state = Float32Array.from({ length: 4 * planes * groups }, () =>
      uniform() < 0.2 ? pick(extremes) : uniform() - 0.5,
    );
    expect(watch(state)).toBe(0xffffffff);
    expect(await find(state)).toBe(0xffffffff);
  });

  test('finds the first of NaN and infinities, wherever they stand', async () => {
    const { integer, pick } = draws(2);
    const places = Array.from({ length: 20 }, () => integer(0, 4 * planes * groups - 1));
    places.push(0, 3, 4 * groups - 1, 4 * groups, 4 * planes * groups - 1);
    for (const place of places) {
      const state = new Float32Array(4 * planes * groups).fill(-1.5);
      state[place] = pick([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
      const later = integer(place, state.length - 1);
      state[later] = Number.NaN;
      expect(await find(state)).toBe(watch(state));
      expect(watch(state)).toBe(Math.floor(place / 4));
    }
  });
});

describe('a run', () => {
  /** One spike at 13 ms of `source` reaches neuron 37 of `target` over synapses with absurd weights. */
  function absurd(weights: { exc?: number; inh?: number }, synapses = 1): Network {
    const spike = { receptor: exc, weight: 1e5, time: Float64Array.of(13), neuron: Uint32Array.of(0) };
    const to37 = {
      rule: 'explicit',
      source: new Uint32Array(synapses),
      target: new Uint32Array(synapses).fill(37),
    } as const;
    return network(
      [
        population('source', 1, cell('LIF'), { events: [spike] }),
        population('bystanders', 300, cell('LIF')),
        population('target', 50, cell('RS-cell')),
      ],
      Object.entries(weights).map(([name, weight]) =>
        projection(0, 2, name === 'exc' ? exc : inh, weight, to37, { name: `absurd ${name}` }),
      ),
    );
  }

  async function failure(model: Network): Promise<Error> {
    await using simulation = await Simulation.create(await testDevice(), model);
    try {
      await record(simulation, 40);
    } catch (error) {
      return error as Error;
    }
    return expect.fail('the run went on');
  }

  test('ends when a conductance becomes infinite', async () => {
    const error = await failure(absurd({ exc: 1e38 }, 10));
    expect(error).toBeInstanceOf(NonFiniteError);
    expect(error.message).toMatch(
      /^g_exc of neuron 37 in population target became Infinity between 10\.0 and 20\.0 ms: the step of 0\.1 ms is too coarse for the conductances or currents that act there; use a smaller dt, or smaller weights or currents$/,
    );
  });

  test('ends when V is torn both ways', async () => {
    const error = await failure(absurd({ exc: 3e38, inh: 3e38 }));
    expect(error).toBeInstanceOf(NonFiniteError);
    expect(error.message).toMatch(
      /^V of neuron 37 in population target became NaN between 10\.0 and 20\.0 ms/,
    );
  });

  test('goes on where weights are merely strong', async () => {
    await using simulation = await Simulation.create(await testDevice(), absurd({ exc: 30, inh: 30 }));
    const found = await record(simulation, 40);
    expect(found.spikes.length).toBeGreaterThan(0);
    expect(found.V.every(Number.isFinite)).toBe(true);
  });
});
