/**
 * From a name, a file, a text or an object to a Network: the way in for everything that simulates one.
 *
 *     readNetwork('config1', ['populations.*.drive.*.rate=5Hz'])
 *     readNetwork('mine.yaml')
 *     networkFromObject({ populations: { exc: { size: 10, cell: 'RS-cell', current: '250 pA' } } })
 */
import { basename, dirname, extname, resolve } from 'node:path';
import { checkShape } from './document/check-shape.ts';
import { applyOverrides } from './document/overrides.ts';
import { readDocumentText } from './document/read-text.ts';
import { objectDocument, type SourceDocument, textDocument } from './document/source-document.ts';
import type { ArrayReaders } from './document/tables.ts';
import { BUILT_IN_NETWORKS } from './library/index.ts';
import type { Network } from './network.ts';
import { type NetworkDocument, networkSchema } from './network-schema.ts';
import { resolveNetwork } from './resolve/network.ts';

/** What messages say of a name that is neither a file nor built in. */
const WANTED = { noun: 'network', builtIn: 'built-in network', names: Object.keys(BUILT_IN_NETWORKS) };

/** With readers of the binary files that a network may refer to: `arrayReaders` of `io/array-readers.ts` has all. */
export interface ReadOptions extends ArrayReaders {
  /** Changes made before anything is checked, each `path=value`. */
  overrides?: readonly string[];
}

/**
 * A built-in network, or one from a YAML or JSON file. A built-in name wins over a file of the same name; `./config1`
 * is the file.
 *
 * @param nameOrPath one of `config1`, `vogels-abbott`, or a path
 * @param overrides changes made before anything is checked, as `populations.exc.drive.0.rate=5Hz`, in their order
 * @throws InputError whose message says, one sentence a line, everything that is wrong with the network
 */
export function readNetwork(
  nameOrPath: string,
  overrides: readonly string[] = [],
  options: Omit<ReadOptions, 'overrides'> = {},
): Network {
  const builtIn = Object.hasOwn(BUILT_IN_NETWORKS, nameOrPath) ? BUILT_IN_NETWORKS[nameOrPath] : undefined;
  // The first line of a built-in text is the empty one after the quote: without it, lines count as in a file.
  const text = builtIn === undefined ? readDocumentText(nameOrPath, WANTED) : builtIn.trimStart();
  return parseNetwork(text, { ...options, file: nameOrPath, overrides });
}

/**
 * A network from YAML, or JSON where the file's name ends in `.json`.
 *
 * @param options.file name for messages; files that the text refers to are looked for beside it
 * @throws InputError as `readNetwork`
 */
export function parseNetwork(text: string, options: ReadOptions & { file?: string } = {}): Network {
  const { file = 'network' } = options;
  return fromDocument(
    textDocument(text, file),
    dirname(resolve(file)),
    basename(file, extname(file)),
    options,
  );
}

/**
 * A network from an object of the same shape as a network file. Lists of numbers may be typed arrays.
 *
 * @param options.folder where files that the object refers to are looked for; the working directory where not given
 * @throws InputError as `readNetwork`
 */
export function networkFromObject(
  object: NetworkDocument,
  options: ReadOptions & { folder?: string } = {},
): Network {
  return fromDocument(objectDocument(object), options.folder ?? process.cwd(), 'network', options);
}

function fromDocument(source: SourceDocument, folder: string, name: string, options: ReadOptions): Network {
  const document = applyOverrides(source, options.overrides ?? [], networkSchema);
  const checked = checkShape(document, networkSchema);
  return resolveNetwork(checked, document.locate, { folder, name, readers: options });
}
