/** The journal of a run as whole arrays: batches of brains, which ran one after the other, side by side again. */
import type { RunDirectory } from '../io/run-directory.ts';
import type { BrainJournal, BrainSpan } from '../whole-brain/brain-journal.ts';
import type { BrainStatistics } from '../whole-brain/brain-statistics.ts';
import type { BrainRunPlan } from './brain-options.ts';

/** Rates shown in the figure: so much of the run after its transient, ms. */
const SHOWN = 5000;
/** Rows handed to a writer at once, bytes. */
const WRITTEN_AT_ONCE = 2 ** 22;

export interface BrainSeriesOfRun {
  /** `[node, sample]` of every brain. */
  bold: Float64Array[];
  boldSamples: number;
  /** `[node, time]` of the first brain for a while after the transient. */
  shown: Float32Array;
  shownSpan: readonly [number, number];
}

/** Writes samples as `[sample, brain, node]`, and keeps what figures and functional connectivity need. Memory holds a part of each batch. */
export function writeSeries(
  directory: RunDirectory,
  journal: BrainJournal,
  { connectome, sampling, TR, transient, duration, model }: BrainRunPlan,
  brains: number,
): BrainSeriesOfRun {
  const { nodes } = connectome;
  const shape = [brains, nodes];
  const rates = sampling === null ? undefined : directory.writer(model.variables[0]!.name, 'f4', shape);
  const bold = TR === undefined ? undefined : directory.writer('bold', 'f4', shape);
  const boldSamples = TR === undefined ? 0 : Math.floor(duration / TR + 1e-9);
  const collected = Array.from({ length: brains }, () => new Float64Array(nodes * boldSamples));
  const from = sampling === null ? 0 : Math.ceil(transient / sampling - 1e-9);
  const count =
    sampling === null
      ? 0
      : Math.min(Math.floor(duration / sampling + 1e-9) - from, Math.ceil(SHOWN / sampling));
  const shown = new Float32Array(nodes * count);
  const spans = journal.batches().map((batch) => batch.brains);
  if (rates)
    rowsTogether(journal, spans, 'samples', nodes, (rows, first) => {
      rates.append(rows);
      for (let at = 0, time = first - from; at < rows.length; at += brains * nodes, time++)
        if (time >= 0 && time < count)
          for (let node = 0; node < nodes; node++) shown[node * count + time] = rows[at + node]!;
    });
  if (bold)
    rowsTogether(journal, spans, 'bold', nodes, (rows, first) => {
      bold.append(rows);
      for (let at = 0, sample = first; at < rows.length; at += brains * nodes, sample++)
        for (let index = 0; index < brains * nodes; index++)
          collected[Math.floor(index / nodes)]![(index % nodes) * boldSamples + sample] = rows[at + index]!;
    });
  const begin = sampling === null ? 0 : (from + 1) * sampling;
  return { bold: collected, boldSamples, shown, shownSpan: [begin, begin + (count - 1) * (sampling ?? 0)] };
}

/** Statistics of all batches, `[brain, node]`. */
export function statisticsOfRun(journal: BrainJournal): BrainStatistics {
  const batches = journal.batches();
  const joined = (key: Exclude<keyof BrainStatistics, 'duration'>) => {
    const parts = batches.map(({ statistics }) => statistics[key]);
    const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  };
  return {
    duration: batches[0]!.statistics.duration,
    ...{ mean: joined('mean'), sd: joined('sd'), min: joined('min'), max: joined('max') },
    ...{ secondMean: joined('secondMean'), outsideTable: joined('outsideTable') },
  };
}

/** Hands out rows of all brains, several at once, with the number of the first. */
function rowsTogether(
  journal: BrainJournal,
  spans: readonly BrainSpan[],
  key: 'samples' | 'bold',
  nodes: number,
  take: (rows: Float32Array, first: number) => void,
): void {
  const batches = spans.map((span) => ({
    width: (span[1] - span[0]) * nodes,
    parts: journal.parts(span),
    values: new Float32Array() as Float32Array,
    at: 0,
  }));
  const width = batches.reduce((sum, batch) => sum + batch.width, 0);
  const most = Math.max(1, Math.floor(WRITTEN_AT_ONCE / 4 / width));
  for (let first = 0; ; ) {
    let ready = most;
    for (const batch of batches) {
      while (batch.at === batch.values.length) {
        const next = batch.parts.next();
        if (next.done) break;
        [batch.values, batch.at] = [next.value[key], 0];
      }
      ready = Math.min(ready, (batch.values.length - batch.at) / batch.width);
    }
    if (ready === 0) return;
    const rows = new Float32Array(ready * width);
    let column = 0;
    for (const batch of batches) {
      for (let row = 0; row < ready; row++, batch.at += batch.width)
        rows.set(batch.values.subarray(batch.at, batch.at + batch.width), row * width + column);
      column += batch.width;
    }
    take(rows, first);
    first += ready;
  }
}
