// Neurons in registers, and one step of them:
//
//   C_m dV/dt   = g_L (E_L - V) + g_L Delta_T exp((V - V_T) / Delta_T) + sum_r g_r (E_r - V) - w + I
//   tau_w dw/dt = a (V - E_L) - w
//   tau_r dg_r/dt = -g_r, with jumps at the events of the network and of the external drives
//
// by Euler's method as Brian2 orders it: state, threshold, arriving events, reset. All voltages are measured from E_L:
// single precision then resolves 1e-6 mV where membranes live.
//
// Three kernels share this; they differ in where the input comes from and in how long a window may be: `advance.wgsl`,
// `advance-gathering.wgsl` and `advance-together.wgsl`.

// #include "common/dispatch.wgsl"
// #include "common/random-purpose.wgsl"
// #include "common/threefry.wgsl"
// #include "spiking/membrane.wgsl"
// #include "spiking/network.wgsl"
// #include "spiking/tables.wgsl"
// #if NOISE
// #include "spiking/noise.wgsl"
// #end
// #if OWN
// #include "spiking/own-cells.wgsl"
// #end
// #if FIELDS
// #include "spiking/fields.wgsl"
// #end

const RECEPTORS: u32 = 2u;           // of the population that has most
const DRIVES: u32 = 1u;              // external drives, likewise
const DRIVE_SLOTS: u32 = 1u;         // the same, but at least 1: WGSL has no empty arrays
const LEVEL_QUADS: u32 = 2u;         // thresholds of a drive that stand beside its parameters, in fours
const TABLED: bool = false;          // some drive looks its thresholds up instead
const COURSES: bool = false;         // some population's injected current varies in time
const NEURON_CURRENTS: bool = false; // a last plane of the state holds a current for each neuron
const FIELDS: bool = false;          // some neurons have currents or rates over time of their own; see fields.wgsl
const NOISE: bool = false;           // some population has white noise or a fluctuating input; see noise.wgsl
const UNIFORM_POPULATIONS: bool = true; // else there may be too many for a uniform
const TRACES: bool = false;
const TRACE_EVERY: u32 = 1u;         // steps between samples

struct Receptor {
  decay: f32,  // factor per step
  E_rev: f32,  // mV from E_L
  weight: f32, // nS per unit of input
  unused: f32,
}

