/**
 * Writes out loops that a shader marks:
 *
 *   // #unroll
 *   for (var q = 0u; q < QUADS; q += 1u) { ... }      becomes      { const q = 0u; ... } { const q = 1u; ... } ...
 *
 * Then `q` is a constant in each copy, and what it indexes can stay in registers, which compilers for CPUs do not find out by
 * themselves in long bodies. Without the copies the loop means the same. The body has no `break` or `continue`.
 */
import { ShaderError } from '../errors.ts';

interface Line {
  text: string;
  origin: { path: string; line: number };
}

const mark = /^\s*\/\/\s*#unroll\s*$/;
const loop = /^(\s*)for \(var (\w+) = (\d+)u; \2 < (\w+); \2 \+= 1u\) \{$/;
const constant = /^const\s+(\w+)\s*(?::\s*u32\s*)?=\s*(\d+)u;/;

/** @throws ShaderError where a mark stands before anything but a loop from a number to a number or constant */
export function unrollLoops(lines: readonly Line[]): Line[] {
  const values = new Map<string, number>();
  for (const { text } of lines) {
    const found = constant.exec(text);
    if (found) values.set(found[1]!, Number(found[2]));
  }
  const write = (part: readonly Line[]): Line[] => {
    const written: Line[] = [];
    for (let at = 0; at < part.length; at++) {
      if (!mark.test(part[at]!.text)) {
        written.push(part[at]!);
        continue;
      }
      const head = part[at + 1];
      const found = head && loop.exec(head.text);
      const [, indent, name, from, to] = found ?? [];
      const end = /^\d+u$/.test(to ?? '') ? Number.parseInt(to!, 10) : values.get(to ?? '');
      const close = part.findIndex((line, index) => index > at + 1 && line.text === `${indent}}`);
      if (!found || end === undefined || close < 0) {
        const { path, line } = part[at]!.origin;
        throw new ShaderError(
          `shaders/${path}:${line}: #unroll must stand before a loop such as "for (var q = 0u; q < QUADS; q += 1u) {", with QUADS a constant`,
        );
      }
      const body = part.slice(at + 2, close);
      for (let value = Number(from); value < end; value++) {
        written.push(
          { ...head, text: `${indent}{ const ${name} = ${value}u;` },
          ...write(body),
          part[close]!,
        );
      }
      at = close;
    }
    return written;
  };
  return write(lines);
}
