/** From arrays found in files to a connectome: shapes, subjects, names and orders are brought together and checked. */
import { functionalConnectivity } from '../../analysis/correlation.ts';
import { InputError } from '../../errors.ts';
import type { ConnectomeSource, Recording, Subject } from '../../models/connectome.ts';
import { squareSize } from '../../models/connectome-checks.ts';
import type { NumericArray } from '../numeric-array.ts';
import { noWeights, type Part, type Parts } from './parts.ts';
import { lengthFactor, type ReadConnectomeOptions } from './read-options.ts';
import { recordingOf } from './recording.ts';

/** Throws InputError where a part is missing, of another size or in another order than the weights. */
export function sourceFromParts(
  parts: Parts,
  name: string,
  path: string,
  options: ReadConnectomeOptions,
): ConnectomeSource {
  if (!parts.weights) throw noWeights(path);
  const weights = matricesOf(parts.weights);
  const nodes = squareSize(weights.shape.slice(1), `The weights (${parts.weights.from})`);
  const lengths = parts.lengths ? matricesOf(parts.lengths) : undefined;
  if (lengths) requireSize(lengths, nodes, parts.lengths!, parts.weights);
  const fc = parts.fc ? matricesOf(parts.fc) : undefined;
  if (fc) requireSize(fc, nodes, parts.fc!, parts.weights);
  const bold = parts.bold ? recordings(parts.bold, nodes) : undefined;
  const notes: string[] = [];
  const regions = regionNames(parts, nodes);
  const given = parts.subjects?.texts;
  const count = Math.max(weights.shape[0]!, lengths?.shape[0] ?? 1, bold?.length ?? 1, fc?.shape[0] ?? 1);
  for (const [part, there] of [
    ['weights', weights.shape[0]],
    ['lengths', lengths?.shape[0]],
    ['bold', bold?.length],
    ['fc', fc?.shape[0]],
  ] as const) {
    // One matrix of weights or lengths stands for everybody; a recording belongs to one person.
    const shared = there === 1 && (part === 'weights' || part === 'lengths');
    if (there !== undefined && there !== count && !shared)
      throw new InputError(
        `${parts[part]!.from} is of ${there} subjects, but another part of ${count}; give every part for the same subjects`,
      );
  }
  if (given && given.length !== count)
    throw new InputError(`${parts.subjects!.from} names ${given.length} subjects, but there are ${count}`);
  const factor = lengthFactor(options.lengthUnit);
  const subjects = Array.from({ length: count }, (_, index): Subject => {
    const subject: Subject = {
      name: given?.[index] ?? (count === 1 ? name : `subject ${index + 1}`),
      weights: matrixAt(weights, index),
    };
    if (lengths) subject.lengths = matrixAt(lengths, index).map((length) => length * factor);
    if (bold) {
      const recording = recordingOf(bold[index]!, {
        regions,
        TR: options.TR,
        subject: subject.name,
        from: parts.bold!.from,
      });
      notes.push(...recording.notes);
      if (recording.bold) subject.bold = recording.bold;
    }
    const correlation = fc ? checkedFc(matrixAt(fc, index), parts.fc!) : correlationOf(subject.bold, nodes);
    if (correlation) subject.fc = correlation;
    return subject;
  });
  const source: ConnectomeSource = { name, regions, subjects, notes: [...new Set(notes)] };
  const centres = centresOf(parts, nodes);
  return centres ? { ...source, centres } : source;
}

/** `[subject, region, region]`. */
function matricesOf(part: Part): NumericArray {
  const { shape, data } = numbersOf(part);
  if (shape.length === 2) return { shape: [1, ...shape], data };
  if (shape.length === 3) return { shape, data };
  throw new InputError(
    `${part.from} has the shape (${shape.join(', ')}), but a matrix (region, region), or one for each subject (subject, region, region), is needed`,
  );
}

function numbersOf({ shape, data, from }: Part): NumericArray {
  if (shape && data) return { shape, data };
  throw new InputError(`${from} holds texts where numbers are needed`);
}

