// A transfer function as data, made by src/transfer/device-function.ts. Voltages are from E_L, conductances in units of g_L, times in
// ms and rates in Hz.

// One transfer function. Pairs are (excitatory, inhibitory).
struct TransferFunction {
  // Mean conductance per Hz of input, g_L.
  conductance: vec2f,
  // Reversal potential from E_L, mV.
  reversal: vec2f,
  // Decay time constant of the synapses, ms.
  decay: vec2f,
  // Conductance of one event in g_L times the time that its fluctuations last, ms.
  fluctuation: vec2f,
  // Events per ms per Hz of input.
  events: vec2f,
  // C_m / g_L, ms.
  membrane_time: f32,
  // The polynomial's first variable at E_L.
  x_at_rest: f32,
  // Coefficients P0 - E_L, P1 to P10, then 0; mV.
  threshold: array<vec4f, 3>,
}

// What gives a membrane without input a value (theory.ts): mV, and events per ms.
const SIGMA_V_FLOOR: f32 = 1e-9;
const EVENT_FLOOR: f32 = 1e-12;
