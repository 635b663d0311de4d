/** `spikefield tables <verb>`: look-up tables of EIF neurons, built from the Fokker-Planck equation, or shown. */
import { existsSync } from 'node:fs';
import type { CAC } from 'cac';
import { InputError, InterruptedError, OutputError } from '../errors.ts';
import { tablesFigure } from '../figures/tables.ts';
import { writeFigure } from '../figures/write-figure.ts';
import { type BuildOptions, buildTables, checkOptions } from '../fokker-planck/build-tables.ts';
import { DEFAULT_TABLES_PATH } from '../fokker-planck/default-tables.ts';
import { openTables } from '../fokker-planck/neurolib-tables.ts';
import { COARSEST } from '../fokker-planck/step-error.ts';
import { createTableDirectory, fillTables } from '../fokker-planck/table-file.ts';
import { type AxisRange, DEFAULT_MU, DEFAULT_SIGMA } from '../fokker-planck/tables.ts';
import { tableWork } from '../fokker-planck/work.ts';
import { megabytes } from '../gpu/bytes.ts';
import { openDevice } from '../gpu/device.ts';
import { readEifNeuron } from '../models/eif.ts';
import { parseQuantity } from '../units.ts';
import { watchInterrupt } from './interrupt.ts';
import { type OptionValue, quantityOption, textOption } from './options.ts';
import { formatSeconds, Progress } from './progress.ts';
import { describeTables, tableLines, tableMaps } from './tables-summary.ts';
import { addVerbCommand, type Given, type Verb } from './verbs.ts';

const out = [
  '--out <path>',
  'build: folder (default: runs/tables-<neuron>); show: the figure, without its ending',
] as const;
const force = ['--force', 'Replace what is already there'] as const;
const json = ['--json', 'Print one JSON object'] as const;
const quiet = ['--quiet', 'No progress, no summary'] as const;

const verbs: Readonly<Record<string, Verb>> = {
  build: {
    run: (folder, given, version) => {
      if (folder !== '')
        throw new InputError(
          `spikefield tables build takes no folder ${folder}; name it with --out ${folder}`,
        );
      return build(given, version);
    },
    what: 'nothing',
    optional: true,
    options: [
      ['--neuron <name>', 'build: aln, or a YAML or JSON file with its parameters (default: aln)'],
      ['--mu <from:to:count>', 'build: mean inputs, mV/ms (default: -1:7:350)'],
      ['--sigma <from:to:count>', 'build: noise strengths, mV/sqrt(ms) (default: 0.5:5:64)'],
      ['--step <voltage>', 'build: width of voltage cells (default: chosen by its error)'],
      out,
      force,
      ['--dry-run', 'build: say what it would cost, and stop'],
      json,
      quiet,
    ],
  },
  show: {
    run: (folder, given) => show(folder === '' ? DEFAULT_TABLES_PATH : folder, given),
    what: 'the folder of tables',
    optional: true,
    options: [out, force, json, quiet],
  },
};

export function addTablesCommand(cli: CAC, version: string): void {
  addVerbCommand(
    cli,
    {
      name: 'tables',
      about: 'Look-up tables of the ALN model: build, show [folder]',
      verbs,
      examples: [
        'build --json',
        'build --neuron mine.yaml --mu=-1:4:200 --out runs/mine',
        'show --out tables',
      ],
    },
    version,
  );
}

