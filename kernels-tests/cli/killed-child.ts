/**
 * The command line in a process that ends by SIGKILL as soon as so many batches or parts of a journal are on the disk, however fast the
 * machine: `tsx killed-child.ts <parts> brain run ...`.
 */
import { Journal } from '../../src/sweep/journal.ts';
import { BrainJournal } from '../../src/whole-brain/brain-journal.ts';

let left = Number(process.argv[2]);
for (const { prototype } of [Journal, BrainJournal]) {
  const append = prototype.append as (...given: unknown[]) => void;
  prototype.append = function (this: unknown, ...given: unknown[]) {
    append.apply(this, given);
    left--;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
process.argv.splice(2, 1);
await import('../../src/cli/main.ts');
