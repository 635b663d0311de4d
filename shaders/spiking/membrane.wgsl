// The cells of four neurons, as a step needs them.

const OWN: u32 = 1u; // planes with parameters that each neuron has for itself; see own-cells.wgsl

struct Membrane {
  dt_over_C_m: vec4f,
  g_L: vec4f,
  Delta_T: vec4f,
  inverse_Delta_T: vec4f,
  V_T: vec4f,
  V_spike: vec4f,
  V_r: vec4f,
  held_steps: vec4f,
  dt_over_tau_w: vec4f,
  a: vec4f,
  b: vec4f,
}
