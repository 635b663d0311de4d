/** `spikefield brain <verb>`: whole brains of nodes that hear each other through a connectome. */
import type { CAC } from 'cac';
import { InputError } from '../errors.ts';
import { brainExploreVerb } from './brain-explore.ts';
import { brainFitVerb } from './brain-fit.ts';
import { BRAIN_OPTIONS } from './brain-options.ts';
import { brainRun } from './brain-run.ts';
import { addVerbCommand, type Verb } from './verbs.ts';

const run: Verb = {
  run: async (what, given, version) => {
    if (what !== '')
      throw new InputError(
        `spikefield brain run takes nothing after it, but was given ${what}; write --connectome ${what}`,
      );
    await brainRun(given, version);
  },
  what: 'nothing',
  optional: true,
  options: [
    ...BRAIN_OPTIONS,
    ['--sampling <time>', 'Between samples of rates (default: 10 ms)'],
    ['--no-rates', 'Keep no samples of rates'],
    ['--out <folder>', 'Result directory (default: runs/brain-run)'],
    ['--resume', 'Go on with a run that was stopped'],
    [
      '--checkpoint <time>',
      'Simulated time after which a run can be resumed (default: every 10 s of waiting)',
    ],
    ['--no-figures', 'Draw nothing'],
    ['--force', 'Replace what is already there'],
    ['--dry-run', 'Say what it would cost, and stop'],
    ['--json', 'Print one JSON object'],
    ['--quiet', 'No progress, no summary'],
  ],
};

export function addBrainCommand(cli: CAC, version: string): void {
  addVerbCommand(
    cli,
    {
      name: 'brain',
      about: 'Whole brains: run, explore, fit',
      verbs: { run, explore: brainExploreVerb, fit: brainFitVerb },
      examples: [
        'run --connectome synthetic --duration 24s --bold --set mue_ext_mean=1.57 --set mui_ext_mean=1.6 --set sigma_ou=0.09 --set b=5',
        'run --connectome my-dataset --duration 300s --bold --seeds 4 --json',
        'run --connectome my-dataset --duration 300s --bold --subjects each',
        'explore --connectome my-dataset --bold --duration 60s --vary mue_ext_mean=0:3:7 --vary mui_ext_mean=0:3:7',
        'fit --connectome my-dataset --bold --duration 120s --vary mue_ext_mean=1:2 --vary b=0:20 --vary sigma_ou=0:0.3',
      ],
    },
    version,
  );
}
