/**
 * Overrides, as `populations.exc.drive.0.rate=5Hz`: they change a document before it is checked, so that a value from
 * the command line meets the same rules as one from the file. `*` stands for every key of its level and applies where
 * the rest of the path exists; a path may also set an optional field that the document leaves out.
 */
import { parse } from 'yaml';
import type { z } from 'zod';
import { InputError, type SourceLocation } from '../../errors.ts';
import { describeValue } from '../../units.ts';
import { expandShorthand, isRecord, outlineOf } from './fields.ts';
import { suggestion } from './near-names.ts';
import { type Path, pathText } from './problems.ts';
import type { SourceDocument } from './source-document.ts';

/**
 * The document with the overrides applied in their order. A value that came from an override is located at it.
 *
 * @param schema what the document may contain
 * @throws InputError when an override is not `path=value`, or its path matches nothing
 */
export function applyOverrides(
  source: SourceDocument,
  overrides: readonly string[],
  schema: z.ZodType,
): SourceDocument {
  let { value } = source;
  const changed: { path: Path; at: SourceLocation }[] = [];
  for (const override of overrides) {
    const { parts, replacement } = parseOverride(override);
    const misses: Miss[] = [];
    const paths = matches(parts, value, schema, [], misses);
    if (paths.length === 0) throw new InputError(missText(override, misses), { field: parts.join('.') });
    for (const path of paths) {
      value = replaceAt(value, schema, path, replacement);
      changed.unshift({ path, at: { file: `override ${override}` } });
    }
  }
  const locate = (path: Path) =>
    changed.find((change) => startsWith(path, change.path))?.at ?? source.locate(path);
  return { value, locate };
}

function parseOverride(override: string): { parts: string[]; replacement: unknown } {
  const equals = override.indexOf('=');
  const path = override.slice(0, Math.max(equals, 0)).trim();
  const text = override.slice(equals + 1).trim();
  if (equals < 0 || path === '' || path.split('.').some((part) => part.trim() === '')) {
    throw new InputError(
      `The override "${override}" is not of the form path=value; write it as populations.exc.size=1000.`,
    );
  }
  if (text === '') {
    throw new InputError(`The override "${override}" gives no value; write one after the equals sign.`, {
      field: path,
    });
  }
  return { parts: path.split('.').map((part) => part.trim()), replacement: parseValue(text, override) };
}

/** The value as YAML would read it: `5Hz`, `true`, `[1, 2]`, `{rule: all-to-all}`. */
function parseValue(text: string, override: string): unknown {
  try {
    return parse(text, { prettyErrors: false, logLevel: 'error' });
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new InputError(
      `The value of the override "${override}" cannot be read (${cause}); write it as in a network file.`,
    );
  }
}

/** A step of a path that led nowhere, at the level where it did. */
interface Miss {
  at: Path;
  name: string;
  value: unknown;
  candidates: readonly string[];
}

/** The concrete paths that a pattern means in this value. */
function matches(
  parts: readonly string[],
  given: unknown,
  schema: z.ZodType,
  above: Path,
  misses: Miss[],
): Path[] {
  const [name, ...rest] = parts;
  if (name === undefined) return [above];
  const { value, entryType, fields, isOpen } = level(given, schema);
  const keys = keysOf(value);
  const into = (key: string | number) => {
    const type = entryType(key);
    return type ? matches(rest, childOf(value, key), type, [...above, key], misses) : [];
  };
  if (name === '*' && keys.length > 0) return keys.flatMap(into);
  const key =
    keys.find((candidate) => String(candidate) === name) ??
    (isOpen || fields.includes(name) ? name : undefined);
  if (key !== undefined && entryType(key)) return into(key);
  misses.push({ at: above, name, value, candidates: [...new Set([...keys.map(String), ...fields])] });
  return [];
}

/** What a value consists of. */
interface Level {
  /** The value with shorthands written out. */
  value: unknown;
  /** Type of an entry, if there may be one of this key. */
  entryType: (key: string | number) => z.ZodType | undefined;
  /** Fields that it may have, whether they are given or not. */
  fields: readonly string[];
  /** Whether entries of any name may be added. */
  isOpen: boolean;
}

function level(given: unknown, schema: z.ZodType): Level {
  const outline = outlineOf(schema);
  if (outline.kind === 'choice') {
    // Nothing there yet, or a bare value that a field stands for: it can be written out as a group of fields.
    const group = given === undefined ? {} : typeof given === 'string' ? groupOf(given, outline) : given;
    return level(group, outline.select(group));
  }
  if (outline.kind === 'record') {
    const { fields } = outline;
    const entryType = (key: string | number) => (Object.hasOwn(fields, key) ? fields[key] : undefined);
    const isGroup = given === undefined || isRecord(given);
    return { value: given ?? {}, entryType, fields: isGroup ? Object.keys(fields) : [], isOpen: false };
  }
  const entryType = () => (outline.kind === 'leaf' ? undefined : outline.of);
  const isOpen = outline.kind === 'dictionary' && outline.open;
  return { value: isOpen ? (given ?? {}) : given, entryType, fields: [], isOpen };
}

function groupOf(
  given: string,
  outline: { select: (value: unknown) => z.ZodType; shorthand: string | undefined },
): unknown {
  if (outline.shorthand === undefined) return given;
  const group = { [outline.shorthand]: given };
  return expandShorthand(given, outline.select(group), outline.shorthand);
}

function keysOf(value: unknown): (string | number)[] {
  if (Array.isArray(value)) return [...value.keys()];
  return isRecord(value) ? Object.keys(value) : [];
}

function childOf(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  return isRecord(value) && Object.hasOwn(value, key) ? value[String(key)] : undefined;
}

/** A copy of the value with one entry replaced; what lies beside the path is shared, nothing is changed in place. */
function replaceAt(given: unknown, schema: z.ZodType, path: Path, replacement: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return replacement;
  const { value, entryType } = level(given, schema);
  const type = entryType(key);
  if (!type) throw new TypeError(`no entry ${key} in the schema`);
  const child = replaceAt(childOf(value, key), type, rest, replacement);
  if (Array.isArray(value)) return value.with(Number(key), child);
  return { ...(isRecord(value) ? value : {}), [key]: child };
}

function missText(override: string, misses: readonly Miss[]): string {
  const deepest = misses.reduce<Miss | undefined>(
    (best, miss) => (best === undefined || miss.at.length > best.at.length ? miss : best),
    undefined,
  );
  const start = `The override "${override}" matches nothing`;
  if (!deepest) return `${start}; check its path.`;
  const { at, name, value, candidates } = deepest;
  const place = at.length === 0 ? 'the network' : pathText(at);
  if (Array.isArray(value)) {
    const entries = value.length === 1 ? 'only entry 0' : `entries 0 to ${value.length - 1}`;
    const has = value.length === 0 ? 'is an empty list' : `has ${entries}`;
    return `${start}: ${place} ${has}, no "${name}"; give the number of an entry, or ${place} as a whole.`;
  }
  if (candidates.length > 0)
    return `${start}: ${place} has no "${name}"; ${suggestion(name, candidates)}`.replace(/([^?])$/, '$1.');
  return `${start}: ${place} is ${describeValue(value)}, with no "${name}" in it; give ${place} as a whole.`;
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((key, index) => String(path[index]) === String(key));
}
