/** `spikefield meanfield scan <network>`: fixed points and activity over a grid of parameters, with a map of them. */
import { writeFileSync } from 'node:fs';
import { InputError, InterruptedError } from '../errors.ts';
import { fixedPointLineFigure, stabilityMapFigure } from '../figures/stability-map.ts';
import { writeFigure } from '../figures/write-figure.ts';
import { openDevice } from '../gpu/device.ts';
import { attempt } from '../io/output-file.ts';
import type { RunDirectory } from '../io/run-directory.ts';
import {
  SCAN_KINDS,
  type Scan,
  type ScanAxis,
  scanGrid,
  scanMeanField,
  settlingTime,
} from '../mean-field/scan.ts';
import { type Integrator, planMeanField } from '../mean-field/settings.ts';
import { variable } from '../mean-field/vary.ts';
import { evenly } from '../transfer/grid.ts';
import { parseQuantity } from '../units.ts';
import { watchInterrupt } from './interrupt.ts';
import {
  type ChosenModel,
  fixedPointJson,
  openDirectory,
  readModel,
  restingPoint,
} from './meanfield-model.ts';
import { listOption, type OptionValue, quantityOption, textOption } from './options.ts';
import { Progress } from './progress.ts';

/** What the parser hands over. */
type Given = Record<string, OptionValue>;

/** The most values that an axis may have. */
const MOST_VALUES = 100_000;

