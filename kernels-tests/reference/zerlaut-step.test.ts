/**
 * Responses to current steps of +200 and -200 pA of the paper's six cells (reference/zerlaut2017/step_*), dt 0.01 ms.
 * The reference with integer refractory periods holds V for exactly 500 updates, which is 501 steps in Brian2's meaning
 * (the step after a spike counts). It updates w before V; Spikefield, like Brian2, takes both from the same instant: the
 * difference is of the order of dt and within the tolerances.
 *
 * Tolerances: spikes within one step; V within 0.02 mV away from spikes (0.5 ms around each, where V moves 1 mV in a step).
 */
import { describe, expect, test } from 'vitest';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { referenceArray, referenceFiles, referenceJson } from '../reference.ts';
import { cell, network, population } from '../spiking/networks.ts';

interface Steps {
  n_samples: number;
  I_on_first_index: number;
  I_on_last_index: number;
  I0_pA: number;
  cells: Record<string, Record<'+200pA' | '-200pA', { spike_index_integer_refractory: number[] }>>;
}

const dt = 0.01;
const every = 10;
const available = referenceFiles('zerlaut2017', /^step_response\.json$/).length > 0;

describe.skipIf(!available)('step responses of Zerlaut et al. 2017', () => {
  test('all cells, both currents, in one network', async () => {
    const steps = referenceJson<Steps>('zerlaut2017', 'step_response.json');
    const names = Object.keys(steps.cells);
    const current = (sign: number) => ({
      dt,
      values: Float64Array.from({ length: steps.n_samples }, (_, index) =>
        index >= steps.I_on_first_index && index <= steps.I_on_last_index ? sign * steps.I0_pA : 0,
      ),
    });
    const populations = names.flatMap((name) =>
      [1, -1].map((sign) =>
        population(`${name} ${sign}`, 1, cell(name, { tau_ref: 5.01 }), { current: current(sign) }),
      ),
    );
    const model = network(populations, [], { dt, duration: steps.n_samples * dt });
    await using simulation = await Simulation.create(await testDevice(), model, {
      traces: populations.map((each) => ({ population: each.name, neurons: [0] })),
      traceEverySteps: every,
    });
    const spikes: number[][] = populations.map(() => []);
    const traces: number[][] = simulation.channels.map(() => []);
    for await (const activity of simulation.run({ duration: model.duration })) {
      activity.spikes.steps.forEach((step, index) => {
        spikes[activity.spikes.neurons[index]!]!.push(step + 1);
      });
      activity.traces.values.forEach((values, channel) => {
        traces[channel]!.push(...values);
      });
    }
    names.forEach((name, at) => {
      const expected = steps.cells[name]!['+200pA'].spike_index_integer_refractory;
      const found = spikes[2 * at]!;
      expect(found.length, `${name}: number of spikes`).toBe(expected.length);
      const late = Math.max(0, ...found.map((index, spike) => Math.abs(index - expected[spike]!)));
      expect(late, `${name}: steps between a spike and the reference's`).toBeLessThanOrEqual(1);
      expect(spikes[2 * at + 1], `${name}: spikes at -200 pA`).toEqual([]);

      const V = referenceArray('zerlaut2017', `step_V_intref_${name}.npy`);
      const samples = V.shape[1]!;
      let worst = 0;
      [0, 1].forEach((row) => {
        const channel = simulation.channels.findIndex(
          (each) => each.population === populations[2 * at + row]!.name && each.variable === 'V',
        );
        for (let sample = 0; sample < samples; sample++) {
          const index = sample * every;
          if (row === 0 && expected.some((spike) => Math.abs(spike - index) <= 50)) continue;
          worst = Math.max(
            worst,
            Math.abs(traces[channel]![sample]! - 1000 * V.data[row * samples + sample]!),
          );
        }
      });
      console.info(`${name}: spikes within ${late} steps, V within ${worst.toFixed(4)} mV`);
      expect(worst, `${name}: V`).toBeLessThan(0.02);
    });
  });
});
