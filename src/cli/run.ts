/** `spikefield run <network>`: simulates a network, writes a run directory with its figure, prints a summary. */
import type { CAC } from 'cac';
import { InterruptedError } from '../errors.ts';
import { megabytes } from '../gpu/bytes.ts';
import { openDevice } from '../gpu/device.ts';
import { arrayReaders } from '../io/array-readers.ts';
import type { Network } from '../models/network.ts';
import { readNetwork } from '../models/read-network.ts';
import { simulate } from '../spiking/simulate.ts';
import { dryRun } from './dry-run.ts';
import { watchInterrupt } from './interrupt.ts';
import { integerOption, listOption, type OptionValue, quantityOption, textOption } from './options.ts';
import { Progress } from './progress.ts';
import type { RunOptions } from './run-options.ts';
import { RunRecorder } from './run-recorder.ts';
import { printDryRun, printProfile, printSummary } from './summary.ts';

/** What the parser hands over. */
type Given = Record<string, OptionValue>;

export function addRunCommand(cli: CAC, version: string): void {
  cli
    .command('run <network>', 'Simulate a spiking network: config1, vogels-abbott, or a YAML or JSON file')
    .option('--duration <time>', "Simulated time, ms (default: the network's own)")
    .option('--dt <time>', "Time step, ms (default: the network's own)")
    .option('--seed <n>', 'Seed of connectivity, drives and initial values (default: 1)')
    .option('--set <path=value>', 'Change a field, as projections.*.delay=1.5ms; may be repeated')
    .option('--storage <how>', 'Synapses: stored, procedural (drawn anew at each spike) or auto, by memory')
    .option('--discard <time>', 'Time before statistics begin (default: 500 ms, or 0 in shorter runs)')
    .option('--out <folder>', 'Run directory (default: runs/<network>-seed<n>)')
    .option('--force', 'Replace a run that is already there')
    .option('--spikes <all|n>', 'Neurons per population whose spikes are written (default: all)')
    .option('--traces <n>', 'Neurons per population whose V, w and conductances are recorded (default: 8)')
    .option('--trace-every <time>', 'Between samples of the traces (default: 0.5 ms)')
    .option('--rate-bin <time>', 'Width of the bins of population rates (default: 5 ms)')
    .option('--no-figures', 'Draw no figure')
    .option('--profile', 'Time each kernel by the clock of the device; the run is slower for it')
    .option('--dry-run', 'Say what the run would cost in memory and time, and stop')
    .option('--json', 'Print the summary as one JSON object')
    .option('--quiet', 'No progress, no summary')
    .example('spikefield run config1 --seed 5 --json')
    .example('spikefield run config1 --set "projections.*.delay=1.5ms" --out runs/delayed')
    .action((name: string, given: Given) => run(String(name), given, version));
}

async function run(name: string, given: Given, version: string): Promise<void> {
  const overrides = listOption(given.set, '--set');
  const dt = textOption(given.dt, '--dt');
  if (dt !== undefined) overrides.push(`dt=${dt}`);
  const duration = textOption(given.duration, '--duration');
  if (duration !== undefined) overrides.push(`duration=${duration}`);
  const storage = textOption(given.storage, '--storage');
  if (storage !== undefined) overrides.push(`storage=${storage}`);
  const network = readNetwork(name, overrides, arrayReaders);
  const options = readOptions(network, given);
  if (given.dryRun) {
    const cost = await dryRun(network, options);
    if (options.json) process.stdout.write(`${JSON.stringify(cost)}\n`);
    else printDryRun(network, cost);
    return;
  }
  await simulateAndRecord(network, options, version);
}

function readOptions(network: Network, given: Given): RunOptions {
  const seed = integerOption(given.seed, '--seed') ?? 1;
  const every = quantityOption(given.traceEvery, '--trace-every', 'time') ?? 0.5;
  const spikes = textOption(given.spikes, '--spikes') ?? 'all';
  return {
    duration: network.duration,
    seed,
    discard: quantityOption(given.discard, '--discard', 'time'),
    out: textOption(given.out, '--out') ?? `runs/${network.name}-seed${seed}`,
    force: given.force === true,
    json: given.json === true,
    quiet: given.quiet === true,
    figures: given.figures !== false,
    traces: integerOption(given.traces, '--traces') ?? 8,
    traceEverySteps: Math.max(1, Math.round(every / network.dt)),
    spikes: spikes === 'all' ? 'all' : integerOption(spikes, '--spikes')!,
    rateBin: quantityOption(given.rateBin, '--rate-bin', 'time'),
    profile: given.profile === true,
  };
}

async function simulateAndRecord(network: Network, options: RunOptions, version: string): Promise<void> {
  const interrupt = watchInterrupt();
  // The directory comes first: an output that cannot be written is known before anything is computed.
  const recorder = RunRecorder.create(network, options, version);
  const progress = new Progress(`${network.name}, ${options.duration} ms`, options);
  try {
    await using device = await openDevice();
    const summary = await simulate(device, network, {
      seed: options.seed,
      duration: options.duration,
      ...(options.discard === undefined ? {} : { discard: options.discard }),
      traces: recorder.traceRequests,
      traceEverySteps: options.traceEverySteps,
      profile: options.profile,
      onBuilt: (simulation) => {
        recorder.begin(simulation);
        for (const warning of simulation.plan.warnings) process.stderr.write(`spikefield: ${warning}\n`);
      },
      onActivity: (activity) => {
        if (interrupt.requested) {
          throw new InterruptedError(
            `interrupted at ${activity.end.toFixed(1)} of ${options.duration} ms; ${options.out} holds what came before and is marked incomplete`,
          );
        }
        recorder.record(activity);
        progress.update(activity.end / options.duration);
      },
    });
    progress.end();
    recorder.finish(summary);
    const result = { ...summary, out: options.out };
    if (summary.timing.kernels) printProfile(summary.timing.kernels);
    if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    else if (!options.quiet) printSummary(result, recorder.figure, megabytes(process.memoryUsage().rss));
  } catch (error) {
    progress.end();
    recorder.abandon(error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    interrupt.stop();
  }
}