async function build(given: Given, version: string): Promise<void> {
  const neuron = readEifNeuron(textOption(given.neuron, '--neuron') ?? 'aln');
  const voltageStep = quantityOption(given.step, '--step', 'voltage');
  const options: BuildOptions = {
    mu: axisOption(given.mu, '--mu', DEFAULT_MU),
    sigma: axisOption(given.sigma, '--sigma', DEFAULT_SIGMA),
    ...(voltageStep === undefined ? {} : { voltageStep }),
  };
  const { mu, sigma } = checkOptions(options);
  if (given.dryRun === true) {
    const step = voltageStep ?? COARSEST;
    const work = { voltage_step: step, ...tableWork(neuron, mu, sigma, step) };
    const words = `${work.points} points, ${(work.cell_frequencies / 1e9).toFixed(2)} billion cells times frequencies at a step of ${step} mV, ${megabytes(work.disk_bytes)} on disk`;
    process.stdout.write(`${given.json === true ? JSON.stringify(work) : words}\n`);
    return;
  }
  const out = textOption(given.out, '--out') ?? `runs/tables-${neuron.name}`;
  const quiet = given.quiet === true;
  using directory = createTableDirectory(out, neuron, { force: given.force === true, version });
  const interrupt = watchInterrupt();
  const progress = new Progress(`tables of ${neuron.name}`, { quiet });
  const started = performance.now();
  try {
    await using device = await openDevice();
    const built = await buildTables(device, neuron, {
      ...options,
      onProgress: (fraction) => {
        if (interrupt.requested)
          throw new InterruptedError(
            `interrupted at ${Math.floor(100 * fraction)} %; ${out} is marked incomplete`,
          );
        progress.update(fraction);
      },
    });
    progress.end();
    fillTables(directory, built);
    const seconds = (performance.now() - started) / 1000;
    const summary = { out, wall_s: seconds, ...describeTables(built) };
    if (given.json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
    else if (!quiet)
      process.stdout.write(`${[...tableLines(built), `${out}  in ${formatSeconds(seconds)}`].join('\n')}\n`);
  } finally {
    progress.end();
    interrupt.stop();
  }
}

async function show(folder: string, given: Given): Promise<void> {
  const shown = await openTables(folder);
  const path = textOption(given.out, '--out') ?? `tables-${shown.neuron.name}`;
  const { EL, VT, DeltaT, Vr, Vs, C, gL, Tref } = shown.neuron;
  const svg = tablesFigure({
    title: `Look-up tables of ${shown.neuron.name}`,
    subtitle:
      `EIF neuron: C ${C} pF, gL ${gL} nS, EL ${EL} mV, VT ${VT} mV, DeltaT ${DeltaT} mV, Vr ${Vr} mV, Vs ${Vs} mV, Tref ${Tref} ms`.replaceAll(
        '-',
        '−',
      ),
    mu: shown.mu,
    sigma: shown.sigma,
    maps: tableMaps(shown),
  });
  refuseToReplace(path, given.force === true);
  const figure = writeFigure(path, svg);
  const summary = { figure: figure.png, svg: figure.svg, ...describeTables(shown) };
  if (given.json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else if (given.quiet !== true)
    process.stdout.write(`${[...tableLines(shown), `${figure.png} ${figure.svg}`].join('\n')}\n`);
}

/** A figure is no run directory, so nothing tells whether what stands there is ours. */
function refuseToReplace(path: string, force: boolean): void {
  const stem = path.replace(/\.(svg|png)$/i, '');
  const there = ['.svg', '.png'].map((ending) => stem + ending).find((file) => existsSync(file));
  if (there !== undefined && !force)
    throw new OutputError(`${there} is there already; choose another --out, or give --force to replace it.`);
}

/** `from:to:count`; the ends are plain numbers, since their units have no other. */
function axisOption(value: OptionValue, option: string, fallback: Readonly<AxisRange>): AxisRange {
  const given = textOption(value, option);
  if (given === undefined) return { ...fallback };
  const parts = given.split(':');
  if (parts.length !== 3)
    throw new InputError(
      `${option} is "${given}", but is written from:to:count, as ${fallback.from}:${fallback.to}:${fallback.count}`,
      {
        field: option,
      },
    );
  const [from, to, count] = parts.map((part) => parseQuantity(part, 'number', option)) as [
    number,
    number,
    number,
  ];
  return { from, to, count };
}
