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
// #include "spiking/membrane.wgsl"
// #include "spiking/populations.wgsl"
// #if OWN
// #include "spiking/own-cells.wgsl"
// #end

const COURSES: bool = false;         // some population's injected current varies in time
const NEURON_CURRENTS: bool = false; // a last plane of the state holds a current for each neuron
const TRACES: bool = false;
const TRACE_EVERY: u32 = 1u;         // steps between samples

@group(0) @binding(0) var<uniform> window: Window;
@group(0) @binding(4) var<storage, read> currents: array<f32>; // pA
@group(0) @binding(5) var<storage, read> trace_slots: array<u32>;
@group(0) @binding(6) var<storage, read_write> state: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> spikes: Spikes;
@group(0) @binding(8) var<storage, read_write> traces: array<vec4f>;

// Planes of the state: V, w, one conductance per receptor, the neurons' own currents.
const PLANE_V: u32 = 0u;
const PLANE_W: u32 = 1u;
const PLANE_G: u32 = 2u;

// A neuron that is held rests at V_r. Where others have V it has HELD plus the steps for which it will still be held, a number that
// no membrane reaches: every word of state costs.
const HELD: f32 = 8388608.0; // 2^23, up to which single precision counts to twice as much

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

// The state of a group.
struct Neurons {
  V: vec4f, // or HELD and more
  w: vec4f,
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
  for (var r = 0u; r < RECEPTORS; r += 1u) {
    state[(PLANE_G + r) * GROUPS + group] = n.g[r];
  }
  // #if NOISE
  for (var k = 0u; k < PROCESSES; k += 1u) {
    state[(first_noise_plane() + k) * GROUPS + group] = n.fluctuations[k];
  }
  // #end
}

// Membrane potentials.
fn potentials(n: Neurons, V_r: vec4f) -> vec4f {
  return select(n.V, V_r, n.V >= vec4f(HELD));
}

// Samples a group of a population that is traced.
fn trace_neurons(n: Neurons, p: Population, group: u32, step: u32) {
  // #if OWN
  let V_r = with_own(alike(p), n.own).V_r;
  // #else
  // let V_r = vec4f(p.V_r);
  // #end
  let sample = step / TRACE_EVERY - window.first_sample;
  let at = (sample * trace_slots[GROUPS] + trace_slots[group] - 1u) * (RECEPTORS + 2u);
  traces[at] = potentials(n, V_r);
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

// One step of a group of population `number`, for whose drives `drawn` was drawn.
fn step_neurons(
  before: Neurons,
  p: Population,
  number: u32,
  group: u32,
  step: u32,
  drawn: array<vec4u, DRIVE_SLOTS>,
) -> Neurons {
  var n = before;
  let stream = stream_of(p, number);
  // #if OWN
  let c = with_own(alike(p), n.own);
  // #else
  // let c = p;
  // #end

  // State.
  let V_r = vec4f(c.V_r);
  let V = potentials(n, V_r);
  let held = n.V >= vec4f(HELD); // not so where V is NaN, which therefore stays
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
    I += n.g[r] * (vec4f(p.receptors[r].E_rev) - V);
    n.g[r] *= p.receptors[r].decay;
  }
  // #if NOISE
  let neighbours = group - p.first_group;
  for (var k = 0u; k < PROCESSES; k += 1u) {
    I += fluctuating_current(p.noise.processes[k], n.fluctuations[k], V);
    let xi = noise_normals(neighbours, step, 1u + k, stream.index, stream.key);
    n.fluctuations[k] = p.noise.processes[k].decay * n.fluctuations[k] + p.noise.processes[k].kick * xi;
  }
  // #end
  // The exponent is bounded where single precision would overflow: a neuron there spikes in this very step.
  let exponent = min((V - c.V_T) * c.inverse_Delta_T, vec4f(80.0));
  I += c.g_L * (c.Delta_T * exp(exponent) - V);
  n.w += c.dt_over_tau_w * (c.a * V - n.w);
  // #if OWN
  let rest = own_rest(n.own);
  I += c.g_L * rest;
  n.w -= c.dt_over_tau_w * (c.a * rest);
  // #end
  let waits = n.V - vec4f(1.0);
  n.V = select(V + c.dt_over_C_m * I, select(V_r, waits, waits > vec4f(HELD)), held);
  // #if NOISE
  if (WHITE) {
    n.V += select(p.noise.white * noise_normals(neighbours, step, 0u, stream.index, stream.key), vec4f(0.0), held);
  }
  // #end

  // Threshold.
  n.spiked = select(n.V > vec4f(c.V_spike), vec4<bool>(), held);

  // Arriving events of the external drives, seen from the next step on.
  for (var d = 0u; d < DRIVES; d += 1u) {
    var count = drive_events(p.drives[d], drawn[d], step);
    // #if FIELDS
    let rates = p.neuron_rates[d];
    for (var part = 0u; part < rates.parts; part += 1u) {
      var bits = drawn[d];
      for (var another = 0u; another < min(part, 1u); another += 1u) {
        bits = drive_bits(stream, group - p.first_group, step, d, part);
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
  let held_steps = vec4f(c.held_steps);
  n.V = select(n.V, select(V_r, held_steps + vec4f(HELD), held_steps > vec4f(0.0)), n.spiked);
  n.w += select(vec4f(0.0), vec4f(c.b), n.spiked);
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
