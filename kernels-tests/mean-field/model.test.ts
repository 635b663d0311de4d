/** Mean fields from networks, what of them may be varied, and every refusal in its sentence. */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { meanFieldOfNetwork } from '../../src/mean-field/from-network.ts';
import { libraryTransferFunction, meanField } from '../../src/mean-field/library.ts';
import { covarianceIndex, driveRates, stateLength, valueAt } from '../../src/mean-field/model.ts';
import { printedTransferFunction } from '../../src/mean-field/printed.ts';
import { scanGrid } from '../../src/mean-field/scan.ts';
import { meanFieldWarnings, planMeanField } from '../../src/mean-field/settings.ts';
import { variable, varied } from '../../src/mean-field/vary.ts';
import { readNetwork } from '../../src/models/read-network.ts';
import { TransferFunction } from '../../src/transfer/transfer-function.ts';
import { changed, printedModel } from './models.ts';

const printed = ({ cell }: { cell: { name: string } }) => ({
  transfer: printedTransferFunction(cell.name)!,
  source: 'printed',
});

describe('from a network', () => {
  test('CONFIG1: all excitatory synapses from exc, all inhibitory ones from inh, 400 external beside 400', () => {
    const model = printedModel();
    for (const { from } of model.populations) {
      expect(from.exc[0]).toBeCloseTo(1, 12);
      expect(from.exc[1]).toBe(0);
      expect(from.inh[0]).toBe(0);
      expect(from.inh[1]).toBeCloseTo(1, 12);
    }
    expect(model.populations.map(({ size }) => size)).toEqual([8000, 2000]);
    expect([...driveRates(model)]).toEqual([4, 0, 4, 0]);
    expect(model.T).toBe(5);
  });

  test('shares of three populations, and drives through more synapses than the network has', () => {
    const network = readNetwork('config1', [
      'populations.exc.drive.0.synapses=200',
      'populations.inh.drive.0.rate=3Hz',
    ]);
    expect([...driveRates(meanFieldOfNetwork(network, printed))]).toEqual([2, 0, 3, 0]);
  });

  test.each([
    ['populations.exc.current=50pA', /^population exc of network config1 has an injected current/],
    ['populations.exc.noise.white=1', /^population exc of network config1 has noise/],
    [
      'populations.exc.neuron_cell.b={uniform: {low: 10, high: 30}}',
      /^population exc of network config1 has neurons that differ/,
    ],
    [
      'populations.exc.drive.0.weight=2nS',
      /^a drive of population exc of network config1 has a weight of 2 nS/,
    ],
    [
      'projections.*.weight=2nS',
      /^printed: the transfer function was fitted for excitatory synapses with Q = 1 nS, but RS-cell here has 2 nS/,
    ],
    [
      'populations.exc.cell={base: RS-cell, b: 60 pA}',
      /^printed: the transfer function was fitted for RS-cell with b = 20 pA, but RS-cell here has 60 pA/,
    ],
  ])('refuses %s', (override, message) => {
    const network = () => readNetwork('config1', [override]);
    expect(() => meanFieldOfNetwork(network(), printed)).toThrow(InputError);
    expect(() => meanFieldOfNetwork(network(), printed)).toThrow(message);
  });

  test('a fit of other synapses names what differs', () => {
    expect(() =>
      meanField(readNetwork('config1', ['projections.ie.weight=6nS', 'projections.ii.weight=6nS'])),
    ).toThrow(
      "the library's RS-cell (corrected): the transfer function was fitted for inhibitory synapses with Q = 5 nS, but RS-cell here has 6 nS: measure and fit this cell with these synapses",
    );
  });

  test('cells without a fit, and fits without a cell', () => {
    expect(() => meanField(readNetwork('vogels-abbott'))).toThrow(
      'population exc is made of LIF, of which no transfer function comes with Spikefield: measure and fit it (spikefield transfer), and give its file with --fit',
    );
    const transfer = new TransferFunction({
      ...printedTransferFunction('RS-cell')!,
      cell: { ...printedTransferFunction('RS-cell')!.cell, name: 'LIF' },
    });
    expect(() => meanField(readNetwork('config1'), { given: [{ transfer, source: 'lif.json' }] })).toThrow(
      'lif.json holds the transfer function of LIF, but the cells of network config1 are RS-cell, FS-cell: give a fit of one of these',
    );
  });

  test('a given fit takes the place of that of its cell alone', () => {
    const transfer = printedTransferFunction('RS-cell')!;
    const model = meanField(readNetwork('config1'), { given: [{ transfer, source: 'rs.json' }], T: 7 });
    expect(model.populations[0]!.transfer).toBe(transfer);
    expect(model.populations[1]!.transfer).toBe(libraryTransferFunction('FS-cell'));
    expect(model.T).toBe(7);
  });

  test('the fits that come with Spikefield are of CONFIG1, with the corrected formula and their reports', () => {
    for (const cell of ['RS-cell', 'FS-cell']) {
      const { input, formula, report } = libraryTransferFunction(cell)!;
      expect(input).toEqual(printedTransferFunction(cell)!.input);
      expect(formula).toBe('corrected');
      expect(report!.rms_below_5hz).toBeLessThan(0.2);
      expect(report!.settings.dt).toBe(0.1);
    }
    expect(libraryTransferFunction('LIF')).toBeUndefined();
    expect(libraryTransferFunction('RS-cell', 'as-published')!.formula).toBe('as-published');
  });
});

