/** `spikefield aln bifurcate` and `spikefield aln map`: what a node does along one parameter, or over two. */
import { NODE_STATES } from '../analysis/node-states.ts';
import { InputError } from '../errors.ts';
import { bifurcationFigure } from '../figures/aln-bifurcation.ts';
import { alnMapFigure } from '../figures/aln-map.ts';
import { writeFigure } from '../figures/write-figure.ts';
import { defaultTables } from '../fokker-planck/default-tables.ts';
import { openDevice } from '../gpu/device.ts';
import { RunDirectory } from '../io/run-directory.ts';
import { ALN_PARAMETERS, alnNodes } from '../models/aln.ts';
import { suggestion } from '../models/document/near-names.ts';
import { requireDelays, requireStep, requireTableOf, wholeSteps } from '../whole-brain/aln-checks.ts';
import { explorationArrays, plainArrays, saveAln } from '../whole-brain/aln-files.ts';
import {
  ALN_STARTS,
  type AlnStart,
  type Axis,
  type Exploration,
  exploreAln,
} from '../whole-brain/explore-aln.ts';
import { SWEEPS, sweepAln } from '../whole-brain/sweep-aln.ts';
import {
  type Given,
  openTablesOption,
  parameterOptions,
  saveOptions,
  tableWarning,
  timeOption,
  varyOptions,
  withProgress,
} from './aln-options.ts';
import { integerOption, textOption } from './options.ts';
import { formatSeconds } from './progress.ts';

/** By continuation upwards and downwards, unless initial states are named. */
export function alnBifurcate(given: Given, version: string): Promise<void> {
  const sweep = given.sweep === true || given.start === undefined;
  if (given.sweep === true && given.start !== undefined)
    throw new InputError(
      '--sweep goes on from value to value and --start begins anew at each; give one of the two',
    );
  const vary = varyOptions(given, 1);
  return explore(given, version, { verb: 'bifurcate', vary, draw: drawBifurcation, sweep });
}

export function alnMap(given: Given, version: string): Promise<void> {
  // The first axis is the horizontal one, which varies fastest.
  return explore(given, version, {
    verb: 'map',
    vary: varyOptions(given, 2).reverse(),
    draw: drawMap,
    sweep: false,
  });
}

interface Verb {
  verb: string;
  vary: Axis[];
  draw: (exploration: Exploration, fixed: string) => string;
  sweep: boolean;
}

