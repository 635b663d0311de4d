/**
 * A document as plain values, with the line of each: read from YAML or JSON text, or taken from an object. Syntax
 * errors end here.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { InputError, type SourceLocation } from '../../errors.ts';
import type { Path } from './problems.ts';

export interface SourceDocument {
  value: unknown;
  /** Where the field stands, or the nearest field around it that the source has. */
  locate(path: Path): SourceLocation | undefined;
}

/** An object made in a program: it has no lines. */
export function objectDocument(value: unknown): SourceDocument {
  return { value, locate: () => undefined };
}

/**
 * YAML, or JSON where the file's name ends in `.json`.
 *
 * @param file name used in messages
 * @throws InputError when the text does not follow the syntax, is empty, or says a key twice
 */
export function textDocument(text: string, file: string): SourceDocument {
  if (text.trim() === '') {
    throw new InputError('The file is empty; describe a network in it, at least its populations.', {
      at: { file },
    });
  }
  const isJson = /\.json$/i.test(file);
  if (isJson) checkJson(text, file);
  const lines = new LineCounter();
  // JSON is YAML as well: the YAML parser finds the lines of both, and keys that are given twice.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    stringKeys: true,
  });
  const locationOf = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  // A warning is a tag or directive without meaning here: to ignore it would be to guess.
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault) {
    const at = locationOf(fault.pos[0]);
    const duplicate = fault.code === 'DUPLICATE_KEY';
    if (duplicate) throw new InputError(duplicateKey(text, fault.pos), { at });
    const language = isJson ? 'JSON' : 'YAML';
    const cause = fault.message.replace(/[.:]?\s*$/, '').replace(/\s+/g, ' ');
    throw new InputError(`The ${language} cannot be read here (${cause}); correct its syntax.`, { at });
  }
  return {
    value: plainValue(document, file, locationOf),
    locate: (path) => locateIn(document, path, file, locationOf),
  };
}

/** The values of a document; that an alias means nothing, or too much, shows only here. */
function plainValue(
  document: Document,
  file: string,
  locationOf: (offset: number) => SourceLocation,
): unknown {
  try {
    return document.toJS();
  } catch (error) {
    let at: SourceLocation = { file };
    visit(document, {
      Alias: (_, alias) => {
        if (alias.resolve(document) || !alias.range) return undefined;
        at = locationOf(alias.range[0]);
        return visit.BREAK;
      },
    });
    const cause = error instanceof Error ? error.message : String(error);
    throw new InputError(`The YAML cannot be read here (${cause}); write out what the alias stands for.`, {
      at,
    });
  }
}

function duplicateKey(text: string, [start, end]: readonly [number, number]): string {
  const written = /^["']?[\w-]+/.exec(text.slice(start, Math.max(end, start + 60)))?.[0].replace(/["']/, '');
  return `The name ${written ?? ''} is given twice in the same group; remove or rename one of the two.`;
}

/** The YAML parser is more lenient than JSON: comments, single quotes, trailing commas. */
function checkJson(text: string, file: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const offset = Number(/at position (\d+)/.exec(cause)?.[1] ?? text.length);
    const before = text.slice(0, offset).split('\n');
    const at = { file, line: before.length, column: (before.at(-1) ?? '').length + 1 };
    const short = cause.replace(/ in JSON at position.*$/, '').replace(/ \(line.*$/, '');
    throw new InputError(`The JSON cannot be read here (${short}); correct its syntax.`, { at });
  }
}

function locateIn(
  document: Document,
  path: Path,
  file: string,
  locationOf: (offset: number) => SourceLocation,
): SourceLocation {
  let node: Node | null = document.contents;
  let offset: number | undefined;
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      const item = node.items[Number(key)] as Node | undefined;
      if (!item) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return offset === undefined ? { file } : locationOf(offset);
}
