// Nodes of the ALN model (Cakan and Obermayer, PLoS Comput Biol 2020), explicit Euler, one invocation a node with its state in
// registers for all steps of a dispatch. A step reads the rates from the table with the state before it, then moves the
// state. Rates go into a ring of `slots` steps, out of which synapses hear them after their delays.

// #include "common/dispatch.wgsl"
// #include "common/random-purpose.wgsl"
// #include "common/threefry.wgsl"

// What a run needs; code that is not needed is not compiled.
const NOISE: bool = false; // OU noise
const SAMPLED: bool = false; // inputs over time
const SUBTHRESHOLD: bool = false; // adaptation by the mean voltage
const RECORD_ALL: bool = false; // all variables every `sample_every` steps, or rates and adaptation alone

// Sums are taken over so many steps at a time: thousands of steps added one by one would lose digits.
const BLOCK: u32 = 64u;

// What a step needs of a node's parameters, worked out by the host; rates inside the node in Hz, external ones in kHz.
struct Parameters {
  J_ee: f32, J_ei: f32, J_ie: f32, J_ii: f32,
  // Sums of weights and of squared weights over synapses, per Hz (external: per kHz).
  z1_ee: f32, z1_ei: f32, z1_ie: f32, z1_ii: f32, z1_external: f32,
  z2_ee: f32, z2_ei: f32, z2_ie: f32, z2_ii: f32, z2_external: f32,
  // 2 J^2 tau taum: variance of the input per variance of the activation, before it is divided
  s_ee: f32, s_ei: f32, s_ie: f32, s_ii: f32,
  variance_e: f32, variance_i: f32, // external
  taum: f32, tau_se: f32, tau_si: f32,
  dt_se: f32, dt_si: f32, // dt / tau
  dt_se2: f32, dt_si2: f32, // dt / tau^2
  per_C: f32, a: f32, EA: f32, spike_adaptation: f32, dt_A: f32,
  mean_e: f32, mean_i: f32, dt_ou: f32, kick: f32,
  current_e: f32, current_i: f32, rate_e: f32, rate_i: f32,
  delay_e: u32, delay_i: u32,
  seed_low: u32, seed_high: u32,
}

// The variables in the order in which they are recorded; `clipped` counts steps beyond the table.
struct State {
  mufe: f32, mufi: f32, IA: f32,
  seem: f32, seim: f32, siem: f32, siim: f32,
  seev: f32, seiv: f32, siev: f32, siiv: f32,
  mue_ou: f32, mui_ou: f32,
  rates_exc: f32, rates_inh: f32,
  clipped: u32,
}

// Values at the four corners of one cell of the grid, in the order (mu, sigma), (mu, sigma + 1), (mu + 1, sigma), (mu + 1, sigma + 1).
struct Cell {
  r: vec4f,
  tau: vec4f,
  V: vec4f,
}

// Of the excitatory rate (suffix e) and the inhibitory (i) over the closing window.
struct Reduced {
  least_e: f32, most_e: f32, sum_e: f32, block_e: f32,
  least_i: f32, most_i: f32, sum_i: f32, block_i: f32,
  // Upward crossings of `level` by the excitatory rate: how many, the first and the last, in steps from the window's start.
  level: f32, before: f32, crossings: f32, first: f32, last: f32,
}

struct Span {
  nodes: u32,
  first_step: u32,
  steps: u32,
  slots: u32,
  sample_every: u32,
  // Nodes that share sampled inputs share one course: its stride is 0.
  input_stride: u32,
  input_width: u32,
  window_step: u32, // of first_step, counted from the start of the closing window
  dt: f32,
  mu_first: f32,
  mu_per: f32, // steps of the axis per mV/ms
  mu_last: f32, // last place on the axis, in its steps
  sigma_first: f32,
  sigma_per: f32,
  sigma_last: f32,
  sigma_cells: u32,
}

@group(0) @binding(0) var<uniform> span: Span;
@group(0) @binding(1) var<storage, read> parameters: array<Parameters>;
@group(0) @binding(2) var<storage, read_write> states: array<State>;
@group(0) @binding(3) var<storage, read_write> history: array<vec2f>; // [slot, node]: E, I in Hz
@group(0) @binding(4) var<storage, read> cells: array<Cell>; // [mu, sigma]
@group(0) @binding(5) var<storage, read> inputs: array<vec4f>; // [step, node or 1]: currents to E, I (mV/ms), rates to E, I (kHz)
@group(0) @binding(6) var<storage, read_write> samples: array<f32>; // [sample, variable, node]
@group(0) @binding(7) var<storage, read_write> reduced: array<Reduced>;

