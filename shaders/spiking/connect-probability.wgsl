// Connects each pair of neurons with one probability, independently (Bernoulli, as Brian2's connect(p=...)): the gaps
// between a neuron's successive targets are geometric, so the work goes with the synapses, not with the pairs. A row is cut
// into segments of targets; each is a random stream of its own, drawn by one invocation. Run twice: to count, then to fill.

// #include "common/dispatch.wgsl"
// #include "spiking/row-draws.wgsl"

const FILL: bool = false;

struct Rule {
  key: vec4u,
  projection: u32,
  targets: u32,
  segments: u32,        // of a row
  segment_length: u32,  // targets in a segment
  gap_factor: u32,      // 1 / -log2(1 - p) = gap_factor / 2^gap_shift
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
  let end = min((segment + 1u) * rule.segment_length, rule.targets);
  var place = 0u;
  if (FILL) {
    place = counts[at] - rule.first_synapse;
  }
  var found = 0u;
  var candidate = segment * rule.segment_length;
  var draw = 0u;
  let rows = RowStream(rule.key, rule.projection, rule.gap_factor, rule.gap_shift);
  while (candidate < end) {
    let gaps = segment_gaps(rows, source, segment, draw);
    for (var each = 0u; each < 4u; each += 1u) {
      candidate += gaps[each];
      if (candidate < end && !(rule.exclude_self == 1u && candidate == source)) {
        if (FILL) {
          synapses[place + found] = rule.first_target + candidate;
        }
        found += 1u;
      }
      candidate += 1u;
    }
    draw += 1u;
  }
  if (!FILL) {
    counts[at] = found;
  }
}
