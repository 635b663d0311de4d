/**
 * Counter-based random numbers on the host: the same Threefry-4x32-20 as in `shaders/common/threefry.wgsl` (Salmon
 * et al., SC11), so that a draw is a pure function of (seed, purpose, element). Used for initial values.
 */

/**
 * What a random number is for; the third key word. The numbers are those of `shaders/common/random-purpose.wgsl`; from 1024 on
 * they are of the host alone.
 */
export const Purpose = {
  ...{ connect: 1, drive: 2, initial: 3, transfer: 4, nodeNoise: 5, synapse: 8, neuronNoise: 9 },
  rateNoise: 10,
  connectome: 1024,
} as const;

const rotations = [10, 26, 11, 21, 13, 27, 23, 5, 6, 20, 17, 11, 25, 10, 18, 20];

/** 128 random bits from a counter and a key of four 32-bit words each, written into `out`. */
export function threefry(
  counter: ArrayLike<number>,
  key: ArrayLike<number>,
  out = new Uint32Array(4),
): Uint32Array {
  const k = [key[0]!, key[1]!, key[2]!, key[3]!, 0];
  k[4] = 0x1bd11bda ^ k[0]! ^ k[1]! ^ k[2]! ^ k[3]!;
  let a = (counter[0]! + k[0]!) | 0;
  let b = (counter[1]! + k[1]!) | 0;
  let c = (counter[2]! + k[2]!) | 0;
  let d = (counter[3]! + k[3]!) | 0;
  for (let round = 0; round < 20; round++) {
    const left = rotations[(2 * round) % 16]!;
    const right = rotations[(2 * round + 1) % 16]!;
    a = (a + b) | 0;
    c = (c + d) | 0;
    const mixedB = ((b << left) | (b >>> (32 - left))) ^ a;
    const mixedD = ((d << right) | (d >>> (32 - right))) ^ c;
    b = mixedD;
    d = mixedB;
    if (round % 4 === 3) {
      const s = (round + 1) / 4;
      a = (a + k[s % 5]!) | 0;
      b = (b + k[(s + 1) % 5]!) | 0;
      c = (c + k[(s + 2) % 5]!) | 0;
      d = (d + k[(s + 3) % 5]! + s) | 0;
    }
  }
  out[0] = a;
  out[1] = b;
  out[2] = c;
  out[3] = d;
  return out;
}

/** The key words of a seed (a non-negative integer below 2^53), a purpose and an instance of a batch. */
export function randomKey(seed: number, purpose: number, instance = 0): [number, number, number, number] {
  return [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, purpose, instance];
}

/** The next `count` uniform numbers in (0, 1) of the stream (key, stream). */
export function uniforms(
  key: ArrayLike<number>,
  stream: readonly [number, number],
  count: number,
): Float64Array {
  const values = new Float64Array(count);
  const block = new Uint32Array(4);
  for (let index = 0; index < count; index++) {
    if (index % 4 === 0) threefry([index / 4, 0, stream[0], stream[1]], key, block);
    values[index] = (block[index % 4]! + 0.5) / 2 ** 32;
  }
  return values;
}

/** Standard normal numbers of the stream (key, stream), by the Box-Muller transform. */
export function normals(
  key: ArrayLike<number>,
  stream: readonly [number, number],
  count: number,
): Float64Array {
  const even = count + (count % 2);
  const values = uniforms(key, stream, even);
  for (let index = 0; index < even; index += 2) {
    const radius = Math.sqrt(-2 * Math.log(values[index]!));
    const angle = 2 * Math.PI * values[index + 1]!;
    values[index] = radius * Math.cos(angle);
    values[index + 1] = radius * Math.sin(angle);
  }
  return values.subarray(0, count);
}
