/** Takes step responses to their directory, their figure and the terminal. */
import { stepResponseFigure } from '../figures/step-response.ts';
import { writeFigure } from '../figures/write-figure.ts';
import { RunDirectory } from '../io/run-directory.ts';
import type { Cell } from '../models/cells.ts';
import { JSON_UNITS } from '../models/network-to-json.ts';
import type { StepResponse, StepTrace } from '../spiking/step-response.ts';
import type { StepSettings } from '../spiking/step-settings.ts';
import { table } from './summary.ts';

/** What `--json` prints, and the manifest keeps. */
export interface StepSummary {
  out: string;
  adapter: string;
  dt_ms: number;
  start_ms: number;
  stop_ms: number;
  duration_ms: number;
  cells: {
    /** Name and parameters, in boundary units. */
    cell: Cell;
    currents_pA: number[];
    responses: ({ current_pA: number; spike_times_ms: number[] } & Omit<
      StepTrace,
      'current' | 'V' | 'w' | 'spikeTimes'
    >)[];
  }[];
}

export class StepRecorder {
  /** Path of the figure's PNG, once it is drawn. */
  figure: string | undefined;
  private readonly directory: RunDirectory;

  private constructor(directory: RunDirectory) {
    this.directory = directory;
  }

  /**
   * Makes the result directory.
   * @throws OutputError where there are results already, or nothing can be written
   */
  static create(
    out: string,
    cells: readonly Cell[],
    settings: StepSettings,
    { force, version }: { force: boolean; version: string },
  ): StepRecorder {
    const manifest = {
      kind: 'current steps',
      spikefield: version,
      node: process.version,
      command: process.argv.slice(2),
      units: JSON_UNITS,
      currents_pA: settings.currents,
      start_ms: settings.start,
      stop_ms: settings.stop,
      duration_ms: settings.duration,
      dt_ms: settings.dt,
      sample_every_ms: settings.sampleEvery,
      cells,
    };
    return new StepRecorder(RunDirectory.create(out, { force, manifest }));
  }

  /**
   * Writes `time_ms` f8 [sample], `current_pA` f8 [current], and for each cell `V_mV` and `w_pA` f4 [current, sample],
   * `spike_times_ms` f8 [spike] and `spike_currents` u4 [spike], the index of each spike's current; then the figure.
   */
  finish(responses: readonly StepResponse[], { figures }: { figures: boolean }): void {
    const { directory } = this;
    const { time, settings, adapter } = responses[0]!;
    directory.write('time_ms', time);
    directory.write('current_pA', Float64Array.from(settings.currents));
    for (const { cell, traces } of responses) {
      const name = plainName(cell.name);
      const shape = [traces.length, time.length];
      const rows = (variable: 'V' | 'w') => joined(traces.map((trace) => trace[variable]));
      directory.write(`${name}.V_mV`, rows('V'), shape);
      directory.write(`${name}.w_pA`, rows('w'), shape);
      const spikes = traces.flatMap(({ spikeTimes }) => [...spikeTimes]);
      const owners = traces.flatMap(({ spikeTimes }, index) => Array.from(spikeTimes, () => index));
      directory.write(`${name}.spike_times_ms`, Float64Array.from(spikes));
      directory.write(`${name}.spike_currents`, Uint32Array.from(owners));
    }
    if (figures) {
      const paths = writeFigure(directory.file('steps.svg'), drawFigure(responses));
      directory.file('steps.png');
      this.figure = paths.png;
    }
    directory.finish({ adapter, responses: stepSummary(responses, '').cells });
  }

  /** Leaves the directory marked incomplete, with the reason. */
  abandon(reason: string): void {
    this.directory.abandon(reason);
  }
}

export function stepSummary(responses: readonly StepResponse[], out: string): StepSummary {
  const { settings, adapter } = responses[0]!;
  return {
    out,
    adapter: adapter.name,
    dt_ms: settings.dt,
    start_ms: settings.start,
    stop_ms: settings.stop,
    duration_ms: settings.duration,
    cells: responses.map(({ cell, traces }) => ({
      cell,
      currents_pA: [...settings.currents],
      responses: traces.map(({ current, V: _V, w: _w, spikeTimes, ...measures }) => ({
        current_pA: current,
        ...measures,
        spike_times_ms: [...spikeTimes],
      })),
    })),
  };
}

const columns = [
  'cell',
  'current (pA)',
  'spikes',
  'rate (Hz)',
  'first spike (ms)',
  'steady V (mV)',
  'adaptation',
];

export function printStepSummary(summary: StepSummary, figure: string | undefined): void {
  const shown = (value: number | null, digits: number) => (value === null ? '-' : value.toFixed(digits));
  const rows = summary.cells.flatMap(({ cell, responses }) =>
    responses.map((each) => [
      cell.name,
      String(each.current_pA),
      String(each.spikes),
      each.rate_hz.toFixed(1),
      shown(each.first_spike_latency_ms, 2),
      shown(each.steady_V_mV, 2),
      shown(each.adaptation_index, 3),
    ]),
  );
  const lines = [
    `current from ${summary.start_ms} to ${summary.stop_ms} of ${summary.duration_ms} ms at dt ${summary.dt_ms} ms, on ${summary.adapter}`,
    '',
    ...table([columns, ...rows]),
    '',
    `arrays and manifest in ${summary.out}${figure ? `, figure in ${figure}` : ''}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** A cell's name as part of a file name. */
export function plainName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^\.+/, '') || 'cell';
}

function drawFigure(responses: readonly StepResponse[]): string {
  const { time, settings } = responses[0]!;
  const { start, stop, duration, dt, currents } = settings;
  return stepResponseFigure({
    subtitle: `step of ${Number((stop - start).toPrecision(9))} ms, dt ${dt} ms`,
    ...{ time, start, stop, duration, currents },
    rows: responses.map(({ cell, traces }) => ({
      name: cell.name,
      E_L: cell.E_L,
      panels: traces.map(({ V, spikeTimes }) => ({ V, spikes: spikeTimes })),
    })),
  });
}

/** Rows behind each other. */
function joined(rows: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
  let at = 0;
  for (const row of rows) {
    all.set(row, at);
    at += row.length;
  }
  return all;
}
