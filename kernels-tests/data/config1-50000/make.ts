/**
 * Makes brian2.json beside it: the activity of config1 with 50,000 neurons by Brian2, seed by seed. How: README.md there.
 *
 *     SPIKEFIELD_PYTHON=brian2-env/bin/python npx tsx kernels-tests/data/config1-50000/make.ts 1 2 3 4
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { activityStatistics } from '../../../bench/activity-statistics.ts';
import { scratchFolder } from '../../../bench/child.ts';
import { networkOf, recipesOf } from '../../../bench/peer-networks.ts';
import { Brian2Network, findBrian2 } from '../../../bench/peers/brian2.ts';
import { readNpy } from '../../../src/io/npy.ts';
import { writeWhole } from '../../../src/io/output-file.ts';
import { networkToJSON } from '../../../src/models/network-to-json.ts';
import { type StoredActivity, storedActivity, storedPath } from './stored.ts';

const neurons = 50_000;
const duration = 2500;
const windows: StoredActivity['windows'] = { short: [300, 800], long: [500, duration] };

const seeds = process.argv.slice(2).map(Number);
if (seeds.length === 0 || !seeds.every((seed) => Number.isInteger(seed) && seed >= 0)) {
  throw new Error('name the seeds to simulate, whole numbers: tsx make.ts 1 2 3');
}
const found = await findBrian2();
if ('absent' in found) throw new Error(`there is nothing to ask: ${found.absent}`);

const [recipe] = recipesOf('config1', { sizes: [neurons], duration, scratch: scratchFolder() });
const network = networkOf(recipe!);
const stored: StoredActivity = existsSync(storedPath)
  ? storedActivity()
  : {
      source: 'Brian2, C++ standalone, by bench/peers/brian2_network.py; made by make.ts, see README.md',
      ...{ versions: found.versions, neurons, duration_ms: duration, windows, seeds: [] },
    };

for (const seed of seeds) {
  const scratch = scratchFolder();
  const spikes = join(scratch, 'spikes');
  mkdirSync(spikes);
  const began = performance.now();
  const built = await Brian2Network.build(found.python, {
    network: networkToJSON(network),
    duration_ms: duration,
    statistics_from_step: Math.round(windows.long![0] / network.dt),
    ...{ seed, threads: 1, directory: join(scratch, 'project'), spikes },
  });
  const run = await built.run();
  await built.close();
  const populations = Object.fromEntries(
    network.populations.map(({ name, size }) => {
      const times = readNpy(join(spikes, `${name}-times.npy`), 'f8').data;
      return [name, { size, times, neurons: readNpy(join(spikes, `${name}-neurons.npy`), 'u4').data }];
    }),
  );
  const statistics = Object.fromEntries(
    Object.entries(windows).map(([name, [t0, t1]]) => [name, activityStatistics(populations, { t0, t1 })]),
  );
  stored.seeds = [
    ...stored.seeds.filter((each) => each.seed !== seed),
    { seed, synapses: run.synapses, statistics },
  ];
  stored.seeds.sort((a, b) => a.seed - b.seed);
  // After every seed, so that what is made stays when the next one is interrupted.
  writeWhole(storedPath, `${JSON.stringify(stored, null, 1)}\n`);
  console.info(`seed ${seed}: ${((performance.now() - began) / 1000).toFixed(0)} s`, statistics);
}
