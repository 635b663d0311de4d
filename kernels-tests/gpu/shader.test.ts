/** Composing WGSL from files, setting its constants, and finding the written line that a compiler complains of. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ShaderError } from '../../src/errors.ts';
import { compileShader, composeShader, shaderRoot } from '../../src/gpu/shader.ts';
import { testDevice } from '../device.ts';

/** A `read` for files that exist only in a test. */
function folder(files: Record<string, string>): (path: string) => string {
  return (path) => {
    const text = files[path];
    if (text === undefined) throw new Error(`no file ${path}`);
    return text;
  };
}

function compose(files: Record<string, string>, constants = {}, path = Object.keys(files)[0]!) {
  return composeShader(path, constants, folder(files));
}

describe('includes', () => {
  test('take the place of their line, once, however deep', () => {
    const source = compose({
      'main.wgsl': '// first\n// #include "a.wgsl"\n  // #include "b.wgsl"\nfn main() {}',
      'a.wgsl': 'const a = 1;\n// #include "b.wgsl"\n// #include "main.wgsl"',
      'b.wgsl': 'const b = 2;',
    });
    expect(source.code).toBe('// first\nconst a = 1;\nconst b = 2;\nfn main() {}');
    expect(source.origin).toEqual([
      { path: 'main.wgsl', line: 1 },
      { path: 'a.wgsl', line: 1 },
      { path: 'b.wgsl', line: 1 },
      { path: 'main.wgsl', line: 4 },
    ]);
    expect(source.path).toBe('main.wgsl');
  });

  test('a missing file is named, and the line that wants it', () => {
    expect(() => compose({ 'main.wgsl': '\n// #include "none.wgsl"' })).toThrow(ShaderError);
    expect(() => compose({ 'main.wgsl': '\n// #include "none.wgsl"' })).toThrow(
      'shaders/none.wgsl cannot be read; shaders/main.wgsl:2 includes it',
    );
    expect(() => composeShader('no/such.wgsl')).toThrow('shaders/no/such.wgsl cannot be read');
  });

  test('directives of an included file come before all else, and only where they are wanted', () => {
    const files = {
      'main.wgsl':
        'const ON: u32 = 0u;\n// #if ON\n// #include "a.wgsl"\n// #end\nfn main() {\n  // enable nothing;\n}',
      'a.wgsl': 'const a = 1;\nenable subgroups;\ndiagnostic(off, subgroup_uniformity);',
    };
    const compose = (ON: number) =>
      composeShader('main.wgsl', { ON }, (name) => files[name as keyof typeof files]);
    const on = compose(8);
    expect(on.code).toMatch(
      /^enable subgroups;\ndiagnostic\(off, subgroup_uniformity\);\nconst ON: u32 = 8u;\nconst a = 1;\nfn main/,
    );
    expect(on.origin.slice(0, 3)).toEqual([
      { path: 'a.wgsl', line: 2 },
      { path: 'a.wgsl', line: 3 },
      { path: 'main.wgsl', line: 1 },
    ]);
    expect(compose(0).code).toMatch(/^const ON: u32 = 0u;\nfn main/);
  });

  test('a comment that only speaks of an include is none', () => {
    const text = '// see #include "a.wgsl"\nlet x = 1; // #include "a.wgsl"';
    expect(compose({ 'main.wgsl': text }).code).toBe(text);
  });
});

describe('what is left out', () => {
  const text = 'const A: u32 = 1u;\nconst B: bool = true;\n// #if A\na\n  // #if B\nb\n  // #end\n// #end\nc';

  test.each([
    [{}, 'a b c'],
    [{ A: 0 }, 'c'],
    [{ B: false }, 'a c'],
    [{ A: 0, B: false }, 'c'],
    [{ A: 3 }, 'a b c'],
  ])('with the constants %j, %s stays', (constants, rest) => {
    const source = compose({ 'main.wgsl': text }, constants);
    expect(source.code.split('\n').slice(2).join(' ')).toBe(rest);
    const last = source.origin.at(-1);
    expect(last).toEqual({ path: 'main.wgsl', line: 9 });
    expect(source.origin.length).toBe(source.code.split('\n').length);
  });

  test('the comments after #else stand in where the lines before it are left out', () => {
    const text = 'const A: bool = true;\n// #if A\na\n  // #else\n  // b\n  // #end\nc';
    expect(compose({ 'main.wgsl': text }).code).toBe('const A: bool = true;\na\nc');
    expect(compose({ 'main.wgsl': text }, { A: false }).code).toBe('const A: bool = false;\n  b\nc');
    const twice = '\n// #if A\n// #else\n// #else';
    expect(() => compose({ 'main.wgsl': `const A: bool = true;${twice}` })).toThrow(
      'shaders/main.wgsl:4: #else without an #if before it',
    );
  });

  test('marks that do not pair, or speak of nothing, are refused', () => {
    const refused = (lines: string) => () => compose({ 'main.wgsl': lines });
    expect(refused('// #if A')).toThrow('shaders/main.wgsl:1: #if A speaks of no constant of the shader');
    expect(refused('const A: u32 = 1u;\n// #if A')).toThrow('shaders/main.wgsl: an #if lacks its #end');
    expect(refused('\n// #end')).toThrow('shaders/main.wgsl:2: #end without an #if before it');
  });
});

