// Turns rows of targets into a matrix of bits, for kernels that ask whether two neurons are connected.

// #include "common/dispatch.wgsl"

const LANES: u32 = 64u; // as in gathering.wgsl, as the next two
const QUADS: u32 = 1u;
const SPAN: u32 = 1u;

struct Rule {
  first_row: u32,    // of the projection
  sources: u32,
  first_source: u32, // number of the source population's first neuron
  row_words: u32,
  first_synapse: u32, // the synapses in `targets`: whole rows
  end_synapse: u32,
}

@group(0) @binding(0) var<uniform> rule: Rule;
@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read_write> connected: array<atomic<u32>>;

// Where a neuron stands in a row: the neurons of an invocation side by side.
fn column_of(neuron: u32) -> u32 {
  let group = neuron / 4u;
  let place = (group / (LANES * QUADS)) * LANES + group % LANES;
  return 4u * (place * SPAN + (group / LANES) % QUADS) + (neuron & 3u);
}

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
  let first = rows[rule.first_row + row];
  if (first < rule.first_synapse || end > rule.end_synapse) {
    return;
  }
  for (var at = first; at < end; at += 1u) {
    let column = column_of(targets[at - rule.first_synapse]);
    atomicOr(&connected[(rule.first_source + row) * rule.row_words + column / 32u], 1u << (column & 31u));
  }
}
