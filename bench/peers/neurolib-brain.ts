/** Whole brains of neurolib, by neurolib_brain.py: some processes, compiled once, then run side by side as often as wanted. */
import { fileURLToPath } from 'node:url';
import type { Coupling } from '../../src/whole-brain/links.ts';
import { Conversation } from '../child.ts';
import { answerTo } from './python.ts';

const script = fileURLToPath(new URL('neurolib_brain.py', import.meta.url));

export interface NeurolibBrainJob {
  connectome: Coupling;
  parameters: Record<string, number>;
  /** ms. */
  duration: number;
}

export class NeurolibBrains {
  private readonly talks: readonly Conversation[];

  private constructor(talks: readonly Conversation[]) {
    this.talks = talks;
  }

  /** Throws ChildFailure with the reason where they cannot be run. */
  static async build(python: string, processes: number, job: NeurolibBrainJob): Promise<NeurolibBrains> {
    const { nodes, weights, lengths } = job.connectome;
    const rows = (matrix: ArrayLike<number>) =>
      Array.from({ length: nodes }, (_, row) => Array.from(matrix).slice(row * nodes, (row + 1) * nodes));
    const line = JSON.stringify({
      ...{ weights: rows(weights), lengths: rows(lengths ?? new Float64Array(nodes * nodes)) },
      ...{ parameters: job.parameters, duration: job.duration },
    });
    const talks = Array.from({ length: processes }, () => new Conversation(python, [script]));
    await Promise.all(talks.map((talk) => answerTo(talk, line)));
    return new NeurolibBrains(talks);
  }

  /** Every process runs once, side by side; seconds until the last is done. Throws ChildFailure with the reason where one fails. */
  async run(): Promise<{ run_s: number; mean_rate_hz: number }> {
    const started = performance.now();
    const answers = await Promise.all(
      this.talks.map((talk) => answerTo<{ mean_rate_hz: number }>(talk, 'run')),
    );
    const run_s = (performance.now() - started) / 1000;
    return {
      run_s,
      mean_rate_hz: answers.reduce((sum, each) => sum + each.mean_rate_hz, 0) / answers.length,
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.talks.map((talk) => talk.close()));
  }
}
