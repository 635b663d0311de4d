/** `spikefield connectome show <path>`: what a connectome holds, what is done to it, and how it looks. */
import { matrixCorrelation, upperTriangle } from '../analysis/correlation.ts';
import { connectomeFigure } from '../figures/connectome.ts';
import { recordingsFigure } from '../figures/recordings.ts';
import { type Report, writeReport } from '../figures/report.ts';
import { writeFigure } from '../figures/write-figure.ts';
import { RunDirectory } from '../io/run-directory.ts';
import { asymmetry, type Connectome } from '../models/connectome.ts';
import { connectomeOption } from './connectome-option.ts';
import { textOption } from './options.ts';
import { table } from './summary.ts';
import type { Given } from './verbs.ts';

export async function connectomeShow(what: string, given: Given, version: string): Promise<void> {
  const connectome = await connectomeOption(what, given);
  const summary = connectomeSummary(connectome);
  const out = textOption(given.out, '--out');
  const figures: string[] = [];
  if (out !== undefined) {
    using directory = RunDirectory.create(out, {
      force: given.force === true,
      manifest: { kind: 'connectome', spikefield: version, of: what, ...summary },
    });
    const square = [connectome.nodes, connectome.nodes];
    directory.write('weights', connectome.weights, square);
    if (connectome.lengths) directory.write('lengths', connectome.lengths, square);
    if (given.figures !== false) {
      const drawn = drawings(connectome);
      for (const { stem, svg } of drawn) {
        const path = directory.file(`${stem}.svg`);
        directory.file(`${stem}.png`);
        figures.push(writeFigure(path, svg).png);
      }
      writeReport(directory.file('report.html'), reportOf(connectome, summary, drawn, version));
    }
    directory.finish();
  }
  if (given.json === true)
    process.stdout.write(`${JSON.stringify({ ...summary, out: out ?? null, figures })}\n`);
  else if (given.quiet !== true)
    process.stdout.write(
      `${[...summaryLines(connectome, summary), ...(out === undefined ? ['Give --out to have figures.'] : figures.map((path) => `figure in ${path}`))].join('\n')}\n`,
    );
}

export type ConnectomeSummary = ReturnType<typeof connectomeSummary>;

/** What `--json` prints. */
export function connectomeSummary(connectome: Connectome) {
  const { name, nodes, weights, lengths, subjects, regions, centres, preparation } = connectome;
  const connected = weights.filter((weight) => weight > 0);
  const used = lengths?.filter((length, at) => length > 0 && weights[at]! > 0);
  const bolds = subjects.flatMap(({ bold }) => (bold ? [bold] : []));
  const fcs = subjects.flatMap((subject) => (subject.fc ? [{ name: subject.name, fc: subject.fc }] : []));
  return {
    name,
    nodes,
    regions,
    has_centres: centres !== undefined,
    subjects: subjects.map((subject) => subject.name),
    connections: connected.length,
    density: connected.length / (nodes * (nodes - 1)),
    weights: {
      largest: largest(connected),
      mean: mean(connected),
      asymmetry: asymmetry(weights, nodes),
    },
    lengths_mm:
      lengths && used && used.length > 0
        ? { mean: mean(used), largest: largest(used), asymmetry: asymmetry(lengths, nodes) }
        : null,
    recordings: {
      subjects: subjects.filter(({ bold }) => bold).map((subject) => subject.name),
      samples: bolds.map(({ samples }) => samples),
      TR_ms: bolds.map(({ TR }) => TR),
    },
    fc: {
      subjects: fcs.map((each) => each.name),
      mean: fcs.map(({ fc }) => mean(upperTriangle(fc, nodes))),
      between: fcs.map((a) => fcs.map((b) => matrixCorrelation(a.fc, b.fc, nodes))),
    },
    normalise: preparation.normalise,
    notes: preparation.notes,
  };
}

