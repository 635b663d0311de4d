/**
 * The rates of all populations over time, in the bins they were counted in.
 */
import type { PopulationActivity } from './activity.ts';
import { domainFromZero, leftAxis, leftTitle, linearAxis, tickLabelWidth } from './axes.ts';
import { namesAtEnds } from './end-labels.ts';
import type { Panel } from './panel.ts';
import { linePath, type Scale, stairPath } from './paths.ts';
import { colourOf, FONT, LINE } from './style.ts';
import { element } from './svg.ts';
import { textWidth } from './text.ts';

interface Bins {
  starts: Float64Array;
  rates: Float64Array;
  /** End of the last bin, ms. */
  end: number;
}

/** Population rates within [t0, t1) ms, in Hz, from zero; the name of each stands beside the end of its line. */
export function ratePanel(
  populations: readonly PopulationActivity[],
  height: number,
  t0: number,
  t1: number,
): Panel {
  const shown = populations.map((population) => binsWithin(population, t0, t1));
  const domain = domainFromZero(shown.map(({ rates }) => rates));
  const axisOver = (bottom: number, top: number) => linearAxis(domain, [bottom, top], height / 18);
  return {
    height,
    numbersWidth: tickLabelWidth(axisOver(height, 0)),
    labelsWidth: Math.max(...populations.map(({ name }) => textWidth(name, FONT.label, true))),
    draw(frame, column) {
      const axis = axisOver(frame.y + frame.height, frame.y);
      const lines = shown.map((bins, p) =>
        element('path', {
          d: ratePath(bins, frame.width, column.time.scale, axis.scale),
          fill: 'none',
          stroke: colourOf(p),
          'stroke-width': LINE.rate,
          'stroke-linejoin': 'round',
        }),
      );
      const names = namesAtEnds(
        populations.map(({ name }, p) => ({ name, bold: true, colour: colourOf(p), values: shown[p].rates })),
        axis.scale,
        frame,
        column,
      );
      return lines.join('') + leftAxis(frame, axis) + leftTitle(frame, 'Rate (Hz)', column.titleX) + names;
    },
  };
}

/** The bins that begin in [t0, t1). */
function binsWithin({ rateTime, rate }: PopulationActivity, t0: number, t1: number): Bins {
  const width = rateTime.length > 1 ? rateTime[1] - rateTime[0] : t1 - t0;
  const starts: number[] = [];
  const rates: number[] = [];
  for (let k = 0; k < rateTime.length; k++) {
    if (rateTime[k] < t0 - 1e-6 || rateTime[k] >= t1 - 1e-6) continue;
    starts.push(rateTime[k]);
    rates.push(rate[k]);
  }
  const end = Math.min(t1, (starts.at(-1) ?? t0) + width);
  return { starts: Float64Array.from(starts), rates: Float64Array.from(rates), end };
}

function ratePath({ starts, rates, end }: Bins, width: number, scaleX: Scale, scaleY: Scale): string {
  // Steps narrower than half a point cannot be seen as steps.
  if (starts.length <= 2 * width) return stairPath(starts, rates, end, scaleX, scaleY);
  const half = (starts[1] - starts[0]) / 2;
  return linePath(
    starts.map((start) => start + half),
    rates,
    scaleX,
    scaleY,
  );
}