function matrixAt({ shape, data }: NumericArray, index: number): Float64Array {
  const size = shape[1]! * shape[2]!;
  const at = shape[0] === 1 ? 0 : index;
  return data.slice(at * size, (at + 1) * size);
}

function requireSize({ shape }: NumericArray, nodes: number, part: Part, weights: Part): void {
  if (shape[1] !== nodes || shape[2] !== nodes)
    throw new InputError(
      `${part.from} is ${shape[1]} x ${shape[2]}, but the weights (${weights.from}) are ${nodes} x ${nodes}; give matrices of the same regions in the same order`,
    );
}

/** `[subject]` of `[region, time]`. */
function recordings(part: Part, nodes: number): NumericArray[] {
  const { shape, data } = numbersOf(part);
  const [subjects, rows, columns] = shape.length === 2 ? [1, ...shape] : shape;
  if ((shape.length !== 2 && shape.length !== 3) || (rows !== nodes && columns !== nodes))
    throw new InputError(
      `${part.from} has the shape (${shape.join(', ')}), but a recording has a row for each of the ${nodes} regions: (region, time) or (subject, region, time)`,
    );
  const size = rows! * columns!;
  return Array.from({ length: subjects! }, (_, k) => ({
    shape: [rows!, columns!],
    data: data.slice(k * size, (k + 1) * size),
  }));
}

export function correlationOf(bold: Recording | undefined, nodes: number): Float64Array | undefined {
  return bold && functionalConnectivity(bold.data, nodes);
}

function checkedFc(matrix: Float64Array, { from }: Part): Float64Array {
  const wrong = matrix.find((value) => !(Math.abs(value) <= 1 + 1e-9));
  if (wrong === undefined) return matrix;
  throw new InputError(
    `${from} holds ${wrong}, but correlations lie from -1 to 1; give Pearson correlations`,
  );
}

/** Names from wherever they stand; where several parts have them, they must agree. */
function regionNames(parts: Parts, nodes: number): string[] {
  const lists = [
    { from: parts.regions?.from, names: parts.regions?.texts },
    { from: parts.weights?.from, names: parts.weights?.rows },
    { from: `the columns of ${parts.weights?.from}`, names: parts.weights?.columns },
    { from: parts.lengths?.from, names: parts.lengths?.rows },
    { from: `the columns of ${parts.lengths?.from}`, names: parts.lengths?.columns },
    { from: parts.centres?.from, names: parts.centres?.rows },
    { from: parts.bold?.from, names: parts.bold?.shape?.[0] === nodes ? parts.bold.rows : undefined },
  ].flatMap(({ from, names }) => (from !== undefined && names ? [{ from, names }] : []));
  const first = lists[0];
  if (!first) return Array.from({ length: nodes }, (_, node) => String(node + 1));
  for (const { from, names } of lists) {
    if (names.length !== nodes)
      throw new InputError(`${from} names ${names.length} regions, but the weights have ${nodes}`);
    const at = names.findIndex((name, node) => name !== first.names[node]);
    if (at >= 0)
      throw new InputError(
        `${from} has ${names[at]} in place ${at + 1} where ${first.from} has ${first.names[at]}; bring both into the same order`,
      );
  }
  const twice = first.names.find((name, node) => first.names.indexOf(name) !== node);
  if (twice !== undefined)
    throw new InputError(`${first.from} names the region ${twice} twice; give each its own name`);
  return [...first.names];
}

function centresOf({ centres }: Parts, nodes: number): Float64Array | undefined {
  if (!centres) return undefined;
  const { shape, data } = numbersOf(centres);
  if (shape.length !== 2 || shape[0] !== nodes || shape[1] !== 3)
    throw new InputError(
      `${centres.from} has the shape (${shape.join(', ')}), but x, y and z of each of the ${nodes} regions are needed: (${nodes}, 3)`,
    );
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new InputError(
      `${centres.from} has ${data[wrong]} in row ${Math.floor(wrong / 3) + 1}; give finite numbers`,
    );
  return data;
}
