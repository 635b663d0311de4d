import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CELL_LIBRARY, type Cell, libraryCell, spikeLevel } from '../../src/models/cells.ts';
import { readNetwork } from '../../src/models/read-network.ts';
import { adviseStep, nearestWholeTimes, stepLimit, wholeSteps } from '../../src/models/time-step.ts';

describe('whole steps', () => {
  test.each([
    [1.5, 0.1, 15],
    [0.3, 0.1, 3],
    [5, 0.1, 50],
    [0, 0.1, 0],
    [1500, 0.1, 15000],
    [1e6, 0.1, 1e7],
    [1.53, 0.1, undefined],
    [0.04, 0.1, undefined],
    [1e-9, 0.1, undefined],
    [5, 0.3, undefined],
  ])('%d ms in steps of %d ms', (time, dt, steps) => {
    expect(wholeSteps(time, dt)).toBe(steps);
  });

  test('every multiple of dt is found, however it was rounded', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e9 }),
        fc.constantFrom(0.1, 0.05, 0.025, 0.3, 1 / 3),
        (steps, dt) => {
          expect(wholeSteps(steps * dt, dt)).toBe(steps);
          expect(wholeSteps((steps + 0.5) * dt, dt) === undefined || steps > 4e5).toBe(true);
        },
      ),
    );
  });

  test('the neighbours of a time are whole', () => {
    expect(nearestWholeTimes(1.53, 0.1)).toEqual([1.5, 1.6]);
    expect(nearestWholeTimes(0.04, 0.1)).toEqual([0, 0.1]);
  });
});

describe('the longest step', () => {
  const limitOf = (cell: Cell, tau = 1000) =>
    stepLimit({
      receptors: [{ name: 'exc', tau, E_rev: 0 }],
      populations: [{ ...readNetwork('config1').populations[0]!, name: 'cells', cell }],
    });

  test('allows what the papers use, and the library at 0.2 ms', () => {
    for (const cell of CELL_LIBRARY) expect(limitOf(cell, 5)?.limit, cell.name).toBeGreaterThan(0.2);
  });

  test('is the strictest of all, and says what sets it', () => {
    const RS = libraryCell('RS-cell')!;
    expect(limitOf(RS, 0.5)).toMatchObject({ limit: 0.25, reason: expect.stringContaining('receptor exc') });
    expect(limitOf({ ...RS, tau_ref: 0.3 })).toMatchObject({
      limit: 0.3,
      reason: expect.stringContaining('tau_ref'),
    });
    expect(limitOf({ ...RS, tau_w: 1 })).toMatchObject({
      limit: 0.5,
      reason: expect.stringContaining('tau_w'),
    });
    expect(limitOf({ ...RS, C_m: 4, Delta_T: 0 })).toMatchObject({
      limit: 0.2,
      reason: expect.stringContaining('C_m'),
    });
    expect(limitOf({ ...RS, Delta_T: 0.1 })?.reason).toContain('Delta_T = 0.1 mV');
    expect(limitOf({ ...RS, tau_ref: 0 })?.reason).toContain('Delta_T = 2 mV');
  });

  test('for Delta_T is the step in which V near threshold moves by half of it', () => {
    for (const Delta_T of [0.1, 0.5, 2]) {
      const cell = { ...libraryCell('RS-cell')!, Delta_T };
      const limit = limitOf(cell)?.limit ?? 0;
      const V = cell.V_T + Delta_T;
      const leak = (cell.g_L / cell.C_m) * (cell.V_T - cell.E_L);
      const exponential = (cell.g_L / cell.C_m) * Delta_T * Math.exp((V - cell.V_T) / Delta_T);
      expect((leak + exponential) * limit).toBeCloseTo(Delta_T / 2, 10);
      expect(spikeLevel(cell)).toBeGreaterThan(V);
    }
  });

  test('advice is a round number within the limit', () => {
    expect(adviseStep(0.3067)).toBe(0.2);
    expect(adviseStep(0.05)).toBe(0.05);
    expect(adviseStep(1)).toBe(1);
    expect(adviseStep(7.5)).toBe(5);
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e3, noNaN: true }), (limit) => {
        const step = adviseStep(limit);
        expect(step).toBeLessThanOrEqual(limit * (1 + 1e-9));
        expect(step).toBeGreaterThan(limit / 2.6);
      }),
    );
  });
});
