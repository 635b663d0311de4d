/** `spikefield meanfield continue <network>`: all branches of fixed points along one parameter, with folds and Hopf points. */
import { writeFileSync } from 'node:fs';
import { InputError, InterruptedError } from '../errors.ts';
import { continuationFigure } from '../figures/continuation.ts';
import { writeFigure } from '../figures/write-figure.ts';
import { attempt } from '../io/output-file.ts';
import { type FixedPointBranch, fixedPointBranches } from '../mean-field/branches.ts';
import type { BranchPoint } from '../mean-field/continuation.ts';
import { covarianceIndex, isAdapting, type MeanField, stateLength } from '../mean-field/model.ts';
import { extrapolationWarning, type Variable, variable, varied } from '../mean-field/vary.ts';
import { parseQuantity } from '../units.ts';
import { watchInterrupt } from './interrupt.ts';
import { type ChosenModel, openDirectory, readModel } from './meanfield-model.ts';
import { listOption, type OptionValue, textOption } from './options.ts';
import { Progress } from './progress.ts';

/** What the parser hands over. */
type Given = Record<string, OptionValue>;

type Point = FixedPointBranch['points'][number];
type Special = FixedPointBranch['special'][number];

export async function meanFieldContinue(name: string, given: Given, version: string): Promise<void> {
  const chosen = readModel(name, given);
  const { model, order, formula } = chosen;
  const { axis, range } = readAxis(chosen, given);
  const out = textOption(given.out, '--out') ?? `runs/meanfield-continue-${model.name}`;
  using directory = openDirectory(out, given, version, chosen, { parameter: axis.name, range });
  const branches = follow(chosen, axis, range, given, (reason) => directory.abandon(reason));
  const write = (file: string, text: string) => {
    const path = directory.file(file);
    attempt(path, () => writeFileSync(path, text));
  };
  write('branches.csv', branchTable(chosen, axis, branches));
  write('special-points.csv', specialTable(chosen, axis, branches));
  const figure = given.figures === false ? undefined : figureOf(chosen, axis, range, branches);
  if (figure !== undefined) {
    writeFigure(directory.file('continuation.svg'), figure);
    directory.file('continuation.png');
  }
  const special = branches.flatMap((branch, index) =>
    branch.special.map((point) => specialJson(model, point, index)),
  );
  directory.finish({ branches: branches.length, special_points: special });
  const warnings = [
    ...(axis.fitted ? [extrapolationWarning(axis)] : []),
    ...branches.flatMap(({ ends }, index) =>
      ends.includes('lost')
        ? [`branch ${index} was lost before the end of the range: no further point of it was found`]
        : [],
    ),
  ];
  for (const warning of warnings) process.stderr.write(`spikefield: ${warning}\n`);
  if (given.json === true) {
    const result = {
      network: model.name,
      order,
      formula,
      T_ms: model.T,
      parameter: { name: axis.name, unit: axis.unit, range },
      branches: branches.map(({ points, ends }) => ({
        ends,
        points: points.map((point) => pointJson(model, point)),
      })),
      special_points: special,
      warnings,
      out,
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } else if (given.quiet !== true) process.stdout.write(`${lines(chosen, axis, branches, out).join('\n')}\n`);
}

function follow(
  { model, order }: ChosenModel,
  axis: Variable,
  range: [number, number],
  given: Given,
  abandon: (reason: string) => void,
): FixedPointBranch[] {
  const interrupt = watchInterrupt();
  const progress = new Progress(`branches of ${model.name}`, { quiet: given.quiet === true });
  try {
    const branches = fixedPointBranches((value) => varied(model, { [axis.name]: value }), {
      order,
      range,
      onProgress: (fraction) => {
        progress.update(fraction);
        if (interrupt.requested)
          throw new InterruptedError(
            `interrupted when ${Math.floor(100 * fraction)} % of the values were searched; run again for a result`,
          );
      },
    });
    if (branches.length === 0)
      throw new InputError(
        `the mean field of ${model.name} has no fixed point (order ${order}) at any value of ${axis.name} that was tried: give another range${order === 2 ? ', or --order 1' : ''}`,
      );
    return branches;
  } catch (error) {
    abandon(error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    progress.end();
    interrupt.stop();
  }
}

/** `drive=1Hz:8Hz`. */
function readAxis({ model }: ChosenModel, given: Given): { axis: Variable; range: [number, number] } {
  const options = listOption(given.vary, '--vary');
  if (options.length !== 1)
    throw new InputError(
      `fixed points are followed along one parameter, but --vary is given ${options.length} times: give it once, as --vary drive=1Hz:8Hz`,
    );
  const [text] = options as [string];
  const equals = text.indexOf('=');
  const ends = text.slice(equals + 1).split(':');
  if (equals < 1 || ends.length !== 2 || ends.some((end) => end.trim() === ''))
    throw new InputError(`--vary is "${text}", but must be name=first:last, as drive=1Hz:8Hz`);
  const axis = variable(model, text.slice(0, equals).trim());
  const [first, last] = ends.map((end) =>
    parseQuantity(end.trim(), axis.dimension, `--vary ${axis.name}`),
  ) as [number, number];
  if (first === last)
    throw new InputError(
      `--vary is "${text}", which goes nowhere: give two different ends, as drive=1Hz:8Hz`,
    );
  return { axis, range: [Math.min(first, last), Math.max(first, last)] };
}

/** Rates, covariances and currents of a point by their names in tables. */
function numbersOf(
  { populations, ...rest }: MeanField,
  order: 1 | 2,
  state: Float64Array,
): [string, number][] {
  const names = populations.map(({ name }) => name);
  const count = names.length;
  return [
    ...names.map((name, index): [string, number] => [`rate_${name}_Hz`, state[index]!]),
    ...(order === 2
      ? names.flatMap((a, i) =>
          names
            .slice(i)
            .map((b, k): [string, number] => [
              `covariance_${a}_${b}_Hz2`,
              state[covarianceIndex(count, i, i + k)]!,
            ]),
        )
      : []),
    ...(isAdapting({ populations, ...rest })
      ? names.map((name, index): [string, number] => [
          `adaptation_${name}_pA`,
          state[stateLength(count, order) + index]!,
        ])
      : []),
  ];
}

const columnOf = ({ name, unit }: Variable) => (unit === '' ? name : `${name}_${unit}`);

/** A line for each point along each branch. */
function branchTable(
  { model, order }: ChosenModel,
  axis: Variable,
  branches: readonly FixedPointBranch[],
): string {
  const names = numbersOf(model, order, branches[0]!.points[0]!.state).map(([name]) => name);
  const tail = 'stable,slowest_eigenvalue_per_s,its_frequency_Hz,extrapolates,large_fluctuations';
  const rows = branches.flatMap(({ points }, index) =>
    points.map(({ value, state, stable, slowest, extrapolates, fluctuates }) =>
      [
        ...[index, value, ...numbersOf(model, order, state).map(([, number]) => number), stable],
        ...[slowest[0], frequencyOf(slowest), extrapolates.join(' '), fluctuates.join(' ')],
      ].join(','),
    ),
  );
  return `${[['branch', columnOf(axis), ...names, tail].join(','), ...rows].join('\n')}\n`;
}

function specialTable(
  { model, order }: ChosenModel,
  axis: Variable,
  branches: readonly FixedPointBranch[],
): string {
  const names = numbersOf(model, order, branches[0]!.points[0]!.state).map(([name]) => name);
  const rows = branches.flatMap(({ special }, index) =>
    special.map(({ kind, value, state, frequency, extrapolates }) =>
      [
        ...[index, kind, value, ...numbersOf(model, order, state).map(([, number]) => number)],
        ...[frequency ?? '', extrapolates.join(' ')],
      ].join(','),
    ),
  );
  const head = ['branch', 'kind', columnOf(axis), ...names, 'frequency_Hz', 'extrapolates'];
  return `${[head.join(','), ...rows].join('\n')}\n`;
}

/** Hz; 0 where nothing turns. */
const frequencyOf = ([, imaginary]: BranchPoint['slowest']) => Math.abs(imaginary) / (2 * Math.PI);

function pointJson(model: MeanField, { value, state, stable, slowest, extrapolates, fluctuates }: Point) {
  return {
    value,
    rates_hz: ratesOf(model, state),
    stable,
    slowest_eigenvalue_per_s: slowest,
    extrapolates,
    large_fluctuations: fluctuates,
  };
}

function specialJson(
  model: MeanField,
  { kind, value, state, frequency, extrapolates }: Special,
  branch: number,
) {
  return {
    kind,
    branch,
    value,
    rates_hz: ratesOf(model, state),
    frequency_hz: frequency ?? null,
    extrapolates,
  };
}

const ratesOf = ({ populations }: MeanField, state: Float64Array) =>
  Object.fromEntries(populations.map(({ name }, index) => [name, state[index]!]));

/** For people. */
function lines(
  { model, order, formula }: ChosenModel,
  { name, unit }: Variable,
  branches: readonly FixedPointBranch[],
  out: string,
): string[] {
  const quantity = (value: number) => `${name} = ${value.toPrecision(6)}${unit === '' ? '' : ` ${unit}`}`;
  const special = branches.flatMap((branch) => branch.special);
  const many = (what: 'fold' | 'Hopf point') => {
    const count = special.filter(({ kind }) => kind === (what === 'fold' ? 'fold' : 'hopf')).length;
    return `${count === 0 ? 'no' : count} ${what}${count === 1 ? '' : 's'}`;
  };
  return [
    `${model.name}: ${branches.length === 1 ? 'one branch' : `${branches.length} branches`} of fixed points, ${many('fold')}, ${many('Hopf point')} (order ${order}, formula ${formula}, T ${model.T} ms)`,
    ...branches.map(({ points, ends }, index) => {
      const values = points.map(({ value }) => value);
      return `  branch ${index}: ${name} from ${Math.min(...values).toPrecision(4)} to ${Math.max(...values).toPrecision(4)}${unit === '' ? '' : ` ${unit}`}, ${points.length} points, ends: ${ends.join(', ')}`;
    }),
    ...special.map(({ kind, value, state, frequency, extrapolates }) => {
      const rates = model.populations.map((each, index) => `${each.name} ${state[index]!.toFixed(4)} Hz`);
      const at = kind === 'fold' ? 'fold' : `Hopf point, ${frequency!.toFixed(2)} Hz,`;
      return `  ${at} at ${quantity(value)}: ${rates.join(', ')}${extrapolates.length > 0 ? ', beyond what the fits have seen' : ''}`;
    }),
    `tables and figure in ${out}`,
  ];
}

/** Nothing where the fits have seen none of it. */
function figureOf(
  { model, order, formula }: ChosenModel,
  { about, unit }: Variable,
  range: [number, number],
  branches: readonly FixedPointBranch[],
): string | undefined {
  const count = model.populations.length;
  const shape = <Each extends Point | Special>(point: Each) => ({
    ...point,
    rates: Array.from(point.state.subarray(0, count)),
    shown: point.extrapolates.length === 0 && point.fluctuates.length === 0,
  });
  const drawn = branches.map(({ points, special }) => ({
    points: points.map(shape),
    special: special.map(shape),
  }));
  if (drawn.flatMap(({ points }) => points.filter(({ shown }) => shown)).length < 2) return undefined;
  return continuationFigure({
    title: `${model.name}: fixed points`,
    note: `order ${order}${formula === 'as-published' ? ', theory as published' : ''}; as far as the fits have seen`,
    axis: `${about.charAt(0).toUpperCase()}${about.slice(1)}${unit === '' ? '' : ` (${unit})`}`,
    range,
    populations: model.populations.map(({ name }) => name),
    branches: drawn,
  });
}
