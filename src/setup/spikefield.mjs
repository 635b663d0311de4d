#!/usr/bin/env node
/**
 * The command `spikefield`. In a clone it first installs and compiles what is missing; everywhere it sees to a driver
 * before a command that computes. `npx spikefield` finds it in a clone without any installation.
 */
import { commandLine, compiled, driver, launch } from './launch.mjs';

const args = process.argv.slice(2);
const has = (...names) => args.some((argument) => names.includes(argument));
// `doctor` and a dry run say what is there, and so must not change it; help and version compute nothing.
const looks =
  args.length === 0 || args[0] === 'doctor' || has('--help', '-h', '--version', '-v', '--dry-run');

await launch(async (log) => {
  const { needsDevice } = await compiled('setup/needs-device');
  if (looks) (await compiled('setup/provide')).useInstalledDriver(log);
  else if (needsDevice(args)) await driver({ announce: !has('--quiet') });
  await commandLine(args);
});
