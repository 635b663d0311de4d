/** `spikefield brain run`: whole brains over minutes in constant memory, with what is needed to go on after a stop. */
import { existsSync } from 'node:fs';
import { InputError } from '../errors.ts';
import { openDevice } from '../gpu/device.ts';
import { RunDirectory } from '../io/run-directory.ts';
import { BrainJournal } from '../whole-brain/brain-journal.ts';
import { planBrains } from '../whole-brain/brain-plan.ts';
import { fitsTogether } from '../whole-brain/brain-room.ts';
import { advanceBrains } from './brain-advance.ts';
import { type BrainRunPlan, brainsOfRun, identityOf, readBrainRun } from './brain-options.ts';
import { finishBrainRun } from './brain-results.ts';
import { integerOption, textOption } from './options.ts';
import type { Given } from './verbs.ts';

export async function brainRun(given: Given, version: string): Promise<void> {
  const plan = await readBrainRun(given);
  const batch = integerOption(given.batch, '--batch', { least: 1, most: 1e6 });
  const brains = brainsOfRun(plan).map(({ connectome, seed }) => ({
    ...{ connectome, seed, parameters: plan.parameters },
  }));
  // What cannot be run is known before a folder is made.
  const whole = planBrains(plan.model, brains, {
    dt: plan.dt,
    together: fitsTogether(plan.connectome.nodes),
  });
  if (given.dryRun === true) {
    process.stdout.write(dryRun(plan, brains.length, whole.links.longest, given.json === true));
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
  let advanced: Awaited<ReturnType<typeof advanceBrains>>;
  {
    await using device = await openDevice();
    advanced = await advanceBrains(device, { plan, brains, whole, journal, journalPath, batch, quiet });
  }
  const wall = (performance.now() - began) / 1000;
  const biological = advanced.simulated / 1000;
  const timing = { wall_s: wall, biological_s: biological, speed: biological / wall, batch: advanced.batch };
  const summary = finishBrainRun(directory, journal, {
    ...{ plan, version, timing, out, figures: given.figures !== false },
  });
  journal.remove();
  if (given.json === true) process.stdout.write(`${JSON.stringify(summary.json)}\n`);
  else if (!quiet) process.stdout.write(`${summary.lines.join('\n')}\n`);
}

function manifestOf(plan: BrainRunPlan) {
  const { parameters, duration, transient, dt, sampling, TR, seeds, connectome, each, notes } = plan;
  return {
    ...{ parameters, seeds, duration_ms: duration, transient_ms: transient, dt_ms: dt },
    ...{ sampling_ms: sampling, bold_tr_ms: TR ?? null, regions: connectome.regions },
    // Where there are subjects, brains are not told apart by their seeds alone.
    ...(each ? { brains: brainsOfRun(plan).map(({ subject, seed }) => ({ subject, seed })) } : {}),
    notes,
  };
}

function dryRun(
  { connectome, duration, dt, sampling, TR }: BrainRunPlan,
  brains: number,
  longest: number,
  json: boolean,
): string {
  const steps = Math.round(duration / dt);
  const samples = sampling === null ? 0 : Math.floor(duration / sampling);
  const bytes =
    4 * connectome.nodes * brains * (samples + (TR === undefined ? 0 : Math.floor(duration / TR)));
  const cost = {
    ...{ brains, nodes: connectome.nodes, steps, longest_delay_ms: longest * dt },
    ...{ couplings_per_step: connectome.nodes ** 2 * brains, result_bytes: bytes },
  };
  if (json) return `${JSON.stringify(cost)}\n`;
  return `${brains === 1 ? 'a brain' : `${brains} brains`} of ${cost.nodes} nodes, ${steps} steps, ${(bytes / 1e6).toFixed(1)} MB of samples\n`;
}
