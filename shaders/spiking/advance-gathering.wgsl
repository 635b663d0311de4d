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

// Spikes of three steps: one is read, one written, one emptied. Neurons stand population by population.
struct Recent {
  entries: array<atomic<u32>, 3>,              // in the list of all spikes
  counts: array<atomic<u32>, 3u * POPULATIONS>,
  neurons: array<u32>,
}

@group(0) @binding(9) var<uniform> links: array<Link, POPULATIONS * POPULATIONS>; // [source, target]
@group(0) @binding(10) var<storage, read> connected: array<u32>;                  // [source neuron, target neuron], bits
@group(0) @binding(11) var<storage, read_write> recent: Recent;

// Units of each receptor that the spikes of the step before bring.
fn take_input(slot: u32, step: u32, group: u32, index: u32) -> array<vec4u, RECEPTORS> {
  var units: array<vec4u, RECEPTORS>;
  let before = (step + 2u) % 3u;
  let column = group / 8u;
  let shift = vec4u(4u * (group & 7u)) + vec4u(0u, 1u, 2u, 3u);
  for (var source = 0u; source < POPULATIONS; source += 1u) {
    let link = links[source * POPULATIONS + index];
    let first = before * 4u * GROUPS + 4u * populations[source].first_group;
    let end = first + atomicLoad(&recent.counts[before * POPULATIONS + source]);
    var heard = vec4u(0u);
    for (var at = first; at < end; at += 1u) {
      heard += (vec4u(connected[recent.neurons[at] * ROW_WORDS + column]) >> shift) & vec4u(1u);
    }
    for (var r = 0u; r < RECEPTORS; r += 1u) {
      units[r] += select(vec4u(0u), link.amount * heard, link.receptor == r);
    }
  }
  if (group == 0u) {
    let next = (step + 1u) % 3u;
    for (var source = 0u; source < POPULATIONS; source += 1u) {
      atomicStore(&recent.counts[next * POPULATIONS + source], 0u);
    }
    atomicStore(&recent.entries[next], 0u);
    // Where this step's entries begin in the list of all.
    if (window.index > 0u) {
      spikes.starts[window.index] = spikes.starts[window.index - 1u] + atomicLoad(&recent.entries[before]);
    }
  }
  return units;
}

fn publish(step: u32, mask: u32, group: u32, index: u32) {
  let now = step % 3u;
  atomicAdd(&recent.entries[now], 1u);
  let count = &recent.counts[now * POPULATIONS + index];
  let first = now * 4u * GROUPS + 4u * populations[index].first_group;
  for (var rest = mask; rest != 0u; rest &= rest - 1u) {
    recent.neurons[first + atomicAdd(count, 1u)] = 4u * group + firstTrailingBit(rest);
  }
}
