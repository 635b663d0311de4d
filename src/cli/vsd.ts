/** `spikefield vsd show`: a recording of voltage-sensitive dye, prepared as the paper prepares its own, with latencies and speed. */
import type { CAC } from 'cac';
import { propagation } from '../analysis/latency.ts';
import { InputError } from '../errors.ts';
import { rangeOf, recordingFigure } from '../figures/vsd.ts';
import { writeFigure } from '../figures/write-figure.ts';
import { RunDirectory } from '../io/run-directory.ts';
import { quantityOption, textOption } from './options.ts';
import { addVerbCommand, type Given } from './verbs.ts';
import { RECORDING_OPTIONS, readRecordingOption } from './vsd-recording.ts';

/** Part of a place's maximum at which its response counts as there, and of the largest one below which a place is left out. */
const [FRACTION, CRITERION] = [0.2, 0.2];

export function addVsdCommand(cli: CAC, version: string): void {
  addVerbCommand(
    cli,
    {
      name: 'vsd',
      about: 'Recordings of voltage-sensitive dye: show',
      verbs: {
        show: {
          run: vsdShow,
          what: 'a recording: .mat (struct matNL), .npz, .npy with --time and --space, or .csv',
          options: [
            ...RECORDING_OPTIONS,
            ['--fraction <f>', `Of a place's maximum, whose crossing is its latency (default: ${FRACTION})`],
            [
              '--criterion <f>',
              `Places below this part of the largest maximum have none (default: ${CRITERION})`,
            ],
            ['--out <folder>', 'Result directory (default: runs/vsd-show)'],
            ['--force', 'Replace a result that is already there'],
            ['--no-figures', 'Draw no figure'],
            ['--json', 'Print the result as one JSON object'],
            ['--quiet', 'No summary'],
          ],
        },
      },
      examples: ['show session.mat', 'show recording.npz --window -50:200 --fraction 0.5'],
    },
    version,
  );
}

async function vsdShow(path: string, given: Given, version: string): Promise<void> {
  const fraction = partOption(given, 'fraction', FRACTION);
  const criterion = partOption(given, 'criterion', CRITERION);
  const { recording, notes, window, box } = await readRecordingOption(path, given);
  const { data, times, positions } = recording;
  const [rows, columns] = [positions.length, times.length];
  const turned = Float64Array.from(data, (_, k) => data[(k % rows) * columns + Math.floor(k / rows)]!);
  const spread = propagation({ values: turned, times, positions }, { fraction, criterion });
  const out = textOption(given.out, '--out') ?? 'runs/vsd-show';
  using directory = RunDirectory.create(out, {
    force: given.force === true,
    manifest: { kind: 'vsd', spikefield: version, window_ms: window, box, fraction, criterion },
  });
  directory.write('data', data, [rows, columns]);
  directory.write('time', times);
  directory.write('space', positions);
  const speed = spread.speed !== undefined && Number.isFinite(spread.speed) ? spread.speed : null;
  const summary = {
    ...{
      out,
      positions: rows,
      times: columns,
      blanked: recording.blanked,
      empty_positions: recording.emptyRows,
    },
    peak_time_ms: recording.peakTime,
    centre_mm: recording.centre,
    largest: rangeOf([data])[1],
    latencies: spread.latencies.map(({ position, time }) => ({ position_mm: position, time_ms: time })),
    fronts: spread.fronts.map(({ side, speed: each, places }) => ({
      side,
      speed_mm_s: Number.isFinite(each) ? each : null,
      places,
    })),
    speed_mm_s: speed,
    notes,
  };
  if (given.figures !== false) {
    writeFigure(
      directory.file('recording.svg'),
      recordingFigure({
        title: 'Recording',
        note: `around ${recording.peakTime.toFixed(1)} ms and ${recording.centre.toFixed(2)} mm${speed === null ? '' : `; spreads at ${speed.toPrecision(3)} mm/s`}`,
        ...{ values: data, times, positions, domain: rangeOf([data]), propagation: spread },
      }),
    );
    directory.file('recording.png');
  }
  directory.finish({ summary });
  for (const note of notes) process.stderr.write(`spikefield: ${note}\n`);
  if (given.json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else if (given.quiet !== true)
    process.stdout.write(
      `${[
        `${rows} positions, ${columns} times; largest at ${recording.peakTime.toFixed(1)} ms and ${recording.centre.toFixed(2)} mm`,
        ...spread.fronts.map(
          ({ side, speed: each, places }) =>
            `  ${side}: ${each.toPrecision(3)} mm/s through ${places} places`,
        ),
        `arrays${given.figures === false ? '' : ' and figure'} in ${out}`,
      ].join('\n')}\n`,
    );
}

function partOption(given: Given, name: 'fraction' | 'criterion', otherwise: number): number {
  const value = quantityOption(given[name], `--${name}`, 'number') ?? otherwise;
  if (!(value > 0 && value < 1)) throw new InputError(`--${name} is ${value}, but must lie between 0 and 1`);
  return value;
}
