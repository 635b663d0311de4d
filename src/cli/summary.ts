/** What a person reads at the end of a run. */
import { megabytes } from '../gpu/bytes.ts';
import type { Network } from '../models/network.ts';
import type { KernelTime } from '../spiking/profile.ts';
import type { RunSummary } from '../spiking/simulate.ts';
import type { DryRun } from './dry-run.ts';
import { formatSeconds } from './progress.ts';

const columns = [
  'population',
  'neurons',
  'rate (Hz)',
  'SD (Hz)',
  'CV of ISI',
  'silent',
  'V (mV)',
  'SD of V (mV)',
];

export function printSummary(
  summary: RunSummary & { out: string },
  figure: string | undefined,
  memory: string,
): void {
  const { timing } = summary;
  const rows = Object.entries(summary.populations).map(([name, each]) => [
    name,
    String(each.size),
    each.rate_hz.toFixed(3),
    each.rate_sd_hz.toFixed(3),
    each.cv_isi === null ? '-' : each.cv_isi.toFixed(3),
    `${(100 * each.silent_fraction).toFixed(1)} %`,
    each.mean_V_mV?.toFixed(2) ?? '-',
    each.sd_V_mV?.toFixed(2) ?? '-',
  ]);
  // Worth a word only where it took time: the driver keeps what it has compiled.
  const compiled = timing.compile_s < 1 ? '' : `, compiled in ${formatSeconds(timing.compile_s)} (once)`;
  const lines = [
    `${summary.network}: ${summary.duration_ms} ms at dt ${summary.dt_ms} ms, seed ${summary.seed}, on ${summary.adapter.name}`,
    '',
    ...table([columns, ...rows]),
    '',
    `statistics from ${summary.discard_ms} ms on; ${summary.spikes.toLocaleString('en-US')} spikes, ${summary.synapses.toLocaleString('en-US')} synapses`,
    `built in ${formatSeconds(timing.build_s)}${compiled}, run in ${formatSeconds(timing.run_s)}: ${timing.wall_s_per_bio_s.toFixed(2)} s per biological second; ${memory} of memory`,
    `arrays and manifest in ${summary.out}${figure ? `, figure in ${figure}` : ''}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Where the time went, to standard error, as it is no result. */
export function printProfile(kernels: readonly KernelTime[]): void {
  const rows = kernels.map(({ kernel, dispatches, time_s, share }) => [
    kernel,
    String(dispatches),
    time_s.toFixed(3),
    (dispatches > 0 ? (1e6 * time_s) / dispatches : 0).toFixed(1),
    `${(100 * share).toFixed(1)} %`,
  ]);
  const lines = table([['kernel', 'dispatches', 'time (s)', 'each (us)', 'share'], ...rows]);
  process.stderr.write(`${lines.join('\n')}\n`);
}

export function printDryRun(network: Network, cost: DryRun): void {
  const { memory_bytes: memory } = cost;
  const lines = [
    `${network.name}: ${cost.neurons.toLocaleString('en-US')} neurons, about ${cost.synapses.toLocaleString('en-US')} synapses, ${cost.steps.toLocaleString('en-US')} steps in windows of ${cost.window_steps}`,
    `memory: device buffers ${megabytes(memory.total)} (synapses ${megabytes(memory.synapses)}, state ${megabytes(memory.state)}, input ring ${megabytes(memory.input)}, spike lists ${megabytes(memory.spikeLists)})${
      cost.process_bytes === null
        ? ''
        : `, process in all about ${megabytes(cost.process_bytes)}${cost.buffers_in_process ? ', these included' : ', these apart'}`
    }`,
    cost.neuron_time_s === null
      ? 'time: not known here'
      : `time: ${formatSeconds(cost.neuron_time_s)} for neurons and drives on ${cost.adapter}, as just measured; delivering spikes comes on top`,
    ...cost.notes,
    ...(cost.problem ? [`it would not run here: ${cost.problem}`] : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Columns aligned: the first to the left, numbers to the right. */
export function table(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  '),
  );
}
