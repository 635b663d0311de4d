// BOLD of rates that are given step by step, one invocation a node: what brain.wgsl does beside the neurons.

// #include "common/dispatch.wgsl"
// #include "whole-brain/balloon.wgsl"

struct Span {
  nodes: u32,
  steps: u32,
  // Of the first step of this dispatch in its sample, so that samples may begin anywhere.
  phase: u32,
  sample_every: u32,
}

struct Uniforms {
  span: Span,
  hemodynamics: Hemodynamics,
}

struct Measures {
  X_high: f32, X_low: f32, F_high: f32, F_low: f32, Q_high: f32, Q_low: f32, V_high: f32, V_low: f32,
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
@group(0) @binding(1) var<storage, read> rates: array<f32>; // [step, node], Hz
@group(0) @binding(2) var<storage, read_write> measures: array<Measures>;
@group(0) @binding(3) var<storage, read_write> samples: array<f32>; // [sample, node]

@compute @workgroup_size(32)
fn advance(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let span = uniforms.span;
  let node = linear_workgroup(workgroup, workgroups) * 32u + lane;
  if (node >= span.nodes) { return; }
  var m = measures[node];
  var balloon = Balloon(
    Split(m.X_high, m.X_low), Split(m.F_high, m.F_low), Split(m.Q_high, m.Q_low), Split(m.V_high, m.V_low));
  var step = 0u;
  while (step < span.steps) {
    let sample = (span.phase + step) / span.sample_every;
    let stop = min(span.steps, (sample + 1u) * span.sample_every - span.phase);
    for (; step < stop; step += 1u) {
      balloon = balloon_step(balloon, rates[step * span.nodes + node], uniforms.hemodynamics);
    }
    // The last of several writes, at the end of the sample's steps, is the one that stays.
    samples[sample * span.nodes + node] = balloon_signal(balloon, uniforms.hemodynamics);
  }
  m.X_high = balloon.X.high; m.X_low = balloon.X.low;
  m.F_high = balloon.F.high; m.F_low = balloon.F.low;
  m.Q_high = balloon.Q.high; m.Q_low = balloon.Q.low;
  m.V_high = balloon.V.high; m.V_low = balloon.V.low;
  measures[node] = m;
}
