// Threefry-4x32-20 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11): 128 random
// bits as a pure function of a 128-bit counter and a 128-bit key. Additions, rotations and exclusive ors only: WGSL has
// no 32 x 32 -> 64 bit product, which makes Philox half again as dear.

fn rotate_left(x: vec2u, bits: vec2u) -> vec2u {
  return (x << bits) | (x >> (vec2u(32u) - bits));
}

// One round on the pairs (x.x, x.y) and (x.z, x.w), returned with x.y and x.w exchanged as the next round wants them.
fn threefry_round(x: vec4u, bits: vec2u) -> vec4u {
  let sum = x.xz + x.yw;
  let mixed = rotate_left(x.yw, bits) ^ sum;
  return vec4u(sum.x, mixed.y, sum.y, mixed.x);
}

fn threefry_four_rounds_even(x: vec4u) -> vec4u {
  let a = threefry_round(x, vec2u(10u, 26u));
  let b = threefry_round(a, vec2u(11u, 21u));
  let c = threefry_round(b, vec2u(13u, 27u));
  return threefry_round(c, vec2u(23u, 5u));
}

fn threefry_four_rounds_odd(x: vec4u) -> vec4u {
  let a = threefry_round(x, vec2u(6u, 20u));
  let b = threefry_round(a, vec2u(17u, 11u));
  let c = threefry_round(b, vec2u(25u, 10u));
  return threefry_round(c, vec2u(18u, 20u));
}

fn threefry(counter: vec4u, key: vec4u) -> vec4u {
  let parity = 0x1BD11BDAu ^ key.x ^ key.y ^ key.z ^ key.w;
  var x = counter + key;
  x = threefry_four_rounds_even(x) + vec4u(key.y, key.z, key.w, parity) + vec4u(0u, 0u, 0u, 1u);
  x = threefry_four_rounds_odd(x) + vec4u(key.z, key.w, parity, key.x) + vec4u(0u, 0u, 0u, 2u);
  x = threefry_four_rounds_even(x) + vec4u(key.w, parity, key.x, key.y) + vec4u(0u, 0u, 0u, 3u);
  x = threefry_four_rounds_odd(x) + vec4u(parity, key.x, key.y, key.z) + vec4u(0u, 0u, 0u, 4u);
  x = threefry_four_rounds_even(x) + vec4u(key.x, key.y, key.z, key.w) + vec4u(0u, 0u, 0u, 5u);
  return x;
}
