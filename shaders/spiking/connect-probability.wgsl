// Connects each pair of neurons with one probability, independently (Bernoulli, as Brian2's connect(p=...)): the gaps
// between a neuron's successive targets are geometric, so the work goes with the synapses, not with the pairs. A row is cut
// into segments of targets; each is a random stream of its own, drawn by one invocation. Run twice: to count, then to fill.

// #include "common/dispatch.wgsl"
// #include "common/fixed-log2.wgsl"
// #include "common/random-purpose.wgsl"
// #include "common/threefry.wgsl"

const FILL: bool = false;

struct Rule {
  key: vec4u,
  projection: u32,
  sources: u32,
  targets: u32,
  segments: u32,        // of a row
  segment_length: u32,  // targets in a segment
  gap_factor: u32,      // 1 / -log2(1 - p) = gap_factor / 2^gap_shift
  gap_shift: u32,
  exclude_self: u32,
  first_target: u32,    // number of the target population's first neuron
}

@group(0) @binding(0) var<uniform> rule: Rule;
@group(0) @binding(1) var<storage, read_write> counts: array<u32>; // of a segment; when filling: where it begins
@group(0) @binding(2) var<storage, read_write> synapses: array<u32>;

// floor(log(U) / log(1 - p)), in integers; the point of the logarithm is 26 bits from the right. The host keeps
// gap_shift at 6 or more, so that the answer stands in the high word.
fn gap(random: u32) -> u32 {
  let product = multiply_wide(negative_log2(max(random, 1u)), rule.gap_factor);
  return product.x >> (rule.gap_shift - 6u);
}

@compute @workgroup_size(64)
fn connect(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let at = linear_workgroup(workgroup, workgroups) * 64u + lane;
  if (at >= rule.sources * rule.segments) {
    return;
  }
  let source = at / rule.segments;
  let segment = at % rule.segments;
  let end = min((segment + 1u) * rule.segment_length, rule.targets);
  var place = 0u;
  if (FILL) {
    place = counts[at];
  }
  var found = 0u;
  var candidate = segment * rule.segment_length;
  var draw = 0u;
  while (candidate < end) {
    let random = threefry(
      vec4u(source, segment, draw, rule.projection),
      vec4u(rule.key.xy, PURPOSE_CONNECT, rule.key.w),
    );
    for (var each = 0u; each < 4u; each += 1u) {
      candidate += gap(random[each]);
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
