// The Hopf node, or Stuart-Landau oscillator, one step of explicit Euler. It emits its two coordinates; other nodes hear x, by
// diffusive coupling.

// #include "whole-brain/nodes/heard.wgsl"

// The parameters by their names, then what every node has: delays inside it in steps (0 here), and its seed.
struct Parameters {
  tau_ou: f32,
  sigma_ou: f32,
  x_ou_mean: f32,
  y_ou_mean: f32,
  a: f32,
  w: f32,
  x_ext: f32,
  y_ext: f32,
  K_gl: f32,
  delay_e: u32,
  delay_i: u32,
  seed_low: u32,
  seed_high: u32,
}

// Nothing is counted: `clipped` stays 0.
struct State {
  x: f32,
  y: f32,
  x_ou: f32,
  y_ou: f32,
  clipped: u32,
}

fn node_emits(s: State) -> vec2f {
  return vec2f(s.x, s.y);
}

// The variables in the order in which they are recorded.
fn node_value(s: State, variable: u32) -> f32 {
  switch variable {
    case 0u: { return s.x; }
    case 1u: { return s.y; }
    case 2u: { return s.x_ou; }
    default: { return s.y_ou; }
  }
}

// `outer`: inputs over time to x and y. `xi`: two standard normal numbers, or 0.
fn node_step(before: State, p: Parameters, heard: Heard, outer: vec4f, xi: vec2f, dt: f32) -> State {
  var s = before;
  let radial = p.a - before.x * before.x - before.y * before.y;
  let coupling = p.K_gl * (heard.sum - heard.weight * before.x);
  s.x += dt * (radial * before.x - p.w * before.y + coupling + before.x_ou + p.x_ext + outer.x);
  s.y += dt * (radial * before.y + p.w * before.x + before.y_ou + p.y_ext + outer.y);
  let kick = p.sigma_ou * sqrt(dt) * xi;
  s.x_ou += dt * (p.x_ou_mean - before.x_ou) / p.tau_ou + kick.x;
  s.y_ou += dt * (p.y_ou_mean - before.y_ou) / p.tau_ou + kick.y;
  return s;
}
