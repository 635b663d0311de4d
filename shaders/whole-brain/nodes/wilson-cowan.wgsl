// The Wilson-Cowan node (Wilson and Cowan, Biophys J 1972), one step of explicit Euler. It emits the active parts of E and I; other
// nodes hear E.

// #include "whole-brain/nodes/heard.wgsl"

// The parameters by their names, then what every node has: delays inside it in steps (0 here), and its seed.
struct Parameters {
  tau_ou: f32,
  sigma_ou: f32,
  exc_ou_mean: f32,
  inh_ou_mean: f32,
  tau_exc: f32,
  tau_inh: f32,
  c_excexc: f32,
  c_excinh: f32,
  c_inhexc: f32,
  c_inhinh: f32,
  a_exc: f32,
  a_inh: f32,
  mu_exc: f32,
  mu_inh: f32,
  exc_ext: f32,
  inh_ext: f32,
  K_gl: f32,
  delay_e: u32,
  delay_i: u32,
  seed_low: u32,
  seed_high: u32,
}

// Nothing is counted: `clipped` stays 0.
struct State {
  exc: f32,
  inh: f32,
  exc_ou: f32,
  inh_ou: f32,
  clipped: u32,
}

fn node_emits(s: State) -> vec2f {
  return vec2f(s.exc, s.inh);
}

// The variables in the order in which they are recorded.
fn node_value(s: State, variable: u32) -> f32 {
  switch variable {
    case 0u: { return s.exc; }
    case 1u: { return s.inh; }
    case 2u: { return s.exc_ou; }
    default: { return s.inh_ou; }
  }
}

// `outer`: inputs over time to E and I. `xi`: two standard normal numbers, or 0.
fn node_step(before: State, p: Parameters, heard: Heard, outer: vec4f, xi: vec2f, dt: f32) -> State {
  var s = before;
  let to_e = p.c_excexc * before.exc - p.c_inhexc * before.inh + p.K_gl * heard.sum + p.exc_ext + outer.x;
  let to_i = p.c_excinh * before.exc - p.c_inhinh * before.inh + p.inh_ext + outer.y;
  let active_e = 1.0 / (1.0 + exp(-p.a_exc * (to_e - p.mu_exc)));
  let active_i = 1.0 / (1.0 + exp(-p.a_inh * (to_i - p.mu_inh)));
  s.exc += dt * ((1.0 - before.exc) * active_e - before.exc + before.exc_ou) / p.tau_exc;
  s.inh += dt * ((1.0 - before.inh) * active_i - before.inh + before.inh_ou) / p.tau_inh;
  let kick = p.sigma_ou * sqrt(dt) * xi;
  s.exc_ou += dt * (p.exc_ou_mean - before.exc_ou) / p.tau_ou + kick.x;
  s.inh_ou += dt * (p.inh_ou_mean - before.inh_ou) / p.tau_ou + kick.y;
  return s;
}
