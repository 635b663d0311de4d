/**
 * Just enough of an SVG reader to judge figures: it refuses what is not well-formed, and lists elements with their
 * attributes and text.
 */
export interface SvgElement {
  name: string;
  attributes: Record<string, string>;
  /** The text in it and in its children. */
  text: string;
}

/** All elements of a document in the order in which they end. Throws where tags do not match or text is not escaped. */
export function readSvg(svg: string): SvgElement[] {
  const open: SvgElement[] = [];
  const done: SvgElement[] = [];
  let rest = svg;
  while (rest !== '') {
    const piece = /^(?:<\/(\w+)>|<(\w+)((?: [\w:-]+="[^"<>]*")*)(\/?)>|[^<>]+)/.exec(rest);
    if (!piece) throw new Error(`not well-formed at: ${rest.slice(0, 80)}`);
    rest = rest.slice(piece[0].length);
    const [whole, closed, opened, attributes, empty] = piece;
    if (opened) {
      const pairs = [...attributes.matchAll(/ ([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [
        key,
        decode(value),
      ]);
      open.push({ name: opened, attributes: Object.fromEntries(pairs), text: '' });
    }
    if (closed || empty) {
      const element = open.pop();
      if (!element || (closed && element.name !== closed))
        throw new Error(`</${closed}> closes ${element?.name}`);
      const parent = open.at(-1);
      if (parent) parent.text += element.text;
      done.push(element);
    } else if (!opened) {
      const parent = open.at(-1);
      if (!parent) throw new Error(`text outside of the document: ${whole}`);
      parent.text += decode(whole);
    }
  }
  if (open.length > 0) throw new Error(`${open[0].name} is not closed`);
  return done;
}

function decode(text: string): string {
  return text.replace(/&(\w*;?)/g, (whole, name: string) => {
    const character = { 'amp;': '&', 'lt;': '<', 'gt;': '>', 'quot;': '"' }[name];
    if (character === undefined) throw new Error(`${whole} is no entity`);
    return character;
  });
}
