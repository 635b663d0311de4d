// Writes the rows of the two rules without chance: every source to every target, or each to its own.

// #include "common/dispatch.wgsl"

struct Rule {
  sources: u32,
  row_length: u32,   // synapses of a row
  one_to_one: u32,
  exclude_self: u32,
  first_target: u32, // number of the target population's first neuron
  first_synapse: u32,
}

@group(0) @binding(0) var<uniform> rule: Rule;
@group(0) @binding(1) var<storage, read_write> synapses: array<u32>;

@compute @workgroup_size(64)
fn connect(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let at = linear_workgroup(workgroup, workgroups) * 64u + lane;
  if (at >= rule.sources * rule.row_length) {
    return;
  }
  let source = at / rule.row_length;
  let within = at % rule.row_length;
  let other = within + select(0u, 1u, rule.exclude_self == 1u && within >= source);
  synapses[rule.first_synapse + at] = rule.first_target + select(other, source, rule.one_to_one == 1u);
}
