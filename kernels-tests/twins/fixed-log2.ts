/** Twin of shaders/common/fixed-log2.wgsl: the same integers, from numbers of any length. */

/** The 64 bits of a product of two u32, as (high, low). */
export function multiplyWide(a: number, b: number): [number, number] {
  const product = BigInt(a) * BigInt(b);
  return [Number(product >> 32n), Number(product & 0xffffffffn)];
}

/** -log2(x / 2^32) in units of 2^-26, x >= 1: the fraction bit by bit, from squares cut to 32 bits. */
export function negativeLog2(x: number): number {
  const integer = Math.clz32(x);
  let mantissa = BigInt(x) << BigInt(integer);
  let fraction = 0;
  for (let bit = 0; bit < 26; bit++) {
    const square = mantissa * mantissa;
    const doubled = square >= 1n << 63n;
    fraction = 2 * fraction + (doubled ? 1 : 0);
    mantissa = square >> (doubled ? 32n : 31n);
  }
  return (integer + 1) * 2 ** 26 - fraction;
}
