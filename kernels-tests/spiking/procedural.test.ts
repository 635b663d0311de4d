/**
 * Rows that are drawn anew at each spike hold exactly the synapses that would be stored: spikes, traces and synapses read back
 * are the same, bit for bit, however the rest of the network is kept and into however many buffers stored rows are cut.
 */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import type { Network, Projection } from '../../src/models/network.ts';
import { planNetwork } from '../../src/spiking/plan.ts';
import { Simulation, type SimulationOptions } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { connect } from '../twins/connect.ts';
import { degrees, wiring } from './build.ts';
import { cell, exc, inh, network, population, projection } from './networks.ts';
import { type Recording, record, traceAll } from './record.ts';

/** Every rule that can be drawn and both that cannot, over several segments, within and between populations. */
function mixed(delay: number, undrawable: boolean): Network {
  const drives = [{ receptor: exc, synapses: 100, rate: 20, weight: 3, statistics: 'poisson' as const }];
  const projections = [
    projection(0, 0, exc, 0.5, { rule: 'fixed-probability', probability: 0.3 }, { delay }),
    projection(0, 1, exc, 2, { rule: 'fixed-out-degree', degree: 37 }, { delay: delay + 0.4 }),
    projection(1, 0, inh, 6, { rule: 'fixed-probability', probability: 0.02 }, { delay }),
    projection(1, 1, inh, 5, { rule: 'all-to-all' }, { delay }),
    projection(2, 2, inh, 4, { rule: 'one-to-one' }, { delay, selfConnections: true }),
    projection(2, 0, inh, 1, { rule: 'fixed-probability', probability: 1 }, { delay: delay + 2 }),
    projection(
      2,
      1,
      exc,
      1,
      { rule: 'fixed-probability', probability: 0.9 },
      { delay, selfConnections: true },
    ),
  ];
  const source = Uint32Array.from({ length: 500 }, (_, edge) => (edge * 17) % 18);
  const target = Uint32Array.from({ length: 500 }, (_, edge) => (edge * 31) % 700);
  if (undrawable) {
    projections.push(
      projection(0, 0, inh, 1, { rule: 'fixed-in-degree', degree: 20 }, { name: 'incoming', delay }),
      projection(2, 0, exc, 2, { rule: 'explicit', source, target }, { name: 'listed', delay }),
    );
  }
  return network(
    [
      population('a', 700, cell('RS-cell'), { drives }),
      population('b', 97, cell('FS-cell'), { drives }),
      population('c', 18, cell('LIF', { tau_ref: 0.1 }), { current: 400 }),
    ],
    projections,
  );
}

async function run(
  model: Network,
  options: SimulationOptions,
): Promise<{ recording: Recording; simulation: Simulation }> {
  await using simulation = await Simulation.create(await testDevice(), model, {
    ...{ seed: 5, traces: traceAll(model).slice(1), hearing: 'deliver' },
    ...options,
  });
  return { recording: await record(simulation, 60), simulation };
}

function expectSame(found: Recording, reference: Recording) {
  expect(found.spikes).toEqual(reference.spikes);
  expect(found.traces).toEqual(reference.traces);
  expect(found.V).toEqual(reference.V);
}

/** How each projection is kept. */
function kept({ plan }: Simulation): string[] {
  return plan.projections.map(({ storage }) => storage);
}

describe('the same bits', () => {
  test.each([0, 1.5])('stored, drawn, cut and mixed, with delays from %d ms', async (delay) => {
    const model = mixed(delay, false);
    const { recording: stored, simulation } = await run(model, { storage: 'stored' });
    expect(new Set(kept(simulation))).toEqual(new Set(['stored']));
    expect(simulation.connectivity.pieces.length).toBe(1);
    expect(stored.spikes.length).toBeGreaterThan(1000);
    const deaf = await run({ ...model, projections: [] }, {});
    expect(deaf.recording.spikes).not.toEqual(stored.spikes);

    const drawn = await run(model, { storage: 'procedural' });
    expect(new Set(kept(drawn.simulation))).toEqual(new Set(['procedural']));
    expect(drawn.simulation.connectivity.pieces[0]!.targets.size).toBe(16);
    expectSame(drawn.recording, stored);

    const cut = await run(model, { storage: 'stored', pieceBytes: 50_000 });
    expect(cut.simulation.connectivity.pieces.length).toBeGreaterThan(5);
    expectSame(cut.recording, stored);
  });

  test('where only some rules can be drawn', async () => {
    const model = mixed(0.3, true);
    const { recording: stored } = await run(model, { storage: 'stored' });
    for (const pieceBytes of [1e6, 7000]) {
      const both = await run(model, { storedBytes: 1000, pieceBytes });
      expect(kept(both.simulation)).toEqual([
        ...new Array<string>(7).fill('procedural'),
        ...['stored', 'stored'],
      ]);
      expect(both.simulation.connectivity.pieces.length > 1).toBe(pieceBytes === 7000);
      expectSame(both.recording, stored);
    }
  });

  test('where neurons gather spikes from a matrix made of many pieces', async () => {
    const model = mixed(0, false);
    model.projections[1]!.delay = 0;
    model.projections[5]!.delay = 0;
    const { recording: whole } = await run(model, { hearing: 'gather' });
    const { recording: cut, simulation } = await run(model, { hearing: 'gather', pieceBytes: 5000 });
    expect(simulation.connectivity.pieces.length).toBeGreaterThan(50);
    expectSame(cut, whole);
    expect(() => planNetwork(model, { hearing: 'gather', storage: 'procedural' })).toThrow(InputError);
  });
});

