/**
 * Quantities over time: a constant, samples in the file or beside it, or a ramp, which becomes samples of one step.
 */
import type { Range } from '../cells.ts';
import type { Path } from '../document/problems.ts';
import type { TimeCourse } from '../network.ts';
import type { CheckedPopulation } from '../network-schema.ts';
import { wholeSteps } from '../time-step.ts';
import { type ResolveContext, requireWholeSteps } from './context.ts';

type CourseUse = CheckedPopulation['current'];
type Ramp = Extract<CourseUse, { over: number }>;

/** A ramp longer than this in steps is a mistake in its unit: its samples alone would fill 80 MB. */
const MOST_RAMP_STEPS = 1e7;

/** @returns the course; 0 where it could not be made and that was noted as a problem */
export function resolveCourse(
  use: CourseUse,
  path: Path,
  context: ResolveContext,
  range: Range = {},
): TimeCourse {
  if (typeof use === 'number') return use;
  if ('over' in use) return resolveRamp(use, path, context);
  if (use.dt < context.dt * (1 - 1e-9)) {
    context.problems.add(
      [...path, 'dt'],
      `is ${use.dt} ms, shorter than the time step of ${context.dt} ms, so that samples would be left out; average them over a step`,
    );
  }
  const values = resolveArray(use, path, context, range);
  return values ? { dt: use.dt, values } : 0;
}

/**
 * The one array that is given either as `values` or as a `file` of one column.
 *
 * @param range bounds of the values, which nobody has checked yet where they come from a file
 * @returns undefined where that was noted as a problem
 */
export function resolveArray(
  use: { values?: Float64Array | undefined; file?: string | undefined },
  path: Path,
  context: ResolveContext,
  { min = -Infinity, max = Infinity }: Range = {},
): Float64Array | undefined {
  if ((use.values === undefined) === (use.file === undefined)) {
    const given = use.values === undefined ? 'neither values nor a file' : 'both values and a file';
    context.problems.add(path, `has ${given}; give one of the two`);
    return undefined;
  }
  const values = use.values ?? context.readColumns(use.file ?? '', ['value'], [...path, 'file'])?.columns[0];
  if (values?.length === 0) {
    context.problems.add([...path, 'values'], 'is empty; give at least one value');
    return undefined;
  }
  const outside = values?.findIndex((value) => value < min || value > max) ?? -1;
  if (outside >= 0) {
    const bounds = max === Infinity ? `at least ${min}` : `${min} to ${max}`;
    context.problems.add(
      path,
      `has ${values?.[outside]} as value ${outside}, counted from 0; give values of ${bounds}`,
    );
    return undefined;
  }
  return values;
}

/** Sample k is the value at the start of step k; the last one, `to`, is held. */
function resolveRamp({ from, to, over }: Ramp, path: Path, context: ResolveContext): TimeCourse {
  requireWholeSteps(context, [...path, 'over'], over, 'a ramp');
  const steps = wholeSteps(over, context.dt) ?? 1;
  if (steps > MOST_RAMP_STEPS) {
    context.problems.add(
      [...path, 'over'],
      `is ${over} ms, or ${steps} steps; give a ramp of at most ${MOST_RAMP_STEPS} steps`,
    );
    return 0;
  }
  const values = Float64Array.from({ length: steps + 1 }, (_, step) => from + ((to - from) * step) / steps);
  return { dt: context.dt, values };
}

/** The largest value that a course takes. */
export function largestValue(course: TimeCourse): number {
  if (typeof course === 'number') return course;
  return course.values.reduce((largest, value) => Math.max(largest, value), -Infinity);
}
