// Turns rows of targets into a matrix of bits, for kernels that ask whether two neurons are connected.

// #include "common/dispatch.wgsl"

struct Rule {
  first_row: u32,    // of the projection
  sources: u32,
  first_source: u32, // number of the source population's first neuron
  row_words: u32,
}

@group(0) @binding(0) var<uniform> rule: Rule;
@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read_write> connected: array<atomic<u32>>;

@compute @workgroup_size(64)
fn connect(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = linear_workgroup(workgroup, workgroups) * 64u + lane;
  if (row >= rule.sources) {
    return;
  }
  let end = rows[rule.first_row + row + 1u];
  for (var at = rows[rule.first_row + row]; at < end; at += 1u) {
    let heard_by = targets[at];
    atomicOr(&connected[(rule.first_source + row) * rule.row_words + heard_by / 32u], 1u << (heard_by & 31u));
  }
}