export async function meanFieldScan(name: string, given: Given, version: string): Promise<void> {
  const chosen = readModel(name, given);
  const { model, order, formula } = chosen;
  const axes = readAxes(chosen, given);
  const grid = scanGrid(model, axes);
  const settings = {
    order,
    duration: quantityOption(given.duration, '--duration', 'time') ?? settlingTime(model),
    dt: quantityOption(given.dt, '--dt', 'time') ?? 0.1,
    integrator: (textOption(given.integrator, '--integrator') ?? 'rk4') as Integrator,
  };
  const plan = planMeanField([grid[0]!.model], settings);
  if (given.dryRun === true) {
    const cost = {
      network: model.name,
      parameter_sets: grid.length,
      steps: plan.samples * plan.stepsPerSample,
    };
    const text =
      given.json === true
        ? JSON.stringify(cost)
        : `${cost.parameter_sets} parameter sets of ${cost.steps} steps each`;
    process.stdout.write(`${text}\n`);
    return;
  }
  const out = textOption(given.out, '--out') ?? `runs/meanfield-scan-${model.name}`;
  using directory = openDirectory(out, given, version, chosen, { axes, settings });
  const scan = await compute(chosen, axes, settings, given, (reason) => directory.abandon(reason));
  write(directory, chosen, scan, given.figures !== false);
  const kinds = Object.fromEntries(
    SCAN_KINDS.map((kind) => [kind, scan.sets.filter((set) => set.kind === kind).length]),
  );
  const { adapter, timing, warnings, diverged } = scan.run;
  directory.finish({ adapter, kinds, diverged });
  for (const warning of [...warnings, ...scan.warnings]) process.stderr.write(`spikefield: ${warning}\n`);
  if (diverged.length > 0)
    process.stderr.write(
      `spikefield: ${diverged.length} of ${grid.length} parameter sets stopped being finite, the first of them (${axisText(scan, diverged[0]!.instance)}) at ${diverged[0]!.time.toFixed(1)} ms; the others stand\n`,
    );
  if (given.json === true) {
    const result = {
      network: model.name,
      order,
      formula,
      T_ms: model.T,
      axes: scan.axes.map(({ name: axis, unit, values }) => ({ name: axis, unit, values })),
      sets: scan.sets.map(({ values, points, kind, rates, swing }) => ({
        values,
        kind,
        run: { rates_hz: rates, swing_hz: swing },
        fixed_points: points.map((point) => {
          const { jacobian_per_s: _, ...rest } = fixedPointJson(model, point);
          return rest;
        }),
      })),
      diverged,
      warnings: [...warnings, ...scan.warnings],
      adapter,
      timing,
      out,
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } else if (given.quiet !== true) {
    const speed = timing.instance_steps / timing.run_s / 1e6;
    const found = Object.entries(kinds).filter(([, count]) => count > 0);
    process.stdout.write(
      `${[
        `${model.name}: ${grid.length} parameter sets, order ${order}, ${speed.toFixed(2)} million steps a second on ${adapter.name}`,
        ...found.map(([kind, count]) => `  ${kind}: ${count}`),
        `fixed points, arrays and figure in ${out}`,
      ].join('\n')}\n`,
    );
  }
}

async function compute(
  { model }: ChosenModel,
  axes: readonly ScanAxis[],
  settings: Parameters<typeof scanMeanField>[3],
  given: Given,
  abandon: (reason: string) => void,
): Promise<Scan> {
  const interrupt = watchInterrupt();
  const progress = new Progress(`scan of ${model.name}`, { quiet: given.quiet === true });
  try {
    await using device = await openDevice();
    return await scanMeanField(device, model, axes, {
      ...settings,
      onProgress: (fraction) => {
        progress.update(fraction);
        if (interrupt.requested)
          throw new InterruptedError(
            `interrupted when ${Math.floor(100 * fraction)} % of the scan were done; run again for a result`,
          );
      },
    });
  } catch (error) {
    abandon(error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    progress.end();
    interrupt.stop();
  }
}

/** `drive=1Hz:8Hz:200` is 200 values, `q_e=0.8,1,1.2` these. */
function readAxes({ model }: ChosenModel, given: Given): ScanAxis[] {
  const options = listOption(given.vary, '--vary');
  if (options.length === 0)
    throw new InputError('a scan needs something to vary: give --vary, as --vary drive=1Hz:8Hz:200');
  return options.map((text) => {
    const equals = text.indexOf('=');
    const name = text.slice(0, Math.max(0, equals)).trim();
    const range = text.slice(equals + 1).trim();
    const { dimension } = variable(model, equals < 0 ? text : name);
    const quantity = (part: string) => parseQuantity(part.trim(), dimension, `--vary ${name}`);
    if (equals < 0 || range === '')
      throw new InputError(
        `--vary is "${text}", but must be name=first:last:count or name=value,value, as drive=1Hz:8Hz:200`,
      );
    if (!range.includes(':')) return { name, values: range.split(',').map(quantity) };
    const [first, last, count, ...more] = range.split(':');
    const number = Number(count?.trim() || Number.NaN);
    if (more.length > 0 || !Number.isInteger(number) || number < 2 || number > MOST_VALUES)
      throw new InputError(
        `--vary is "${text}", but must be ${name}=first:last:count with a count from 2 to ${MOST_VALUES}`,
      );
    return { name, values: evenly(quantity(first!), quantity(last!), number) };
  });
}

function axisText({ axes, sets }: Scan, index: number): string {
  return axes
    .map(({ name, unit }, k) => `${name} = ${sets[index]!.values[k]!}${unit === '' ? '' : ` ${unit}`}`)
    .join(', ');
}

function write(directory: RunDirectory, chosen: ChosenModel, scan: Scan, figures: boolean): void {
  const { model } = chosen;
  const { axes, sets } = scan;
  const populations = model.populations.length;
  for (const [k, axis] of axes.entries())
    directory.write(`axis_${k}_${axis.name}`, Float64Array.from(axis.values));
  const shape = axes.map(({ values }) => values.length);
  const of = (value: (set: Scan['sets'][number]) => readonly number[]) =>
    Float64Array.from(sets.flatMap(value));
  directory.write(
    'rates',
    of(({ rates }) => rates),
    [...shape, populations],
  );
  directory.write(
    'swing',
    of(({ swing }) => swing),
    [...shape, populations],
  );
  directory.write(
    'kind',
    of(({ kind }) => [SCAN_KINDS.indexOf(kind)]),
    shape,
  );
  const path = directory.file('fixed-points.csv');
  attempt(path, () =>
    writeFileSync(
      path,
      pointsTable(
        scan,
        model.populations.map(({ name }) => name),
      ),
    ),
  );
  if (!figures) return;
  const svg = figure(chosen, scan);
  if (svg === undefined) return;
  writeFigure(directory.file('scan.svg'), svg);
  directory.file('scan.png');
}

/** A line for each fixed point of each parameter set. */
function pointsTable({ axes, sets }: Scan, names: readonly string[]): string {
  const pairs = names.flatMap((a, i) => names.slice(i).map((b) => `covariance_${a}_${b}_Hz2`));
  const order2 = sets.some(({ points }) => points.some(({ covariance }) => covariance));
  const head = [
    ...axes.map(({ name, unit }) => (unit === '' ? name : `${name}_${unit}`)),
    ...names.map((name) => `rate_${name}_Hz`),
    ...(order2 ? pairs : []),
    ...(sets.some(({ points }) => points.some(({ currents }) => currents))
      ? names.map((name) => `adaptation_${name}_pA`)
      : []),
    'stability',
    'slowest_eigenvalue_per_s',
    'frequency_Hz',
    'response_time_ms',
    'extrapolates',
  ];
  const lines = sets.flatMap(({ values, points }) =>
    points.map(({ state, stability, eigenvalues, frequency, responseTime, extrapolates }) =>
      [
        ...values,
        ...state,
        stability,
        eigenvalues[0]![0],
        frequency ?? '',
        responseTime,
        extrapolates.join(' '),
      ].join(','),
    ),
  );
  return `${[head.join(','), ...lines].join('\n')}\n`;
}

/** Over one parameter a line of points, over two a map; more cannot be drawn on paper. */
function figure({ model, order, formula }: ChosenModel, { axes, sets }: Scan): string | undefined {
  const titleOf = ({ about, unit }: Scan['axes'][number]) =>
    `${about.charAt(0).toUpperCase()}${about.slice(1)}${unit === '' ? '' : ` (${unit})`}`;
  const note = `order ${order}${formula === 'as-published' ? ', theory as published' : ''}`;
  if (axes.length === 1) {
    const points = sets.flatMap(({ values, points }) =>
      points
        .filter(({ extrapolates, fluctuates }) => extrapolates.length === 0 && fluctuates.length === 0)
        .map(({ rates, stable }) => ({ value: values[0]!, rates, stable })),
    );
    if (points.length === 0 || axes[0]!.values.length < 2) return undefined;
    return fixedPointLineFigure({
      title: `${model.name}: fixed points`,
      note: `${note}; without points beyond what the fits have seen`,
      axis: titleOf(axes[0]!),
      populations: model.populations.map(({ name }) => name),
      points,
    });
  }
  if (axes.length > 2 || axes.some(({ values }) => values.length < 2)) return undefined;
  const [x, y] = axes as [Scan['axes'][number], Scan['axes'][number]];
  // Sets have the last axis fastest; the map has the first one across.
  const at = (row: number, column: number) => sets[column * y.values.length + row]!;
  const map = <Value>(value: (set: Scan['sets'][number]) => Value) =>
    y.values.flatMap((_, row) => x.values.map((_, column) => value(at(row, column))));
  return stabilityMapFigure({
    title: model.name,
    note,
    x: { title: titleOf(x), values: x.values },
    y: { title: titleOf(y), values: y.values },
    population: model.populations[0]!.name,
    rate: map(({ points }) => {
      const seen = points.filter(({ extrapolates }) => extrapolates.length === 0);
      return restingPoint(seen)?.rates[0] ?? Number.NaN;
    }),
    kind: map(({ kind }) => SCAN_KINDS.indexOf(kind)),
    kinds: SCAN_KINDS,
  });
}
