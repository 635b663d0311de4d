/**
 * Brains of a run from where its journal stands to their end: as many at once as the device holds, batch after batch. What is sampled goes
 * into the journal, so memory does not grow with the duration, and a stop costs what came after the last part.
 */
import { InterruptedError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import { brainsThatFit } from '../whole-brain/brain-batches.ts';
import type { BrainJournal, BrainSpan } from '../whole-brain/brain-journal.ts';
import type { BrainGiven, BrainPlan } from '../whole-brain/brain-plan.ts';
import { BrainSimulation } from '../whole-brain/brain-simulation.ts';
import type { BrainState } from '../whole-brain/brain-state.ts';
import type { BrainWindow } from '../whole-brain/brain-window.ts';
import type { BrainRunPlan } from './brain-options.ts';
import { watchInterrupt } from './interrupt.ts';
import { Progress } from './progress.ts';

/** Between two parts of the journal where no simulated time is given, ms of waiting. */
const PATIENCE = 10_000;
/** Samples that may wait in memory for the next part, bytes; of all batches together, which are read side by side in the end. */
const MOST_PENDING = 2 ** 26;

export interface Work {
  plan: BrainRunPlan;
  brains: readonly BrainGiven[];
  /** Of all brains. */
  whole: BrainPlan;
  journal: BrainJournal;
  journalPath: string;
  /** Brains at once, at most; as many as fit. */
  batch: number | undefined;
  quiet: boolean;
}

/** @returns simulated time of all brains together, ms, and how many ran at once */
export async function advanceBrains(
  device: Device,
  work: Work,
): Promise<{ simulated: number; batch: number }> {
  const { plan, brains, journal, whole } = work;
  const last = journal.last();
  let from = last === undefined ? 0 : last.brains[last.state ? 0 : 1];
  let state = last?.state;
  let [simulated, largest] = [0, 0];
  const count = brains.length > 1 ? `${brains.length} brains, ` : '';
  const progress = new Progress(`${count}${plan.duration / 1000} s`, { quiet: work.quiet });
  const interrupt = watchInterrupt();
  try {
    while (from < brains.length) {
      const fitting = brainsThatFit(device, whole, from, work.batch);
      const span: BrainSpan = [from, last && state ? last.brains[1] : from + fitting];
      const size = span[1] - span[0];
      largest = Math.max(largest, size);
      const begun = state ? state.step * plan.dt : 0;
      await advanceBatch(device, work, span, state, {
        interrupt,
        onProgress: (time) =>
          progress.update((span[0] * plan.duration + size * time) / (brains.length * plan.duration)),
      });
      simulated += size * (plan.duration - begun);
      [from, state] = [span[1], undefined];
    }
  } finally {
    progress.end();
    interrupt.stop();
  }
  return { simulated, batch: largest };
}

/** One batch to its end; the last part of it holds its statistics. */
async function advanceBatch(
  device: Device,
  { plan, brains, journal, journalPath }: Work,
  span: BrainSpan,
  state: BrainState | undefined,
  { interrupt, onProgress }: { interrupt: { requested: boolean }; onProgress: (time: number) => void },
): Promise<void> {
  const { model, dt } = plan;
  await using simulation = await BrainSimulation.create(device, {
    ...{ brains: brains.slice(...span), model, dt },
    ...(state ? { state } : {}),
  });
  const most = (MOST_PENDING * (span[1] - span[0])) / brains.length;
  const pending = { windows: [] as BrainWindow[], since: performance.now(), bytes: 0 };
  const keep = async (isEnd = false) => {
    const part = {
      brains: span,
      samples: joined(pending.windows.map(({ samples }) => samples)),
      bold: joined(pending.windows.map(({ bold }) => bold)),
    };
    journal.append(
      part,
      isEnd ? { statistics: await simulation.statistics() } : { state: await simulation.state() },
    );
    Object.assign(pending, { windows: [], since: performance.now(), bytes: 0 });
  };
  // Statistics begin anew after the transient, so that is where one run ends and the next begins.
  for (const end of [plan.transient, plan.duration]) {
    const left = end - simulation.time;
    if (left <= dt / 2) continue;
    const windows = simulation.run({
      duration: Math.round(left / dt) * dt,
      sampling: plan.sampling,
      onProgress: (part) => onProgress(end - left * (1 - part)),
      ...(brains.length > 1 ? { firstBrain: span[0] } : {}),
      ...(plan.TR === undefined ? {} : { bold: { TR: plan.TR } }),
      ...(plan.checkpoint === undefined ? {} : { window: plan.checkpoint }),
    });
    for await (const window of windows) {
      pending.windows.push(window);
      pending.bytes += window.samples.byteLength + window.bold.byteLength;
      const due =
        plan.checkpoint !== undefined || performance.now() - pending.since > PATIENCE || pending.bytes > most;
      // A part at this very moment would not say whether statistics have begun anew, or are to be taken: it comes after.
      const atEnd = end - simulation.time < dt / 2;
      if (atEnd) break;
      if (interrupt.requested) {
        await keep();
        throw new InterruptedError(
          `interrupted at ${(simulation.time / 1000).toFixed(1)} s${spanText(span, brains.length)}; the same command with --resume goes on from there (${journalPath})`,
        );
      }
      if (due) await keep();
    }
    if (end === plan.transient) {
      await simulation.restartStatistics();
      await keep();
    }
  }
  await keep(true);
}

/** Which brains a message speaks of, where they are not all. */
function spanText([from, to]: BrainSpan, count: number): string {
  if (to - from === count) return '';
  return to - from === 1 ? ` of brain ${from}` : ` of brains ${from} to ${to - 1}`;
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
