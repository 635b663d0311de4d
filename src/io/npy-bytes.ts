/** A whole .npy array that lies in memory already, as a member of an archive does. */
import { InputError } from '../errors.ts';
import { toCOrder } from './npy.ts';
import {
  bytesPerElement,
  elementCount,
  headerExtent,
  PREFIX_LENGTH,
  parseHeader,
  viewAs,
} from './npy-header.ts';
import { asDoubles, type NumericArray } from './numeric-array.ts';

/** @param file what messages call it. Throws InputError for bytes that are no .npy, or whose length is not that of their shape */
export function decodeNpy(bytes: Uint8Array, file: string): NumericArray {
  const fail = (message: string): never => {
    throw new InputError(message, { at: { file } });
  };
  const extent = headerExtent(bytes.subarray(0, PREFIX_LENGTH));
  if (typeof extent === 'string') return fail(extent);
  if (extent.end > bytes.length) return fail('the array ends within its header; copy or save it again');
  const text = new TextDecoder(extent.utf8 ? 'utf-8' : 'latin1').decode(
    bytes.subarray(extent.start, extent.end),
  );
  const header = parseHeader(text);
  if (typeof header === 'string') return fail(header);
  const { dtype, shape } = header;
  const wanted = elementCount(shape) * bytesPerElement(dtype);
  const present = bytes.length - extent.end;
  if (wanted !== present)
    return fail(
      `shape (${shape.join(', ')}) of ${dtype} needs ${wanted} bytes of data and ${present} are there; copy or save it again`,
    );
  // A copy: typed arrays must begin at a multiple of their size.
  const data = viewAs(dtype, new Uint8Array(bytes.subarray(extent.end)).buffer);
  return { shape, data: asDoubles(header.fortranOrder ? toCOrder(data, shape) : data) };
}
