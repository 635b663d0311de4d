/** `spikefield brain run`: whole brains over minutes in constant memory, with what is needed to go on after a stop. */
import { existsSync } from 'node:fs';
import { InputError, InterruptedError } from '../errors.ts';
import { type Device, openDevice } from '../gpu/device.ts';
import { RunDirectory } from '../io/run-directory.ts';
import { BrainJournal } from '../whole-brain/brain-journal.ts';
import { planBrains } from '../whole-brain/brain-plan.ts';
import { fitsTogether } from '../whole-brain/brain-program.ts';
import { type BrainOptions, BrainSimulation } from '../whole-brain/brain-simulation.ts';
import type { BrainStatistics } from '../whole-brain/brain-statistics.ts';
import type { BrainWindow } from '../whole-brain/brain-window.ts';
import { type BrainRunPlan, identityOf, readBrainRun } from './brain-options.ts';
import { finishBrainRun } from './brain-results.ts';
import { watchInterrupt } from './interrupt.ts';
import { textOption } from './options.ts';
import { Progress } from './progress.ts';
import type { Given } from './verbs.ts';

/** Between two parts of the journal where no simulated time is given, ms of waiting. */
const PATIENCE = 10_000;
/** Samples that may wait in memory for the next part, bytes. */
const MOST_PENDING = 2 ** 26;

export async function brainRun(given: Given, version: string): Promise<void> {
  const plan = await readBrainRun(given);
  const options = simulationOptions(plan);
  // What cannot be run is known before a folder is made.
  const { links } = planBrains(options.model, options.brains, {
    dt: plan.dt,
    together: fitsTogether(plan.connectome.nodes),
  });
  if (given.dryRun === true) {
    process.stdout.write(dryRun(plan, links.longest, given.json === true));
    return;
  }
  const out = textOption(given.out, '--out') ?? 'runs/brain-run';
  const quiet = given.quiet === true;
  const journalPath = `${out}.unfinished`;
  const resume = given.resume === true && BrainJournal.exists(journalPath);
  if (!resume && given.force !== true && BrainJournal.exists(journalPath))
    throw new InputError(
      `${journalPath} holds a run that was stopped; add --resume to go on with it, or --force to begin anew`,
    );
  const identity = identityOf(plan, version);
  const journal = BrainJournal.open(journalPath, identity, resume);
  const began = performance.now();
  // The directory of a stopped run is there already, and is that run's own.
  using directory = RunDirectory.create(out, {
    force: given.force === true || (resume && existsSync(out)),
    manifest: {
      kind: 'brain-run',
      spikefield: version,
      model: plan.model.name,
      connectome: plan.connectomeText,
      ...manifestOf(plan),
    },
  });
  let statistics: BrainStatistics;
  let simulated = 0;
  {
    await using device = await openDevice();
    const result = await advance(device, { plan, options, journal, journalPath, quiet });
    statistics = result.statistics;
    simulated = result.simulated;
  }
  const wall = (performance.now() - began) / 1000;
  const timing = {
    wall_s: wall,
    biological_s: (simulated * plan.seeds.length) / 1000,
    speed: (simulated * plan.seeds.length) / 1000 / wall,
  };
  const summary = finishBrainRun(directory, journal, {
    ...{ plan, statistics, timing, out, figures: given.figures !== false },
  });
  journal.remove();
  if (given.json === true) process.stdout.write(`${JSON.stringify(summary.json)}\n`);
  else if (!quiet) process.stdout.write(`${summary.lines.join('\n')}\n`);
}

function simulationOptions({ connectome, model, parameters, seeds, dt }: BrainRunPlan) {
  return { brains: seeds.map((seed) => ({ connectome, parameters, seed })), model, dt };
}

function manifestOf({ parameters, duration, transient, dt, sampling, TR, seeds, connectome }: BrainRunPlan) {
  return {
    ...{ parameters, seeds, duration_ms: duration, transient_ms: transient, dt_ms: dt },
    ...{ sampling_ms: sampling, bold_tr_ms: TR ?? null, regions: connectome.regions },
    notes: connectome.preparation.notes,
  };
}

