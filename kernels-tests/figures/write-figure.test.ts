import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { OutputError } from '../../src/errors.ts';
import { svgDocument } from '../../src/figures/svg.ts';
import { label } from '../../src/figures/text.ts';
import { renderPng, writeFigure } from '../../src/figures/write-figure.ts';
import { fullDisk } from '../io/full-disk.ts';
import { ownFolder } from '../own-folder.ts';

const folder = ownFolder();

/** Chunks of a PNG by name; those of the same name are joined. */
function chunks(png: Uint8Array): Map<string, Buffer> {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
  const found = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length; at += bytes.readUInt32BE(at) + 12) {
    const name = bytes.toString('latin1', at + 4, at + 8);
    const content = bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at));
    found.set(name, Buffer.concat([found.get(name) ?? Buffer.alloc(0), content]));
  }
  return found;
}

const page = (...children: string[]): string => svgDocument(72, 36, 'test', ...children);

test('an inch is 300 pixels, and the PNG says so', () => {
  const png = chunks(renderPng(page()));
  const header = png.get('IHDR')!;
  expect([header.readUInt32BE(0), header.readUInt32BE(4)]).toEqual([300, 150]);
  expect(Math.round(png.get('pHYs')!.readUInt32BE(0) * 0.0254)).toBe(300);
});

test('text shows in the PNG though system fonts are never read', () => {
  const content = (svg: string): Buffer => inflateSync(chunks(renderPng(svg)).get('IDAT')!);
  const blank = content(page());
  const styles = [{}, { bold: true }, { symbol: 'V' }] as const;
  const drawn = styles.map((style) => content(page(label('Rate 7', 10, 20, { size: 12, ...style }))));
  for (const image of drawn) {
    const inked = image.reduce((count, byte, i) => count + (byte === blank[i] ? 0 : 1), 0);
    expect(inked).toBeGreaterThan(500);
  }
  // Bold and italic faces are there too: they look different.
  expect(drawn[1].equals(drawn[0])).toBe(false);
  const upright = content(page(label('VRate 7', 10, 20, { size: 12 })));
  expect(drawn[2].equals(upright)).toBe(false);
});

test('writes both files whole or not at all', () => {
  const svg = page(label('x', 10, 20, { size: 7 }));
  expect(writeFigure(join(folder, 'new', 'deep', 'c'), svg).png).toBe(join(folder, 'new', 'deep', 'c.png'));
  for (const name of ['a', 'a.svg', 'a.PNG']) {
    expect(writeFigure(join(folder, name), svg)).toEqual({
      svg: join(folder, 'a.svg'),
      png: join(folder, 'a.png'),
    });
  }
  expect(readFileSync(join(folder, 'a.svg'), 'utf8')).toBe(svg);
  expect(readFileSync(join(folder, 'a.png'))).toEqual(Buffer.from(renderPng(svg)));
  expect(() => writeFigure(join(folder, 'b'), svg, fullDisk(10))).toThrow(OutputError);
  expect(readdirSync(folder).sort()).toEqual(['a.png', 'a.svg', 'new']);
});