struct Place {
  cell: u32,
  weights: vec4f,
  outside: bool,
}

// Beyond the table the nearest edge stands for what lies there.
fn locate(mu: f32, sigma: f32) -> Place {
  let x = (mu - span.mu_first) * span.mu_per;
  let y = (sigma - span.sigma_first) * span.sigma_per;
  let row = clamp(floor(x), 0.0, span.mu_last - 1.0);
  let column = clamp(floor(y), 0.0, span.sigma_last - 1.0);
  let fx = clamp(x - row, 0.0, 1.0);
  let fy = clamp(y - column, 0.0, 1.0);
  let outside = x < 0.0 || x > span.mu_last || y < 0.0 || y > span.sigma_last;
  let weights = vec4f((1.0 - fx) * (1.0 - fy), (1.0 - fx) * fy, fx * (1.0 - fy), fx * fy);
  return Place(u32(row) * span.sigma_cells + u32(column), weights, outside);
}

// Two standard normal numbers of a node's own stream, by the Box-Muller transform.
fn normal_pair(step: u32, p: Parameters) -> vec2f {
  let bits = threefry(vec4u(step, 0u, 0u, 0u), vec4u(p.seed_low, p.seed_high, PURPOSE_NODE_NOISE, 0u));
  // In (0, 1]: 24 bits, so that the logarithm is finite and the number exact.
  let u = (vec2f(bits.xy >> vec2u(8u)) + 1.0) / 16777216.0;
  return sqrt(-2.0 * log(u.x)) * vec2f(cos(6.2831853 * u.y), sin(6.2831853 * u.y));
}