test('synapses that are not stored can be read all the same, and are those of the twins', async () => {
  const model = mixed(0, false);
  for (const options of [{ storage: 'procedural' }, { storage: 'stored', pieceBytes: 30_000 }] as const) {
    await using simulation = await Simulation.create(await testDevice(), model, { seed: 9, ...options });
    for (const [index, { name }] of model.projections.entries())
      expect(await simulation.synapses(name)).toEqual(connect(model, index, 9));
  }
});

test('a burst of all neurons in every step reaches every target, in many segments and in shared rows', async () => {
  // Listeners never spike; their conductance at the beginning of a step is the number of their sources that spiked.
  const dt = 0.1;
  const lif = cell('LIF');
  const receptors = ['near', 'far', 'all'].map((name) => ({ name, tau: dt, E_rev: lif.E_L }));
  const [sources, targets] = [3000, 900];
  const rules: [Projection['connect'], number][] = [
    [{ rule: 'fixed-probability', probability: 0.2 }, 0],
    [{ rule: 'fixed-out-degree', degree: 70 }, 7 * dt],
    [{ rule: 'all-to-all' }, 2 * dt],
  ];
  const model = network(
    [
      population('sources', sources, { ...lif, tau_ref: 0 }, { current: 20_000 }),
      population('listeners', targets, lif),
    ],
    rules.map(([rule, delay], index) =>
      projection(0, 1, receptors[index]!, 1, rule, { name: `to ${index}`, delay }),
    ),
    { dt, receptors, storage: 'procedural' },
  );
  const neurons = Array.from({ length: targets }, (_, neuron) => neuron);
  await using simulation = await Simulation.create(await testDevice(), model, {
    seed: 3,
    traces: [{ population: 'listeners', neurons }],
  });
  const expected: number[][] = [];
  for (const { name } of model.projections)
    expected.push(degrees(await simulation.synapses(name), sources, targets).in);
  expect(expected[2]).toEqual(neurons.map(() => sources));
  let compared = 0;
  for await (const { traces, firstStep } of simulation.run({ duration: 2 })) {
    simulation.channels.forEach(({ neuron, variable }, channel) => {
      const receptor = receptors.findIndex(({ name }) => variable === `g_${name}`);
      if (receptor < 0) return;
      const arrival = Math.round(rules[receptor]![1] / dt) + 1;
      const wanted = expected[receptor]![neuron]!;
      traces.values[channel]!.forEach((g, sample) => {
        if (g !== (firstStep + sample >= arrival ? wanted : 0))
          expect.fail(`${variable} of ${neuron} at step ${firstStep + sample} is ${g}, not ${wanted}`);
        compared++;
      });
    });
  }
  expect(compared).toBe(20 * 3 * targets);
});

describe('the choice', () => {
  const dense = () => wiring([4000], [[0, 0, { rule: 'fixed-probability', probability: 0.5 }]]);

  test('goes by memory, and is said', () => {
    expect(planNetwork(dense()).projections[0]!.storage).toBe('stored');
    expect(planNetwork(dense()).warnings).toEqual([]);
    const { projections, warnings } = planNetwork(dense(), { storedBytes: 2 ** 24 });
    expect(projections[0]!.storage).toBe('procedural');
    expect(warnings).toEqual([
      '8 million synapses would take 32.0 MB, so the rows of all projections are drawn anew at each spike (storage: procedural); storage: stored keeps them in memory',
    ]);
    expect(planNetwork({ ...dense(), storage: 'stored' }, { storedBytes: 2 ** 24 }).warnings).toEqual([]);
    const asked = planNetwork({ ...dense(), storage: 'procedural' });
    expect(asked.projections[0]!.storage).toBe('procedural');
    expect(asked.warnings).toEqual([]);
  });

  test('names a rule that cannot be drawn', () => {
    const model = wiring([50], [[0, 0, { rule: 'fixed-in-degree', degree: 5 }]]);
    expect(() => planNetwork(model, { storage: 'procedural' })).toThrow(
      'projections.projection 0.connect is fixed-in-degree, which draws the sources of each target, so that the targets of one source cannot be drawn at its spikes, as storage: procedural asks: use storage: auto, or connect by fixed-out-degree or fixed-probability',
    );
    expect(planNetwork(model, { storedBytes: 1 }).projections[0]!.storage).toBe('stored');
  });
});
