// Two standard normal numbers of a node's own stream, by the Box-Muller transform: a function of seed, node and step.
// #include "common/random-purpose.wgsl"
// #include "common/threefry.wgsl"

fn normal_pair(step: u32, seed_low: u32, seed_high: u32, node: u32) -> vec2f {
  let bits = threefry(vec4u(step, 0u, 0u, 0u), vec4u(seed_low, seed_high, PURPOSE_NODE_NOISE, node));
  // In (0, 1]: 24 bits, so that the logarithm is finite and the number exact.
  let u = (vec2f(bits.xy >> vec2u(8u)) + 1.0) / 16777216.0;
  return sqrt(-2.0 * log(u.x)) * vec2f(cos(6.2831853 * u.y), sin(6.2831853 * u.y));
}
