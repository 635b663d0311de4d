// What fluctuates in the input of neurons, each for itself: white noise in V, and Ornstein-Uhlenbeck processes, which act as
// a current or as a conductance. A process x has mean 0 and variance 1; it is advanced exactly,
//
//   x(t + dt) = exp(-dt / tau) x(t) + sqrt(1 - exp(-2 dt / tau)) xi,     value = mean + sd x
//
// so that its statistics do not depend on the step. Its normal numbers are counted by neuron and step: they depend neither on
// windows nor on how neurons hear of each other.

// #include "common/random-purpose.wgsl"
// #include "common/threefry.wgsl"

const WHITE: bool = true;    // some population has white noise
const PROCESSES: u32 = 1u;   // of the population that has most, at least 1: WGSL has no empty arrays

struct Process {
  decay: f32,
  kick: f32,
  mean: f32,        // pA or nS
  sd: f32,
  E_rev: f32,       // mV from E_L
  conductance: f32, // 1, or 0 for a current
  unused_0: f32,
  unused_1: f32,
}

struct Noise {
  white: f32, // mV in one step: sigma sqrt(dt)
  unused_0: f32,
  unused_1: f32,
  unused_2: f32,
  processes: array<Process, PROCESSES>,
}

// pA. A conductance below zero would not be one: it acts as zero.
fn fluctuating_current(process: Process, x: vec4f, V: vec4f) -> vec4f {
  let value = vec4f(process.mean) + process.sd * x;
  let conducted = max(value, vec4f(0.0)) * (vec4f(process.E_rev) - V);
  return select(value, conducted, process.conductance > 0.0);
}

// Standard normal numbers for the four neurons of a group, by the transform of Box and Muller. The angle lies about 0, where
// devices compute its sine and cosine best.
fn noise_normals(group: u32, step: u32, stream: u32, population: u32, key: vec4u) -> vec4f {
  let bits = threefry(vec4u(group, step, stream, population), vec4u(key.xy, PURPOSE_NEURON_NOISE, key.w));
  // In (0, 1): 23 bits and a half, which single precision holds exactly, so that the logarithm is finite.
  let u = (vec4f(bits >> vec4u(9u)) + 0.5) / 8388608.0;
  let radius = sqrt(max(-2.0 * log(u.xz), vec2f(0.0))); // a logarithm near 0 may be rounded to above it
  let angle = 6.2831853 * (u.yw - 0.5);
  let even = radius * cos(angle);
  let odd = radius * sin(angle);
  return vec4f(even.x, odd.x, even.y, odd.y);
}
