/** Writes one matrix of doubles as a MATLAB file of version 5, in either byte order: for tests, from the format's description. */

export function matFile(
  name: string,
  rows: number,
  values: ArrayLike<number>,
  { little = true }: { little?: boolean } = {},
): Uint8Array {
  const columns = values.length / rows;
  const nameBytes = Math.ceil(name.length / 8) * 8;
  const body = 16 + 16 + 8 + nameBytes + 8 + 8 * values.length;
  const bytes = new Uint8Array(128 + 8 + body);
  const view = new DataView(bytes.buffer);
  new TextEncoder().encodeInto('MATLAB 5.0 MAT-file, made by a test'.padEnd(116), bytes);
  view.setUint16(124, 0x0100, little);
  view.setUint16(126, 0x4d49, little);
  let at = 128;
  const word = (value: number) => {
    view.setUint32(at, value, little);
    at += 4;
  };
  // Matrix; flags: class 6 (double); two dimensions; name; data.
  for (const value of [14, body, 6, 8, 6, 0, 5, 8, rows, columns, 1, name.length]) word(value);
  new TextEncoder().encodeInto(name, bytes.subarray(at));
  at += nameBytes;
  word(9);
  word(8 * values.length);
  for (let column = 0; column < columns; column++)
    for (let row = 0; row < rows; row++, at += 8)
      view.setFloat64(at, values[row * columns + column]!, little);
  return bytes;
}
