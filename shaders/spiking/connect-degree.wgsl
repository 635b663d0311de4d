// Gives each neuron a fixed number of distinct partners, drawn without replacement by a pseudo-random permutation of the
// partner population: its targets (out-degree) or its sources (in-degree). One invocation draws one synapse. Rows are by
// source, so out-degrees know their place; in-degrees are run twice, to count rows and to fill them, and the order within a
// row is as the invocations came (sums of integers do not feel it).

// #include "common/dispatch.wgsl"
// #include "spiking/row-draws.wgsl"

const INCOMING: bool = false;
const FILL: bool = true;

struct Rule {
  key: vec4u,
  projection: u32,
  partners: u32,     // candidates for each
  degree: u32,
  exclude_self: u32,
  first_target: u32, // number of the target population's first neuron
  first_item: u32,   // items of this dispatch: synapses, owner by owner
  items: u32,
  first_place: u32,  // outgoing: place in the buffer of the first of them
  first_row: u32,    // incoming: rows that are filled, and the synapse that the buffer begins with
  end_row: u32,
  first_synapse: u32,
}

@group(0) @binding(0) var<uniform> rule: Rule;
@group(0) @binding(1) var<storage, read_write> rows: array<atomic<u32>>; // synapses of each source, or its next free place
@group(0) @binding(2) var<storage, read_write> synapses: array<u32>;

@compute @workgroup_size(64)
fn connect(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let item = linear_workgroup(workgroup, workgroups) * 64u + lane;
  if (item >= rule.items) {
    return;
  }
  let at = rule.first_item + item;
  let owner = at / rule.degree;
  let key = owner_key(rule.key.xy, rule.key.w, rule.projection, owner);
  let partner = drawn_partner(at % rule.degree, owner, rule.partners, rule.exclude_self, key);
  if (INCOMING) {
    if (partner >= rule.first_row && partner < rule.end_row) {
      let place = atomicAdd(&rows[partner], 1u);
      if (FILL) {
        synapses[place - rule.first_synapse] = rule.first_target + owner;
      }
    }
  } else {
    synapses[rule.first_place + item] = rule.first_target + partner;
  }
}