interface Work {
  plan: BrainRunPlan;
  options: BrainOptions;
  journal: BrainJournal;
  journalPath: string;
  quiet: boolean;
}

/** Runs from the last part of the journal to the end; what is sampled goes into the journal. */
async function advance(
  device: Device,
  { plan, options, journal, journalPath, quiet }: Work,
): Promise<{ statistics: BrainStatistics; simulated: number }> {
  const last = journal.last();
  await using simulation = await BrainSimulation.create(device, last ? { ...options, state: last } : options);
  const interrupt = watchInterrupt();
  const many = plan.seeds.length > 1 ? `${plan.seeds.length} brains, ` : '';
  const progress = new Progress(`${many}${plan.duration / 1000} s`, { quiet });
  const from = simulation.time;
  const pending = { windows: [] as BrainWindow[], since: performance.now(), bytes: 0 };
  const keep = async () => {
    if (pending.windows.length === 0) return;
    journal.append({
      state: await simulation.state(),
      samples: joined(pending.windows.map(({ samples }) => samples)),
      bold: joined(pending.windows.map(({ bold }) => bold)),
    });
    Object.assign(pending, { windows: [], since: performance.now(), bytes: 0 });
  };
  try {
    // Statistics begin anew after the transient, so that is where one run ends and the next begins.
    for (const end of [plan.transient, plan.duration]) {
      const left = end - simulation.time;
      if (left > plan.dt / 2) {
        const windows = simulation.run({
          duration: Math.round(left / plan.dt) * plan.dt,
          sampling: plan.sampling,
          onProgress: (part) => progress.update((end - left * (1 - part)) / plan.duration),
          ...(plan.TR === undefined ? {} : { bold: { TR: plan.TR } }),
          ...(plan.checkpoint === undefined ? {} : { window: plan.checkpoint }),
        });
        for await (const window of windows) {
          pending.windows.push(window);
          pending.bytes += window.samples.byteLength + window.bold.byteLength;
          const due =
            plan.checkpoint !== undefined ||
            performance.now() - pending.since > PATIENCE ||
            pending.bytes > MOST_PENDING;
          const atTransient = end === plan.transient && end - simulation.time < plan.dt / 2;
          if (interrupt.requested) {
            await keep();
            throw new InterruptedError(
              `interrupted at ${(simulation.time / 1000).toFixed(1)} s; the same command with --resume goes on from there (${journalPath})`,
            );
          }
          if (due && !atTransient) await keep();
        }
      }
      // A part at this very moment would not say whether statistics have begun anew: it comes after they have.
      if (end === plan.transient && left > plan.dt / 2) {
        await simulation.restartStatistics();
        await keep();
      }
    }
    await keep();
    return { statistics: await simulation.statistics(), simulated: simulation.time - from };
  } finally {
    progress.end();
    interrupt.stop();
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function dryRun(
  { connectome, seeds, duration, dt, sampling, TR }: BrainRunPlan,
  longest: number,
  json: boolean,
): string {
  const steps = Math.round(duration / dt);
  const samples = sampling === null ? 0 : Math.floor(duration / sampling);
  const bytes =
    4 * connectome.nodes * seeds.length * (samples + (TR === undefined ? 0 : Math.floor(duration / TR)));
  const cost = {
    ...{ brains: seeds.length, nodes: connectome.nodes, steps, longest_delay_ms: longest * dt },
    ...{ couplings_per_step: connectome.nodes ** 2 * seeds.length, result_bytes: bytes },
  };
  if (json) return `${JSON.stringify(cost)}\n`;
  return `${seeds.length === 1 ? 'a brain' : `${seeds.length} brains`} of ${cost.nodes} nodes, ${steps} steps, ${(bytes / 1e6).toFixed(1)} MB of samples\n`;
}
