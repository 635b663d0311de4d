/**
 * From a name, a file or an object to a Cell: the way in for everything that works on single cells. A cell file holds
 * what `cell` of a population holds in a network file, and follows the same rules.
 *
 *     readCell('RS-cell', ['b=60 pA'])
 *     readCell('mine.yaml')
 *     cellFromObject({ base: 'RS-cell', tau_w: '200 ms' })
 */
import { basename, extname } from 'node:path';
import type { z } from 'zod';
import { InputError } from '../errors.ts';
import { CELL_LIBRARY, type Cell, libraryCell } from './cells.ts';
import { checkShape } from './document/check-shape.ts';
import { isRecord, record } from './document/fields.ts';
import { applyOverrides } from './document/overrides.ts';
import { Problems } from './document/problems.ts';
import { readDocumentText } from './document/read-text.ts';
import { objectDocument, type SourceDocument, textDocument } from './document/source-document.ts';
import { cell } from './network-schema.ts';
import { resolveCell } from './resolve/cell.ts';

/** The cell stands below a key of its own, so that messages call its fields `cell.tau_w` and not "the network". */
const KEY = 'cell';
const schema = record({ [KEY]: cell });

const WANTED = { noun: 'cell', builtIn: 'library cell', names: CELL_LIBRARY.map(({ name }) => name) };

/** A cell as a user writes it: a library name, a variation of a library cell, or all parameters. */
export type CellDocument = z.input<typeof cell>;

/**
 * A library cell, or one from a YAML or JSON file. A library name wins over a file of the same name; `./RS-cell` is
 * the file.
 *
 * @param nameOrPath one of `LIF`, `EIF`, `AdExp`, `FS-cell`, `RS-cell`, `RS-cell2`, or a path
 * @param overrides changes made before anything is checked, each `parameter=value`, as `b=60 pA`
 * @throws InputError whose message says, one sentence a line, everything that is wrong with the cell
 */
export function readCell(nameOrPath: string, overrides: readonly string[] = []): Cell {
  if (libraryCell(nameOrPath)) return resolve(objectDocument(nameOrPath), overrides, nameOrPath);
  const text = readDocumentText(nameOrPath, WANTED);
  if (text.trim() === '') {
    throw new InputError('The file is empty; describe a cell in it, as "base: RS-cell" and "b: 60 pA".', {
      at: { file: nameOrPath },
    });
  }
  const document = textDocument(text, nameOrPath);
  refuseNetwork(document, nameOrPath);
  return resolve(document, overrides, basename(nameOrPath, extname(nameOrPath)));
}

/**
 * A cell from an object of the same shape as a cell file; a `Cell` is such an object.
 *
 * @throws InputError as `readCell`
 */
export function cellFromObject(object: CellDocument, overrides: readonly string[] = []): Cell {
  return resolve(objectDocument(object), overrides, undefined);
}

/** @param name what the cell is called where it has no name of its own; undefined: as its base, or `custom` */
function resolve(source: SourceDocument, overrides: readonly string[], name: string | undefined): Cell {
  const below: SourceDocument = {
    value: { [KEY]: source.value },
    locate: (path) => source.locate(path.slice(1)),
  };
  const document = applyOverrides(below, overrides.map(overrideOfCell), schema);
  const use = checkShape(document, schema)[KEY];
  const problems = new Problems(document.locate);
  const cell = resolveCell(use, [KEY], { problems });
  problems.throwIfAny();
  if (!cell) throw new TypeError('the cell was refused without saying why');
  const isNamed = typeof use !== 'string' && use.name !== undefined;
  return name === undefined || isNamed ? cell : { ...cell, name };
}

/** `b=60pA` as an override of what stands below the key; `cell.b=60pA`, as in a network, means the same. */
function overrideOfCell(override: string): string {
  if (!/^\s*[^=\s][^=]*=/.test(override)) {
    throw new InputError(
      `The override "${override}" is not of the form parameter=value; write it as b=60pA.`,
    );
  }
  return override.trim().startsWith(`${KEY}.`) ? override : `${KEY}.${override.trim()}`;
}

/** A network file in place of a cell is a mistake of its own, better said at once than field by field. */
function refuseNetwork({ value }: SourceDocument, path: string): void {
  if (!isRecord(value) || !('populations' in value)) return;
  throw new InputError(
    `${path} describes a network; name a file with the parameters of one cell, as "base: RS-cell" and "b: 60 pA".`,
  );
}
