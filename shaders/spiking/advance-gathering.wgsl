// Advances neurons that look for the spikes of the step before themselves: one bit for each pair of neurons says who hears
// whom. For small networks without delays, where a second dispatch in every step would cost more than it does.

// #include "spiking/advance-neurons.wgsl"

const ROW_WORDS: u32 = 320u; // words of a row of the connection matrix

// What a spike of one population does in another.
struct Link {
  receptor: u32,
  amount: u32,
  unused_0: u32,
  unused_1: u32,
}

// Spikes of three steps: one is read, one written, one emptied. An entry is population << 27 | mask << 23 | group.
struct Recent {
  counts: array<atomic<u32>, 3>,
  entries: array<u32>,
}

@group(0) @binding(9) var<uniform> links: array<Link, POPULATIONS * POPULATIONS>; // [source, target]
@group(0) @binding(10) var<storage, read> connected: array<u32>;                  // [source neuron, target neuron], bits
@group(0) @binding(11) var<storage, read_write> recent: Recent;

const ENTRY_POPULATION_SHIFT: u32 = 27u;

// Units of each receptor that the spikes of the step before bring.
fn take_input(slot: u32, step: u32, group: u32, index: u32) -> array<vec4u, RECEPTORS> {
  var units: array<vec4u, RECEPTORS>;
  let before = (step + 2u) % 3u;
  let count = atomicLoad(&recent.counts[before]);
  for (var at = 0u; at < count; at += 1u) {
    let entry = recent.entries[before * GROUPS + at];
    let link = links[(entry >> ENTRY_POPULATION_SHIFT) * POPULATIONS + index];
    let first_row = (entry & ENTRY_GROUP_BITS) * 4u;
    var heard = vec4u(0u);
    for (var mask = (entry >> ENTRY_MASK_SHIFT) & 15u; mask != 0u; mask &= mask - 1u) {
      let word = connected[(first_row + firstTrailingBit(mask)) * ROW_WORDS + group / 8u] >> (4u * (group & 7u));
      heard += (vec4u(word) >> vec4u(0u, 1u, 2u, 3u)) & vec4u(1u);
    }
    for (var r = 0u; r < RECEPTORS; r += 1u) {
      units[r] += select(vec4u(0u), link.amount * heard, link.receptor == r);
    }
  }
  if (group == 0u) {
    atomicStore(&recent.counts[(step + 1u) % 3u], 0u);
    // Where this step's entries begin in the list of all: nobody has to wait for it.
    if (window.index > 0u) {
      spikes.starts[window.index] = spikes.starts[window.index - 1u] + count;
    }
  }
  return units;
}

fn publish(step: u32, mask: u32, group: u32, index: u32) {
  let now = step % 3u;
  let at = atomicAdd(&recent.counts[now], 1u);
  recent.entries[now * GROUPS + at] = (index << ENTRY_POPULATION_SHIFT) | (mask << ENTRY_MASK_SHIFT) | group;
}
