/**
 * `spikefield meanfield <verb> <network>`: the mean field of a network, over time, at rest, and over many parameters. Each verb
 * has a file of its own.
 */
import type { CAC } from 'cac';
import { meanFieldContinue } from './meanfield-continue.ts';
import { meanFieldFixedPoint } from './meanfield-fixed-point.ts';
import { meanFieldRun } from './meanfield-run.ts';
import { meanFieldScan } from './meanfield-scan.ts';
import { addVerbCommand, type Verb } from './verbs.ts';

const network = 'a network: config1, vogels-abbott, or a YAML or JSON file';
const model: [string, string][] = [
  [
    '--fit <file>',
    "A fitted transfer function, taken for its cell; may be repeated (default: Spikefield's own)",
  ],
  ['--as-published', "The printed coefficients of Zerlaut et al. 2017, with the slip of the paper's program"],
  ['--order <1|2>', 'Mean rates alone (1), or with their covariances (2, the default)'],
  [
    '--adaptation',
    'Adaptation as a slow variable, by a, b and tau_w of the cells (default: settled, within the transfer functions)',
  ],
  ['--T <time>', 'Time scale of the Master Equation (default: 5 ms)'],
  ['--set <path=value>', 'Change a field of the network, as populations.*.drive.*.rate=5Hz; may be repeated'],
];
const output: [string, string][] = [
  ['--out <folder>', 'Result directory (default: runs/meanfield-<verb>-<network>; fixed-point: none)'],
  ['--force', 'Replace a result that is already there'],
  ['--no-figures', 'Draw no figure'],
  ['--json', 'Print the result as one JSON object'],
  ['--quiet', 'No progress, no summary'],
];
const vary =
  'scan: a number to vary, as drive=1Hz:8Hz:200 or exc.q_i=4,5,6; may be repeated; continue: its range, as drive=1Hz:8Hz';
const steps: [string, string][] = [
  [
    '--duration <time>',
    "Simulated time (run default: the network's; scan: 300 ms, with adaptation 6 tau_w more)",
  ],
  ['--dt <time>', 'Time step (default: 0.1 ms)'],
  ['--integrator <name>', 'euler, heun or rk4 (the default)'],
  ['--dry-run', 'Say what it would cost, and stop'],
];

const verbs: Readonly<Record<string, Verb>> = {
  run: {
    run: meanFieldRun,
    what: network,
    options: [
      ...model,
      ...steps,
      ['--every <time>', 'run: between samples (default: 1 ms)'],
      [
        '--initial <rates>',
        'run: rates to begin at, Hz, with commas (default: the lowest stable fixed point)',
      ],
      [
        '--waveform <peak,at,rise,fall>',
        'run: afferent input of the paper, as 2Hz,800ms,60ms,100ms: two half Gaussians',
      ],
      ['--ou-sd <rate>', 'run: let external rates fluctuate (Ornstein-Uhlenbeck) with this SD, as 0.5Hz'],
      ['--ou-tau <time>', 'run: correlation time of their fluctuation (default: 5 ms)'],
      ['--seed <n>', 'run: of their fluctuation (default: 1)'],
      ['--fraction <f>', 'run: part of the afferent input that excitatory cells receive (default: 1)'],
      ...output,
    ],
  },
  'fixed-point': {
    run: meanFieldFixedPoint,
    what: network,
    options: [...model, ...output],
  },
  continue: {
    run: meanFieldContinue,
    what: network,
    options: [...model, ['--vary <name=first:last:count>', vary], ...output],
  },
  scan: {
    run: meanFieldScan,
    what: network,
    options: [...model, ['--vary <name=first:last:count>', vary], ...steps, ...output],
  },
};

export function addMeanFieldCommand(cli: CAC, version: string): void {
  addVerbCommand(
    cli,
    {
      name: 'meanfield',
      about: 'Mean field of a network: run, fixed-point, continue, scan',
      verbs,
      examples: [
        'fixed-point config1 --json',
        'run config1 --waveform 2Hz,800ms,60ms,100ms',
        'continue config1 --vary drive=1Hz:8Hz',
        'scan config1 --vary drive=1Hz:8Hz:200',
      ],
    },
    version,
  );
}
