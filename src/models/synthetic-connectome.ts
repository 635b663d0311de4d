/**
 * A connectome made up, so that whole brains run without data: regions on the surface of two hemispheres, joined more
 * strongly the closer they are, with the links between mirror regions that real brains have. Weights fall exponentially with
 * distance (Ercsey-Ravasz et al., Neuron 2013) and scatter log-normally, as counts of fibres do. It is a pure function of
 * its numbers: the same seed gives the same brain everywhere.
 */
import { InputError } from '../errors.ts';
import { normals, Purpose, randomKey, uniforms } from '../random.ts';
import { type Connectome, type ConnectomeSource, prepareConnectome } from './connectome.ts';

export interface SyntheticOptions {
  /** Regions, half of them in each hemisphere; an even number from 4 to 4096. Default 80. */
  nodes?: number;
  seed?: number;
  /** Distance over which weights fall to 1/e, mm. Default 25. */
  decay?: number;
  /** How much of its weight a connection keeps that crosses to the other hemisphere, 0 to 1. Default 0.2. */
  crossing?: number;
  /** Weight between mirror regions, as a part of the weight at distance 0. Default 0.4. */
  homotopic?: number;
  /** Standard deviation of the logarithm of weights around the rule. Default 0.8. */
  scatter?: number;
  /** The share of connections within a hemisphere that there are, of which the strongest stay. Default 0.6. */
  density?: number;
}

const DEFAULTS = { nodes: 80, seed: 1, decay: 25, crossing: 0.2, homotopic: 0.4, scatter: 0.8, density: 0.6 };
/** Half axes of a hemisphere, left to right, back to front, bottom to top, and how far its centre is from the middle, mm. */
const HALF = { x: 32, y: 80, z: 50 };
const ASIDE = 34;
/** Fibres are longer than the straight line between their ends. */
const DETOUR = 1.25;

/** What is different for each stream of random numbers. */
const STREAM = { place: 0, scatter: 1 };

/**
 * A synthetic connectome: `regions` are 1_L, 1_R, 2_L, ... (mirror regions follow each other), symmetric weights with a
 * largest of 1, lengths and centres in mm (x to the right, y to the front, z up).
 *
 *     const connectome = syntheticConnectome({ nodes: 80, seed: 1 });
 *
 * @throws InputError where a number is out of its range
 */
export function syntheticConnectome(options: SyntheticOptions = {}): Connectome {
  return prepareConnectome(syntheticSource(options));
}

/** As `syntheticConnectome`, before it is prepared. */
export function syntheticSource(options: SyntheticOptions = {}): ConnectomeSource {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const settings = { ...DEFAULTS, ...given };
  checkSettings(settings);
  const { nodes, seed } = settings;
  const centres = regionCentres(nodes, seed);
  const lengths = new Float64Array(nodes * nodes);
  for (let i = 0; i < nodes; i++)
    for (let j = 0; j < nodes; j++) if (i !== j) lengths[i * nodes + j] = DETOUR * distance(centres, i, j);
  return {
    name: `synthetic-${nodes}`,
    regions: Array.from(
      { length: nodes },
      (_, node) => `${Math.floor(node / 2) + 1}_${node % 2 ? 'R' : 'L'}`,
    ),
    centres,
    subjects: [{ name: `seed ${seed}`, weights: regionWeights(settings, centres), lengths }],
    notes: [
      `The connectome is synthetic (${nodes} regions, seed ${seed}, decay ${settings.decay} mm), not measured in any brain.`,
    ],
  };
}

