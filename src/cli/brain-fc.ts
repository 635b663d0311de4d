/** Functional connectivity of the brains of a run, and how alike it is to that of the recorded subjects. */
import { functionalConnectivity, matrixCorrelation } from '../analysis/correlation.ts';
import { mean } from '../analysis/summary.ts';
import { type BrainRunPlan, brainsOfRun } from './brain-options.ts';

export interface FcCorrelation {
  mean: number;
  /** Of all brains with each recording; where subjects have brains of their own, of theirs alone. */
  per_subject: Record<string, number>;
  per_seed: number[];
  /** Where subjects have brains of their own: mean correlation with the recordings of the other subjects; null of a single one. */
  with_others?: number | null;
}

export interface BrainFits {
  /** `[region, region]` of every brain. */
  fc: Float64Array[];
  /** What the first brain is compared with: the mean of the subjects' FC, or its own subject's; undefined where there is none. */
  empirical: Float64Array | undefined;
  correlation: FcCorrelation | null;
  /** Where subjects have brains of their own: `[brain, recording]`, mean over seeds, and the names of both. */
  table: { brains: string[]; recordings: string[]; values: Float64Array } | undefined;
  /** Samples that the transient takes. */
  first: number;
}

/** @param bold `[node, sample]` of every brain */
export function fitsOfRun(plan: BrainRunPlan, bold: readonly Float64Array[]): BrainFits {
  const { connectome, transient, TR, seeds, each } = plan;
  const { nodes } = connectome;
  const first = Math.floor(transient / TR! + 1e-9);
  const fc = bold.map((series) => functionalConnectivity(series, nodes, { first }));
  const subjects = each ? each.map((own) => own.subjects[0]!) : connectome.subjects;
  const recorded = subjects.flatMap(({ name, fc: known, bold: recording }) => {
    const own = known ?? (recording && functionalConnectivity(recording.data, nodes));
    return own ? [{ name, fc: own }] : [];
  });
  if (recorded.length === 0) return { fc, first, empirical: undefined, correlation: null, table: undefined };
  const rows = fc.map((simulated) =>
    recorded.map((subject) => matrixCorrelation(simulated, subject.fc, nodes)),
  );
  if (!each) {
    const per_subject = Object.fromEntries(
      recorded.map(({ name }, at) => [name, mean(rows.map((row) => row[at]!))]),
    );
    const empirical = new Float64Array(nodes * nodes);
    for (const subject of recorded)
      for (let at = 0; at < empirical.length; at++) empirical[at]! += subject.fc[at]! / recorded.length;
    const correlation = { mean: mean(Object.values(per_subject)), per_subject, per_seed: rows.map(mean) };
    return { fc, first, empirical, correlation, table: undefined };
  }
  // Where BOLD is compared, every subject that has a brain has a recording.
  const own = brainsOfRun(plan).map(({ subject }, brain) => {
    const at = recorded.findIndex(({ name }) => name === subject);
    return rows[brain]![at]!;
  });
  const others = rows.flatMap((row, brain) => row.filter((_, at) => at !== Math.floor(brain / seeds.length)));
  const names = recorded.map(({ name }) => name);
  const values = new Float64Array(names.length ** 2);
  rows.forEach((row, brain) => {
    for (const [at, value] of row.entries())
      values[Math.floor(brain / seeds.length) * names.length + at]! += value / seeds.length;
  });
  const correlation: FcCorrelation = {
    mean: mean(own),
    per_subject: Object.fromEntries(
      names.map((name, at) => [name, mean(own.slice(at * seeds.length, (at + 1) * seeds.length))]),
    ),
    per_seed: seeds.map((_, seed) => mean(own.filter((_each, brain) => brain % seeds.length === seed))),
    with_others: others.length > 0 ? mean(others) : null,
  };
  return {
    ...{ fc, first, correlation, empirical: recorded[0]!.fc },
    table: { brains: names, recordings: names, values },
  };
}
