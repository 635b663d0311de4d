/** A grid of colours as an image inside an SVG: tens of thousands of rectangles would make a file that no editor opens. */
import { crc32, deflateSync } from 'node:zlib';
import type { Frame } from './axes.ts';
import { element } from './svg.ts';

/**
 * An image that fills `frame`, one pixel a cell, without smoothing.
 * @param colour `#rrggbb` of the cell in `column` from the left and `row` from the top
 */
export function rasterImage(
  frame: Frame,
  columns: number,
  rows: number,
  colour: (column: number, row: number) => string,
): string {
  return element('image', {
    ...frame,
    preserveAspectRatio: 'none',
    'image-rendering': 'optimizeSpeed',
    href: `data:image/png;base64,${Buffer.from(encodePng(columns, rows, colour)).toString('base64')}`,
  });
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** 8 bits a channel, red green blue, no interlacing. */
const TRUE_COLOUR = [8, 2, 0, 0, 0];

function encodePng(
  columns: number,
  rows: number,
  colour: (column: number, row: number) => string,
): Uint8Array {
  // Each row begins with the number of its filter, 0: none.
  const pixels = Buffer.alloc(rows * (1 + 3 * columns));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * (1 + 3 * columns) + 1 + 3 * column;
      pixels.writeUIntBE(Number.parseInt(colour(column, row).slice(1), 16), at, 3);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(columns, 0);
  header.writeUInt32BE(rows, 4);
  header.set(TRUE_COLOUR, 8);
  return Buffer.concat([
    Buffer.from(SIGNATURE),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const result = Buffer.alloc(12 + data.length);
  result.writeUInt32BE(data.length, 0);
  result.write(type, 4, 'latin1');
  data.copy(result, 8);
  result.writeUInt32BE(crc32(result.subarray(4, 8 + data.length)), 8 + data.length);
  return result;
}
