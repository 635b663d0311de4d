/** The report of the network benchmark for people. */
import { megabytes } from '../src/gpu/bytes.ts';
import {
  type DeviceCost,
  type NetworkResult,
  type NetworkTable,
  networkName,
  type Row,
} from './network-result.ts';
import { simulatorName } from './peers/measurement.ts';
import { table } from './table.ts';

export function networkLines(result: NetworkResult): string[] {
  const { machine, adapter, brian2 } = result;
  const driver = `${adapter.software ? 'computes on the CPU' : 'GPU'}; ${adapter.driver}`;
  return [
    `${machine.cpu}, ${machine.cores} cores (load ${machine.load_before.toFixed(1)} before), ${machine.system}, Node ${machine.node}`,
    `Spikefield ${machine.spikefield} on ${adapter.name} (${driver})`,
    'absent' in brian2
      ? `Brian2 is not measured: ${brian2.absent}; pip install brian2, and name its Python in SPIKEFIELD_PYTHON.`
      : `Brian2 ${brian2.versions.brian2}, C++ standalone, Python ${brian2.versions.python}`,
    ...result.networks.flatMap((network) => ['', ...networkTable(network, result)]),
  ];
}

function networkTable(
  network: NetworkTable,
  { rounds, duration_ms, rates_from_ms }: NetworkResult,
): string[] {
  const { rows, failures, device } = network;
  const populations = Object.keys(rows[0]!.runs[0]!.rates_hz);
  const rates = populations.map((name) => `${name} (Hz)`);
  const subject = `${networkName(network)}: ${count(network.neurons)} neurons, ${duration_ms} ms at dt ${network.dt_ms} ms`;
  return [
    `${subject}; ${rounds === 1 ? 'one round' : `medians of ${rounds} rounds in turn`}; rates from ${rates_from_ms} ms on`,
    '',
    ...table([[...columns, ...rates], ...rows.map((row) => cells(row, populations))]),
    '',
    ...rows.flatMap(verdict),
    ...failures.map((each) => `${simulatorName(each)}, is not measured: ${each.reason}`),
    `${device.dispatches_per_step.toFixed(2)} dispatches per step, in windows of ${device.window_steps} steps${share(device)}`,
    ...kernelLines(device),
  ];
}

function share({ share_outside_kernels: outside }: DeviceCost): string {
  return outside === null ? '' : `; ${(100 * outside).toFixed(0)} % of the time outside kernels`;
}

function kernelLines({ kernels }: DeviceCost): string[] {
  if (!kernels) return [];
  const rows = kernels.map(({ kernel, dispatches, time_s, share: part }) => [
    kernel,
    count(dispatches),
    ((1e6 * time_s) / dispatches).toFixed(1),
    `${(100 * part).toFixed(1)} %`,
  ]);
  return ['', ...table([['kernel', 'dispatches', 'each (us)', 'share'], ...rows])];
}

const columns = [
  'simulator',
  's per biological s',
  'min to max',
  'compile (s)',
  'build (s)',
  'start-up (s)',
  'memory',
  'synapses',
  'spikes',
];

function cells(row: Row, populations: readonly string[]): string[] {
  const time = row.wall_s_per_bio_s;
  // All rounds draw the same activity.
  const { synapses, spikes, rates_hz } = row.runs[0]!;
  return [
    simulatorName(row),
    time.median.toFixed(3),
    `${time.min.toFixed(3)} to ${time.max.toFixed(3)}`,
    row.compile_s === null ? '-' : ((row.generate_s ?? 0) + row.compile_s).toFixed(1),
    row.build_s.toFixed(2),
    row.startup_s.toFixed(2),
    row.peak_rss_bytes === null ? '-' : megabytes(row.peak_rss_bytes),
    count(synapses),
    count(spikes),
    ...populations.map((name) => rates_hz[name]!.toFixed(3)),
  ];
}

/** What a reader came for. */
function verdict(row: Row): string[] {
  if (row.ratio === null) return [];
  const { median, min, max } = row.ratio;
  const range = row.runs.length > 1 ? ` (${min.toFixed(2)} to ${max.toFixed(2)} in single rounds)` : '';
  return [`${simulatorName(row)}, takes ${median.toFixed(2)} times as long as Spikefield${range}`];
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
