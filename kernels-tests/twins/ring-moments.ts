/**
 * Twin of shaders/ring/advance-moments.wgsl: the Master Equation of each unit with its gradients and curvatures written out as tables, in
 * double precision. What a unit hears is summed as in twins/ring.ts; a covariance of two of its rates meets the weight with which the
 * unit hears itself.
 */
import type { Ring } from '../../src/models/ring.ts';
import type { Unit } from '../../src/ring/settings.ts';
import { templateDerivatives } from '../../src/transfer/template.ts';
import { neighbours } from './ring.ts';

/** A unit: excitatory first. */
interface TwinUnit {
  nu: [number, number];
  c: [[number, number], [number, number]];
  w: [number, number];
}

export interface TwinSample {
  units: TwinUnit[];
  deltaV: number[];
}

const BOTH = [0, 1] as const;

function advanced(
  unit: Unit,
  { nu, c, w }: TwinUnit,
  inputs: readonly (readonly [number, number])[],
  own: readonly [number, number],
): { next: TwinUnit; mu_V: number } {
  const { model, dt, order } = unit;
  const { T } = model;
  const populations = [unit.exc, unit.inh].map((index) => model.populations[index]!);
  const of = populations.map(({ transfer, from, adaptation }, a) => {
    const [nu_e, nu_i] = inputs[a]!;
    const given = [Math.max(0, nu_e), Math.max(0, nu_i)] as const;
    const { cell, input, formula, coefficients_mV } = transfer;
    const lowered = { ...cell, E_L: cell.E_L - w[a]! / cell.g_L };
    const F = templateDerivatives({ cell: lowered, input, formula, coefficients_mV }, ...given);
    const G = [input.exc, input.inh].map(({ K, Q, tau }, kind) => (K * Q * tau * given[kind]!) / 1000);
    const mu_V =
      (cell.g_L * cell.E_L + G[0]! * input.exc.E_rev + G[1]! * input.inh.E_rev - w[a]!) /
      (cell.g_L + G[0]! + G[1]!);
    // How a rate of the unit itself reaches the synapses of this population.
    const share = [from.exc[unit.exc]! * own[0], from.inh[unit.inh]! * own[1]];
    const first = BOTH.map((j) => F.gradient[j] * share[j]!);
    const second = BOTH.map((j) => BOTH.map((k) => F.hessian[j + k]! * share[j]! * share[k]!));
    const dw = adaptation
      ? (adaptation.a * (mu_V - cell.E_L) - w[a]!) / adaptation.tau_w + (adaptation.b * nu[a]!) / 1000
      : 0;
    return { rate: F.rate, first, second, mu_V, dw };
  });
  const two = order === 2;
  const pair = <Value>(value: (k: 0 | 1) => Value): [Value, Value] => [value(0), value(1)];
  return {
    mu_V: of[1]!.mu_V,
    next: {
      nu: pair((a) => {
        let change = of[a]!.rate - nu[a]!;
        if (two)
          for (const j of BOTH) for (const k of BOTH) change += of[a]!.second[j]![k]! * c[j]![k]! * 0.5;
        return nu[a]! + (dt / T) * change;
      }),
      c: pair((a) =>
        pair((b) => {
          if (!two) return c[a]![b]!;
          let change = (of[a]!.rate - nu[a]!) * (of[b]!.rate - nu[b]!) - 2 * c[a]![b]!;
          if (a === b) change += (of[a]!.rate * (1000 / T - of[a]!.rate)) / populations[a]!.size;
          for (const k of BOTH) change += of[a]!.first[k]! * c[b]![k]! + of[b]!.first[k]! * c[a]![k]!;
          return c[a]![b]! + (dt / T) * change;
        }),
      ),
      w: pair((a) => w[a]! + dt * of[a]!.dw),
    },
  };
}

/**
 * @param input stimulus, `[sample, pixel]`, Hz
 * @param begin state of all units before and at the beginning
 */
export function twinRingMoments(
  ring: Ring,
  unit: Unit,
  input: ArrayLike<number>,
  samples: number,
  begin: TwinUnit,
): TwinSample[] {
  const { units, rows } = ring;
  const pixels = units * rows;
  const { model, drives, mu_V, dt, fraction } = unit;
  const all = Array.from({ length: pixels }, (_, pixel) => pixel);
  const run: TwinSample[] = [{ units: all.map(() => structuredClone(begin)), deltaV: all.map(() => 0) }];
  const around = [ring.exc_extent, ring.inh_extent].map((extent) => neighbours(ring, extent, dt));
  const own = around.map((links) => links.find(({ row, column }) => row === 0 && column === 0)!.weight);
  const wrap = (value: number, size: number) => ((value % size) + size) % size;
  for (let now = 0; now + 1 < samples; now++) {
    const of = all.map((pixel) => {
      const [row, column] = [Math.floor(pixel / units), pixel % units];
      const [e, i] = around.map((links, kind) =>
        links.reduce((sum, link) => {
          const at = wrap(row + link.row, rows) * units + wrap(column + link.column, units);
          return sum + link.weight * run[Math.max(0, now - link.delay)]!.units[at]!.nu[kind]!;
        }, 0),
      );
      const stimulus = input[now * pixels + pixel]!;
      const inputs = [unit.exc, unit.inh].map((index, a): [number, number] => {
        const { from } = model.populations[index]!;
        const part = a === 0 ? fraction : 1 - fraction;
        return [
          drives[2 * index]! + from.exc[unit.exc]! * e! + part * stimulus,
          drives[2 * index + 1]! + from.inh[unit.inh]! * i!,
        ];
      });
      return advanced(unit, run[now]!.units[pixel]!, inputs, [own[0]!, own[1]!]);
    });
    run.push({
      units: of.map(({ next }) => next),
      deltaV: of.map((each) => Math.abs((each.mu_V - mu_V) / mu_V)),
    });
  }
  return run;
}
