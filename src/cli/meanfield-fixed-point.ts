/** `spikefield meanfield fixed-point <network>`: every fixed point with its stability, and the phase plane of two populations. */
import { InputError } from '../errors.ts';
import { phasePlaneFigure } from '../figures/phase-plane.ts';
import { writeFigure } from '../figures/write-figure.ts';
import { Equations } from '../mean-field/equations.ts';
import { type FixedPoint, fixedPoints } from '../mean-field/fixed-points.ts';
import { driveRates, type MeanField } from '../mean-field/model.ts';
import {
  type ChosenModel,
  fixedPointJson,
  openDirectory,
  pointWarnings,
  readModel,
} from './meanfield-model.ts';
import { type OptionValue, textOption } from './options.ts';

export async function meanFieldFixedPoint(
  name: string,
  given: Record<string, OptionValue>,
  version: string,
): Promise<void> {
  const chosen = readModel(name, given);
  const { model, order, formula } = chosen;
  const out = textOption(given.out, '--out');
  const points = fixedPoints(model, { order });
  refuseNone(points, chosen);
  if (out !== undefined) {
    using directory = openDirectory(out, given, version, chosen, {});
    if (given.figures !== false && model.populations.length === 2) {
      writeFigure(directory.file('phase-plane.svg'), phasePlane(chosen, points));
      directory.file('phase-plane.png');
    }
    directory.finish({ fixed_points: points.map((point) => fixedPointJson(model, point)) });
  }
  if (given.json === true) {
    const result = {
      network: model.name,
      order,
      formula,
      T_ms: model.T,
      fixed_points: points.map((point) => fixedPointJson(model, point)),
      ...(out === undefined ? {} : { out }),
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } else if (given.quiet !== true) {
    process.stdout.write(
      `${[...pointLines(chosen, points), ...(out ? [`written to ${out}`] : [])].join('\n')}\n`,
    );
  }
}

/** A network without fixed point in these equations is a finding, but no result of this command. */
export function refuseNone(points: readonly FixedPoint[], { model, order }: ChosenModel): void {
  if (points.length > 0) return;
  const why =
    order === 2
      ? 'fluctuations of so small or so strongly coupled populations have no stationary size: try --order 1'
      : 'give other drives or weights';
  throw new InputError(`the mean field of ${model.name} has no fixed point (order ${order}): ${why}`);
}

/** For people: a paragraph a point. */
function pointLines({ model, order, formula }: ChosenModel, points: readonly FixedPoint[]): string[] {
  const many = points.length === 1 ? 'one fixed point' : `${points.length} fixed points`;
  const stable = points.filter((each) => each.stable).length;
  const head = `${model.name}: ${many}, ${stable} of them stable (order ${order}, formula ${formula}, T ${model.T} ms)`;
  return [head, ...points.flatMap((point) => onePoint(model, point))];
}

function onePoint({ populations }: MeanField, point: FixedPoint): string[] {
  const rates = populations.map(({ name }, index) => {
    const sd = point.covariance
      ? ` (SD ${Math.sqrt(Math.max(0, point.covariance[index]![index]!)).toFixed(3)})`
      : '';
    const w = populations[index]!.adaptation ? `, adaptation ${point.currents![index]!.toFixed(2)} pA` : '';
    return `${name} ${point.rates[index]!.toFixed(4)} Hz${sd}${w}`;
  });
  const frequency = point.frequency === undefined ? '' : `, oscillates at ${point.frequency.toFixed(1)} Hz`;
  const time = `${point.stable ? 'returns' : 'leaves'} with ${point.responseTime.toFixed(2)} ms`;
  return [
    `  ${rates.join(', ')}: ${point.stability}, ${time}${frequency}`,
    ...pointWarnings(point).map((warning) => `    ${warning}`),
  ];
}

/** The plane of first-order dynamics, from 0 to beyond the highest point that the fits have seen. */
function phasePlane({ model, order, formula }: ChosenModel, points: readonly FixedPoint[]): string {
  const equations = new Equations(model, 1, driveRates(model));
  const seen = points.filter(({ extrapolates }) => extrapolates.length === 0);
  const shown = seen.length > 0 ? seen : points;
  const most = (index: 0 | 1) => Math.max(2, 2 * Math.max(...shown.map(({ rates }) => rates[index]!)));
  // With adaptation the plane is a cut at the currents of the lowest point.
  const currents = shown[0]!.currents ?? [];
  const names = model.populations.map(({ name }) => name) as [string, string];
  return phasePlaneFigure({
    title: `${model.name}: mean rates`,
    note: `nullclines of first order${currents.length > 0 ? " at the lowest point's adaptation" : ''}, points of order ${order}${formula === 'as-published' ? ', theory as published' : ''}`,
    names,
    domain: [most(0), most(1)],
    flow: (first, second) => {
      const slope = equations.slope([first, second, ...currents]);
      return [slope[0]!, slope[1]!];
    },
    points: points.map(({ rates, stable }) => ({ rates: [rates[0]!, rates[1]!], stable })),
  });
}
