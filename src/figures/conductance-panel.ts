/**
 * The synaptic conductances of one neuron over time.
 */
import type { ConductanceTrace } from './activity.ts';
import { domainFromZero, leftAxis, leftTitle, linearAxis, tickLabelWidth } from './axes.ts';
import { namesAtEnds } from './end-labels.ts';
import type { Panel } from './panel.ts';
import { FAINT_INK, FONT, LINE } from './style.ts';
import { element } from './svg.ts';
import { label, textWidth } from './text.ts';
import { tracePath } from './voltage-panel.ts';

/** All `traces` of one neuron, nS, from zero; `samples` are their times, ms. */
export function conductancePanel(
  traces: readonly ConductanceTrace[],
  samples: ArrayLike<number>,
  colours: readonly string[],
  height: number,
): Panel {
  const domain = domainFromZero(traces.map(({ values }) => values));
  const axisOver = (bottom: number, top: number) => linearAxis(domain, [bottom, top], height / 18);
  const owner = `${traces[0].population} ${traces[0].neuron}`;
  return {
    height,
    numbersWidth: tickLabelWidth(axisOver(height, 0)),
    labelsWidth: Math.max(...traces.map(({ receptor }) => textWidth(`g${receptor}`, FONT.label))),
    draw(frame, column) {
      const axis = axisOver(frame.y + frame.height, frame.y);
      const lines = traces.map((trace, i) =>
        element('path', {
          d: tracePath(trace.values, samples, axis, column),
          fill: 'none',
          stroke: colours[i],
          'stroke-width': LINE.trace,
          'stroke-linejoin': 'round',
        }),
      );
      const names = namesAtEnds(
        traces.map(({ receptor, values }, i) => ({
          name: receptor,
          symbol: 'g',
          colour: colours[i],
          values,
        })),
        axis.scale,
        frame,
        column,
      );
      const note = label(`onto ${owner}`, frame.x + 4, frame.y - 0.5, {
        size: FONT.note,
        colour: FAINT_INK,
      });
      return (
        lines.join('') + leftAxis(frame, axis) + leftTitle(frame, ' (nS)', column.titleX, 'g') + names + note
      );
    },
  };
}
