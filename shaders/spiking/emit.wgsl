// Lets populations fire whose spikes are given: what belongs to a window joins the list of its spikes, from which all are
// delivered and recorded alike.

// #include "common/dispatch.wgsl"
// #include "spiking/network.wgsl"

// The given spikes of a chunk; entries are those of `Spikes`.
struct Given {
  starts: array<u32, WINDOWS + 1u>, // first entry of each window, and one past the last
  entries: array<u32>,
}

@group(0) @binding(0) var<uniform> window: Window;
@group(0) @binding(1) var<storage, read> given: Given;
@group(0) @binding(2) var<storage, read_write> spikes: Spikes;

@compute @workgroup_size(64)
fn emit(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let at = given.starts[window.index] + linear_workgroup(workgroup, workgroups) * 64u + lane;
  if (at >= given.starts[window.index + 1u]) {
    return;
  }
  spikes.entries[atomicAdd(&spikes.tail, 1u)] = given.entries[at];
}
