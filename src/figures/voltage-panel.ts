/**
 * The membrane potential of single neurons, one lane each, with the spikes that the model leaves out drawn as
 * upright lines.
 */
import { firstAtOrAfter } from '../analysis/spike-statistics.ts';
import type { VoltageTrace } from './activity.ts';
import { type Axis, type Frame, leftAxis, leftTitle, linearAxis, tickLabelWidth } from './axes.ts';
import type { Column, Panel } from './panel.ts';
import { linePath } from './paths.ts';
import { spikePath } from './spike-path.ts';
import { FONT, LINE } from './style.ts';
import { element } from './svg.ts';
import { centredBaseline, fitText, label, textWidth } from './text.ts';

/** Between two lanes, pt. */
const LANE_GAP = 4;
/** Potential that a drawn spike reaches, mV. */
const SPIKE_PEAK = 0;
/** Below the lowest potential, mV, so that a trace does not run on the time axis. */
const PADDING = 5;
/** Wide enough that the last number of a lane and the first of the next do not meet, pt. */
const TICK_DISTANCE = 24;

/** Traces from the top down, all on the same scale; `samples` are their times, ms. */
export function voltagePanel(
  traces: readonly VoltageTrace[],
  samples: ArrayLike<number>,
  colours: readonly string[],
  laneHeight: number,
): Panel {
  const domain = voltageDomain(traces);
  const axisOver = (bottom: number, top: number) =>
    linearAxis(domain, [bottom, top], laneHeight / TICK_DISTANCE);
  const names = traces.map(({ population, neuron }) => `${population} ${neuron}`);
  return {
    height: traces.length * (laneHeight + LANE_GAP) - LANE_GAP,
    numbersWidth: tickLabelWidth(axisOver(laneHeight, 0)),
    labelsWidth: Math.max(...names.map((name) => textWidth(name, FONT.label))),
    draw(frame, column) {
      const lanes = traces.map((trace, i) => {
        const lane = { ...frame, y: frame.y + i * (laneHeight + LANE_GAP), height: laneHeight };
        const axis = axisOver(lane.y + lane.height, lane.y);
        const name = fitText(names[i], FONT.label, column.labelWidth);
        return (
          element('path', {
            d: tracePath(trace.values, samples, axis, column) + spikesShown(trace, samples, axis, column),
            fill: 'none',
            stroke: colours[i],
            'stroke-width': LINE.trace,
            'stroke-linejoin': 'round',
          }) +
          leftAxis(lane, axis) +
          label(name, column.labelX, nameBaseline(lane), { size: FONT.label, colour: colours[i] })
        );
      });
      return lanes.join('') + leftTitle(frame, ' (mV)', column.titleX, 'V');
    },
  };
}

/** The samples of a trace within the window of the column. */
export function tracePath(
  values: ArrayLike<number>,
  samples: ArrayLike<number>,
  axis: Axis,
  { time, t0, t1 }: Column,
): string {
  const [from, to] = [firstAtOrAfter(samples, t0 - 1e-6), firstAtOrAfter(samples, t1 + 1e-6)];
  return linePath(samples, values, time.scale, axis.scale, from, to);
}

/** The spikes within the window of the column. */
function spikesShown(trace: VoltageTrace, samples: ArrayLike<number>, axis: Axis, column: Column): string {
  const spikes = Array.from(trace.spikes).filter((spike) => spike >= column.t0 && spike < column.t1);
  return spikePath({ values: trace.values, spikes }, samples, column.time.scale, axis.scale, SPIKE_PEAK);
}

/** The range that all lanes share, mV: all that occurs, and the peak of drawn spikes. */
function voltageDomain(traces: readonly VoltageTrace[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = SPIKE_PEAK;
  for (const { values } of traces) {
    for (let k = 0; k < values.length; k++) {
      if (!Number.isFinite(values[k])) continue;
      low = Math.min(low, values[k]);
      high = Math.max(high, values[k]);
    }
  }
  return [Number.isFinite(low) ? Math.min(-60, low) - PADDING : -80, high];
}

function nameBaseline(lane: Frame): number {
  return centredBaseline(lane.y + lane.height / 2, FONT.label);
}
