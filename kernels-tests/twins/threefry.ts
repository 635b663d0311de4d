/** Twin of shaders/common/threefry.wgsl: Threefry-4x32-20 as Salmon et al. (SC11) write it down, one word at a time. */

/** How far each of the two pairs is rotated, in eight rounds that repeat (table 2 of the paper). */
const rotations = [
  [10, 26],
  [11, 21],
  [13, 27],
  [23, 5],
  [6, 20],
  [17, 11],
  [25, 10],
  [18, 20],
] as const;

type Words = readonly number[];

function add(a: number, b: number): number {
  return (a + b) % 2 ** 32;
}

function mix(a: number, b: number, distance: number): [number, number] {
  const sum = add(a, b);
  const rotated = ((b << distance) | (b >>> (32 - distance))) >>> 0;
  return [sum, (rotated ^ sum) >>> 0];
}

/** 128 random bits, as four words, of a counter and a key of four words each. */
export function threefry(counter: Words, key: Words): number[] {
  const parity = key.reduce((all, word) => (all ^ word) >>> 0, 0x1bd11bda);
  const schedule = [...key, parity];
  let x = counter.map((word, index) => add(word, key[index]!));
  for (let round = 0; round < 20; round++) {
    const [first, second] = rotations[round % 8]!;
    const [a, b] = mix(x[0]!, x[1]!, first);
    const [c, d] = mix(x[2]!, x[3]!, second);
    x = [a, d, c, b];
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x = x.map((word, index) => add(word, schedule[(index + injection) % 5]!));
      x[3] = add(x[3]!, injection);
    }
  }
  return x;
}

/** What a random number is for, as in shaders/common/random-purpose.wgsl. */
export const purpose = { connect: 1, drive: 2, initial: 3, transfer: 4 };

/** The key of a seed (at most 2^53 - 1) and a purpose. */
export function keyOf(seed: number, use: number): number[] {
  return [seed % 2 ** 32, Math.floor(seed / 2 ** 32), use, 0];
}
