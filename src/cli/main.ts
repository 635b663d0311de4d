/** The command line: finds the command, runs it, and turns every error into its sentence and exit code. */
import { readFileSync } from 'node:fs';
import { cac } from 'cac';
import { InputError, SpikefieldError } from '../errors.ts';
import { pollQuietly } from '../gpu/quiet-polling.ts';
import { suggestion } from '../models/document/near-names.ts';
import { addAlnCommand } from './aln.ts';
import { addBrainCommand } from './brain.ts';
import { addCompareCommand } from './compare.ts';
import { addConnectomeCommand } from './connectome.ts';
import { addDoctorCommand } from './doctor.ts';
import { addMeanFieldCommand } from './meanfield.ts';
import { joinNegativeValues } from './negative-values.ts';
import { addNodeCommand } from './node.ts';
import { addRingCommand } from './ring.ts';
import { addRunCommand } from './run.ts';
import { addStepCommand } from './step.ts';
import { addSweepCommand } from './sweep.ts';
import { addTablesCommand } from './tables.ts';
import { addTransferCommand } from './transfer.ts';
import { addVsdCommand } from './vsd.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

pollQuietly();
const cli = cac('spikefield');
addRunCommand(cli, version);
addStepCommand(cli, version);
addSweepCommand(cli, version);
addTransferCommand(cli, version);
addMeanFieldCommand(cli, version);
addCompareCommand(cli, version);
addTablesCommand(cli, version);
addAlnCommand(cli, version);
addNodeCommand(cli, version);
addBrainCommand(cli, version);
addConnectomeCommand(cli, version);
addRingCommand(cli, version);
addVsdCommand(cli, version);
addDoctorCommand(cli, version);
cli.help((sections) =>
  // A flag that is on unless it is denied needs no default.
  sections.map((section) => ({
    ...section,
    body: section.body.replace(/^(\s+--no-.*) \(default: true\)$/gm, '$1'),
  })),
);
cli.version(version);

try {
  cli.parse(joinNegativeValues(process.argv), { run: false });
  if (!cli.options.help && !cli.options.version) {
    if (!cli.matchedCommand) refuseCommand(cli.args[0]);
    else {
      refuseUnknownOptions();
      await cli.runMatchedCommand();
    }
  }
} catch (error) {
  process.exitCode = report(error);
}

function refuseCommand(given: string | undefined): void {
  const names = cli.commands.map((command) => command.name);
  if (given === undefined) {
    cli.outputHelp();
    process.exitCode = 2;
  } else {
    throw new InputError(`there is no command ${given}; ${suggestion(given, names)}`);
  }
}

function refuseUnknownOptions(): void {
  const command = cli.matchedCommand!;
  const known = [...command.options, ...cli.globalCommand.options].flatMap((option) => option.names);
  for (const name of Object.keys(cli.options)) {
    if (name === '--' || known.includes(name)) continue;
    throw new InputError(`spikefield ${command.name} has no option --${name}; ${suggestion(name, known)}`);
  }
}

/** Prints one sentence for what a user can mend, and the whole trace for a fault of ours. */
function report(error: unknown): number {
  if (error instanceof SpikefieldError) {
    process.stderr.write(`spikefield: ${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof Error && error.name === 'CACError') {
    process.stderr.write(`spikefield: ${error.message}\n`);
    return 2;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`spikefield: this is a fault of Spikefield; please report it.\n${text}\n`);
  return 70;
}
