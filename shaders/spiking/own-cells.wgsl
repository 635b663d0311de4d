// Parameters of cells that each neuron has for itself, in planes behind the state. Only those that vary somewhere have a plane;
// in a population in which they do not vary, it holds the same number for all.

// Which plane, or 2^32 - 1 for none.
// #include "spiking/membrane.wgsl"

const OWN_DT_OVER_C_M: u32 = 4294967295u;
const OWN_G_L: u32 = 4294967295u;
const OWN_DELTA_T: u32 = 4294967295u;
const OWN_INVERSE_DELTA_T: u32 = 4294967295u;
const OWN_V_T: u32 = 4294967295u;
const OWN_V_SPIKE: u32 = 4294967295u;
const OWN_V_R: u32 = 4294967295u;
const OWN_HELD_STEPS: u32 = 4294967295u;
const OWN_DT_OVER_TAU_W: u32 = 4294967295u;
const OWN_A: u32 = 4294967295u;
const OWN_B: u32 = 4294967295u;
const OWN_REST: u32 = 4294967295u;

fn with_own(same: Membrane, own: array<vec4f, OWN>) -> Membrane {
  var c = same;
  if (OWN_DT_OVER_C_M < OWN) {
    c.dt_over_C_m = own[min(OWN_DT_OVER_C_M, OWN - 1u)];
  }
  if (OWN_G_L < OWN) {
    c.g_L = own[min(OWN_G_L, OWN - 1u)];
  }
  if (OWN_DELTA_T < OWN) {
    c.Delta_T = own[min(OWN_DELTA_T, OWN - 1u)];
  }
  if (OWN_INVERSE_DELTA_T < OWN) {
    c.inverse_Delta_T = own[min(OWN_INVERSE_DELTA_T, OWN - 1u)];
  }
  if (OWN_V_T < OWN) {
    c.V_T = own[min(OWN_V_T, OWN - 1u)];
  }
  if (OWN_V_SPIKE < OWN) {
    c.V_spike = own[min(OWN_V_SPIKE, OWN - 1u)];
  }
  if (OWN_V_R < OWN) {
    c.V_r = own[min(OWN_V_R, OWN - 1u)];
  }
  if (OWN_HELD_STEPS < OWN) {
    c.held_steps = own[min(OWN_HELD_STEPS, OWN - 1u)];
  }
  if (OWN_DT_OVER_TAU_W < OWN) {
    c.dt_over_tau_w = own[min(OWN_DT_OVER_TAU_W, OWN - 1u)];
  }
  if (OWN_A < OWN) {
    c.a = own[min(OWN_A, OWN - 1u)];
  }
  if (OWN_B < OWN) {
    c.b = own[min(OWN_B, OWN - 1u)];
  }
  return c;
}

// Where V is drawn by the leak, from the E_L of the population, which all voltages are measured from.
fn own_rest(own: array<vec4f, OWN>) -> vec4f {
  if (OWN_REST < OWN) {
    return own[min(OWN_REST, OWN - 1u)];
  }
  return vec4f(0.0);
}
