// What fluctuates in the external rates of populations: Ornstein-Uhlenbeck processes x of mean 0 and variance 1, advanced exactly,
//
//   x(t + dt) = exp(-dt / tau) x(t) + sqrt(1 - exp(-2 dt / tau)) xi
//
// so that their statistics do not depend on the step. Their normal numbers are counted by step and population under the instance's
// own seed: they depend neither on the batch nor on how time is cut.
// #include "common/random-purpose.wgsl"
// #include "common/threefry.wgsl"

// Standard normal numbers for four populations, by the transform of Box and Muller. The angle lies about 0, where devices compute its
// sine and cosine best.
fn rate_normals(step: u32, block: u32, seed: vec2u) -> vec4f {
  let bits = threefry(vec4u(step, block, 0u, 0u), vec4u(seed, PURPOSE_RATE_NOISE, 0u));
  // In (0, 1): 23 bits and a half, which single precision holds exactly, so that the logarithm is finite.
  let u = (vec4f(bits >> vec4u(9u)) + 0.5) / 8388608.0;
  let radius = sqrt(max(-2.0 * log(u.xz), vec2f(0.0))); // a logarithm near 0 may be rounded to above it
  let angle = 6.2831853 * (u.yw - 0.5);
  let even = radius * cos(angle);
  let odd = radius * sin(angle);
  return vec4f(even.x, odd.x, even.y, odd.y);
}
