/** How often values fall into bins of one width, as a plot of filled steps. */
import { domainFromZero } from './axes.ts';
import { extent } from './matrix-plot.ts';
import type { Plot } from './plot.ts';
import { COLOURS } from './style.ts';
import { element } from './svg.ts';

export interface Histogram {
  title: string;
  note?: string;
  /** With its unit. */
  x: string;
  y: string;
  values: ArrayLike<number>;
  bins?: number;
}

export function histogramPlot({ title, note, x, y, values, bins = 24 }: Histogram): Plot {
  const [low, high] = extent(values);
  // Lengths and strengths begin at 0, and their axis with them.
  const from = low >= 0 ? 0 : low;
  const counts = new Float64Array(bins);
  for (let k = 0; k < values.length; k++) {
    const bin = Math.floor((bins * (values[k]! - from)) / (high - from));
    if (Number.isFinite(values[k]!)) counts[Math.min(bins - 1, bin)]! += 1;
  }
  return {
    title,
    ...(note === undefined ? {} : { note }),
    x: { domain: [from, high], title: x },
    y: { domain: domainFromZero([counts]), title: y },
    draw: (scales) => {
      const width = (high - from) / bins;
      return Array.from(counts, (count, bin) =>
        count === 0
          ? ''
          : element('rect', {
              x: scales.x.scale(from + bin * width),
              y: scales.y.scale(count),
              width: Math.max(0.3, scales.x.scale(width) - scales.x.scale(0) - 0.4),
              height: scales.y.scale(0) - scales.y.scale(count),
              fill: COLOURS.blue,
            }),
      ).join('');
    },
  };
}