async function explore(given: Given, version: string, { verb, vary, draw, sweep }: Verb): Promise<void> {
  const parameters = fixedParameters(given);
  const tables = await openTablesOption(given);
  const duration = timeOption(given, 'duration', 5000);
  const dt = timeOption(given, 'dt', 0.1);
  const window = timeOption(given, 'window', Math.min(3000, duration));
  const seed = integerOption(given.seed, '--seed') ?? 0;
  const starts = sweep ? [] : startsOption(given);
  const branches: readonly string[] = sweep ? SWEEPS : starts;
  const saved = saveOptions(given);
  const out = textOption(given.out, '--out') ?? `runs/aln-${verb}`;
  const quiet = given.quiet === true;
  // What cannot be run is known before a folder is made.
  const nodes = alnNodes({
    ...parameters,
    ...(vary.length === 1 ? { [vary[0]!.name]: vary[0]!.values } : {}),
  });
  requireTableOf(nodes.neuron, tables ?? defaultTables());
  requireStep(dt, nodes, tables ?? defaultTables());
  requireDelays(duration, nodes);
  const runs = vary.reduce((product, { values }) => product * values.length, branches.length);
  if (given.dryRun === true) {
    const cost = {
      runs,
      steps: wholeSteps(duration, dt, '--duration'),
      node_steps: runs * wholeSteps(duration + window, dt, '--duration'),
    };
    process.stdout.write(
      given.json === true
        ? `${JSON.stringify(cost)}\n`
        : `${runs} runs of ${duration} ms, at most ${(cost.node_steps / 1e6).toFixed(0)} million steps of nodes\n`,
    );
    return;
  }
  using directory = RunDirectory.create(out, {
    force: given.force === true,
    manifest: {
      ...{
        kind: `aln-${verb}`,
        spikefield: version,
        parameters,
        starts: branches,
        duration_ms: duration,
        window_ms: window,
        dt_ms: dt,
        seed,
      },
      vary: vary.map(({ name, values }) => ({
        name,
        from: values[0],
        to: values[values.length - 1],
        count: values.length,
      })),
      states: NODE_STATES,
    },
  });
  const began = performance.now();
  const exploration = await withProgress(
    `${runs} runs of ${duration} ms`,
    { quiet, out },
    async (onProgress) => {
      await using device = await openDevice();
      const shared = { parameters, dt, duration, window, seed, onProgress, ...(tables ? { tables } : {}) };
      return await (sweep
        ? sweepAln(device, { ...shared, vary: vary[0]! })
        : exploreAln(device, { ...shared, vary, starts }));
    },
  );
  const seconds = (performance.now() - began) / 1000;
  for (const [name, { data, shape }] of Object.entries(plainArrays(explorationArrays(exploration))))
    directory.write(name, data, shape);
  const numbers = Uint8Array.from(exploration.regions, (region) => NODE_STATES.indexOf(region));
  directory.write(
    'states',
    numbers,
    vary.map(({ values }) => values.length),
  );
  const fixed = Object.entries(parameters).map(([name, value]) => `${name} ${value}`);
  const stem = verb === 'map' ? 'map' : 'bifurcation';
  const svg = directory.file(`${stem}.svg`);
  directory.file(`${stem}.png`);
  const figure = writeFigure(svg, draw(exploration, fixed.join(', ').replaceAll('-', '−'))).png;
  directory.finish();
  for (const path of saved) await saveAln(path, exploration);
  const counts = Object.fromEntries(
    NODE_STATES.map((state) => [state, exploration.regions.filter((region) => region === state).length]),
  );
  const warning = tableWarning(Object.values(exploration.outsideTable).flatMap((part) => [...part])) ?? null;
  const summary = {
    out,
    figure,
    saved,
    wall_s: seconds,
    runs,
    points: exploration.points,
    states: counts,
    warning,
  };
  if (given.json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else if (!quiet) {
    const found = NODE_STATES.filter((state) => counts[state]! > 0).map(
      (state) => `${state} ${counts[state]}`,
    );
    const text = [
      `${exploration.points} points: ${found.join(', ')}`,
      ...(warning === null ? [] : [warning]),
    ];
    process.stdout.write(`${[...text, `${out}  in ${formatSeconds(seconds)}`].join('\n')}\n`);
  }
}

function fixedParameters(given: Given): Record<string, number> {
  return Object.fromEntries(
    Object.entries(parameterOptions(given)).map(([name, value]) => {
      if (typeof value !== 'number')
        throw new InputError(`${name} has several values; vary it with --vary ${name}=from:to:count`, {
          field: name,
        });
      return [name, value];
    }),
  );
}

function startsOption(given: Given): AlnStart[] {
  const names = (textOption(given.start, '--start') ?? 'down,up').split(',').map((each) => each.trim());
  const known = Object.keys(ALN_STARTS);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new InputError(`--start is ${unknown}; ${suggestion(unknown, known)}`);
  if (new Set(names).size < names.length) throw new InputError('--start names a state twice; name each once');
  return names as AlnStart[];
}

function axisTitle(name: string): string {
  const { unit } = ALN_PARAMETERS.find((each) => each.name === name)!;
  return unit === '' ? name : `${name} (${unit})`;
}

const BRANCH_NAMES: Readonly<Record<string, string>> = { sweep_up: 'upwards', sweep_down: 'downwards' };

function drawBifurcation({ vary, starts, outcomes, window }: Exploration, fixed: string): string {
  const axis = vary[0]!;
  return bifurcationFigure({
    title: 'ALN node: largest and smallest rate',
    note: [`last ${window} ms`, fixed].filter(Boolean).join(', '),
    axis: axisTitle(axis.name),
    values: axis.values,
    branches: starts.map((start) => ({
      name: BRANCH_NAMES[start] ?? `from ${start}`,
      ...outcomes[start]!.rates_exc,
    })),
  });
}

function drawMap({ vary, starts, outcomes, regions, points, window }: Exploration, fixed: string): string {
  const [y, x] = vary as [Axis, Axis];
  const runs = starts.map((start) => outcomes[start]!);
  const over = (take: (run: (typeof runs)[number], point: number) => number) =>
    Float64Array.from({ length: points }, (_, point) => {
      const values = runs.map((run) => take(run, point)).filter((value) => !Number.isNaN(value));
      return values.length > 0 ? Math.max(...values) : Number.NaN;
    });
  return alnMapFigure({
    title: 'ALN node',
    subtitle: [`last ${window} ms from ${starts.join(' and ')}`, fixed].filter(Boolean).join(', '),
    x: { title: axisTitle(x.name), values: x.values },
    y: { title: axisTitle(y.name), values: y.values },
    max: over((run, point) => run.rates_exc.max[point]!),
    amplitude: over((run, point) => run.rates_exc.max[point]! - run.rates_exc.min[point]!),
    frequency: over((run, point) => run.frequency[point]!),
    regions,
  });
}
