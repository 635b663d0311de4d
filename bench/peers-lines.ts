/** The report of the comparison with peers for people. */
import { megabytes } from '../src/gpu/bytes.ts';
import type { Activity, PeerRow, PeersResult } from './peers-result.ts';
import { table } from './table.ts';

export function peersLines(result: PeersResult): string[] {
  const { machine, adapter, simulators, rounds, rows, scaling } = result;
  const lines = [
    `${machine.cpu}, ${machine.cores} cores (load ${machine.load_before.toFixed(1)} before), ${machine.system}, Node ${machine.node}`,
    adapter === null
      ? `Spikefield ${machine.spikefield}, which could not be measured`
      : `Spikefield ${machine.spikefield} on ${adapter.name} (${adapter.software ? 'computes on the CPU' : 'GPU'}; ${adapter.driver})`,
    ...Object.entries(simulators).map(([name, found]) =>
      'absent' in found
        ? `${name} is not measured: ${found.absent}`
        : `${name} ${found[name.toLowerCase()]}, ${found.gpu ?? `${machine.cores} threads`}, Python ${found.python}`,
    ),
    '',
    `${rounds === 1 ? 'One round' : `Medians of ${rounds} rounds in turn`}:`,
    '',
    ...table([columns, ...rows.filter(({ measured }) => measured !== null).map(cells)]),
    '',
    'Activity of the first round (correlations are of counts in 5 ms, the mean over pairs):',
    '',
    ...table([
      ['network', 'simulator', 'population', 'rate (Hz)', 'CV', 'correlation'],
      ...rows.flatMap(activity),
    ]),
  ];
  const failures = rows.filter(({ failure }) => failure !== null);
  if (failures.length > 0) {
    const sentences = failures.map((row) => `${rowName(row)} by ${row.simulator} failed: ${row.failure}`);
    lines.push('', ...sentences);
  }
  if (scaling.length > 0) {
    const exponents = scaling.map(({ network, simulator, sizes, exponent }) => [
      network,
      simulator,
      exponent.toFixed(2),
      String(sizes),
    ]);
    lines.push('', 'Time grows with the number of neurons to the power of:', '');
    lines.push(...table([['network', 'simulator', 'exponent', 'sizes'], ...exponents]));
  }
  return lines;
}

/** "config1, 10,000 neurons" */
export function rowName({ network, neurons }: Pick<PeerRow, 'network' | 'neurons'>): string {
  return `${network}, ${neurons.toLocaleString('en-US')} neurons`;
}

const columns = [
  'network',
  'simulator',
  's per biological s',
  'min to max',
  'ratio',
  'million events/s',
  'compile (s)',
  'build (s)',
  'memory',
  'synapses',
];

function cells(row: PeerRow): string[] {
  const { wall_s_per_bio_s: wall, ratio, ...measured } = row.measured!;
  return [
    rowName(row),
    row.simulator,
    wall.median.toFixed(3),
    `${wall.min.toFixed(3)} to ${wall.max.toFixed(3)}`,
    ratio === null ? '-' : ratio.median.toFixed(2),
    (measured.synaptic_events_per_s / 1e6).toFixed(1),
    measured.compile_s === null ? '-' : measured.compile_s.toFixed(1),
    measured.build_s.toFixed(2),
    measured.peak_rss_bytes === null ? '-' : megabytes(measured.peak_rss_bytes),
    measured.synapses.toLocaleString('en-US'),
  ];
}

function activity(row: PeerRow): string[][] {
  return Object.entries(row.measured?.activity ?? {}).map(([population, each]) => [
    rowName(row),
    row.simulator,
    population,
    ...numbers(each),
  ]);
}

function numbers({ rate_hz, cv_isi, correlation }: Activity): string[] {
  return [
    rate_hz.toFixed(3),
    cv_isi === null ? '-' : cv_isi.toFixed(3),
    correlation === null ? '-' : correlation.toExponential(1),
  ];
}
