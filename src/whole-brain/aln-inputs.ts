/** External currents and rates over time: checked, and laid out for the steps of one dispatch. */
import { InputError } from '../errors.ts';
import { suggestion } from '../models/document/near-names.ts';

export const INPUT_NAMES = ['ext_exc_current', 'ext_inh_current', 'ext_exc_rate', 'ext_inh_rate'] as const;
export type AlnInputName = (typeof INPUT_NAMES)[number];

/**
 * One value a step, which acts during that step on top of the parameter of that name: the same course for all nodes, or a
 * list of courses, one for each node. Currents in mV/ms, rates in kHz.
 */
export type AlnInputs = Partial<Record<AlnInputName, ArrayLike<number> | readonly ArrayLike<number>[]>>;

/** The same for the inputs of any node model, by their names. */
export type InputsByName = Readonly<
  Record<string, ArrayLike<number> | readonly ArrayLike<number>[] | undefined>
>;

/** An input over time: its place in the list is its place in what the kernel gets. */
export interface InputChannel {
  name: string;
  negative: boolean;
}

const ALN_CHANNELS: readonly InputChannel[] = INPUT_NAMES.map((name, index) => ({
  name,
  negative: index < 2,
}));

export interface InputCourses {
  /** Courses side by side: 1, or one for each node. */
  width: number;
  /** Steps `from` to `to` (exclusive) of the run as `[step, course]` of (E current, I current, E rate, I rate). */
  slice(from: number, to: number): Float32Array;
}

function isList(
  course: ArrayLike<number> | readonly ArrayLike<number>[],
): course is readonly ArrayLike<number>[] {
  return typeof course[0] === 'object';
}

/**
 * Undefined where nothing changes in time.
 * @throws InputError for unknown names, courses of another length than the run, values that are not finite
 */
export function inputCourses(
  inputs: InputsByName,
  nodes: number,
  steps: number,
  channels: readonly InputChannel[] = ALN_CHANNELS,
): InputCourses | undefined {
  let width = 1;
  const names = channels.map(({ name }) => name);
  const courses: (readonly ArrayLike<number>[] | undefined)[] = channels.map(() => undefined);
  for (const [name, given] of Object.entries(inputs)) {
    const fail = (message: string): never => {
      throw new InputError(message, { field: name });
    };
    const channel = names.indexOf(name);
    if (channel < 0) fail(`there is no input ${name}; ${suggestion(name, names)}`);
    if (given === undefined) continue;
    const list = isList(given) ? given : [given];
    if (isList(given) && list.length !== nodes)
      fail(
        `${name} has courses for ${list.length} nodes, but there are ${nodes}; give one course for each node, or a single one for all`,
      );
    for (const [node, course] of list.entries()) {
      if (course.length !== steps)
        fail(
          `${name} has ${course.length} samples, but the run has ${steps} steps; give one sample for each step`,
        );
      const bad = Array.prototype.findIndex.call(course, (value) => !Number.isFinite(value));
      if (bad >= 0)
        fail(
          `${name} is ${course[bad]} at step ${bad}${isList(given) ? ` of node ${node}` : ''}; give finite numbers`,
        );
      if (!channels[channel]!.negative && Array.prototype.some.call(course, (value) => value < 0))
        fail(`${name} holds rates below 0; give 0 or more`);
    }
    courses[channel] = list;
    if (isList(given)) width = nodes;
  }
  if (courses.every((each) => each === undefined)) return undefined;
  return {
    width,
    slice(from, to) {
      const words = new Float32Array((to - from) * width * 4);
      for (const [channel, list] of courses.entries()) {
        if (!list) continue;
        for (let step = from; step < to; step++) {
          for (let node = 0; node < width; node++)
            words[((step - from) * width + node) * 4 + channel] = list[list.length === 1 ? 0 : node]![step]!;
        }
      }
      return words;
    },
  };
}
