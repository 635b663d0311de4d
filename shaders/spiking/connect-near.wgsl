// Writes down the rows of a rule whose probability falls off with distance. Run twice: to count, then to fill.

// #include "common/dispatch.wgsl"
// #include "spiking/near-rows.wgsl"

const FILL: bool = false;

struct Rule {
  key: vec4u,
  synapse_key: vec4u,
  near: Near,
  projection: u32,
  segments: u32,
  gap_factor: u32,
  gap_shift: u32,
  exclude_self: u32,
  first_target: u32,    // number of the target population's first neuron
  first_item: u32,      // items of this dispatch: segments, row by row
  items: u32,
  first_synapse: u32,   // that the buffer begins with
}

@group(0) @binding(0) var<uniform> rule: Rule;
@group(0) @binding(1) var<storage, read_write> counts: array<u32>; // of a segment; when filling: where it begins
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
  let source = at / rule.segments;
  let segment = at % rule.segments;
  var candidate = segment * rule.near.segment_length;
  let end = min(candidate + rule.near.segment_length, rule.near.band.rows * rule.near.band.columns);
  var place = 0u;
  if (FILL) {
    place = counts[at] - rule.first_synapse;
  }
  let rows = RowStream(rule.key, rule.projection, rule.gap_factor, rule.gap_shift);
  var found = 0u;
  var draw = 0u;
  while (candidate < end) {
    let gaps = segment_gaps(rows, source, segment, draw);
    for (var each = 0u; each < 4u; each += 1u) {
      candidate += gaps[each];
      if (candidate < end) {
        let goal = near_target(rule.near, rule.synapse_key, rule.projection, source, candidate, rule.exclude_self);
        if (goal != NOBODY) {
          if (FILL) {
            synapses[place + found] = rule.first_target + goal;
          }
          found += 1u;
        }
      }
      candidate += 1u;
    }
    draw += 1u;
  }
  if (!FILL) {
    counts[at] = found;
  }
}