function checkSettings(settings: Required<SyntheticOptions>): void {
  const range = (field: keyof SyntheticOptions, least: number, most: number, what: string) => {
    const value = settings[field];
    if (!(value >= least && value <= most))
      throw new InputError(`${field} is ${value}, but must be ${what} from ${least} to ${most}`, { field });
  };
  range('nodes', 4, 4096, 'an even whole number');
  if (settings.nodes % 2 !== 0)
    throw new InputError(
      `nodes is ${settings.nodes}, but must be even, because each region has its mirror in the other hemisphere`,
      { field: 'nodes' },
    );
  range('seed', 0, Number.MAX_SAFE_INTEGER, 'a whole number');
  if (!Number.isInteger(settings.seed))
    throw new InputError(`seed is ${settings.seed}, but must be a whole number`, { field: 'seed' });
  range('decay', 1, 1000, 'a distance in mm');
  range('crossing', 0, 1, 'a part');
  range('homotopic', 0, 10, 'a number');
  range('scatter', 0, 3, 'a number');
  range('density', 0.01, 1, 'a part');
}

/**
 * `[node, 3]`, mm. The left hemisphere is covered evenly (a Fibonacci lattice), each region moved a little, and mirrored;
 * the side that faces the other hemisphere is flat.
 */
function regionCentres(nodes: number, seed: number): Float64Array {
  const pairs = nodes / 2;
  const moves = uniforms(randomKey(seed, Purpose.connectome), [STREAM.place, 0], 2 * pairs);
  const centres = new Float64Array(3 * nodes);
  const golden = Math.PI * (3 - Math.sqrt(5));
  const step = 2 / pairs;
  for (let pair = 0; pair < pairs; pair++) {
    const up = 1 - step * (pair + 0.2 + 0.6 * moves[2 * pair]!);
    const angle = golden * (pair + 0.6 * (moves[2 * pair + 1]! - 0.5));
    const ring = Math.sqrt(1 - up * up);
    const outwards = ring * Math.cos(angle);
    const x = ASIDE + HALF.x * (outwards < 0 ? 0.85 * outwards : outwards);
    const place = [x, HALF.y * ring * Math.sin(angle), HALF.z * up];
    centres.set([-place[0]!, place[1]!, place[2]!, ...place], 6 * pair);
  }
  return centres;
}

function regionWeights(settings: Required<SyntheticOptions>, centres: Float64Array): Float64Array {
  const { nodes, seed, decay, crossing, homotopic, scatter, density } = settings;
  const weights = new Float64Array(nodes * nodes);
  // A stream a row, so that a row does not depend on how many there are before it.
  for (let i = 0; i < nodes; i++) {
    const draws = normals(randomKey(seed, Purpose.connectome), [STREAM.scatter, i], i);
    for (let j = 0; j < i; j++) {
      const across = i % 2 !== j % 2;
      const mirror = across && Math.floor(i / 2) === Math.floor(j / 2);
      const rule = Math.exp(-distance(centres, i, j) / decay) * (across ? crossing : 1);
      const weight = (mirror ? Math.max(homotopic, rule) : rule) * Math.exp(scatter * draws[j]!);
      weights[i * nodes + j] = weight;
      weights[j * nodes + i] = weight;
    }
  }
  dropWeakest(weights, nodes, density);
  return weights;
}

/** Keeps the share `density` of connections within hemispheres, and as weak ones across; mirror regions stay joined. */
function dropWeakest(weights: Float64Array, nodes: number, density: number): void {
  const within: number[] = [];
  for (let i = 0; i < nodes; i++) for (let j = i % 2; j < i; j += 2) within.push(weights[i * nodes + j]!);
  within.sort((a, b) => b - a);
  const least = within[Math.max(1, Math.round(density * within.length)) - 1]!;
  for (let i = 0; i < nodes; i++)
    for (let j = 0; j < nodes; j++) {
      const mirror = Math.floor(i / 2) === Math.floor(j / 2);
      if (!mirror && weights[i * nodes + j]! < least) weights[i * nodes + j] = 0;
    }
}

function distance(centres: Float64Array, i: number, j: number): number {
  return Math.hypot(
    centres[3 * i]! - centres[3 * j]!,
    centres[3 * i + 1]! - centres[3 * j + 1]!,
    centres[3 * i + 2]! - centres[3 * j + 2]!,
  );
}