test('where numbers stand in the state', () => {
  expect(stateLength(2, 1)).toBe(2);
  for (const count of [1, 2, 3, 5]) {
    const places = new Set(Array.from({ length: count }, (_, k) => k));
    for (let a = 0; a < count; a++)
      for (let b = a; b < count; b++) {
        places.add(covarianceIndex(count, a, b));
        expect(covarianceIndex(count, b, a)).toBe(covarianceIndex(count, a, b));
      }
    expect([...places].sort((x, y) => x - y)).toEqual(
      Array.from({ length: stateLength(count, 2) }, (_, k) => k),
    );
  }
});

test('samples are held, and the first and last for ever', () => {
  const course = { dt: 0.3, values: Float64Array.of(1, 2, 3) };
  expect([-1, 0, 0.29, 0.3, 3 * 0.1, 0.59, 0.6, 99].map((time) => valueAt(course, time))).toEqual([
    1, 1, 1, 2, 2, 2, 3, 3,
  ]);
});

describe('varying', () => {
  const model = printedModel();

  test('all populations, one of them, and T', () => {
    const other = varied(model, { drive: 3, 'exc.q_e': 1.2, T: 10, 'inh.P0': -53, E_L: -66 });
    expect([...driveRates(other)]).toEqual([3, 0, 3, 0]);
    expect(other.populations.map(({ transfer }) => transfer.input.exc.Q)).toEqual([1.2, 1]);
    expect(other.populations.map(({ transfer }) => transfer.cell.E_L)).toEqual([-66, -66]);
    expect(other.populations[1]!.transfer.coefficients_mV[0]).toBe(-53);
    expect(other.populations[0]!.transfer.coefficients_mV).toEqual(
      model.populations[0]!.transfer.coefficients_mV,
    );
    expect(other.T).toBe(10);
    expect([...driveRates(model)]).toEqual([4, 0, 4, 0]);
  });

  test('tells which numbers the fits were made with', () => {
    expect(['drive', 'N', 'T', 'exc.P3'].map((name) => variable(model, name).fitted)).toEqual(
      new Array(4).fill(false),
    );
    expect(['q_e', 'inh.tau_i', 'C_m'].map((name) => variable(model, name).fitted)).toEqual([
      true,
      true,
      true,
    ]);
    expect(variable(model, 'exc.q_e')).toMatchObject({
      unit: 'nS',
      about: 'weight of excitatory synapses of exc',
    });
  });

  test.each([
    [{ q_f: 1 }, /^config1 has no q_f that could be varied; .*q_e/],
    [{ 'ex.q_e': 1 }, /^config1 has no population ex; .*exc/],
    [{ P11: 1 }, /^config1 has no P11/],
    [{ tau_w: 1 }, /^config1 has no tau_w/],
    [{ q_e: -1 }, /^q_e \(weight of excitatory synapses\) is -1 nS, but must not be below 0/],
    [{ drive: Number.NaN }, /^drive \(rate of the external synapses\) is NaN/],
    [{ T: 0 }, /^T is 0 ms/],
    [{ N: 0 }, /^population exc has 0 neurons/],
  ])('refuses %o', (values, message) => {
    expect(() => varied(model, values as unknown as Record<string, number>)).toThrow(message);
  });

  test('a grid has its last axis fastest', () => {
    const grid = scanGrid(model, [
      { name: 'drive', values: [1, 2] },
      { name: 'exc.N', values: [100, 200, 300] },
    ]);
    expect(grid.map(({ values }) => values)).toEqual([
      [1, 100],
      [1, 200],
      [1, 300],
      [2, 100],
      [2, 200],
      [2, 300],
    ]);
    expect(grid[5]!.model.populations[0]!.size).toBe(300);
    expect(() => scanGrid(model, [])).toThrow('a scan varies nothing');
    expect(() =>
      scanGrid(model, [
        { name: 'T', values: [1] },
        { name: 'T', values: [2] },
      ]),
    ).toThrow('T is varied twice: give it once');
    const long = Array.from({ length: 600 }, (_, k) => k + 1);
    expect(() =>
      scanGrid(model, [
        { name: 'T', values: long },
        { name: 'N', values: long },
      ]),
    ).toThrow('the scan has 360000 parameter sets, but at most 250000 are done at once');
  });
});