describe('constants', () => {
  const text = [
    'const COUNT: u32 = 2u; // how many',
    'const OFFSET: i32 = -1;',
    'const FACTOR: f32 = 0.5;',
    'const FAST: bool = false;',
    'const FREE = 3u;',
    '  const COUNT: u32 = 9u;',
  ].join('\n');

  test('are set by name, type by type, and keep their comments and lines', () => {
    const { code } = compose({ 'main.wgsl': text }, { COUNT: 7, OFFSET: -12, FACTOR: 2, FAST: true });
    expect(code.split('\n')).toEqual([
      'const COUNT: u32 = 7u; // how many',
      'const OFFSET: i32 = -12i;',
      'const FACTOR: f32 = f32(2);',
      'const FAST: bool = true;',
      'const FREE = 3u;',
      '  const COUNT: u32 = 9u;',
    ]);
  });

  test('stay as they are where nothing is set', () => {
    expect(compose({ 'main.wgsl': text }).code).toBe(text);
  });

  test('are set in included files too', () => {
    const files = { 'main.wgsl': '// #include "a.wgsl"', 'a.wgsl': 'const SIZE: u32 = 1u;' };
    expect(compose(files, { SIZE: 5 }).code).toBe('const SIZE: u32 = 5u;');
  });

  test('that do not exist, or are no numbers, are refused', () => {
    expect(() => compose({ 'main.wgsl': text }, { COUNTS: 1, FAST: true, OTHER: 2 })).toThrow(
      new ShaderError('shaders/main.wgsl declares no constant COUNTS, OTHER'),
    );
    expect(() => compose({ 'main.wgsl': text }, { COUNT: Number.NaN })).toThrow(
      'a shader constant cannot be NaN',
    );
    expect(() => compose({ 'main.wgsl': text }, { FREE: 1 })).toThrow('declares no constant FREE');
  });
});

describe('the compiler', () => {
  async function failure(files: Record<string, string>, constants = {}): Promise<Error> {
    try {
      await compileShader(await testDevice(), compose(files, constants));
    } catch (error) {
      return error as Error;
    }
    return expect.fail('it compiled');
  }

  test('speaks of the file, line and column that were written', async () => {
    const error = await failure({
      'kernel.wgsl':
        '// #include "good.wgsl"\n// #include "bad.wgsl"\n@compute @workgroup_size(1)\nfn main() {}',
      'good.wgsl': 'fn good() -> u32 {\n  return 1u;\n}',
      'bad.wgsl': '// a comment\nfn bad() -> u32 {\n  return 1.5 + nothing;\n}',
    });
    expect(error).toBeInstanceOf(ShaderError);
    expect(error.message).toMatch(/^shaders\/bad\.wgsl:3:16: .*nothing.*\n {4}return 1\.5 \+ nothing;$/s);
  });

  test('speaks of the including file below its includes', async () => {
    const error = await failure({
      'kernel.wgsl':
        '// #include "good.wgsl"\n\n@compute @workgroup_size(1)\nfn main() { let x: u32 = good(1); }',
      'good.wgsl': 'fn good() -> u32 {\n  return 1u;\n}',
    });
    expect(error.message).toMatch(/^shaders\/kernel\.wgsl:4:26: /);
  });

  test('shows a constant as it was set', async () => {
    const error = await failure({ 'kernel.wgsl': '\nconst COUNT: u32 = 1u;' }, { COUNT: -1 });
    expect(error.message).toMatch(/^shaders\/kernel\.wgsl:2:\d+: .*\n {4}const COUNT: u32 = -1u;$/s);
  });

  test('a device is as good as new after an error', async () => {
    const device = await testDevice();
    await failure({ 'kernel.wgsl': 'nonsense' });
    await compileShader(device, compose({ 'kernel.wgsl': '@compute @workgroup_size(1) fn main() {}' }));
    device.throwIfFaulty();
  });
});

describe('unrolling', () => {
  const nested = `const N: u32 = 2u;
// #unroll
for (var q = 0u; q < N; q += 1u) {
  a(q);
  // #unroll
  for (var r = 1u; r < 3u; r += 1u) {
    b(q, r);
  }
}
end();`;

  test('writes a loop out, loops inside it too, with constants as set', () => {
    const { code, origin } = compose({ 'kernel.wgsl': nested }, { N: 3 });
    const lines = code.split('\n').map((line) => line.trim());
    expect(lines.filter((line) => line.startsWith('{ const q'))).toEqual([
      '{ const q = 0u;',
      '{ const q = 1u;',
      '{ const q = 2u;',
    ]);
    expect(lines.filter((line) => line === 'b(q, r);')).toHaveLength(6);
    expect(lines.filter((line) => line.startsWith('for'))).toEqual([]);
    expect(lines.at(-1)).toBe('end();');
    lines.forEach((line, index) => {
      if (line === 'b(q, r);') expect(origin[index]).toEqual({ path: 'kernel.wgsl', line: 7 });
    });
  });

  test.each([
    'x = 1u;',
    'for (var q = 0u; q < UNKNOWN; q += 1u) {\n}',
    'for (var q = 0u; q < 2u; q += 1u) {',
  ])('refuses a mark before %s', (text) => {
    expect(() => compose({ 'kernel.wgsl': `\n// #unroll\n${text}` })).toThrow(
      'shaders/kernel.wgsl:2: #unroll must stand before a loop',
    );
  });
});

describe('every shader of the package', () => {
  /** They step whatever node model stands before them; the files that join the two compile below. */
  const ofAnyModel = ['whole-brain/brain.wgsl', 'whole-brain/single.wgsl'];
  const paths = readdirSync(shaderRoot, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.wgsl') && !ofAnyModel.includes(path),
  );

  test.each(paths.toSorted())('%s compiles as it stands', async (path) => {
    await compileShader(await testDevice(), composeShader(path));
  });
});
