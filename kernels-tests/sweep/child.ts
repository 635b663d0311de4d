/** A slow sweep in a process of its own, to be killed: `tsx child.ts <folder> <shard>`. Says a line for each batch it begins. */
import { parseShard } from '../../src/sweep/folder.ts';
import { runSweep } from '../../src/sweep/run-sweep.ts';
import { evaluateSlowly, slowPlan } from './slow-sweep.ts';

const [folder, shard] = process.argv.slice(2);
const run = await runSweep(
  slowPlan,
  async (points) => {
    process.stdout.write(`begin ${points[0]!.join(' ')}\n`);
    return await evaluateSlowly(points);
  },
  { folder: folder!, batch: 5, shard: parseShard(shard ?? '1/1') },
);
process.stdout.write(`done ${run.found} ${run.evaluated}\n`);
