// Sends the spikes of a window to their targets along projections whose synapses are not stored: a row is drawn anew at each
// spike of its neuron, from the same random numbers in the same way as the kernels `connect-*` write rows down. What arrives
// is the same as `deliver` brings, bit for bit.
//
// A workgroup takes several spikes at once: SPAN invocations share a row, one segment or some synapses each.

// #include "common/dispatch.wgsl"
// #include "spiking/network.wgsl"
// #include "spiking/near-rows.wgsl"
// #include "spiking/row-draws.wgsl"
// #include "spiking/synapse-values.wgsl"

const PROJECTIONS: u32 = 4u;
const LANES: u32 = 64u;
const SPAN: u32 = 16u;          // invocations that share a row, a divisor of LANES
const PAIRS: bool = true;       // some rule draws pairs independently, in segments
const DEGREES: bool = true;     // some rule gives each source a number of targets
const REGULAR: bool = true;     // some rule has no chance
const NEARS: u32 = 1u;          // rules that go by distance, at least 1
const NEARNESS: bool = true;    // some rule goes by distance

const RULE_PAIRS: u32 = 0u;
const RULE_DEGREE: u32 = 1u;
const RULE_ALL: u32 = 2u;
const RULE_OWN: u32 = 3u;       // one to one
const RULE_NEAR: u32 = 4u;

// The projections of one source population stand side by side.
struct Source {
  first_group: u32,
  first_projection: u32,
  end_projection: u32,
  unused: u32,
  // #if ALONE
  // #else
  // key: vec4u, // of its network's random numbers
  // #end
}

struct Projection {
  synapses: Synapses,
  rule: u32,
  targets: u32,
  exclude_self: u32,
  segments: u32,        // RULE_PAIRS, as in connect-probability.wgsl
  segment_length: u32,
  gap_factor: u32,
  gap_shift: u32,
  detail: u32,          // RULE_DEGREE: targets of each source; RULE_NEAR: place in `routes.nears`
}

struct Routes {
  key: vec4u,      // of rows, weights and delays
  sources: array<Source, NETWORKS * POPULATIONS>,
  projections: array<Projection, PROJECTIONS>,
  spaces: array<Space, SPACES>,
  nears: array<Near, NEARS>,
}

@group(0) @binding(0) var<uniform> window: Window;
// #if ALONE
@group(0) @binding(1) var<uniform> routes: Routes;
// #else
// @group(0) @binding(1) var<storage, read> routes: Routes;
// #end
@group(0) @binding(2) var<storage, read> tables: array<u32>;  // population of each block
@group(0) @binding(3) var<storage, read_write> spikes: Spikes;

// One segment of a row, target by target; see connect-probability.wgsl.
fn send_segment(p: Projection, key: vec4u, step: u32, neuron: u32, segment: u32, base: u32) {
  let end = min((segment + 1u) * p.segment_length, p.targets);
  let left_out = select(p.targets, neuron, p.exclude_self == 1u);
  var candidate = segment * p.segment_length;
  var draw = 0u;
  let rows = RowStream(key, p.synapses.projection, p.gap_factor, p.gap_shift);
  while (candidate < end) {
    let gaps = segment_gaps(rows, neuron, segment, draw);
    for (var each = 0u; each < 4u; each += 1u) {
      candidate += gaps[each];
      if (candidate < end && candidate != left_out) {
        arrive(p.synapses, routes.spaces[p.synapses.space], key, base, step, neuron, p.synapses.first_target + candidate);
      }
      candidate += 1u;
    }
    draw += 1u;
  }
}

// One segment of a row by distance; see connect-near.wgsl.
fn send_near(p: Projection, near: Near, key: vec4u, step: u32, neuron: u32, segment: u32, base: u32) {
  var candidate = segment * near.segment_length;
  let end = min(candidate + near.segment_length, near.band.rows * near.band.columns);
  let rows = RowStream(key, p.synapses.projection, p.gap_factor, p.gap_shift);
  var draw = 0u;
  while (candidate < end) {
    let gaps = segment_gaps(rows, neuron, segment, draw);
    for (var each = 0u; each < 4u; each += 1u) {
      candidate += gaps[each];
      if (candidate < end) {
        let goal = near_target(near, key, p.synapses.projection, neuron, candidate, p.exclude_self);
        if (goal != NOBODY) {
          arrive(p.synapses, routes.spaces[p.synapses.space], key, base, step, neuron, p.synapses.first_target + goal);
        }
      }
      candidate += 1u;
    }
    draw += 1u;
  }
}

fn send(p: Projection, key: vec4u, neuron: u32, step: u32, share: u32) {
  let base = base_of(p.synapses, step);
  let first = p.synapses.first_target;
  if (PAIRS && p.rule == RULE_PAIRS) {
    for (var segment = share; segment < p.segments; segment += SPAN) {
      send_segment(p, key, step, neuron, segment, base);
    }
  }
  if (NEARNESS && p.rule == RULE_NEAR) {
    for (var segment = share; segment < p.segments; segment += SPAN) {
      send_near(p, routes.nears[p.detail], key, step, neuron, segment, base);
    }
  }
  if (DEGREES && p.rule == RULE_DEGREE) {
    let owner = owner_key(key.xy, key.w, p.synapses.projection, neuron);
    for (var place = share; place < p.detail; place += SPAN) {
      let partner = drawn_partner(place, neuron, p.targets, p.exclude_self, owner);
      arrive(p.synapses, routes.spaces[p.synapses.space], key, base, step, neuron, first + partner);
    }
  }
  if (REGULAR && p.rule == RULE_ALL) {
    for (var place = share; place < p.targets - p.exclude_self; place += SPAN) {
      arrive(p.synapses, routes.spaces[p.synapses.space], key, base, step, neuron, first + partner_at(place, neuron, p.exclude_self));
    }
  }
  if (REGULAR && p.rule == RULE_OWN && share == 0u) {
    arrive(p.synapses, routes.spaces[p.synapses.space], key, base, step, neuron, first + neuron);
  }
}

@compute @workgroup_size(LANES)
fn deliver(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let begin = spikes.starts[window.index];
  let end = atomicLoad(&spikes.tail);
  let rows_at_once = LANES / SPAN;
  let share = lane % SPAN;
  for (var at = begin + workgroup.x * rows_at_once + lane / SPAN; at < end; at += workgroups.x * rows_at_once) {
    let entry = spikes.entries[at];
    let group = entry & ENTRY_GROUP_BITS;
    let step = window.slot + (entry >> ENTRY_STEP_SHIFT);
    let source = routes.sources[tables[group / GROUPS_PER_BLOCK]];
    // #if ALONE
    let key = routes.key;
    // #else
    // let key = source.key;
    // #end
    var mask = (entry >> ENTRY_MASK_SHIFT) & 15u;
    while (mask != 0u) {
      let neuron = (group - source.first_group) * 4u + firstTrailingBit(mask);
      mask &= mask - 1u;
      for (var p = source.first_projection; p < source.end_projection; p += 1u) {
        send(routes.projections[p], key, neuron, step, share);
      }
    }
  }
  // Where the next window's entries begin; nothing in this dispatch reads it.
  if (workgroup.x == 0u && lane == 0u) {
    spikes.starts[window.index + 1u] = end;
  }
}
