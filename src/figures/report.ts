/**
 * A report of a run: one HTML file that opens anywhere, without network, script or neighbour files. Figures are inside as
 * SVG, so that they stay sharp and their text can be found.
 */
import { type OpenOutput, openOutput, writeWhole } from '../io/output-file.ts';
import { FONT_FAMILY } from './style.ts';
import { escapeText } from './svg.ts';

export interface Report {
  title: string;
  /** A sentence or two below the title. */
  summary?: string;
  /** What was computed with, and what came out: a table each, rows of name, value and unit. */
  tables: readonly ReportTable[];
  /** SVG documents of `src/figures`, with a caption each. */
  figures: readonly { svg: string; caption: string }[];
  /** Whole sentences: what is worth knowing. */
  notes?: readonly string[];
  /** At the foot: who made it and when. */
  foot?: string;
}

export interface ReportTable {
  title: string;
  rows: readonly (readonly [name: string, value: string | number, unit?: string])[];
}

const STYLE = `
body { font: 15px/1.5 ${FONT_FAMILY}; color: #1a1a1a; background: #fff; max-width: 60em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 2em; }
table { border-collapse: collapse; } td { padding: .15em 1em .15em 0; vertical-align: top; border-bottom: 1px solid #ddd; }
td.value { text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: 1.5em 0; } figure svg { max-width: 100%; height: auto; } figcaption, footer { color: #555; font-size: .9em; }
@media print { h2, figure, table { break-inside: avoid; } }
`;

/** The page as text. */
export function reportPage({ title, summary, tables, figures, notes = [], foot }: Report): string {
  const body = [
    `<h1>${escapeText(title)}</h1>`,
    ...(summary === undefined ? [] : [`<p>${escapeText(summary)}</p>`]),
    ...tables.map(tableSection),
    ...(figures.length === 0 ? [] : ['<h2>Figures</h2>']),
    ...figures.map(
      ({ svg, caption }) => `<figure>${svg}<figcaption>${escapeText(caption)}</figcaption></figure>`,
    ),
    ...(notes.length === 0
      ? []
      : ['<h2>Notes</h2>', `<ul>${notes.map((note) => `<li>${escapeText(note)}</li>`).join('')}</ul>`]),
    ...(foot === undefined ? [] : [`<footer>${escapeText(foot)}</footer>`]),
  ];
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeText(title)}</title><style>${STYLE}</style>`;
  return `<!DOCTYPE html>\n<html lang="en"><head>${head}</head>\n<body>\n${body.join('\n')}\n</body></html>\n`;
}

/** Writes the page; it appears whole or not at all. Throws OutputError. */
export function writeReport(path: string, report: Report, open: OpenOutput = openOutput): void {
  writeWhole(path, reportPage(report), open);
}

function tableSection({ title, rows }: ReportTable): string {
  const lines = rows.map(
    ([name, value, unit]) =>
      `<tr><td>${escapeText(name)}</td><td class="value">${escapeText(String(value))}</td><td>${escapeText(unit ?? '')}</td></tr>`,
  );
  return `<h2>${escapeText(title)}</h2>\n<table>${lines.join('\n')}</table>`;
}
