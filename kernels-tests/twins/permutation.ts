/** Twin of shaders/common/permutation.wgsl: a Feistel network of eight rounds, walked until it falls inside. */

function scramble(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Where `index` goes in the permutation of 0 .. size-1 that belongs to a key of four words. */
export function permute(index: number, size: number, key: readonly number[]): number {
  const bits = Math.ceil(Math.ceil(Math.log2(Math.max(2, size))) / 2);
  const half = 2 ** bits;
  let x = index;
  do {
    let left = Math.floor(x / half);
    let right = x % half;
    for (let round = 0; round < 8; round++) {
      const roundKey = (key[round % 4]! + Math.imul(round, 0x9e3779b9)) >>> 0;
      [left, right] = [right, left ^ (scramble((right ^ roundKey) >>> 0) % half)];
    }
    x = left * half + right;
  } while (x >= size);
  return x;
}
