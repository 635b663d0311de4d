// Advances neurons that share nothing but their cell, each under its own Poisson input, by many steps with their state in
// registers, and sums up what they do: the transfer function's kernel.
//
//   C_m dV/dt   = g_L (E_L - V) + g_L Delta_T exp((V - V_T) / Delta_T) + g_e (E_e - V) + g_i (E_i - V) - w
//   tau_w dw/dt = a (V - E_L) - w
//   dg/dt       = -g / tau, with jumps of Q at the events of K synapses that fire at rate nu each
//
// V and w by Euler's method, both from the same instant, conductances by their exact decay; then threshold, the events of
// the step (seen from the next one on), reset, as in spiking/advance-neurons. All voltages are measured from E_L.
//
// One invocation carries four neurons, which are repeats of one point of the grid and so share their tables. Random numbers
// belong to (nu_e, nu_i, repeat, step): neither the rest of the grid nor how it is cut into dispatches changes a result.

// #include "common/random-purpose.wgsl"
// #include "common/threefry.wgsl"
// #include "common/dispatch.wgsl"

const GROUPS_PER_WORKGROUP: u32 = 64u;
const EXC_QUADS: u32 = 4u;  // thresholds of excitatory counts that are held in registers, in fours
const INH_QUADS: u32 = 3u;
const TABLED: bool = false; // counts are too many for that and are looked up instead

struct Window {
  first_step: u32,
  steps: u32,
  groups: u32, // that are simulated; the rest of the last workgroup stands idle
  slot: u32,   // where this window's sums go
}

// Parameters of the cell and its synapses as a step of Euler's method has them; voltages from E_L.
struct Cell {
  dt_over_C_m: f32,
  g_L: f32,
  Delta_T: f32,
  inverse_Delta_T: f32, // 0 for LIF, which has no exponential term
  V_T: f32,
  V_spike: f32,
  V_r: f32,
  held_steps: f32, // steps after a spike in which V is held
  dt_over_tau_w: f32,
  a: f32,
  b: f32,
  E_e: f32,
  E_i: f32,
  Q_e: f32,
  Q_i: f32,
  decay_e: f32, // factor per step
  decay_i: f32,
  fast: f32, // weight of the newest value in the two running averages of V
  slow: f32,
  halvings_e: u32, // where counts are looked up: 2^halvings - 1 thresholds a row
  halvings_i: u32,
  key_low: u32, // of the seed
  key_high: u32,
  unused: u32,
}

// A point of the grid: the bits of its rates, which repeats these are, and where its tables begin.
struct Group {
  nu_e: u32,
  nu_i: u32,
  repeats: u32,
  table: u32, // base and thresholds of the excitatory counts, then of the inhibitory ones
}

@group(0) @binding(0) var<uniform> window: Window;
@group(0) @binding(1) var<uniform> cell: Cell;
@group(0) @binding(2) var<storage, read> groups: array<Group>;
@group(0) @binding(3) var<storage, read> tables: array<u32>;
@group(0) @binding(4) var<storage, read_write> state: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> sums: array<vec4f>;

// Planes of the state: V, w, steps still held, g_e, g_i, the fast and the slow average of V.
const STATE_PLANES: u32 = 7u;
// Planes of the sums of a window: spikes; steps in which V counts (neither held nor at a spike) and, over these, V, V^2, V
// times its fast and its slow average up to the step before; these averages at the end of the window.
const SUM_PLANES: u32 = 8u;

fn reached(random: vec4u, threshold: u32) -> vec4u {
  return select(vec4u(0u), vec4u(1u), random >= vec4u(threshold));
}

fn reached_of_four(random: vec4u, thresholds: vec4u) -> vec4u {
  return (reached(random, thresholds.x) + reached(random, thresholds.y)) +
    (reached(random, thresholds.z) + reached(random, thresholds.w));
}

// The number of thresholds that are reached, by bisection in a row of 2^halvings - 1 of them.
fn look_up(random: vec4u, row: u32, halvings: u32) -> vec4u {
  var found = vec4u(0u);
  for (var halving = halvings; halving > 0u; halving -= 1u) {
    let stride = 1u << (halving - 1u);
    let at = found + vec4u(row + stride - 1u);
    let threshold = vec4u(tables[at.x], tables[at.y], tables[at.z], tables[at.w]);
    found += select(vec4u(0u), vec4u(stride), random >= threshold);
  }
  return found;
}

