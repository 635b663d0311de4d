/**
 * `npm start`: the main job, from nothing. Simulates 1500 ms of the reference network and writes its run directory
 * and figure. Further arguments go to `spikefield run`: `npm start -- --seed 5`.
 */
import { commandLine, driver, launch } from './launch.mjs';

const given = process.argv.slice(2);
const defaults = { '--duration': ['1500'], '--out': ['runs/config1'], '--force': [] };
const isGiven = (name) => given.some((argument) => argument === name || argument.startsWith(`${name}=`));
const missing = Object.entries(defaults).filter(([name]) => !isGiven(name));
// Only the folder that is ours by default may be overwritten unasked.
const kept = missing.filter(([name]) => name !== '--force' || !isGiven('--out'));

await launch(async () => {
  await driver();
  await commandLine(['run', 'config1', ...kept.flat(2), ...given]);
});
