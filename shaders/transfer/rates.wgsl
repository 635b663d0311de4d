// The template of template.wgsl for four pairs of input rates at a time, without derivatives: what first order needs.
// #include "common/erfc4.wgsl"
// #include "transfer/function.wgsl"

struct Output {
  // Hz
  rate: vec4f,
  // mV from E_L
  mu_V: vec4f,
}

// What a membrane gives whose synapses fire at nu_e and nu_i, Hz.
fn transfer_output(neuron: TransferFunction, nu_e: vec4f, nu_i: vec4f) -> Output {
  let mu_Ge = nu_e * neuron.conductance.x;
  let mu_Gi = nu_i * neuron.conductance.y;
  let mu_G = mu_Ge + mu_Gi + 1.0;
  let r = 1.0 / mu_G;
  let mu_V = (mu_Ge * neuron.reversal.x + mu_Gi * neuron.reversal.y) * r;

  let tau = r * neuron.membrane_time;
  let apart = neuron.reversal.x - neuron.reversal.y;
  let from_e = (mu_Gi * apart + neuron.reversal.x) * r * r * neuron.fluctuation.x;
  let from_i = (mu_Ge * -apart + neuron.reversal.y) * r * r * neuron.fluctuation.y;
  let decay_e = 1.0 / (tau + neuron.decay.x);
  let decay_i = 1.0 / (tau + neuron.decay.y);
  let events_e = nu_e * neuron.events.x;
  let events_i = nu_i * neuron.events.y;
  let variance = 0.5 * (events_e * from_e * from_e * decay_e + events_i * from_i * from_i * decay_i);
  let sigma_V = sqrt(variance) + SIGMA_V_FLOOR;
  let weight_e = (events_e + EVENT_FLOOR) * from_e * from_e;
  let weight_i = (events_i + EVENT_FLOOR) * from_i * from_i;
  let tau_V = (weight_e + weight_i) / (weight_e * decay_e + weight_i * decay_i);

  let x = mu_V * 0.1 + neuron.x_at_rest;
  let y = (sigma_V - 4.0) * (1.0 / 6.0);
  let z = tau_V * (1.0 / neuron.membrane_time) - 0.5;
  let p = neuron.threshold;
  let of_x = x * p[1].y + y * p[2].x + z * p[2].y + p[0].y;
  let of_y = y * p[1].z + z * p[2].z + p[0].z;
  let of_z = z * p[1].w + p[0].w;
  let threshold = x * of_x + y * of_y + z * of_z + log(mu_G) * p[1].x + p[0].x;
  let distance = (threshold - mu_V) / sigma_V * 0.70710678;
  return Output(erfc4(distance) / tau_V * 500.0, mu_V);
}
