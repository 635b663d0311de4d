/**
 * What is wrong with a document, collected so that a user can mend all of it at once. Each problem names a field and
 * is one sentence; together they become one InputError whose first line is the problem that stands first in the file.
 */
import { describeLocation, InputError, type SourceLocation } from '../../errors.ts';

/** Where a value stands in a document: keys of maps and indices of lists, from the root. */
export type Path = readonly (string | number)[];

/** `populations.exc.drive.0.rate`, as messages and overrides write it. */
export function pathText(path: Path): string {
  const shown = path.map((key) => (/^[\w-]+$/.test(String(key)) ? key : JSON.stringify(key)));
  return path.length === 0 ? 'the network' : shown.join('.');
}

interface Problem {
  path: Path;
  text: string;
  at: SourceLocation | undefined;
}

/** More than this many sentences help nobody. */
const MOST_REPORTED = 20;

export class Problems {
  readonly #list: Problem[] = [];
  readonly #locate: (path: Path) => SourceLocation | undefined;

  /** @param locate where a field, or the nearest field around it, stands in the source */
  constructor(locate: (path: Path) => SourceLocation | undefined) {
    this.#locate = locate;
  }

  get any(): boolean {
    return this.#list.length > 0;
  }

  get count(): number {
    return this.#list.length;
  }

  /**
   * @param text the rest of the sentence after the field's name, without the full stop: "is -5 ms; give ..."
   * @param at where the fault stands, if not at the field (in a file that the field names)
   */
  add(path: Path, text: string, at = this.#locate(path)): void {
    this.#list.push({ path, text, at });
  }

  /** @throws InputError with one line per problem, if there is any */
  throwIfAny(): void {
    if (!this.any) return;
    const sorted = [...this.#list].sort(inSourceOrder);
    const [first, ...others] = sorted;
    if (!first) return;
    const lines = others
      .slice(0, MOST_REPORTED - 1)
      .map((problem) => (problem.at ? `${describeLocation(problem.at)}: ` : '') + sentence(problem));
    const unsaid = sorted.length - MOST_REPORTED;
    if (unsaid > 0) lines.push(`There are ${unsaid} more problems of this kind; mend these first.`);
    throw new InputError([sentence(first), ...lines].join('\n'), {
      field: pathText(first.path),
      ...(first.at && { at: first.at }),
    });
  }
}

function sentence({ path, text }: Problem): string {
  return `${pathText(path)} ${text}${/[.?]$/.test(text) ? '' : '.'}`;
}

/** Problems of overrides (they have no line) first, then from the top of the file to its end. */
function inSourceOrder(a: Problem, b: Problem): number {
  const line = (problem: Problem) => problem.at?.line ?? 0;
  const column = (problem: Problem) => problem.at?.column ?? 0;
  return line(a) - line(b) || column(a) - column(b);
}
