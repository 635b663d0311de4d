// Sends the spikes of a window to their targets: for every spike and every projection of its population, the row of the
// neuron's synapses adds the projection's weight, an integer, to the targets' input in the step when it arrives. Integer
// sums do not depend on the order in which invocations come.

// #include "common/dispatch.wgsl"
// #include "spiking/network.wgsl"
// #include "spiking/synapse-values.wgsl"

const PROJECTIONS: u32 = 4u;
const LANES: u32 = 64u; // invocations that share a row
const OWN_VALUES: bool = false; // some projection is a list with weights or delays of its own
const CUT: bool = false; // the synapses stand in several buffers, and this is the turn of one
const PAIRED: bool = false; // or of two

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

struct Routes {
  key: vec4u,
  sources: array<Source, NETWORKS * POPULATIONS>,
  projections: array<Synapses, PROJECTIONS>,
  spaces: array<Space, SPACES>,
}

// The words of `targets`, which begins with the first of them; and of `more_targets`.
struct Piece {
  first: u32,
  end: u32,
  more_first: u32,
  more_end: u32,
}

@group(0) @binding(0) var<uniform> window: Window;
// #if ALONE
@group(0) @binding(1) var<uniform> routes: Routes;
// #else
// @group(0) @binding(1) var<storage, read> routes: Routes;
// #end
@group(0) @binding(2) var<storage, read> tables: array<u32>;  // population of each block
@group(0) @binding(3) var<storage, read> rows: array<u32>;    // first word of each row, and one past the last
@group(0) @binding(4) var<storage, read> targets: array<u32>;
@group(0) @binding(5) var<storage, read_write> spikes: Spikes;
@group(0) @binding(7) var<uniform> piece: Piece;
// #if PAIRED
@group(0) @binding(9) var<storage, read> more_targets: array<u32>;
// #end

// Lets a spike arrive by the synapse whose words begin at `at`: its target, its weight and its delay where it has them.
// #if OWN_VALUES
fn arrive_listed(s: Synapses, space: Space, key: vec4u, base: u32, step: u32, neuron: u32, at: u32) {
  let goal = targets[at];
  var values = draw_values(s, space, key, base, step, neuron, goal);
  if ((s.own & 1u) != 0u) {
    values.y = targets[at + 1u] << s.shift;
  }
  if ((s.own & 2u) != 0u) {
    values.x = place_after(s, step, targets[at + 1u + (s.own & 1u)]);
  }
  atomicAdd(&input[values.x + goal], values.y);
}
// #end

@compute @workgroup_size(LANES)
fn deliver(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let begin = spikes.starts[window.index];
  let end = atomicLoad(&spikes.tail);
  for (var at = begin + workgroup.x; at < end; at += workgroups.x) {
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
        let projection = routes.projections[p];
        let base = base_of(projection, step);
        var row = rows[projection.first_row + neuron];
        var row_end = rows[projection.first_row + neuron + 1u];
        // #if PAIRED
        let there = row >= piece.more_first && row_end <= piece.more_end;
        let more_end = select(0u, row_end - piece.more_first, there);
        for (var k = select(0u, row - piece.more_first, there) + lane; k < more_end; k += LANES) {
          arrive(projection, routes.spaces[projection.space], key, base, step, neuron, more_targets[k]);
        }
        // #end
        if (CUT) {
          // Cuts lie between rows: a row is in this piece as a whole or not at all.
          let here = row >= piece.first && row_end <= piece.end;
          row = select(0u, row - piece.first, here);
          row_end = select(0u, row_end - piece.first, here);
        }
        // #if OWN_VALUES
        if (projection.own != 0u) {
          let words = 1u + (projection.own & 1u) + (projection.own >> 1u);
          for (var k = row + lane * words; k < row_end; k += LANES * words) {
            arrive_listed(projection, routes.spaces[projection.space], key, base, step, neuron, k);
          }
          continue;
        }
        // #end
        for (var k = row + lane; k < row_end; k += LANES) {
          arrive(projection, routes.spaces[projection.space], key, base, step, neuron, targets[k]);
        }
      }
    }
  }
  // Where the next window's entries begin; nothing in this dispatch reads it.
  if (workgroup.x == 0u && lane == 0u) {
    spikes.starts[window.index + 1u] = end;
  }
}
