/** Values of neurons over time: arrays in files, and rates that differ from neuron to neuron. */
import type { Path } from '../document/problems.ts';
import type { NeuronCourse } from '../network.ts';
import type { CheckedPopulation } from '../network-schema.ts';
import { distanceFrom, falloff, type Space } from '../space.ts';
import { type ResolveContext, requireWholeSteps } from './context.ts';
import { resolveArray } from './time-course.ts';

type DriveUse = CheckedPopulation['drive'][number];

/** What is known of a population where its inputs are read. */
export interface Receiving {
  name: string;
  size: number;
  space: Space | undefined;
}

/** @returns the rows of a file, or undefined where what is wrong with it was noted as a problem */
export function resolveNeuronCourse(
  { dt, file }: { dt: number; file: string },
  { name, size }: { name: string; size: number },
  range: { least?: number },
  path: Path,
  context: ResolveContext,
): NeuronCourse | undefined {
  requireWholeSteps(context, [...path, 'dt'], dt, 'a row of an array over time');
  const source = context.openRows(file, range, [...path, 'file']);
  if (!source) return undefined;
  const { rows, columns, least, greatest, dtype, sha256 } = source;
  if (columns !== size) {
    context.problems.add(
      [...path, 'file'],
      `names an array of ${rows} rows and ${columns} columns for the ${size} neurons of ${name}; give a row for each ${dt} ms and a column for each neuron`,
    );
    return undefined;
  }
  return { dt, rows, least, greatest, row: (index) => source.row(index), record: { type: dtype, sha256 } };
}

/** @returns a factor for each neuron, or undefined where what is wrong with it was noted as a problem */
export function resolveProfile(
  use: NonNullable<DriveUse['profile']>,
  { name, size, space }: Receiving,
  path: Path,
  context: ResolveContext,
): Float64Array | undefined {
  if (!(use instanceof Float64Array) && (use.file === undefined) === (use.around === undefined)) {
    context.problems.add(path, 'needs one of a list, a file and around; give one of them');
    return undefined;
  }
  if (!(use instanceof Float64Array) && use.around) {
    const { x, y, ...shape } = use.around;
    if (!space) {
      context.problems.add(
        [...path, 'around'],
        `depends on distances but population ${name} has no space; give it a line, a ring or a sheet`,
      );
      return undefined;
    }
    const outside = x < 0 || x > space.width || y < 0 || y > space.height;
    if (outside) {
      context.problems.add(
        [...path, 'around'],
        `is at ${x} mm, ${y} mm, outside the space of ${name}, which is ${space.width} mm by ${space.height} mm; move it there`,
      );
      return undefined;
    }
    return Float64Array.from({ length: size }, (_, neuron) =>
      falloff(shape, distanceFrom(space, neuron, { x, y })),
    );
  }
  const values = use instanceof Float64Array ? use : resolveArray(use, path, context, { min: 0 });
  if (values && values.length !== size) {
    context.problems.add(path, `has ${values.length} values for ${size} neurons; give one for each neuron`);
    return undefined;
  }
  return values;
}