@compute @workgroup_size(32)
fn advance(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let node = linear_workgroup(workgroup, workgroups) * 32u + lane;
  if (node >= span.nodes) { return; }
  let p = parameters[node];
  var s = states[node];
  var q = reduced[node];
  let end = span.first_step + span.steps;
  var step = span.first_step;
  let first_sample = step / span.sample_every;
  // Places in the ring: of this step, and of the steps whose rates arrive now.
  var now = step % span.slots;
  var from_e = (step + span.slots - p.delay_e - 1u) % span.slots;
  var from_i = (step + span.slots - p.delay_i - 1u) % span.slots;
  while (step < end) {
    let sample = step / span.sample_every;
    let stop = min(end, min((sample + 1u) * span.sample_every, (step / BLOCK + 1u) * BLOCK));
    for (; step < stop; step += 1u) {
      let heard_e = history[from_e * span.nodes + node].x;
      let heard_i = history[from_i * span.nodes + node].y;
      var outer = vec4f(p.current_e, p.current_i, p.rate_e, p.rate_i);
      if (SAMPLED) {
        outer += inputs[(step - span.first_step) * span.input_width + node * span.input_stride];
      }
      let z1 = vec4f(p.z1_ee, p.z1_ei, p.z1_ie, p.z1_ii) * vec4f(heard_e, heard_i, heard_e, heard_i)
        + p.z1_external * vec4f(outer.z, 0.0, outer.w, 0.0);
      let z2 = vec4f(p.z2_ee, p.z2_ei, p.z2_ie, p.z2_ii) * vec4f(heard_e, heard_i, heard_e, heard_i)
        + p.z2_external * vec4f(outer.z, 0.0, outer.w, 0.0);
      let tau = vec4f(p.tau_se, p.tau_si, p.tau_se, p.tau_si);
      let mean = vec4f(s.seem, s.seim, s.siem, s.siim);
      let variance = vec4f(s.seev, s.seiv, s.siev, s.siiv);
      let share = vec4f(p.s_ee, p.s_ei, p.s_ie, p.s_ii) * variance / ((1.0 + z1) * p.taum + tau);
      let sigma_e = sqrt(share.x + share.y + p.variance_e);
      let sigma_i = sqrt(share.z + share.w + p.variance_i);
      let mu_e = p.J_ee * mean.x + p.J_ei * mean.y + s.mue_ou + outer.x;
      let mu_i = p.J_ie * mean.z + p.J_ii * mean.w + s.mui_ou + outer.y;

      let place_e = locate(s.mufe - s.IA * p.per_C, sigma_e);
      let place_i = locate(s.mufi, sigma_i);
      s.clipped += select(0u, 1u, place_e.outside || place_i.outside);
      var adaptation = p.spike_adaptation * s.rates_exc; // by the rate of the step before
      s.rates_exc = dot(place_e.weights, cells[place_e.cell].r);
      s.rates_inh = dot(place_i.weights, cells[place_i.cell].r);
      s.mufe += span.dt * (mu_e - s.mufe) / dot(place_e.weights, cells[place_e.cell].tau);
      s.mufi += span.dt * (mu_i - s.mufi) / dot(place_i.weights, cells[place_i.cell].tau);
      if (SUBTHRESHOLD) {
        adaptation += p.a * (dot(place_e.weights, cells[place_e.cell].V) - p.EA);
      }
      s.IA += p.dt_A * (adaptation - s.IA);

      let free = 1.0 - mean;
      let moved = mean + vec4f(p.dt_se, p.dt_si, p.dt_se, p.dt_si) * (free * z1 - mean);
      let spread = variance + vec4f(p.dt_se2, p.dt_si2, p.dt_se2, p.dt_si2)
        * (free * free * z2 + (z2 - 2.0 * tau * (z1 + 1.0)) * variance);
      s.seem = moved.x; s.seim = moved.y; s.siem = moved.z; s.siim = moved.w;
      s.seev = max(spread.x, 0.0); s.seiv = max(spread.y, 0.0);
      s.siev = max(spread.z, 0.0); s.siiv = max(spread.w, 0.0);
      var xi = vec2f();
      if (NOISE) { xi = p.kick * normal_pair(step, p); }
      s.mue_ou += (p.mean_e - s.mue_ou) * p.dt_ou + xi.x;
      s.mui_ou += (p.mean_i - s.mui_ou) * p.dt_ou + xi.y;

      history[now * span.nodes + node] = vec2f(s.rates_exc, s.rates_inh);
      now = select(now + 1u, 0u, now + 1u == span.slots);
      from_e = select(from_e + 1u, 0u, from_e + 1u == span.slots);
      from_i = select(from_i + 1u, 0u, from_i + 1u == span.slots);

      q.least_e = min(q.least_e, s.rates_exc);
      q.most_e = max(q.most_e, s.rates_exc);
      q.least_i = min(q.least_i, s.rates_inh);
      q.most_i = max(q.most_i, s.rates_inh);
      q.block_e += s.rates_exc;
      q.block_i += s.rates_inh;
      let up = q.before < q.level && s.rates_exc >= q.level;
      let part = (q.level - q.before) / (s.rates_exc - q.before);
      let at = f32(span.window_step + step - span.first_step) + select(0.0, part, up);
      q.first = select(q.first, at, up && q.crossings == 0.0);
      q.last = select(q.last, at, up);
      q.crossings += select(0.0, 1.0, up);
      q.before = s.rates_exc;
    }
    // A block that this dispatch cuts goes on in the next, so that no digit depends on the cuts.
    let whole = step % BLOCK == 0u;
    q.sum_e += select(0.0, q.block_e, whole);
    q.sum_i += select(0.0, q.block_i, whole);
    q.block_e = select(q.block_e, 0.0, whole);
    q.block_i = select(q.block_i, 0.0, whole);
    // The last of several writes, at the end of the sample's steps, is the one that stays.
    let at = (sample - first_sample) * select(3u, 15u, RECORD_ALL) * span.nodes + node;
    samples[at] = s.rates_exc;
    samples[at + span.nodes] = s.rates_inh;
    samples[at + 2u * span.nodes] = s.IA;
    if (RECORD_ALL) {
      samples[at + 3u * span.nodes] = s.mufe;
      samples[at + 4u * span.nodes] = s.mufi;
      samples[at + 5u * span.nodes] = s.seem;
      samples[at + 6u * span.nodes] = s.seim;
      samples[at + 7u * span.nodes] = s.siem;
      samples[at + 8u * span.nodes] = s.siim;
      samples[at + 9u * span.nodes] = s.seev;
      samples[at + 10u * span.nodes] = s.seiv;
      samples[at + 11u * span.nodes] = s.siev;
      samples[at + 12u * span.nodes] = s.siiv;
      samples[at + 13u * span.nodes] = s.mue_ou;
      samples[at + 14u * span.nodes] = s.mui_ou;
    }
  }
  states[node] = s;
  reduced[node] = q;
}
