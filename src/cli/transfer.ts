/** `spikefield transfer <verb> <what>`: transfer functions, measured, fitted and shown. Each verb has a file of its own. */
import type { CAC } from 'cac';
import { transferFit } from './transfer-fit.ts';
import { transferMeasure } from './transfer-measure.ts';
import { transferShow } from './transfer-show.ts';
import { addVerbCommand, type Verb } from './verbs.ts';

const common = {
  maxRate: [
    '--max-rate <rate>',
    'Output rate not to exceed: measure, with --adaptive (default: 30 Hz); fit, of points to fit (default: any)',
  ],
  out: [
    '--out <folder>',
    'Result directory (default: runs/transfer-<network>-<cell>; of a fit: below the measurement)',
  ],
  force: ['--force', 'Replace a result that is already there'],
  json: ['--json', 'Print the result as one JSON object'],
  quiet: ['--quiet', 'No progress, no summary'],
} as const satisfies Record<string, [string, string]>;

const verbs: Readonly<Record<string, Verb>> = {
  measure: {
    run: transferMeasure,
    what: 'library cells or cell files, with commas, as RS-cell,FS-cell',
    options: [
      ['--network <name>', 'measure: the network whose synapses the cells have (default: config1)'],
      ['--population <name>', 'measure: the population whose synapses they are (default: that of the cell)'],
      ['--nu-e <axis>', 'measure: rates of excitatory synapses, Hz (default: 0:20:11)'],
      ['--nu-i <axis>', 'measure: rates of inhibitory synapses, Hz (default: 0:20:11; adaptive: 0:20:10)'],
      ['--adaptive', 'measure: choose nu_e where the output rate rises, as the paper does'],
      ['--columns <n>', 'measure: with --adaptive, values of nu_e for each nu_i (default: 10)'],
      common.maxRate,
      [
        '--max-nu-e <rate>',
        'measure: with --adaptive, nu_e moves by at most this over columns (default: 30 Hz)',
      ],
      ['--repeats <n>', 'measure: neurons at each point (default: 4)'],
      ['--duration <time>', 'measure: simulated time of each neuron (default: 10 s)'],
      ['--discard <time>', 'measure: time at the beginning that does not count (default: 0 ms)'],
      ['--dt <time>', 'measure: time step (default: 0.05 ms)'],
      ['--seed <n>', 'measure: seed of the input (default: 1)'],
      ['--set <parameter=value>', 'measure: change a parameter of the cells, as b=60pA; may be repeated'],
      common.out,
      common.force,
      ['--dry-run', 'measure: say what it would cost, and stop'],
      common.json,
      common.quiet,
    ],
  },
  fit: {
    run: transferFit,
    what: 'the folder of a measured transfer function',
    options: [
      ['--linear', 'fit: the first five coefficients only'],
      ['--as-published', "fit: with the slip of the paper's program, for comparing with its coefficients"],
      ['--weighting <how>', 'fit: relative (low rates count, the default) or plain (mean square)'],
      common.maxRate,
      common.out,
      common.force,
      ['--no-figures', 'Draw no figure'],
      common.json,
      common.quiet,
    ],
  },
  show: {
    run: transferShow,
    what: 'the folder of a measured transfer function',
    options: [common.json],
  },
};

export function addTransferCommand(cli: CAC, version: string): void {
  addVerbCommand(
    cli,
    {
      name: 'transfer',
      about: 'Transfer functions: measure <cells>, fit <folder>, show <folder>',
      verbs,
      examples: [
        'measure RS-cell,FS-cell --network config1 --adaptive',
        'measure RS-cell --nu-e 0:20:21 --nu-i 0:20:11 --repeats 24 --out runs/rs',
        'fit runs/rs',
      ],
    },
    version,
  );
}
