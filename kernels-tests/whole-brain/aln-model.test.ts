/** Parameters and initial states of ALN nodes: what is given, what is drawn, and one plain sentence for what cannot be. */
import { describe, expect, test } from 'vitest';
import { defaultTables } from '../../src/fokker-planck/default-tables.ts';
import { alnNodes, parameterOf } from '../../src/models/aln.ts';
import { ALN_NEURON } from '../../src/models/eif.ts';
import { requireDelays, requireStep, requireTableOf, wholeSteps } from '../../src/whole-brain/aln-checks.ts';
import { type AlnInitialValues, initialState } from '../../src/whole-brain/aln-initial.ts';
import { type AlnInputs, inputCourses } from '../../src/whole-brain/aln-inputs.ts';

const start = (
  initial: AlnInitialValues,
  nodes = alnNodes(),
  seeds = Float64Array.from({ length: nodes.count }, (_, k) => k),
) => initialState(nodes, initial, { dt: 0.1, slots: 41, seeds });

describe('parameters', () => {
  test("defaults are neurolib's, lists give a batch", () => {
    const nodes = alnNodes({ b: [0, 20, 40], tauA: 600 });
    expect(nodes.count).toBe(3);
    expect([0, 1, 2].map((node) => parameterOf(nodes, 'b', node))).toEqual([0, 20, 40]);
    expect(parameterOf(nodes, 'tauA', 2)).toBe(600);
    expect(parameterOf(nodes, 'Jei_max', 1)).toBe(-3.3);
  });

  test.each([
    [{ mue_ext_maen: 1 }, 'the ALN node has no parameter mue_ext_maen; did you mean mue_ext_mean?'],
    [{ K_gl: 2 }, 'the ALN node has no parameter K_gl; did you mean Ke_gl?'],
    [{ exc_ext_baseline: 2 }, 'it may belong to another model'],
    [{ dt: 0.1 }, 'dt belongs to the run, not to the node'],
    [{ mufe_init: 1 }, 'mufe_init is part of the initial state'],
    [{ filter_sigma: 1 }, 'filter_sigma of neurolib is not offered'],
    [{ tau_se: 0 }, 'tau_se is 0, but must be above 0 (ms)'],
    [{ Jei_max: 3.3 }, 'Jei_max is 3.3, but must be below 0 (mV/ms)'],
    [{ b: Number.NaN }, 'b is NaN, but must be a finite number (pA)'],
    [{ b: [1, 2], a: [1, 2, 3] }, 'a has 3 values and b has 2; give lists of one length'],
    [{ b: [] }, 'b is an empty list'],
    [{ VT: [-50, -48] }, 'VT is a list, but all nodes share one look-up table'],
  ])('%o is refused', (given, message) => {
    expect(() => alnNodes(given)).toThrow(message);
  });

  test('a table of another neuron is refused, and the sentence says what differs and how to build the right one', () => {
    const nodes = alnNodes({ VT: -48, DeltaT: 2 });
    expect(() => requireTableOf(nodes.neuron, defaultTables())).toThrow(
      "the node's neuron has VT -48 mV, DeltaT 2 mV, but its look-up table was made for VT -50 mV, DeltaT 1.5 mV; write the neuron's parameters into a file and build its table with spikefield tables build --neuron <file>",
    );
    expect(() => requireTableOf({ ...ALN_NEURON, name: 'other' }, defaultTables())).not.toThrow();
  });

  test('steps and delays that cannot be are refused', () => {
    const check =
      (dt: number, given = {}) =>
      () =>
        requireStep(dt, alnNodes(given), defaultTables());
    expect(check(0.1)).not.toThrow();
    expect(check(0.1, { tau_ou: 0.05 })).toThrow('above the fastest time constant (tau_ou, 0.05 ms)');
    expect(check(0.5)).toThrow("the table's shortest tau_mu");
    expect(check(0)).toThrow('dt is 0, but must be a time above 0');
    expect(() => requireDelays(3, alnNodes())).toThrow('the delay de of 4 ms is longer than the run of 3 ms');
    expect(wholeSteps(2000, 0.1, 'duration')).toBe(20000);
    expect(() => wholeSteps(0.25, 0.1, 'sampling')).toThrow(
      'sampling is 0.25 ms, but must be a whole number of steps',
    );
  });
});

