// The ALN node (Cakan and Obermayer, PLoS Comput Biol 2020), one step of explicit Euler: rates are read from the table with the
// state before the step, then the state moves. It emits the rates of E and I in Hz; other nodes hear E.

// #include "whole-brain/nodes/heard.wgsl"

const SUBTHRESHOLD: bool = false; // adaptation by the mean voltage

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

// `clipped` counts steps beyond the table.
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

struct Axes {
  mu_first: f32,
  mu_per: f32, // steps of the axis per mV/ms
  mu_last: f32, // last place on the axis, in its steps
  sigma_first: f32,
  sigma_per: f32,
  sigma_last: f32,
  sigma_cells: u32,
}

@group(0) @binding(8) var<storage, read> cells: array<Cell>; // [mu, sigma]
@group(0) @binding(9) var<uniform> axes: Axes;

struct Place {
  cell: u32,
  weights: vec4f,
  outside: bool,
}

// Beyond the table the nearest edge stands for what lies there.
fn locate(mu: f32, sigma: f32) -> Place {
  let x = (mu - axes.mu_first) * axes.mu_per;
  let y = (sigma - axes.sigma_first) * axes.sigma_per;
  let row = clamp(floor(x), 0.0, axes.mu_last - 1.0);
  let column = clamp(floor(y), 0.0, axes.sigma_last - 1.0);
  let fx = clamp(x - row, 0.0, 1.0);
  let fy = clamp(y - column, 0.0, 1.0);
  let outside = x < 0.0 || x > axes.mu_last || y < 0.0 || y > axes.sigma_last;
  let weights = vec4f((1.0 - fx) * (1.0 - fy), (1.0 - fx) * fy, fx * (1.0 - fy), fx * fy);
  return Place(u32(row) * axes.sigma_cells + u32(column), weights, outside);
}

fn node_emits(s: State) -> vec2f {
  return vec2f(s.rates_exc, s.rates_inh);
}

// The variables in the order in which they are recorded.
fn node_value(s: State, variable: u32) -> f32 {
  switch variable {
    case 0u: { return s.rates_exc; }
    case 1u: { return s.rates_inh; }
    case 2u: { return s.IA; }
    case 3u: { return s.mufe; }
    case 4u: { return s.mufi; }
    case 5u: { return s.seem; }
    case 6u: { return s.seim; }
    case 7u: { return s.siem; }
    case 8u: { return s.siim; }
    case 9u: { return s.seev; }
    case 10u: { return s.seiv; }
    case 11u: { return s.siev; }
    case 12u: { return s.siiv; }
    case 13u: { return s.mue_ou; }
    default: { return s.mui_ou; }
  }
}

// `outer`: inputs over time, currents to E and I (mV/ms), rates to E and I (kHz). `xi`: two standard normal numbers, or 0.
fn node_step(before: State, p: Parameters, heard: Heard, outer: vec4f, xi: vec2f, dt: f32) -> State {
  var s = before;
  let to_e = p.rate_e + outer.z;
  let to_i = p.rate_i + outer.w;
  let inside = vec4f(heard.own.x, heard.own.y, heard.own.x, heard.own.y);
  // What other nodes send arrives as external rates do: at excitatory synapses of E, in kHz.
  let z1 = vec4f(p.z1_ee, p.z1_ei, p.z1_ie, p.z1_ii) * inside
    + p.z1_external * vec4f(to_e + 1e-3 * heard.sum, 0.0, to_i, 0.0);
  let z2 = vec4f(p.z2_ee, p.z2_ei, p.z2_ie, p.z2_ii) * inside
    + p.z2_external * vec4f(to_e + 1e-3 * heard.sum_of_squares, 0.0, to_i, 0.0);
  let tau = vec4f(p.tau_se, p.tau_si, p.tau_se, p.tau_si);
  let mean = vec4f(s.seem, s.seim, s.siem, s.siim);
  let variance = vec4f(s.seev, s.seiv, s.siev, s.siiv);
  let share = vec4f(p.s_ee, p.s_ei, p.s_ie, p.s_ii) * variance / ((1.0 + z1) * p.taum + tau);
  let sigma_e = sqrt(share.x + share.y + p.variance_e);
  let sigma_i = sqrt(share.z + share.w + p.variance_i);
  let mu_e = p.J_ee * mean.x + p.J_ei * mean.y + s.mue_ou + p.current_e + outer.x;
  let mu_i = p.J_ie * mean.z + p.J_ii * mean.w + s.mui_ou + p.current_i + outer.y;

  let place_e = locate(s.mufe - s.IA * p.per_C, sigma_e);
  let place_i = locate(s.mufi, sigma_i);
  s.clipped += select(0u, 1u, place_e.outside || place_i.outside);
  var adaptation = p.spike_adaptation * s.rates_exc; // by the rate of the step before
  s.rates_exc = dot(place_e.weights, cells[place_e.cell].r);
  s.rates_inh = dot(place_i.weights, cells[place_i.cell].r);
  s.mufe += dt * (mu_e - s.mufe) / dot(place_e.weights, cells[place_e.cell].tau);
  s.mufi += dt * (mu_i - s.mufi) / dot(place_i.weights, cells[place_i.cell].tau);
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
  s.mue_ou += (p.mean_e - s.mue_ou) * p.dt_ou + p.kick * xi.x;
  s.mui_ou += (p.mean_i - s.mui_ou) * p.dt_ou + p.kick * xi.y;
  return s;
}
