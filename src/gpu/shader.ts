/**
 * Composes a WGSL module from the files in `shaders/`. A file stays plain WGSL that any tool opens; a few conventions
 * live in comments and constants:
 *
 *   // #include "common/threefry.wgsl"     takes in another file, once
 *   const RECEPTORS: u32 = 2u;             a module constant, whose value the host may replace by name
 *   // #unroll                             writes out the loop on the next line; see unroll.ts
 *   // #if PROCESSES ... // #end           leaves out the lines between where the constant is 0 or false: where a struct would
 *                                          otherwise carry what a model does not use; lines between // #else and // #end are
 *                                          comments, whose text is taken in instead
 *   enable subgroups;                      a directive may stand in any file, though WGSL wants it first
 *
 * What the compiler says is mapped back to the file and line that were written.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ShaderError } from '../errors.ts';
import type { Device } from './device.ts';
import { unrollLoops } from './unroll.ts';

/** The folder of shaders that ships with the package (the same path from `src/gpu/` and `dist/gpu/`). */
export const shaderRoot = fileURLToPath(new URL('../../shaders/', import.meta.url));
const constValue = /^const\s+(\w+)\s*:\s*(?:u32|i32|bool)\s*=\s*(\w+);/;

export type ShaderConstants = Record<string, number | boolean>;

interface ShaderLine {
  text: string;
  origin: { path: string; line: number };
}

export interface ShaderSource {
  /** Path below `shaders/`. */
  path: string;
  code: string;
  /** For each line of `code`, where it was written. */
  origin: { path: string; line: number }[];
}

const includeLine = /^\s*\/\/\s*#include\s+"([^"]+)"\s*$/;
const ifLine = /^\s*\/\/\s*#if\s+(\w+)\s*$/;
const elseLine = /^\s*\/\/\s*#else\s*$/;
const endLine = /^\s*\/\/\s*#end\s*$/;
/** Directives, which WGSL wants before all else: they may stand in any file. */
const directiveLine = /^\s*(enable|diagnostic)\b/;
const constLine = /^const\s+([A-Za-z_]\w*)\s*:\s*(u32|i32|f32|bool)\s*=\s*[^;]+;(.*)$/;

/**
 * Reads a shader with everything it includes and sets its constants.
 * @throws ShaderError where a file is missing or a constant is not declared
 */
export function composeShader(
  path: string,
  constants: ShaderConstants = {},
  read: (path: string) => string = (name) => readFileSync(shaderRoot + name, 'utf8'),
): ShaderSource {
  const lines: ShaderLine[] = [];
  const included = new Set<string>();
  const unset = new Set(Object.keys(constants));

  const takeIn = (name: string, from: string) => {
    if (included.has(name)) return;
    included.add(name);
    let text: string;
    try {
      text = read(name);
    } catch {
      throw new ShaderError(`shaders/${name} cannot be read${from}`);
    }
    text.split('\n').forEach((line, index) => {
      const include = includeLine.exec(line);
      if (include) {
        takeIn(include[1]!, `; shaders/${name}:${index + 1} includes it`);
        return;
      }
      const constant = constLine.exec(line);
      const value = constant ? constants[constant[1]!] : undefined;
      if (constant) unset.delete(constant[1]!);
      const text =
        constant && value !== undefined
          ? `const ${constant[1]}: ${constant[2]} = ${literal(constant[2]!, value)};${constant[3]}`
          : line;
      lines.push({ text, origin: { path: name, line: index + 1 } });
    });
  };
  takeIn(path, '');
  if (unset.size > 0) throw new ShaderError(`shaders/${path} declares no constant ${[...unset].join(', ')}`);
  const written = directivesFirst(unrollLoops(keepWanted(path, lines)));
  return {
    path,
    code: written.map(({ text }) => text).join('\n'),
    origin: written.map(({ origin }) => origin),
  };
}

function directivesFirst(lines: readonly ShaderLine[]): ShaderLine[] {
  const isDirective = ({ text }: ShaderLine) => directiveLine.test(text);
  return [...lines.filter(isDirective), ...lines.filter((line) => !isDirective(line))];
}

/** Lines without those between `#if` and `#end` whose constant is 0 or false, or with those of their `#else`, and without the marks. */
function keepWanted(path: string, lines: readonly ShaderLine[]): ShaderLine[] {
  const values = new Map<string, string>();
  for (const { text } of lines) {
    const constant = constValue.exec(text);
    if (constant) values.set(constant[1]!, constant[2]!);
  }
  const open: { wanted: boolean; otherwise: boolean }[] = [];
  const kept: ShaderLine[] = [];
  for (const line of lines) {
    const condition = ifLine.exec(line.text)?.[1];
    if (condition !== undefined) {
      const value = values.get(condition);
      const { origin } = line;
      if (value === undefined)
        throw new ShaderError(
          `shaders/${origin.path}:${origin.line}: #if ${condition} speaks of no constant of the shader`,
        );
      open.push({ wanted: !/^(false|0u|0i)$/.test(value), otherwise: false });
    } else if (elseLine.test(line.text) || endLine.test(line.text)) {
      const mark = open.pop();
      const name = elseLine.test(line.text) ? '#else' : '#end';
      if (!mark || (name === '#else' && mark.otherwise))
        throw new ShaderError(
          `shaders/${line.origin.path}:${line.origin.line}: ${name} without an #if before it`,
        );
      if (name === '#else') open.push({ wanted: !mark.wanted, otherwise: true });
    } else if (open.every(({ wanted }) => wanted)) {
      const text = open.at(-1)?.otherwise ? line.text.replace(/\/\/ ?/, '') : line.text;
      kept.push({ ...line, text });
    }
  }
  if (open.length > 0) throw new ShaderError(`shaders/${path}: an #if lacks its #end`);
  return kept;
}

function literal(type: string, value: number | boolean): string {
  if (type === 'bool') return value ? 'true' : 'false';
  const number = Number(value);
  if (!Number.isFinite(number)) throw new ShaderError(`a shader constant cannot be ${number}`);
  if (type === 'u32') return `${number}u`;
  if (type === 'i32') return `${number}i`;
  return `f32(${number})`;
}

/**
 * Compiles a composed shader.
 * @throws ShaderError with the compiler's first message beside the line it speaks of
 */
export async function compileShader(device: Device, source: ShaderSource): Promise<GPUShaderModule> {
  device.raw.pushErrorScope('validation');
  const module = device.raw.createShaderModule({ label: source.path, code: source.code });
  // Closed before anything is waited for: somebody else may open another.
  const scope = device.raw.popErrorScope();
  const info = await module.getCompilationInfo();
  const error = await scope;
  const message = info.messages.find((each) => each.type === 'error');
  if (message) {
    const at = source.origin[message.lineNum - 1] ?? { path: source.path, line: 0 };
    const line = source.code.split('\n')[message.lineNum - 1] ?? '';
    throw new ShaderError(
      `shaders/${at.path}:${at.line}:${message.linePos}: ${message.message}\n    ${line.trim()}`,
    );
  }
  if (error) throw new ShaderError(`shaders/${source.path}: ${error.message}`);
  return module;
}
