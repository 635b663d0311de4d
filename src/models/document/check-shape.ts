/**
 * A document checked against a schema: zod's issues become sentences about fields.
 */
import type { z } from 'zod';
import { expandShorthand, isRecord, outlineOf } from './fields.ts';
import { nearestName, suggestion } from './near-names.ts';
import { type Path, Problems, pathText } from './problems.ts';
import type { SourceDocument } from './source-document.ts';

/**
 * @returns what the schema makes of the document
 * @throws InputError that says every value that is not as the schema wants it
 */
export function checkShape<Schema extends z.ZodType>(
  source: SourceDocument,
  schema: Schema,
): z.output<Schema> {
  const result = schema.safeParse(source.value);
  if (result.success) return result.data;
  const problems = new Problems(source.locate);
  // A misspelt field is also missing under its right name: that is one problem, not two.
  const meant = new Set<string>();
  for (const issue of result.error.issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const path = issue.path as Path;
    const fields = fieldsAt(schema, source.value, path);
    for (const key of issue.keys) {
      problems.add([...path, key], unknownField(key, fields));
      meant.add(pathText([...path, nearestName(key, fields) ?? key]));
    }
  }
  for (const issue of result.error.issues) {
    const path = issue.path as Path;
    if (issue.code === 'unrecognized_keys' || meant.has(pathText(path))) continue;
    if (issue.code === 'invalid_key') {
      problems.add(
        path,
        'is not a usable name; begin it with a letter and use only letters, digits, _ and -',
      );
    } else {
      problems.add(path, issue.message);
    }
  }
  problems.throwIfAny();
  throw new TypeError('the schema refused the document without saying why');
}

function unknownField(key: string, fields: readonly string[]): string {
  if (fields.length === 1) return `is no field here; only ${fields[0]} may stand here`;
  return `is no field here; ${suggestion(key, fields)}`;
}

/** The fields that the record at a path may have. */
function fieldsAt(schema: z.ZodType, value: unknown, path: Path): readonly string[] {
  const outline = outlineOf(schema);
  if (outline.kind === 'choice') {
    const chosen = outline.select(value);
    return fieldsAt(chosen, expandShorthand(value, chosen, outline.shorthand), path);
  }
  const [key, ...rest] = path;
  if (key === undefined) return outline.kind === 'record' ? Object.keys(outline.fields) : [];
  const child = Array.isArray(value) ? value[Number(key)] : isRecord(value) ? value[String(key)] : undefined;
  if (outline.kind === 'record') {
    const field = outline.fields[String(key)];
    return field ? fieldsAt(field, child, rest) : [];
  }
  return outline.kind === 'leaf' ? [] : fieldsAt(outline.of, child, rest);
}
