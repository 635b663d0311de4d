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
  first_neuron: u32, // of the network
  first_synapse: u32, // the synapses in `targets`: whole rows
  end_synapse: u32,
}

@group(0) @binding(0) var<uniform> rule: Rule;
@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read_write> connected: array<atomic<u32>>;

struct Place {
  word: u32,
  bit: u32,
}

// Where a neuron stands in a row: the groups of an invocation side by side, eight in a word. Their bits are four apart, the next
// group's in the upper half, so that one mask takes the bits of two groups out of a word as nibbles.
fn place_of(neuron: u32) -> Place {
  let of_all = neuron / 4u;
  let group = ((of_all / (LANES * QUADS)) * LANES + of_all % LANES) * SPAN + (of_all / LANES) % QUADS;
  return Place(group / 8u, 16u * (group & 1u) + 4u * (neuron & 3u) + (group & 7u) / 2u);
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
    let place = place_of(targets[at - rule.first_synapse] - rule.first_neuron);
    atomicOr(&connected[(rule.first_source + row) * rule.row_words + place.word], 1u << place.bit);
  }
}
