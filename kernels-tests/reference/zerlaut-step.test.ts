/**
 * Responses to current steps of +200 and -200 pA of the paper's six cells (reference/zerlaut2017/step_*), dt 0.01 ms,
 * computed as `spikefield step` computes them.
 *
 * The published code has two forms in the reference. With integer refractory periods ("intref") V is held for exactly
 * 500 updates, which is a refractory period of 501 steps in Brian2's meaning (the step after a spike counts). Literally
 * it compares times in floating point and holds 500 or 501, as rounding falls; every hold of 501 moves all that follows
 * by a step. Both update w before V; Spikefield, like Brian2, takes both from the same instant: the difference is of the
 * order of dt and within the tolerances.
 *
 * Tolerances: spikes within one step; V within 0.02 mV away from spikes (0.5 ms around each, where V moves 1 mV in a
 * step); w within 0.02 pA, of 20 pA per spike, where the literal run is aligned at its spikes.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { type StepTrace, stepResponses } from '../../src/spiking/step-response.ts';
import { testDevice } from '../device.ts';
import { referenceArray, referenceFiles, referenceJson } from '../reference.ts';
import { cell } from '../spiking/networks.ts';

interface Response {
  n_spikes: number;
  spike_index: number[];
  /** Updates skipped after each spike of the literal run. */
  held_steps_per_spike: number[];
  spike_index_integer_refractory: number[];
}

interface Steps {
  n_samples: number;
  I_on_first_index: number;
  I_on_last_index: number;
  I0_pA: number;
  cells: Record<string, Record<'+200pA' | '-200pA', Response>>;
}

const dt = 0.01;
/** Steps between samples of the reference's arrays. */
const every = 10;
/** Steps around a spike in which V is not compared. */
const aroundSpike = 50;
const available = referenceFiles('zerlaut2017', /^step_response\.json$/).length > 0;
const reference = available ? referenceJson<Steps>('zerlaut2017', 'step_response.json') : undefined;
const names = Object.keys(reference?.cells ?? {});
const withW = referenceFiles('zerlaut2017', /^step_w_.*\.npy$/).map((file) => file.slice(7, -4));

describe.skipIf(!available)('step responses of Zerlaut et al. 2017', () => {
  const traces = new Map<string, StepTrace[]>();
  const steps = reference!;

  beforeAll(async () => {
    const responses = await stepResponses(
      names.map((name) => cell(name, { tau_ref: 5.01 })),
      {
        device: await testDevice(),
        currents: [steps.I0_pA, -steps.I0_pA],
        start: steps.I_on_first_index * dt,
        stop: (steps.I_on_last_index + 1) * dt,
        duration: steps.n_samples * dt,
        dt,
        // Every step, so that a run that lags by a few steps can be aligned.
        sampleEvery: dt,
      },
    );
    for (const response of responses) traces.set(response.cell.name, response.traces);
  });

  /** Index of the sample of V that follows each spike, as the reference counts. */
  const spikeIndices = ({ spikeTimes }: StepTrace) =>
    Array.from(spikeTimes, (time) => Math.round(time / dt) + 1);

  test.each(names)('%s: spikes, and V with integer refractory periods', (name) => {
    const [up, down] = traces.get(name)!;
    const expected = steps.cells[name]!['+200pA'].spike_index_integer_refractory;
    const found = spikeIndices(up!);
    expect(found.length, 'number of spikes').toBe(expected.length);
    expect(expected.length).toBe(steps.cells[name]!['+200pA'].n_spikes);
    const late = Math.max(0, ...found.map((index, spike) => Math.abs(index - expected[spike]!)));
    expect(late, "steps between a spike and the reference's").toBeLessThanOrEqual(1);
    expect(spikeIndices(down!), 'spikes at -200 pA').toEqual([]);

    const V = referenceArray('zerlaut2017', `step_V_intref_${name}.npy`);
    const worst = [up!, down!].map((trace, row) =>
      largestDifference(V, row, 1000, trace.V, (index) =>
        row === 0 && expected.some((spike) => Math.abs(spike - index) <= aroundSpike) ? undefined : index,
      ),
    );
    console.info(`${name}: spikes within ${late} steps, V within ${Math.max(...worst).toFixed(4)} mV`);
    expect(Math.max(...worst), 'V (mV)').toBeLessThan(0.02);
  });

  /** Where in our run stands what the literal one has at `index`; undefined near spikes, and where a shift means nothing. */
  const literalAlignment = (name: string) => {
    const { spike_index, held_steps_per_spike } = steps.cells[name]!['+200pA'];
    const ours = spikeIndices(traces.get(name)![0]!);
    return (index: number): number | undefined => {
      // After the current has ended, the same instant counts and not the same distance from a spike.
      if (index > steps.I_on_last_index && held_steps_per_spike.some((held) => held !== 500))
        return undefined;
      if (spike_index.some((spike) => Math.abs(spike - index) <= aroundSpike)) return undefined;
      const last = spike_index.findLastIndex((spike) => spike <= index);
      if (last < 0) return index;
      // Within the hold the literal run may still wait for its last step; beyond, it is that step late.
      const wait = held_steps_per_spike[last]! - 500;
      const shift = spike_index[last]! - ours[last]! + (index > spike_index[last]! + 501 ? wait : 0);
      return index - shift;
    };
  };

  test.each(names)('%s: V of the literal run, aligned at its spikes', (name) => {
    const [up, down] = traces.get(name)!;
    const V = referenceArray('zerlaut2017', `step_V_${name}.npy`);
    const above = largestDifference(V, 0, 1000, up!.V, literalAlignment(name));
    const below = largestDifference(V, 1, 1000, down!.V, (index) => index);
    console.info(`${name}, literally: V within ${above.toFixed(4)} and ${below.toFixed(4)} mV`);
    expect(above, 'V at +200 pA (mV)').toBeLessThan(0.02);
    expect(below, 'V at -200 pA (mV)').toBeLessThan(0.02);
  });

  test.each(withW)('%s: w of the literal run, aligned at its spikes', (name) => {
    const [up, down] = traces.get(name)!;
    const w = referenceArray('zerlaut2017', `step_w_${name}.npy`);
    const above = largestDifference(w, 0, 1e12, up!.w, literalAlignment(name));
    const below = largestDifference(w, 1, 1e12, down!.w, (index) => index);
    const largest = Math.max(...up!.w);
    console.info(
      `${name}: w within ${above.toFixed(4)} and ${below.toFixed(4)} pA of up to ${largest.toFixed(1)}`,
    );
    expect(above, 'w at +200 pA (pA)').toBeLessThan(0.02);
    expect(below, 'w at -200 pA (pA)').toBeLessThan(0.02);
    if (cell(name).b > 0) expect(largest).toBeGreaterThan(cell(name).b);
  });
});

/**
 * Largest difference between a row of the reference (times `scale`) and ours, over the samples that `at` places in ours.
 * At least half of the row must be compared.
 */
function largestDifference(
  reference: { shape: number[]; data: ArrayLike<number> },
  row: number,
  scale: number,
  ours: Float32Array,
  at: (index: number) => number | undefined,
): number {
  const samples = reference.shape[1]!;
  let worst = 0;
  let compared = 0;
  for (let sample = 0; sample < samples; sample++) {
    const place = at(sample * every);
    if (place === undefined) continue;
    worst = Math.max(worst, Math.abs(ours[place]! - scale * reference.data[row * samples + sample]!));
    compared++;
  }
  expect(compared).toBeGreaterThan(samples / 2);
  return worst;
}
