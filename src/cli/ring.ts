/** `spikefield ring <verb>`: rings of mean-field units. Each verb has a file of its own. */
import type { CAC } from 'cac';
import { RING_OPTIONS, UNIT_OPTIONS } from './ring-model.ts';
import { ringRun } from './ring-run.ts';
import { ringScanVerb } from './ring-scan.ts';
import { addVerbCommand, type Verb } from './verbs.ts';

const network = 'the network of a unit: config1 (the default), or a YAML or JSON file';

const verbs: Readonly<Record<string, Verb>> = {
  run: {
    run: ringRun,
    what: network,
    optional: true,
    options: [
      ...RING_OPTIONS,
      ...UNIT_OPTIONS,
      ['--out <folder>', 'Result directory (default: runs/ring-<verb>-<network>)'],
      ['--force', 'Replace a result that is already there'],
      ['--no-figures', 'Draw no figure'],
      ['--dry-run', 'Say what it would cost, and stop'],
      ['--json', 'Print the result as one JSON object'],
      ['--quiet', 'No progress, no summary'],
    ],
  },
  scan: ringScanVerb,
};

export function addRingCommand(cli: CAC, version: string): void {
  addVerbCommand(
    cli,
    {
      name: 'ring',
      about: 'A ring of mean-field units with lateral connectivity: run, scan',
      verbs,
      examples: [
        'run --as-published',
        'run --conduction-velocity 50 --out runs/slow',
        'run --stimulus apparent-motion-2deg',
        'scan --data session.mat --n 5',
      ],
    },
    version,
  );
}
