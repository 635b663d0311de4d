/** The course of an evolutionary search: every member of every generation, the best found so far, and of two objectives their front. */
import { InputError } from '../errors.ts';
import { around } from './exploration-points.ts';
import { linePath } from './paths.ts';
import { discs, drawPlotRow, type Plot } from './plot.ts';
import { COLOURS, DOUBLE_COLUMN, LINE, SINGLE_COLUMN } from './style.ts';
import { element, POINTS_PER_MM, svgDocument } from './svg.ts';

export interface SearchCourse {
  title: string;
  /** Members of a generation; values below come generation after generation. */
  size: number;
  /** One or more; `costs` are the values as they are to become small. NaN where a member has none. */
  objectives: readonly { title: string; values: ArrayLike<number>; costs: ArrayLike<number> }[];
  /** Indices of the members that none surpasses, where there are several objectives. */
  front?: readonly number[];
}

const HEIGHT = 110;
const FAINT = '#b8b8b8';

/** An SVG document of `width` mm, where not given that of a column or, with several objectives, of two. Throws InputError where sizes disagree. */
export function searchCourseFigure(
  { title, size, objectives, front = [] }: SearchCourse,
  { width = objectives.length === 1 ? SINGLE_COLUMN : DOUBLE_COLUMN }: { width?: number } = {},
): string {
  const count = objectives[0]?.values.length ?? 0;
  if (
    count === 0 ||
    objectives.some(({ values, costs }) => values.length !== count || costs.length !== count)
  )
    throw new InputError(
      'the course of a search needs one value and one cost of each objective for each member',
    );
  const generations = Math.ceil(count / size);
  const plots = objectives.map(({ title: name, values, costs }): Plot => {
    const best = bestSoFar(values, costs, size);
    return {
      title: name,
      note: 'grey: members, blue: best so far',
      x: { domain: [0.5, generations + 0.5], title: 'Generation' },
      y: { domain: around(values), title: name },
      draw: ({ x, y }) => {
        const known = Array.from({ length: count }, (_, index) => index).filter((index) =>
          Number.isFinite(values[index]!),
        );
        return (
          discs(
            known.map((index) => x.scale(Math.floor(index / size) + 1)),
            known.map((index) => y.scale(values[index]!)),
            0.8,
            () => FAINT,
          ) +
          element('path', {
            d: linePath(
              best.map(([generation]) => generation),
              best.map(([, value]) => value),
              x.scale,
              y.scale,
            ),
            fill: 'none',
            stroke: COLOURS.blue,
            'stroke-width': LINE.rate,
          })
        );
      },
    };
  });
  const [first, second] = objectives;
  if (first && second) plots.push(frontPlot(first, second, front));
  const points = width * POINTS_PER_MM;
  const { svg, height } = drawPlotRow(plots, points, HEIGHT);
  return svgDocument(points, height, title, svg);
}

function frontPlot(
  first: SearchCourse['objectives'][number],
  second: SearchCourse['objectives'][number],
  front: readonly number[],
): Plot {
  const all = Array.from({ length: first.values.length }, (_, index) => index).filter(
    (index) => Number.isFinite(first.values[index]!) && Number.isFinite(second.values[index]!),
  );
  return {
    title: 'Front',
    note: `${front.length} that none surpasses`,
    x: { domain: around(first.values), title: first.title },
    y: { domain: around(second.values), title: second.title },
    draw: ({ x, y }) => {
      const draw = (indices: readonly number[], radius: number, fill: string) =>
        discs(
          indices.map((index) => x.scale(first.values[index]!)),
          indices.map((index) => y.scale(second.values[index]!)),
          radius,
          () => fill,
        );
      return draw(all, 0.8, FAINT) + draw(front, 1.5, COLOURS.vermilion);
    },
  };
}

/** Generation (from 1) and the value of the least cost until then; nothing before there is one. */
function bestSoFar(
  values: ArrayLike<number>,
  costs: ArrayLike<number>,
  size: number,
): [generation: number, value: number][] {
  const course: [number, number][] = [];
  let best: number | undefined;
  for (let index = 0; index < values.length; index++) {
    if (Number.isFinite(costs[index]!) && (best === undefined || costs[index]! < costs[best]!)) best = index;
    const isLast = index % size === size - 1 || index === values.length - 1;
    if (isLast && best !== undefined) course.push([Math.floor(index / size) + 1, values[best]!]);
  }
  return course;
}