@compute @workgroup_size(GROUPS_PER_WORKGROUP)
fn measure(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = linear_workgroup(workgroup, workgroups) * GROUPS_PER_WORKGROUP + lane;
  if (group >= window.groups) {
    return;
  }
  let point = groups[group];

  let base_e = vec4u(tables[point.table]);
  let row_e = point.table + 1u;
  var levels_e: array<vec4u, EXC_QUADS>;
  var levels_i: array<vec4u, INH_QUADS>;
  var row_i = row_e + 4u * EXC_QUADS + 1u;
  if (TABLED) {
    row_i = row_e + (1u << cell.halvings_e);
  } else {
    for (var quad = 0u; quad < EXC_QUADS; quad += 1u) {
      let at = row_e + 4u * quad;
      levels_e[quad] = vec4u(tables[at], tables[at + 1u], tables[at + 2u], tables[at + 3u]);
    }
    for (var quad = 0u; quad < INH_QUADS; quad += 1u) {
      let at = row_i + 4u * quad;
      levels_i[quad] = vec4u(tables[at], tables[at + 1u], tables[at + 2u], tables[at + 3u]);
    }
  }
  let base_i = vec4u(tables[row_i - 1u]);

  let first = group * STATE_PLANES;
  var V = state[first];
  var w = state[first + 1u];
  var held = state[first + 2u];
  var g_e = state[first + 3u];
  var g_i = state[first + 4u];
  var fast = state[first + 5u];
  var slow = state[first + 6u];

  var spikes = vec4f(0.0);
  var counted = vec4f(0.0);
  var sum_V = vec4f(0.0);
  var sum_VV = vec4f(0.0);
  var sum_fast = vec4f(0.0);
  var sum_slow = vec4f(0.0);

  let key = vec4u(cell.key_low, cell.key_high, PURPOSE_TRANSFER, 0u);
  for (var s = 0u; s < window.steps; s += 1u) {
    // State.
    // The exponent is bounded where single precision would overflow: a neuron there spikes in this very step.
    let exponent = min((V - cell.V_T) * cell.inverse_Delta_T, vec4f(80.0));
    let I = g_e * (cell.E_e - V) + g_i * (cell.E_i - V) + cell.g_L * (cell.Delta_T * exp(exponent) - V) - w;
    g_e *= cell.decay_e;
    g_i *= cell.decay_i;
    w += cell.dt_over_tau_w * (cell.a * V - w);
    let free = held <= vec4f(0.0);
    V = select(V, V + cell.dt_over_C_m * I, free);
    held = max(held - vec4f(1.0), vec4f(0.0));

    // Threshold.
    let spiked = free & (V > vec4f(cell.V_spike));
    spikes += select(vec4f(0.0), vec4f(1.0), spiked);

    // What V does in between.
    let counts = free & !spiked;
    let x = select(vec4f(0.0), V, counts);
    counted += select(vec4f(0.0), vec4f(1.0), counts);
    sum_V += x;
    sum_VV += x * x;
    sum_fast += x * fast;
    sum_slow += x * slow;
    fast += select(vec4f(0.0), cell.fast * (V - fast), counts);
    slow += select(vec4f(0.0), cell.slow * (V - slow), counts);

    // Events, of which a threshold of 0xFFFFFFFF is never reached.
    let step = window.first_step + s;
    let bits_e = min(threefry(vec4u(point.nu_e, point.nu_i, step, 2u * point.repeats), key), vec4u(0xFFFFFFFEu));
    let bits_i = min(threefry(vec4u(point.nu_e, point.nu_i, step, 2u * point.repeats + 1u), key), vec4u(0xFFFFFFFEu));
    var events_e = base_e;
    var events_i = base_i;
    if (TABLED) {
      events_e += look_up(bits_e, row_e, cell.halvings_e);
      events_i += look_up(bits_i, row_i, cell.halvings_i);
    } else {
      for (var quad = 0u; quad < EXC_QUADS; quad += 1u) {
        events_e += reached_of_four(bits_e, levels_e[quad]);
      }
      for (var quad = 0u; quad < INH_QUADS; quad += 1u) {
        events_i += reached_of_four(bits_i, levels_i[quad]);
      }
    }
    g_e += cell.Q_e * vec4f(events_e);
    g_i += cell.Q_i * vec4f(events_i);

    // Reset.
    V = select(V, vec4f(cell.V_r), spiked);
    w += select(vec4f(0.0), vec4f(cell.b), spiked);
    held = select(held, vec4f(cell.held_steps), spiked);
  }

  state[first] = V;
  state[first + 1u] = w;
  state[first + 2u] = held;
  state[first + 3u] = g_e;
  state[first + 4u] = g_i;
  state[first + 5u] = fast;
  state[first + 6u] = slow;

  let sum = (window.slot * window.groups + group) * SUM_PLANES;
  sums[sum] = spikes;
  sums[sum + 1u] = counted;
  sums[sum + 2u] = sum_V;
  sums[sum + 3u] = sum_VV;
  sums[sum + 4u] = sum_fast;
  sums[sum + 5u] = sum_slow;
  sums[sum + 6u] = fast;
  sums[sum + 7u] = slow;
}