describe('initial states', () => {
  test('fixed values stand, others are drawn in their ranges, OU inputs start at their means', () => {
    const nodes = alnNodes({ mue_ext_mean: [1, 2, 3] });
    const { variables, history } = start({ mufe_init: [1, 2, 3], IA_init: 7 }, nodes);
    expect(Array.from(variables.mufe)).toEqual([1, 2, 3]);
    expect(Array.from(variables.IA)).toEqual([7, 7, 7]);
    expect(Array.from(variables.mue_ou)).toEqual([1, 2, 3]);
    expect(new Set(variables.mufi).size).toBe(3);
    for (const value of variables.mufi) expect(value).toBeGreaterThan(0);
    for (const value of variables.mufi) expect(value).toBeLessThan(3);
    for (const value of variables.siiv) expect(value).toBeLessThan(0.01);
    expect(history.rates_exc.slice(120, 123)).toEqual(variables.rates_exc);
  });

  test('a draw follows from its seed alone', () => {
    const alone = start({}, alnNodes(), Float64Array.of(5));
    const batch = start({}, alnNodes({ b: [0, 1] }), Float64Array.of(4, 5));
    expect(batch.variables.mufe[1]).toBe(alone.variables.mufe[0]);
    expect(batch.variables.mufe[0]).not.toBe(alone.variables.mufe[0]);
  });

  test.each([
    [{ mufe_int: 1 }, 'the ALN node has no initial value mufe_int; did you mean mufe_init?'],
    [{ mufe_init: [1, 2] }, 'mufe_init has 2 values, but there is 1 node'],
    [{ seev_init: -1 }, 'seev_init is -1 at node 0, but rates and variances are not negative'],
    [{ IA_init: Number.POSITIVE_INFINITY }, 'IA_init is Infinity at node 0; give finite numbers'],
  ])('%o is refused', (initial, message) => {
    expect(() => start(initial as AlnInitialValues)).toThrow(message);
  });

  test('a state of another batch, step or delay is refused', () => {
    const state = start({});
    const again =
      (nodes = alnNodes(), dt = 0.1, slots = 41) =>
      () =>
        initialState(nodes, state, { dt, slots, seeds: new Float64Array(nodes.count) });
    expect(again()).not.toThrow();
    expect(again(alnNodes({ b: [1, 2] }))).toThrow(
      'the initial state has 1 values of mufe, but there are 2 nodes',
    );
    expect(again(alnNodes(), 0.05)).toThrow('reached in steps of 0.1 ms, but this run has steps of 0.05 ms');
    expect(again(alnNodes(), 0.1, 50)).toThrow(
      'keeps rates of the last 41 steps, but the delays reach back 50',
    );
  });
});

describe('inputs over time', () => {
  test('courses are laid out by step and node', () => {
    const courses = inputCourses(
      {
        ext_exc_current: [
          [1, 2, 3],
          [4, 5, 6],
        ],
        ext_inh_rate: [7, 8, 9],
      },
      2,
      3,
    )!;
    expect(Array.from(courses.slice(1, 3))).toEqual([2, 0, 0, 8, 5, 0, 0, 8, 3, 0, 0, 9, 6, 0, 0, 9]);
    expect(inputCourses({}, 2, 3)).toBeUndefined();
  });

  test.each([
    [{ ext_current: [1, 2, 3] }, 'there is no input ext_current'],
    [{ ext_exc_current: [1, 2] }, 'ext_exc_current has 2 samples, but the run has 3 steps'],
    [{ ext_exc_current: [[1, 2, 3]] }, 'ext_exc_current has courses for 1 nodes, but there are 2'],
    [{ ext_exc_rate: [0, -1, 0] }, 'ext_exc_rate holds rates below 0'],
    [{ ext_exc_current: [0, Number.NaN, 0] }, 'ext_exc_current is NaN at step 1'],
  ])('%o is refused', (inputs, message) => {
    expect(() => inputCourses(inputs as AlnInputs, 2, 3)).toThrow(message);
  });
});
