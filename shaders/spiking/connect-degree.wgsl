// Gives each neuron a fixed number of distinct partners, drawn without replacement by a pseudo-random permutation of the
// partner population: its targets (out-degree) or its sources (in-degree). One invocation draws one synapse. Rows are by
// source, so out-degrees know their place; in-degrees are run twice, to count rows and to fill them, and the order within a
// row is as the invocations came (sums of integers do not feel it).

// #include "common/dispatch.wgsl"
// #include "common/permutation.wgsl"
// #include "common/random-purpose.wgsl"
// #include "common/threefry.wgsl"

const INCOMING: bool = false;
const FILL: bool = true;

struct Rule {
  key: vec4u,
  projection: u32,
  owners: u32,       // neurons that have the degree
  partners: u32,     // candidates for each
  degree: u32,
  exclude_self: u32,
  first_target: u32, // number of the target population's first neuron
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
  let at = linear_workgroup(workgroup, workgroups) * 64u + lane;
  if (at >= rule.owners * rule.degree) {
    return;
  }
  let owner = at / rule.degree;
  let key = threefry(
    vec4u(owner, 0u, 0u, rule.projection),
    vec4u(rule.key.xy, PURPOSE_CONNECT, rule.key.w),
  );
  var partner = permute(at % rule.degree, rule.partners - rule.exclude_self, key);
  partner += select(0u, 1u, rule.exclude_self == 1u && partner >= owner);
  if (INCOMING) {
    let place = atomicAdd(&rows[partner], 1u);
    if (FILL) {
      synapses[place] = rule.first_target + owner;
    }
  } else {
    synapses[rule.first_synapse + at] = rule.first_target + partner;
  }
}
