// A pseudo-random permutation of 0 .. size-1, one element at a time and without memory: a Feistel network over the next
// larger even number of bits, walked until it falls inside. Distinct indices give distinct values, which is how a neuron
// draws its partners without replacement.

const FEISTEL_ROUNDS: u32 = 8u;

// A 32 bit hash with low bias (Wellons' lowbias32): three xorshifts, two products.
fn scramble(value: u32) -> u32 {
  var x = value;
  x = (x ^ (x >> 16u)) * 0x7FEB352Du;
  x = (x ^ (x >> 15u)) * 0x846CA68Bu;
  return x ^ (x >> 16u);
}

fn half_bits(size: u32) -> u32 {
  let bits = 32u - countLeadingZeros(max(size, 2u) - 1u);
  return (bits + 1u) / 2u;
}

fn permute(index: u32, size: u32, key: vec4u) -> u32 {
  let bits = half_bits(size);
  let mask = (1u << bits) - 1u;
  var x = index;
  loop {
    var left = x >> bits;
    var right = x & mask;
    for (var round = 0u; round < FEISTEL_ROUNDS; round += 1u) {
      let round_key = key[round & 3u] + round * 0x9E3779B9u;
      let mixed = left ^ (scramble(right ^ round_key) & mask);
      left = right;
      right = mixed;
    }
    x = (left << bits) | right;
    if (x < size) {
      break;
    }
  }
  return x;
}