describe('settings', () => {
  const model = printedModel();
  test.each([
    [{ duration: 0 }, /^duration is 0 ms, but must be above 0 ms/],
    [{ duration: 10, dt: -1 }, /^dt is -1 ms/],
    [{ duration: 10, dt: 5 }, /^dt is 5 ms, but must be below T, which is 5 ms/],
    [{ duration: 10, every: 0.25 }, /^every is 0.25 ms, but must be a multiple of dt, which is 0.1 ms/],
    [{ duration: 10, every: 20 }, /^duration is 10 ms, which is less than the 20 ms between samples/],
    [{ duration: 10, order: 3 }, /^order is 3/],
    [{ duration: 10, integrator: 'rk' }, /^there is no integrator rk; .*rk4/],
    [{ duration: 10, initial: [1] }, /^an initial state has 1 numbers: give 2 rates, or 5 numbers/],
    [{ duration: 10, initial: [1, -2] }, /^an initial state holds -2/],
    [
      {
        duration: 10,
        initial: [
          [1, 2],
          [1, 2],
        ],
      },
      /^initial holds 2 states for 1 instances/,
    ],
  ])('refuses %o', (settings, message) => {
    expect(() => planMeanField([model], settings as unknown as { duration: number })).toThrow(message);
  });

  test('refuses models of different sizes, and none', () => {
    const small = { ...model, name: 'small', populations: model.populations.slice(0, 1) };
    expect(() => planMeanField([model, small], { duration: 1 })).toThrow(
      'the mean fields of a batch need equally many populations, but config1 has 2 and small 1',
    );
    expect(() => planMeanField([], { duration: 1 })).toThrow('needs at least one model');
  });

  test('warns of an input that is faster than T, once', () => {
    const driven = (values: number[], dt: number) =>
      changed(model, () => ({
        drives: [{ kind: 'exc', rate: { dt, values: Float64Array.from(values) }, share: 1 }],
      }));
    expect(meanFieldWarnings([driven([0, 4, 4], 1), driven([0, 4, 4], 1)])).toEqual([
      'a drive changes by its whole range within about 1.0 ms, but the mean field knows nothing shorter than its time scale T of 5 ms',
    ]);
    expect(meanFieldWarnings([driven([0, 1, 2, 3, 4], 2), model])).toEqual([]);
  });
});
