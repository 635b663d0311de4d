/** `spikefield connectome <verb>`: look at a connectome, or make one up. */
import type { CAC } from 'cac';
import { connectomeMake, MAKE_OPTIONS } from './connectome-make.ts';
import { CONNECTOME_OPTIONS } from './connectome-option.ts';
import { connectomeShow } from './connectome-show.ts';
import { addVerbCommand, type Verb } from './verbs.ts';

type Option = readonly [flag: string, about: string];

const shared: readonly Option[] = [
  ['--out <folder>', 'Result directory (show: none where not given; make: runs/connectome-<name>)'],
  ['--force', 'Replace what is already there'],
  ['--json', 'Print one JSON object'],
  ['--quiet', 'Print nothing'],
];

const verbs: Readonly<Record<string, Verb>> = {
  show: {
    run: connectomeShow,
    what: 'a folder, .npz, .h5, .zip or matrix, or synthetic',
    options: [...CONNECTOME_OPTIONS, ...shared, ['--no-figures', 'show: draw no figure']],
  },
  make: { run: connectomeMake, what: 'nothing', optional: true, options: [...MAKE_OPTIONS, ...shared] },
};

export function addConnectomeCommand(cli: CAC, version: string): void {
  addVerbCommand(
    cli,
    {
      name: 'connectome',
      about: 'Connectomes: show <path>, make',
      verbs,
      examples: [
        'show data/gw --out runs/gw',
        'show synthetic:80:1 --json',
        'make --nodes 80 --seed 1 --recordings 3 --out data/made',
      ],
    },
    version,
  );
}
