/** Finds the benchmark that is named, runs it and prints its report; every error is a sentence and an exit code. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { cac } from 'cac';
import { textOption } from '../src/cli/options.ts';
import { InputError, OutputError, SpikefieldError } from '../src/errors.ts';
import { attempt, writeWhole } from '../src/io/output-file.ts';
import { suggestion } from '../src/models/document/near-names.ts';
import { alnBench } from './aln.ts';
import type { Bench, Given } from './bench.ts';
import { brainBench } from './brain.ts';
import { meanFieldBench } from './meanfield.ts';
import { networkBench } from './network.ts';
import { peersBench } from './peers.ts';
import { ringBench } from './ring.ts';
import { transferBench } from './transfer.ts';

/** Every benchmark there is. */
const benches: readonly Bench[] = [
  networkBench,
  transferBench,
  alnBench,
  brainBench,
  meanFieldBench,
  ringBench,
  peersBench,
];

/** Where a report goes; tests read what is written. */
export interface Output {
  out: (text: string) => void;
  err: (text: string) => void;
}

const terminal: Output = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/**
 * Runs `npm run bench -- <args>`.
 * @param args as `['network', '--json']`
 * @returns the exit code
 */
export async function benchmark(
  args: readonly string[],
  { out, err }: Output = terminal,
  known: readonly Bench[] = benches,
): Promise<number> {
  try {
    const chosen = choose(args, known);
    if (typeof chosen === 'number') return chosen;
    const { bench, given } = chosen;
    const save = textOption(given.save, '--save');
    if (save !== undefined) checkWritable(save);
    const { result, lines } = await bench.run(given, (line) => err(`${line}\n`));
    const json = `${JSON.stringify(result)}\n`;
    if (save !== undefined) writeWhole(save, json);
    out(given.json === true ? json : `${lines.join('\n')}\n`);
    return 0;
  } catch (error) {
    if (error instanceof SpikefieldError) {
      err(`bench: ${error.message}\n`);
      return error.exitCode;
    }
    if (error instanceof Error && error.name === 'CACError') {
      err(`bench: ${error.message}\n`);
      return 2;
    }
    throw error;
  }
}

/** The benchmark and its options, or an exit code where the list of benchmarks was all there was to give. */
function choose(args: readonly string[], known: readonly Bench[]): { bench: Bench; given: Given } | number {
  const cli = cac('npm run bench --');
  for (const { name, about, options } of known) {
    const command = cli.command(name, about);
    for (const option of options) command.option(option.flag, option.about);
    command.option('--json', 'Print one JSON object instead of a table');
    command.option('--save <file>', 'Write that object to a file as well');
    command.action(() => {});
  }
  cli.help();
  const { args: rest, options } = cli.parse(['node', 'bench', ...args], { run: false });
  if (options.help) return 0;
  const command = cli.matchedCommand;
  if (!command) {
    const names = known.map(({ name }) => name);
    if (rest.length > 0)
      throw new InputError(`there is no benchmark ${rest[0]}; ${suggestion(rest[0]!, names)}`);
    cli.outputHelp();
    return 2;
  }
  if (rest.length > 0) {
    throw new InputError(
      `benchmark ${command.name} takes no argument, but was given ${rest[0]}: leave it out`,
    );
  }
  const flags = command.options.flatMap((option) => option.names.map((each) => `--${each}`));
  for (const name of Object.keys(options)) {
    const flag = `--${name}`;
    if (name === '--' || flags.includes(flag)) continue;
    throw new InputError(`benchmark ${command.name} has no option ${flag}; ${suggestion(flag, flags)}`);
  }
  return { bench: known.find(({ name }) => name === command.name)!, given: options as Given };
}

/** Whoever waited minutes for a result shall not learn then that it has no place. */
function checkWritable(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) {
    throw new OutputError(
      `${path} is a folder, so no file of that name can be written; choose another name.`,
    );
  }
  attempt(path, () => accessSync(dirname(path), constants.W_OK));
}