// How many events a random number means: `base`, one for each threshold that it reaches, and what is found by bisection in
// the row of the drive table that belongs to the step; see src/spiking/drive.ts.
struct Drive {
  receptor: u32,
  weight: f32,        // nS per event
  base: u32,
  halvings: u32,      // 0, or the row holds 2^halvings - 1 thresholds
  first_row: u32,     // in words
  rows: u32,
  steps_per_row: u32,
  unused: u32,
  thresholds: array<vec4u, LEVEL_QUADS>,
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

@group(0) @binding(0) var<uniform> window: Window;
@group(0) @binding(1) var<uniform> seed: Seed;
// #if UNIFORM_POPULATIONS
@group(0) @binding(2) var<uniform> populations: array<Population, NETWORKS * POPULATIONS>;
// #else
// @group(0) @binding(2) var<storage, read> populations: array<Population, NETWORKS * POPULATIONS>;
// #end
@group(0) @binding(4) var<storage, read> currents: array<f32>; // pA
@group(0) @binding(5) var<storage, read> trace_slots: array<u32>;
@group(0) @binding(6) var<storage, read_write> state: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> spikes: Spikes;
@group(0) @binding(8) var<storage, read_write> traces: array<vec4f>;

// Planes of the state: V, w, steps still held, one conductance per receptor, the neurons' own currents.
const PLANE_V: u32 = 0u;
const PLANE_W: u32 = 1u;
const PLANE_HELD: u32 = 2u;
const PLANE_G: u32 = 3u;

// #if NOISE
// Behind all other planes: one for each fluctuating input of the population that has most.
fn first_noise_plane() -> u32 {
  return PLANE_G + RECEPTORS + select(0u, 1u, NEURON_CURRENTS) + OWN;
}
// #end

// #if OWN
fn first_own_plane() -> u32 {
  return PLANE_G + RECEPTORS + select(0u, 1u, NEURON_CURRENTS);
}
// #end

// #if OWN
// The cells of a group before what each has for itself: those of its population.
fn alike(p: Population) -> Membrane {
  var c = Membrane();
  c.dt_over_C_m = vec4f(p.dt_over_C_m);
  c.g_L = vec4f(p.g_L);
  c.Delta_T = vec4f(p.Delta_T);
  c.inverse_Delta_T = vec4f(p.inverse_Delta_T);
  c.V_T = vec4f(p.V_T);
  c.V_spike = vec4f(p.V_spike);
  c.V_r = vec4f(p.V_r);
  c.held_steps = vec4f(p.held_steps);
  c.dt_over_tau_w = vec4f(p.dt_over_tau_w);
  c.a = vec4f(p.a);
  c.b = vec4f(p.b);
  return c;
}
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

// Events of one drive in one step: inversion of the distribution function, tabulated in units of 2^-32.
fn drive_events(drive: Drive, bits: vec4u, step: u32) -> vec4f {
  let random = min(bits, vec4u(0xFFFFFFFEu)); // a threshold of 0xFFFFFFFF is never reached
  var count = vec4u(drive.base);
  for (var quad = 0u; quad < LEVEL_QUADS; quad += 1u) {
    for (var each = 0u; each < 4u; each += 1u) {
      count += select(vec4u(0u), vec4u(1u), random >= vec4u(drive.thresholds[quad][each]));
    }
  }
  if (TABLED) {
    let row = drive.first_row + min(step / drive.steps_per_row, drive.rows - 1u) * ((1u << drive.halvings) - 1u);
    var found = vec4u(0u);
    for (var halving = drive.halvings; halving > 0u; halving -= 1u) {
      let stride = 1u << (halving - 1u);
      let at = found + vec4u(row + stride - 1u);
      let threshold = vec4u(tables[at.x], tables[at.y], tables[at.z], tables[at.w]);
      found += select(vec4u(0u), vec4u(stride), random >= threshold);
    }
    count += found;
  }
  return vec4f(count);
}

// The state of a group.
struct Neurons {
  V: vec4f,
  w: vec4f,
  held: vec4f,
  g: array<vec4f, RECEPTORS>,
  current: vec4f,
  spiked: vec4<bool>,
  // #if NOISE
  fluctuations: array<vec4f, PROCESSES>,
  // #end
  // #if OWN
  own: array<vec4f, OWN>,
  // #end
}

fn load_neurons(group: u32) -> Neurons {
  var n = Neurons();
  n.V = state[PLANE_V * GROUPS + group];
  n.w = state[PLANE_W * GROUPS + group];
  n.held = state[PLANE_HELD * GROUPS + group];
  for (var r = 0u; r < RECEPTORS; r += 1u) {
    n.g[r] = state[(PLANE_G + r) * GROUPS + group];
  }
  if (NEURON_CURRENTS) {
    n.current = state[(PLANE_G + RECEPTORS) * GROUPS + group];
  }
  // #if NOISE
  for (var k = 0u; k < PROCESSES; k += 1u) {
    n.fluctuations[k] = state[(first_noise_plane() + k) * GROUPS + group];
  }
  // #end
  // #if OWN
  for (var k = 0u; k < OWN; k += 1u) {
    n.own[k] = state[(first_own_plane() + k) * GROUPS + group];
  }
  // #end
  return n;
}

fn store_neurons(n: Neurons, group: u32) {
  state[PLANE_V * GROUPS + group] = n.V;
  state[PLANE_W * GROUPS + group] = n.w;
  state[PLANE_HELD * GROUPS + group] = n.held;
  for (var r = 0u; r < RECEPTORS; r += 1u) {
    state[(PLANE_G + r) * GROUPS + group] = n.g[r];
  }
  // #if NOISE
  for (var k = 0u; k < PROCESSES; k += 1u) {
    state[(first_noise_plane() + k) * GROUPS + group] = n.fluctuations[k];
  }
  // #end
}

// 1 where a group is sampled in a step, else 0: a count for a loop, which CPU drivers skip, as they do not skip branches.
fn traced(group: u32, step: u32) -> u32 {
  return min(trace_slots[group], select(0u, 1u, step % TRACE_EVERY == 0u));
}

// Samples a group that is traced.
fn trace_neurons(n: Neurons, group: u32, step: u32) {
  let sample = step / TRACE_EVERY - window.first_sample;
  let at = (sample * trace_slots[GROUPS] + trace_slots[group] - 1u) * (RECEPTORS + 2u);
  traces[at] = n.V;
  traces[at + 1u] = n.w;
  for (var r = 0u; r < RECEPTORS; r += 1u) {
    traces[at + 2u + r] = n.g[r];
  }
}

// Adds what the network sent for this step, in units of each receptor.
fn receive(before: Neurons, arrived: array<vec4u, RECEPTORS>, p: Population) -> Neurons {
  var n = before;
  for (var r = 0u; r < RECEPTORS; r += 1u) {
    n.g[r] += p.receptors[r].weight * vec4f(arrived[r]);
  }
  return n;
}

// One step of a group of population `number`.
fn step_neurons(before: Neurons, p: Population, number: u32, group: u32, step: u32) -> Neurons {
  var n = before;
  // What its random numbers are drawn by.
  // #if ALONE
  let key = seed.key;
  let index = number;
  // #else
  // let key = p.key;
  // let index = p.index;
  // #end
  // #if OWN
  let c = with_own(alike(p), n.own);
  // #else
  // let c = p;
  // #end

  // State.
  var I = vec4f(p.current) + n.current - n.w;
  if (COURSES) {
    I += currents[p.current_first + min(step / p.current_steps, p.current_samples - 1u)];
  }
  // #if FIELDS
  // A loop of no turns, not a branch, where there is none: CPU drivers skip those.
  for (var once = 0u; once < p.neuron_current.parts; once += 1u) {
    I += bitcast<vec4f>(field_words(field_row(p.neuron_current, step), group - p.first_group));
  }
  // #end
  for (var r = 0u; r < RECEPTORS; r += 1u) {
    I += n.g[r] * (vec4f(p.receptors[r].E_rev) - n.V);
    n.g[r] *= p.receptors[r].decay;
  }
  // #if NOISE
  let neighbours = group - p.first_group;
  for (var k = 0u; k < PROCESSES; k += 1u) {
    I += fluctuating_current(p.noise.processes[k], n.fluctuations[k], n.V);
    let xi = noise_normals(neighbours, step, 1u + k, index, key);
    n.fluctuations[k] = p.noise.processes[k].decay * n.fluctuations[k] + p.noise.processes[k].kick * xi;
  }
  // #end
  // The exponent is bounded where single precision would overflow: a neuron there spikes in this very step.
  let exponent = min((n.V - c.V_T) * c.inverse_Delta_T, vec4f(80.0));
  I += c.g_L * (c.Delta_T * exp(exponent) - n.V);
  n.w += c.dt_over_tau_w * (c.a * n.V - n.w);
  // #if OWN
  let rest = own_rest(n.own);
  I += c.g_L * rest;
  n.w -= c.dt_over_tau_w * (c.a * rest);
  // #end
  let free = n.held <= vec4f(0.0);
  n.V = select(n.V, n.V + c.dt_over_C_m * I, free);
  n.held = max(n.held - vec4f(1.0), vec4f(0.0));
  // #if NOISE
  if (WHITE) {
    n.V += select(vec4f(0.0), p.noise.white * noise_normals(neighbours, step, 0u, index, key), free);
  }
  // #end

  // Threshold.
  n.spiked = free & (n.V > vec4f(c.V_spike));

  // Arriving events of the external drives, seen from the next step on.
  for (var d = 0u; d < DRIVES; d += 1u) {
    let counter = vec4u(group - p.first_group, step, d, index);
    let random = threefry(counter, vec4u(key.xy, PURPOSE_DRIVE, key.w));
    var count = drive_events(p.drives[d], random, step);
    // #if FIELDS
    let rates = p.neuron_rates[d];
    for (var part = 0u; part < rates.parts; part += 1u) {
      var bits = random;
      for (var another = 0u; another < min(part, 1u); another += 1u) {
        bits = threefry(counter | vec4u(0u, 0u, part << 16u, 0u), vec4u(key.xy, PURPOSE_DRIVE, key.w));
      }
      count += vec4f(poisson_events(rates, field_row(rates, step), group - p.first_group, bits));
    }
    // #end
    let events = p.drives[d].weight * count;
    for (var r = 0u; r < RECEPTORS; r += 1u) {
      n.g[r] += select(vec4f(0.0), events, p.drives[d].receptor == r);
    }
  }

  // Reset.
  n.V = select(n.V, vec4f(c.V_r), n.spiked);
  n.w += select(vec4f(0.0), vec4f(c.b), n.spiked);
  n.held = select(n.held, vec4f(c.held_steps), n.spiked);
  return n;
}

// Four neurons' answers as four bits.
fn mask_of(answers: vec4<bool>) -> u32 {
  return dot(select(vec4u(0u), vec4u(1u, 2u, 4u, 8u), answers), vec4u(1u));
}

// Writes down which neurons of a group spike in step s of the window.
fn record_spikes(s: u32, mask: u32, group: u32) {
  let at = atomicAdd(&spikes.tail, 1u);
  spikes.entries[at] = (s << ENTRY_STEP_SHIFT) | (mask << ENTRY_MASK_SHIFT) | group;
}
