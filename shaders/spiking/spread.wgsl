// What differs from synapse to synapse, in integers. A distribution is a table of its quantiles in whole numbers
// (src/spiking/spread-table.ts): for the tail probability t of a random number, below the median and above it, 16 steps in
// each halving of t, and straight lines between.

// #include "common/fixed-log2.wgsl"
// #include "common/random-purpose.wgsl"
// #include "common/threefry.wgsl"

@group(0) @binding(8) var<storage, read> spreads: array<u32>;

const STEPS_IN_HALVING: u32 = 16u;
const HALF_TABLE: u32 = 497u; // 31 halvings, and the median

// The value below which lies the share random / 2^32 of the distribution.
fn quantile(table: u32, random: u32) -> u32 {
  let above = (random >> 31u) == 1u;
  let tail = max(select(random, ~random, above), 1u);
  let zeros = countLeadingZeros(tail);
  let mantissa = tail << zeros;
  let at = table + select(0u, HALF_TABLE, above) + (31u - zeros) * STEPS_IN_HALVING + ((mantissa >> 27u) & 15u);
  let near = spreads[at];
  let next = spreads[at + 1u];
  let way = multiply_wide(max(near, next) - min(near, next), mantissa << 5u).x;
  return select(near - way, near + way, next >= near);
}

// Random bits of the synapse from one neuron to another.
fn synapse_bits(seed: vec2u, instance: u32, projection: u32, source: u32, goal: u32) -> vec4u {
  return threefry(vec4u(source, goal, 0u, projection), vec4u(seed, PURPOSE_SYNAPSE, instance));
}
