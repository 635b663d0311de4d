// The moments of a membrane under synaptic bombardment and the template of its output rate, with derivatives with respect to
// the input rates (src/transfer/theory.ts and template.ts have the formulas and their source). Voltages are from E_L,
// conductances in units of g_L, times in ms and rates in Hz: all numbers are of the order of 1 to 100.
// #include "common/jets.wgsl"
// #include "transfer/function.wgsl"

struct Moments {
  // mV from E_L
  mu_V: Jet,
  // mV
  sigma_V: Jet,
  // ms
  tau_V: Jet,
  // g_L
  mu_G: Jet,
}

fn membrane_moments(neuron: TransferFunction, nu_e: Jet, nu_i: Jet) -> Moments {
  let mu_Ge = jet_scale(nu_e, neuron.conductance.x);
  let mu_Gi = jet_scale(nu_i, neuron.conductance.y);
  let mu_G = jet_shift(jet_add(mu_Ge, mu_Gi), 1.0);
  let r = jet_reciprocal(mu_G);
  let pull = jet_add(jet_scale(mu_Ge, neuron.reversal.x), jet_scale(mu_Gi, neuron.reversal.y));
  let mu_V = jet_multiply(pull, r);

  let tau = jet_scale(r, neuron.membrane_time);
  // mu_V - E_s without the difference of nearly equal voltages: by the other kind's conductance, and the leak's, alone.
  let apart = neuron.reversal.x - neuron.reversal.y;
  let r_squared = jet_square(r);
  let from_e = jet_multiply(jet_shift(jet_scale(mu_Gi, apart), neuron.reversal.x), r_squared);
  let from_i = jet_multiply(jet_shift(jet_scale(mu_Ge, -apart), neuron.reversal.y), r_squared);
  let square_e = jet_square(jet_scale(from_e, neuron.fluctuation.x));
  let square_i = jet_square(jet_scale(from_i, neuron.fluctuation.y));
  let decay_e = jet_reciprocal(jet_shift(tau, neuron.decay.x));
  let decay_i = jet_reciprocal(jet_shift(tau, neuron.decay.y));

  let events_e = jet_scale(nu_e, neuron.events.x);
  let events_i = jet_scale(nu_i, neuron.events.y);
  let variance_e = jet_multiply(jet_multiply(events_e, square_e), decay_e);
  let variance_i = jet_multiply(jet_multiply(events_i, square_i), decay_i);
  let variance = jet_scale(jet_add(variance_e, variance_i), 0.5);
  let weight_e = jet_multiply(jet_shift(events_e, EVENT_FLOOR), square_e);
  let weight_i = jet_multiply(jet_shift(events_i, EVENT_FLOOR), square_i);
  let rate_of_decay = jet_add(jet_multiply(weight_e, decay_e), jet_multiply(weight_i, decay_i));
  return Moments(
    mu_V,
    jet_shift(jet_sqrt(variance), SIGMA_V_FLOOR),
    jet_divide(jet_add(weight_e, weight_i), rate_of_decay),
    mu_G,
  );
}

// The effective threshold, mV from E_L.
fn effective_threshold(neuron: TransferFunction, moments: Moments) -> Jet {
  let x = jet_shift(jet_scale(moments.mu_V, 0.1), neuron.x_at_rest);
  let y = jet_scale(jet_shift(moments.sigma_V, -4.0), 1.0 / 6.0);
  let z = jet_shift(jet_scale(moments.tau_V, 1.0 / neuron.membrane_time), -0.5);
  let p = neuron.threshold;
  // P0 + x (P1 + P5 x + P8 y + P9 z) + y (P2 + P6 y + P10 z) + z (P3 + P7 z) + P4 log mu_G
  let of_x = jet_add(jet_add(jet_scale(x, p[1].y), jet_scale(y, p[2].x)), jet_scale(z, p[2].y));
  let of_y = jet_add(jet_scale(y, p[1].z), jet_scale(z, p[2].z));
  let of_z = jet_scale(z, p[1].w);
  let linear_x = jet_multiply(x, jet_shift(of_x, p[0].y));
  let linear_y = jet_multiply(y, jet_shift(of_y, p[0].z));
  let linear_z = jet_multiply(z, jet_shift(of_z, p[0].w));
  let logarithm = jet_scale(jet_log(moments.mu_G), p[1].x);
  return jet_shift(jet_add(jet_add(linear_x, linear_y), jet_add(linear_z, logarithm)), p[0].x);
}

// The output rate, Hz, of a membrane of given moments.
fn rate_at_threshold(moments: Moments, threshold: Jet) -> Jet {
  let above = jet_subtract(threshold, moments.mu_V);
  let distance = jet_scale(jet_divide(above, moments.sigma_V), 0.70710678);
  return jet_scale(jet_divide(jet_erfc(distance), moments.tau_V), 500.0);
}

// The output rate, Hz, at input rates in Hz per synapse.
fn transfer_rate(neuron: TransferFunction, nu_e: Jet, nu_i: Jet) -> Jet {
  let moments = membrane_moments(neuron, nu_e, nu_i);
  return rate_at_threshold(moments, effective_threshold(neuron, moments));
}
