/**
 * Arrays of structs, filled and read by field: where a batch has a hundred thousand elements, an object for each would take
 * longer than the kernel. Offsets come from the shader, as everywhere.
 */
import type { ArrayInfo, StructInfo } from 'wgsl_reflect';
import { ShaderError } from '../errors.ts';
import type { Kernel } from './kernel.ts';

/** A number for all elements, or one for each. */
export type Column = number | ArrayLike<number>;

interface Field {
  name: string;
  type: string;
  offset: number;
}

function fieldsOf(kernel: Kernel, name: string): { fields: Field[]; stride: number } {
  const layout = kernel.layout.bindings.get(name)?.layout as ArrayInfo | undefined;
  if (!layout?.isArray || !layout.format.isStruct)
    throw new ShaderError(`shaders/${kernel.path} has no array of structs ${name}`);
  const fields = (layout.format as StructInfo).members.map((member) => ({
    name: member.name,
    type: member.type.name,
    offset: member.offset,
  }));
  return { fields, stride: layout.stride };
}

/**
 * The bytes of `count` elements of the shader's array `name`.
 * @throws ShaderError where a field is missing, unknown or no 32-bit scalar
 */
export function packColumns(
  kernel: Kernel,
  name: string,
  count: number,
  columns: Record<string, Column>,
): Uint8Array {
  const { fields, stride } = fieldsOf(kernel, name);
  const unknown = Object.keys(columns).find((key) => !fields.some((field) => field.name === key));
  if (unknown !== undefined)
    throw new ShaderError(`${name} of shaders/${kernel.path} has no field ${unknown}`);
  const bytes = new ArrayBuffer(count * stride);
  const views = { f32: new Float32Array(bytes), u32: new Uint32Array(bytes), i32: new Int32Array(bytes) };
  for (const field of fields) {
    const column = columns[field.name];
    if (column === undefined) throw new ShaderError(`${name}.${field.name} is not given`);
    const view = Object.hasOwn(views, field.type) ? views[field.type as keyof typeof views] : undefined;
    if (!view) throw new ShaderError(`${name}.${field.name} is of type ${field.type}, not a 32-bit scalar`);
    for (let index = 0; index < count; index++) {
      view[(index * stride + field.offset) / 4] = typeof column === 'number' ? column : column[index]!;
    }
  }
  return new Uint8Array(bytes);
}

/** The fields of `count` elements read back from the shader's array `name`. */
export function unpackColumns(
  kernel: Kernel,
  name: string,
  count: number,
  bytes: ArrayBuffer,
): Record<string, Float32Array | Uint32Array> {
  const { fields, stride } = fieldsOf(kernel, name);
  const [floats, integers] = [new Float32Array(bytes), new Uint32Array(bytes)];
  return Object.fromEntries(
    fields.map(({ name: field, type, offset }) => {
      const at = (index: number) => (index * stride + offset) / 4;
      const column =
        type === 'f32'
          ? Float32Array.from({ length: count }, (_, index) => floats[at(index)]!)
          : Uint32Array.from({ length: count }, (_, index) => integers[at(index)]!);
      return [field, column];
    }),
  );
}