function summaryLines(connectome: Connectome, summary: ConnectomeSummary): string[] {
  const { nodes, subjects, connections, density, weights, lengths_mm: lengths, recordings, fc } = summary;
  const among = subjects.length > 1 ? `, ${subjects.length} subjects (${subjects.join(', ')})` : '';
  const even = (value: number) => (value === 0 ? 'symmetric' : `not symmetric (by up to ${tidy(value)})`);
  const between = fc.between.flatMap((row, i) => row.slice(i + 1));
  const rows = fc.subjects.map((name, index) => {
    const at = recordings.subjects.indexOf(name);
    return [
      name,
      at < 0 ? '-' : String(recordings.samples[at]),
      at < 0 ? '-' : tidy(recordings.TR_ms[at]! / 1000),
      fc.mean[index]!.toFixed(3),
    ];
  });
  return [
    `${connectome.name}: ${nodes} regions${among}`,
    `weights: ${connections} connections (${(100 * density).toFixed(1)} % of all), ${even(weights.asymmetry)}, largest ${tidy(weights.largest)}, mean ${tidy(weights.mean)}`,
    lengths
      ? `lengths: mean ${lengths.mean.toFixed(1)} mm, largest ${lengths.largest.toFixed(1)} mm, ${even(lengths.asymmetry)}; ${(lengths.largest / 20).toFixed(1)} ms at 20 m/s`
      : 'lengths: none',
    ...(rows.length === 0 ? [] : ['', ...table([['recording', 'samples', 'TR (s)', 'mean FC'], ...rows])]),
    ...(between.length === 0
      ? []
      : [
          '',
          `FC/FC correlation between subjects: mean ${mean(between).toFixed(3)}, ${Math.min(...between).toFixed(3)} to ${Math.max(...between).toFixed(3)}`,
        ]),
    '',
    ...summary.notes,
  ];
}

interface Drawing {
  stem: string;
  svg: string;
  caption: string;
}

function drawings(connectome: Connectome): Drawing[] {
  const { name, nodes, weights, lengths, centres, subjects, preparation } = connectome;
  const of = subjects.length > 1 ? `, mean of ${subjects.length} subjects` : '';
  const scaled = preparation.normalise === 'max' ? ', largest weight of each subject 1' : '';
  const drawn: Drawing[] = [
    {
      stem: 'connectome',
      svg: connectomeFigure({
        ...{ title: `Connectome ${name}`, note: `${nodes} regions${of}${scaled}` },
        ...{ nodes, weights, lengths, centres, centreUnit: 'mm' },
      }),
      caption: 'Weights and lengths as they are used, how they are distributed, and where regions lie.',
    },
  ];
  const recorded = subjects.flatMap((subject) =>
    subject.bold && subject.fc ? [{ name: subject.name, bold: subject.bold, fc: subject.fc }] : [],
  );
  if (recorded.length > 0)
    drawn.push({
      stem: 'recordings',
      svg: recordingsFigure({ title: `Recordings of ${name}`, nodes, subjects: recorded }),
      caption: 'The recording of one subject, and the functional connectivity of all.',
    });
  return drawn;
}

function reportOf(
  { name, nodes, preparation }: Connectome,
  summary: ConnectomeSummary,
  figures: readonly Drawing[],
  version: string,
): Report {
  const { weights, lengths_mm: lengths, fc } = summary;
  return {
    title: `Connectome ${name}`,
    tables: [
      {
        title: 'What it holds',
        rows: [
          ['regions', nodes],
          ['subjects', summary.subjects.join(', ')],
          ['connections', summary.connections],
          ['density', tidy(100 * summary.density), '%'],
          ['largest weight', tidy(weights.largest)],
          ['mean weight of connections', tidy(weights.mean)],
          ['asymmetry of weights', tidy(weights.asymmetry)],
          ...(lengths
            ? ([
                ['mean length', tidy(lengths.mean), 'mm'],
                ['largest length', tidy(lengths.largest), 'mm'],
              ] as const)
            : []),
          ...fc.subjects.map((subject, k) => [`mean FC of ${subject}`, fc.mean[k]!.toFixed(3)] as const),
        ],
      },
    ],
    figures,
    notes: preparation.notes,
    foot: `Spikefield ${version}`,
  };
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k]!;
  return sum / values.length;
}

/** By a loop: a thousand regions have more connections than a call takes arguments. */
function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

function tidy(value: number): string {
  return String(Number(value.toPrecision(4)));
}
