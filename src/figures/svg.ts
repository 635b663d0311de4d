/**
 * SVG as text: pure functions from attributes and children to strings, without a DOM. Lengths are points (1/72 inch),
 * so that a font size of 7 is 7 pt in the printed paper.
 */

export const POINTS_PER_MM = 72 / 25.4;

export type Attributes = Record<string, string | number | undefined>;

/** `<name attributes>children</name>`; undefined attributes are left out, the others escaped. Children are SVG already. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  let open = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    open += ` ${key}="${typeof value === 'number' ? decimal(value) : escapeText(value)}"`;
  }
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`;
}

/** A whole document of the given size in points, with a white ground so that it reads on a dark page too. */
export function svgDocument(width: number, height: number, title: string, ...children: string[]): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: `${decimal(width / POINTS_PER_MM)}mm`,
      height: `${decimal(height / POINTS_PER_MM)}mm`,
      viewBox: `0 0 ${decimal(width)} ${decimal(height)}`,
    },
    element('title', {}, escapeText(title)),
    element('rect', { width, height, fill: '#ffffff' }),
    ...children,
  );
}

/** A number with at most two decimals: a hundredth of a point is below what any printer shows. */
export function decimal(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Text as character data, without the control characters that XML has no way to write. */
export function escapeText(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
