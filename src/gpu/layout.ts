/**
 * Reads struct layouts, bindings and workgroup sizes out of WGSL, so that no offset is ever written in TypeScript:
 * a value is a plain object with the struct's field names, and the layout knows where its bytes go.
 */
import type { ArrayInfo, StructInfo, TemplateInfo, TypeInfo, VariableInfo } from 'wgsl_reflect';
import { ResourceType, WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js';
import { ShaderError } from '../errors.ts';

/** What a buffer can be filled with: numbers, lists for arrays and vectors, objects for structs. */
export type WgslValue = number | ArrayLike<number> | readonly WgslValue[] | { [field: string]: WgslValue };

export interface Binding {
  name: string;
  index: number;
  type: 'uniform' | 'storage' | 'read-only-storage';
  layout: TypeInfo;
}

export interface ModuleLayout {
  entryPoint: string;
  workgroupSize: [number, number, number];
  bindings: Map<string, Binding>;
}

/** The layout of a module with exactly one compute entry point (one kernel a file). */
export function reflectModule(code: string, path: string): ModuleLayout {
  const reflected = new WgslReflect(declarationsOnly(code));
  const [entry, ...others] = reflected.entry.compute;
  if (!entry || others.length > 0) {
    throw new ShaderError(`shaders/${path} must have exactly one compute entry point`);
  }
  const bindings = new Map<string, Binding>();
  for (const variable of reflected.getBindGroups()[0] ?? []) {
    if (variable) bindings.set(variable.name, describeBinding(variable));
  }
  const size = entry.attributes?.find((attribute) => attribute.name === 'workgroup_size')?.value;
  const parts = (Array.isArray(size) ? size : [size ?? '1']).map((part) =>
    resolveConstant(String(part), code),
  );
  return {
    entryPoint: entry.name,
    workgroupSize: [parts[0] ?? 1, parts[1] ?? 1, parts[2] ?? 1],
    bindings,
  };
}

/**
 * A module with its comments and function bodies taken out. Layouts stand in declarations alone, and wgsl_reflect's parser
 * takes some expressions (`x << a | y >> b`) for templates.
 */
function declarationsOnly(code: string): string {
  const bare = code.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
  let declarations = '';
  let at = 0;
  for (const match of bare.matchAll(/\bfn\s+\w+[^{]*\{/g)) {
    if (match.index < at) continue;
    let end = match.index + match[0].length;
    for (let depth = 1; depth > 0 && end < bare.length; end++) {
      if (bare[end] === '{') depth++;
      else if (bare[end] === '}') depth--;
    }
    declarations += `${bare.slice(at, match.index)}${match[0]}}`;
    at = end;
  }
  return declarations + bare.slice(at);
}

function describeBinding(variable: VariableInfo): Binding {
  const uniform = variable.resourceType === ResourceType.Uniform;
  const type = uniform ? 'uniform' : variable.access === 'read_write' ? 'storage' : 'read-only-storage';
  return { name: variable.name, index: variable.binding, type, layout: variable.type };
}

/** A workgroup size is a number or the name of a module constant. */
function resolveConstant(text: string, code: string): number {
  const direct = Number.parseInt(text, 10);
  if (!Number.isNaN(direct)) return direct;
  const declared = new RegExp(`const\\s+${text}\\s*(?::\\s*u32)?\\s*=\\s*(\\d+)u?\\s*;`).exec(code);
  if (!declared) throw new ShaderError(`the workgroup size ${text} is not a constant that can be read`);
  return Number(declared[1]);
}

/** Bytes that `value` takes in a buffer of this type (runtime-sized arrays take the value's length). */
export function byteSize(type: TypeInfo, count = 0): number {
  if (type.isArray) {
    const array = type as ArrayInfo;
    return (array.count || count) * array.stride;
  }
  return type.size;
}

/** Writes `value` at `offset` of `view` as WGSL lays `type` out. Every field must be given, none invented. */
export function writeValue(
  view: DataView,
  offset: number,
  type: TypeInfo,
  value: WgslValue,
  path = type.name,
): void {
  if (type.isStruct) writeStruct(view, offset, type as StructInfo, value, path);
  else if (type.isArray) writeArray(view, offset, type as ArrayInfo, value, path);
  else writeVectorOrScalar(view, offset, type, value, path);
}

function writeStruct(view: DataView, offset: number, type: StructInfo, value: WgslValue, path: string): void {
  const fields = value as { [field: string]: WgslValue };
  for (const name of Object.keys(fields)) {
    if (!type.members.some((member) => member.name === name))
      throw new ShaderError(`struct ${type.name} has no field ${name}`);
  }
  for (const member of type.members) {
    const field = fields[member.name];
    if (field === undefined) throw new ShaderError(`${path}.${member.name} is not given`);
    writeValue(view, offset + member.offset, member.type, field, `${path}.${member.name}`);
  }
}

function writeArray(view: DataView, offset: number, type: ArrayInfo, value: WgslValue, path: string): void {
  const items = value as readonly WgslValue[];
  if (type.count > 0 && items.length > type.count)
    throw new ShaderError(`${path} holds ${type.count} elements, not ${items.length}`);
  for (let index = 0; index < items.length; index++) {
    writeValue(view, offset + index * type.stride, type.format, items[index]!, `${path}[${index}]`);
  }
}

function writeVectorOrScalar(
  view: DataView,
  offset: number,
  type: TypeInfo,
  value: WgslValue,
  path: string,
): void {
  const scalar = scalarType(type);
  const numbers = typeof value === 'number' ? [value] : (value as ArrayLike<number>);
  if (numbers.length !== type.size / 4)
    throw new ShaderError(`${path} has ${type.size / 4} components, not ${numbers.length}`);
  for (let index = 0; index < numbers.length; index++) {
    const at = offset + 4 * index;
    const number = numbers[index]!;
    if (typeof number !== 'number' || Number.isNaN(number)) throw new ShaderError(`${path} is ${number}`);
    if (scalar === 'f32') view.setFloat32(at, number, true);
    else if (scalar === 'i32') view.setInt32(at, number, true);
    else view.setUint32(at, number, true);
  }
}

/** `vec4<u32>`, `vec4u`, `atomic<u32>`, `u32` all hold u32. */
function scalarType(type: TypeInfo): 'f32' | 'i32' | 'u32' {
  const name = (type as TemplateInfo).format?.name ?? type.name;
  if (name === 'f32' || /^vec[234]f$/.test(name)) return 'f32';
  if (name === 'i32' || /^vec[234]i$/.test(name)) return 'i32';
  if (name === 'u32' || /^vec[234]u$/.test(name)) return 'u32';
  throw new ShaderError(`values of type ${type.name} cannot be written from the host`);
}
