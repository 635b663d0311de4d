// The parameters of populations: what all neurons of one have alike.

// #include "spiking/drives.wgsl"
// #include "spiking/network.wgsl"
// #if NOISE
// #include "spiking/noise.wgsl"
// #end
// #if FIELDS
// #include "spiking/fields.wgsl"
// #end

const RECEPTORS: u32 = 2u;              // of the population that has most
const FIELDS: bool = false;             // some neurons have currents or rates over time of their own; see fields.wgsl
const NOISE: bool = false;              // some population has white noise or a fluctuating input; see noise.wgsl
const UNIFORM_POPULATIONS: bool = true; // else there may be too many for a uniform

struct Receptor {
  decay: f32,  // factor per step
  E_rev: f32,  // mV from E_L
  weight: f32, // nS per unit of input
  unused: f32,
}

struct Population {
  first_group: u32,
  dt_over_C_m: f32,
  g_L: f32,
  Delta_T: f32,
  inverse_Delta_T: f32, // 0 for LIF, which has no exponential term
  V_T: f32,             // mV from E_L, as V_spike and V_r
  V_spike: f32,
  V_r: f32,
  held_steps: f32,      // steps after a spike in which V is held
  dt_over_tau_w: f32,
  a: f32,
  b: f32,
  current_first: u32,   // samples of the injected current
  current_samples: u32,
  current_steps: u32,   // steps per sample
  current: f32,         // pA, where no population's varies
  receptors: array<Receptor, RECEPTORS>,
  drives: array<Drive, DRIVE_SLOTS>,
  // #if FIELDS
  neuron_current: Field,
  neuron_rates: array<Field, DRIVE_SLOTS>, // of each drive
  // #end
  // #if NOISE
  noise: Noise,
  // #end
  // #if ALONE
  // #else
  // key: vec4u,      // of its network's random numbers
  // index: u32,      // its number there
  // unused_0: u32,
  // unused_1: u32,
  // unused_2: u32,
  // #end
}

struct Seed {
  key: vec4u,
}

@group(0) @binding(1) var<uniform> seed: Seed;
// #if UNIFORM_POPULATIONS
@group(0) @binding(2) var<uniform> populations: array<Population, NETWORKS * POPULATIONS>;
// #else
// @group(0) @binding(2) var<storage, read> populations: array<Population, NETWORKS * POPULATIONS>;
// #end

// A population's parameters. Where there are few, they are chosen by comparison, not by index: a CPU driver then loads them
// once for all its lanes, which is worth a fifth of the kernel.
fn parameters_of(index: u32) -> Population {
  if (NETWORKS * POPULATIONS > 4u) {
    return populations[index];
  }
  var chosen = populations[0];
  for (var each = 1u; each < NETWORKS * POPULATIONS; each += 1u) {
    if (each == index) {
      chosen = populations[each];
    }
  }
  return chosen;
}

// What the random numbers of a population are drawn by.
fn stream_of(p: Population, number: u32) -> Stream {
  // #if ALONE
  return Stream(seed.key, number);
  // #else
  // return Stream(p.key, p.index);
  // #end
}

// The random numbers of a group's drives in a step. An invocation of two groups draws for both before it advances one: each number is
// a chain of a hundred operations that wait for each other, and two chains side by side take a CPU hardly longer than one.
fn draw_drives(p: Population, number: u32, group: u32, step: u32) -> array<vec4u, DRIVE_SLOTS> {
  var drawn = array<vec4u, DRIVE_SLOTS>();
  let stream = stream_of(p, number);
  for (var d = 0u; d < DRIVES; d += 1u) {
    drawn[d] = drive_bits(stream, group - p.first_group, step, d, 0u);
  }
  return drawn;
}
