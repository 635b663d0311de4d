// Writes the rows of the two rules without chance: every source to every target, or each to its own.

// #include "common/dispatch.wgsl"
// #include "spiking/row-draws.wgsl"

struct Rule {
  row_length: u32,   // synapses of a row
  one_to_one: u32,
  exclude_self: u32,
  first_target: u32, // number of the target population's first neuron
  first_item: u32,   // items of this dispatch: synapses, row by row
  items: u32,
  first_place: u32,  // place in the buffer of the first of them
}

@group(0) @binding(0) var<uniform> rule: Rule;
@group(0) @binding(1) var<storage, read_write> synapses: array<u32>;

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
  let source = at / rule.row_length;
  let other = partner_at(at % rule.row_length, source, rule.exclude_self);
  synapses[rule.first_place + item] = rule.first_target + select(other, source, rule.one_to_one == 1u);
}
