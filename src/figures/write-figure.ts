/**
 * A figure on disk: the SVG, whose text stays editable, and a PNG of it. The renderer draws no text at all where a
 * machine has no fonts, and says nothing; so the font comes with Spikefield and system fonts are not looked at,
 * which also makes the PNG the same everywhere.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { Resvg } from '@resvg/resvg-js';
import { OutputError } from '../errors.ts';
import { type OpenOutput, openOutput, writeWhole } from '../io/output-file.ts';
import { makeFolder } from '../io/run-directory.ts';

/** Arimo (SIL Open Font License 1.1), of the same widths as Arial. */
const FONT_PACKAGE = '@expo-google-fonts/arimo';
const FONT_FILES = [
  '400Regular/Arimo_400Regular.ttf',
  '400Regular_Italic/Arimo_400Regular_Italic.ttf',
  '700Bold/Arimo_700Bold.ttf',
];

/** What most journals ask for. */
const DOTS_PER_INCH = 300;
/** The renderer reads mm as CSS does. */
const CSS_PIXELS_PER_INCH = 96;
/** A PNG starts with an 8-byte signature and the 25 bytes of its IHDR chunk. */
const END_OF_IHDR = 33;

/**
 * Writes `svg` to `<path>.svg` and `<path>.png`; an ending .svg or .png of `path` is dropped first, and a folder that
 * is not there is made. Returns both paths. Throws OutputError.
 */
export function writeFigure(
  path: string,
  svg: string,
  open: OpenOutput = openOutput,
): { svg: string; png: string } {
  const stem = path.replace(/\.(svg|png)$/i, '');
  const paths = { svg: `${stem}.svg`, png: `${stem}.png` };
  makeFolder(dirname(stem));
  writeWhole(paths.svg, svg, open);
  writeWhole(paths.png, renderPng(svg), open);
  return paths;
}

/** Renders an SVG whose size is given in mm to a PNG of `dotsPerInch`, which the PNG states. Throws OutputError. */
export function renderPng(svg: string, dotsPerInch: number = DOTS_PER_INCH): Uint8Array {
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: dotsPerInch / CSS_PIXELS_PER_INCH },
    font: {
      loadSystemFonts: false,
      fontFiles: fontFiles(),
      defaultFontFamily: 'Arimo',
      sansSerifFamily: 'Arimo',
    },
  });
  return stateResolution(resvg.render().asPng(), dotsPerInch);
}

/** Inserts the chunk by which word processors and LaTeX know how large a PNG is on paper. */
function stateResolution(png: Uint8Array, dotsPerInch: number): Uint8Array {
  const perMetre = Math.round(dotsPerInch / 0.0254);
  const chunk = Buffer.alloc(21);
  chunk.writeUInt32BE(9, 0);
  chunk.write('pHYs', 4, 'latin1');
  chunk.writeUInt32BE(perMetre, 8);
  chunk.writeUInt32BE(perMetre, 12);
  chunk.writeUInt8(1, 16); // the unit is the metre
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  return Buffer.concat([png.subarray(0, END_OF_IHDR), chunk, png.subarray(END_OF_IHDR)]);
}

function fontFiles(): string[] {
  const require = createRequire(import.meta.url);
  try {
    return FONT_FILES.map((file) => require.resolve(`${FONT_PACKAGE}/${file}`));
  } catch {
    throw new OutputError(
      `The font of the figures (npm package ${FONT_PACKAGE}) is not installed; run "npm install" in Spikefield's folder.`,
    );
  }
}
