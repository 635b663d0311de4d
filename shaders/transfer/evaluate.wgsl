// Evaluates transfer functions at many pairs of input rates: one invocation a function and a point.
// #include "common/dispatch.wgsl"
// #include "transfer/template.wgsl"

struct Counts {
  functions: u32,
  points: u32,
}

// A rate in Hz, its gradient in Hz per Hz and its Hessian in Hz per Hz^2.
struct Rate {
  rate: f32,
  d_e: f32,
  d_i: f32,
  d_ee: f32,
  d_ei: f32,
  d_ii: f32,
}

@group(0) @binding(0) var<uniform> counts: Counts;
@group(0) @binding(1) var<storage, read> functions: array<TransferFunction>;
// (nu_e, nu_i), Hz.
@group(0) @binding(2) var<storage, read> points: array<vec2f>;
// [function, point]
@group(0) @binding(3) var<storage, read_write> rates: array<Rate>;

const LANES: u32 = 64u;

@compute @workgroup_size(LANES)
fn evaluate(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let at = linear_workgroup(workgroup, workgroups) * LANES + lane;
  if (at >= counts.functions * counts.points) {
    return;
  }
  let point = points[at % counts.points];
  let result = transfer_rate(functions[at / counts.points], jet_first(point.x), jet_second(point.y));
  let hessian = result.hessian;
  rates[at] = Rate(result.value, result.gradient.x, result.gradient.y, hessian.x, hessian.y, hessian.z);
}
