// Logarithms and products in integers: floating-point logarithms differ by a bit from driver to driver, and one bit
// would make another network. These give the same answer on every device.

// The 64 bit product of two 32 bit numbers, as (high, low).
fn multiply_wide(a: u32, b: u32) -> vec2u {
  let a0 = a & 0xFFFFu;
  let a1 = a >> 16u;
  let b0 = b & 0xFFFFu;
  let b1 = b >> 16u;
  let low = a0 * b0;
  let middle = a1 * b0 + (low >> 16u);
  let cross = a0 * b1 + (middle & 0xFFFFu);
  return vec2u(a1 * b1 + (middle >> 16u) + (cross >> 16u), a * b);
}

// Four of them: high words, low words.
fn multiply_wide_4(a: vec4u, b: vec4u) -> array<vec4u, 2> {
  let half = vec4u(16u);
  let low_bits = vec4u(0xFFFFu);
  let a0 = a & low_bits;
  let a1 = a >> half;
  let b0 = b & low_bits;
  let b1 = b >> half;
  let low = a0 * b0;
  let middle = a1 * b0 + (low >> half);
  let cross = a0 * b1 + (middle & low_bits);
  return array<vec4u, 2>(a1 * b1 + (middle >> half) + (cross >> half), a * b);
}

// -log2(x / 2^32) with 26 bits after the point, for four x >= 1: the integer part from the leading zeros, the fraction bit by
// bit by squaring the mantissa. Errors of the squarings stay below 2^-30, so all 26 bits but the last are right. Each squaring
// waits for the one before it; four numbers at once leave no unit of the processor waiting.
fn negative_log2_4(x: vec4u) -> vec4u {
  let zeros = countLeadingZeros(x);
  var mantissa = x << zeros; // in [2^31, 2^32): 1 <= mantissa / 2^31 < 2
  var fraction = vec4u(0u);
  for (var bit = 0u; bit < 26u; bit += 1u) {
    let square = multiply_wide_4(mantissa, mantissa);
    let carry = square[0] >> vec4u(31u); // the square is 2 or more
    fraction = (fraction << vec4u(1u)) | carry;
    mantissa = select((square[0] << vec4u(1u)) | (square[1] >> vec4u(31u)), square[0], carry == vec4u(1u));
  }
  // log2(x) = 31 - zeros + fraction; 32 - log2(x) is what is asked for.
  return ((zeros + vec4u(1u)) << vec4u(26u)) - fraction;
}
