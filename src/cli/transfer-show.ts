/** `spikefield transfer show <folder>`: a measured transfer function as a table. */
import type { TransferData } from '../transfer/data.ts';
import { readTransferData } from '../transfer/transfer-arrays.ts';
import type { OptionValue } from './options.ts';
import { table } from './summary.ts';

export async function transferShow(folder: string, given: Record<string, OptionValue>): Promise<void> {
  const data = readTransferData(folder);
  const text =
    given.json === true ? JSON.stringify(measurementJson(data)) : measurementLines(data).join('\n');
  process.stdout.write(`${text}\n`);
}

/** What `--json` prints of a cell: quantities as rows of nu_i, columns of nu_e. */
export function measurementJson(data: TransferData) {
  const [, columns] = data.shape;
  const rows = (values: Float64Array) =>
    Array.from({ length: data.shape[0] }, (_, row) =>
      Array.from(values.subarray(row * columns, (row + 1) * columns)),
    );
  const { dt, duration, discard, repeats, seed } = data.settings;
  return {
    cell: data.cell,
    input: data.input,
    dt_ms: dt,
    duration_ms: duration,
    discard_ms: discard,
    repeats,
    seed,
    shape: data.shape,
    nu_i_hz: rows(data.nu_i),
    nu_e_hz: rows(data.nu_e),
    rate_hz: rows(data.rate),
    rate_sd_hz: rows(data.rate_sd),
    mu_V_mV: rows(data.mu_V),
    sigma_V_mV: rows(data.sigma_V),
    tau_V_ms: rows(data.tau_V),
  };
}

/** The same for people: a line for each nu_i, output rates with the nu_e that gave them. */
export function measurementLines(data: TransferData): string[] {
  const [rows, columns] = data.shape;
  const { cell, input, settings } = data;
  const at = (row: number, column: number) => row * columns + column;
  const isGrid = data.nu_e.every((nu_e, point) => nu_e === data.nu_e[point % columns]);
  const head = isGrid
    ? Array.from({ length: columns }, (_, column) => `nu_e ${tidy(data.nu_e[column]!)}`)
    : Array.from({ length: columns }, () => 'rate at nu_e');
  const body = Array.from({ length: rows }, (_, row) => [
    `nu_i ${tidy(data.nu_i[at(row, 0)]!)}`,
    ...head.map((_, column) => {
      const rate = data.rate[at(row, column)]!.toFixed(2);
      return isGrid ? rate : `${rate} at ${tidy(data.nu_e[at(row, column)]!)}`;
    }),
  ]);
  return [
    `${cell.name}: output rates (Hz) over ${settings.repeats} repeats of ${settings.duration} ms at dt ${settings.dt} ms, seed ${settings.seed}`,
    `${input.exc.K} excitatory synapses of ${input.exc.Q} nS at nu_e (Hz), ${input.inh.K} inhibitory ones of ${input.inh.Q} nS at nu_i (Hz)`,
    '',
    ...table([['', ...head], ...body]),
    '',
  ];
}

function tidy(rate: number): string {
  return String(Number(rate.toFixed(2)));
}
