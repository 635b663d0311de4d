/** The walls of the house: which folder may import which, and that nothing goes in a circle (docs/architecture.md). */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../src', import.meta.url));

/** What a folder may import besides itself; `errors` and `units` are everybody's. */
const allowed: Record<string, string[]> = {
  errors: [],
  units: ['errors'],
  random: [],
  models: ['errors', 'units', 'random'],
  analysis: ['errors'],
  // Connectomes are read into their model.
  io: ['errors', 'analysis', 'models'],
  figures: ['errors', 'analysis', 'io'],
  gpu: ['errors'],
  spiking: ['errors', 'units', 'random', 'models', 'analysis', 'gpu'],
  // Measurements and fits are read and written where their format is known.
  transfer: ['errors', 'units', 'random', 'models', 'analysis', 'gpu', 'io'],
  // Tables are read and written where their format is known.
  'fokker-planck': ['errors', 'units', 'models', 'gpu', 'io'],
  // A model's transfer functions are what `transfer` measures and fits.
  'mean-field': ['errors', 'units', 'random', 'models', 'gpu', 'transfer'],
  // A unit of a ring is a mean field.
  ring: ['errors', 'models', 'analysis', 'gpu', 'transfer', 'mean-field'],
  // Generic over what is swept; results are written where their format is known.
  sweep: ['errors', 'random', 'io', 'optimise'],
  // Knows points and values alone.
  optimise: ['errors', 'random'],
  // Runs of networks as points of a sweep.
  'network-sweep': ['errors', 'models', 'gpu', 'spiking', 'sweep'],
  // A network and its mean field, side by side.
  comparison: ['errors', 'models', 'analysis', 'gpu', 'spiking', 'transfer', 'mean-field'],
  // Nodes read the tables of `fokker-planck`; results are written where their shape is known.
  // Explorations and fits of brains are sweeps.
  'whole-brain': [
    'errors',
    'units',
    'random',
    'models',
    'analysis',
    'io',
    'gpu',
    'fokker-planck',
    'sweep',
    'optimise',
  ],
  setup: ['errors', 'gpu'],
  cli: [
    'errors',
    'units',
    'models',
    'analysis',
    'io',
    'figures',
    'gpu',
    'spiking',
    'transfer',
    'mean-field',
    'ring',
    'sweep',
    'network-sweep',
    'comparison',
    'fokker-planck',
    'whole-brain',
  ],
  index: [
    'errors',
    'analysis',
    'models',
    'gpu',
    'spiking',
    'io',
    'transfer',
    'mean-field',
    'ring',
    'sweep',
    'network-sweep',
    'comparison',
    'fokker-planck',
    'whole-brain',
  ],
};

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  .map((name) => join(root, name));

/** Files of `src` that a file imports, types included. */
function imports(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+\.ts)'/g)].map((match) =>
    resolve(dirname(file), match[1]!),
  );
}

const room = (file: string) => relative(root, file).split('/')[0]!.replace(/\.ts$/, '');
const graph = new Map(files.map((file) => [file, imports(file)]));

describe('architecture', () => {
  test('every folder has its rule', () => {
    expect([...new Set(files.map(room))].filter((name) => !(name in allowed))).toEqual([]);
  });

  test('imports go one way', () => {
    const wrong = files.flatMap((file) =>
      imports(file)
        .filter((target) => room(target) !== room(file) && !allowed[room(file)]!.includes(room(target)))
        .map((target) => `${relative(root, file)} imports ${relative(root, target)}`),
    );
    expect(wrong).toEqual([]);
  });

  test('no circle', () => {
    const done = new Set<string>();
    const visit = (file: string, path: string[]): string[] | undefined => {
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
      if (done.has(file)) return undefined;
      for (const target of graph.get(file) ?? []) {
        const circle = visit(target, [...path, file]);
        if (circle) return circle;
      }
      done.add(file);
      return undefined;
    };
    const circles = files.map((file) => visit(file, [])?.map((each) => relative(root, each)));
    expect(circles.filter((circle) => circle !== undefined)).toEqual([]);
  });

  test('only src/gpu touches WebGPU', () => {
    const outside = files.filter(
      (file) => room(file) !== 'gpu' && /from 'webgpu'/.test(readFileSync(file, 'utf8')),
    );
    expect(outside.map((file) => relative(root, file))).toEqual([]);
  });
});
