// Neurons that look for spikes themselves: one bit for each pair of neurons says who hears whom. For small networks whose
// projections all have the same delay, where delivery to each synapse costs more.

// #include "spiking/neurons.wgsl"

const LANES: u32 = 64u;        // invocations of a workgroup
const QUADS: u32 = 1u;         // groups that an invocation carries, LANES groups apart
const SPAN: u32 = 1u;          // groups that an invocation has in a row of the matrix: QUADS rounded up to a power of two
const ROW_WORDS: u32 = 320u;   // words of a row of the matrix
const ARRIVAL: u32 = 1u;       // steps from a spike to the step that sees it
const RECENT_STEPS: u32 = 3u;  // steps whose spikes are kept
const RECEPTORS_OF: u32 = 0u;  // four bits a source: its receptor + 1 where that is the same in all targets
const FETCHING_LANES: u32 = 8u;
const NIBBLE_WORDS: u32 = 1u;  // for two groups each

// What a spike of one population does in another.
struct Link {
  receptor: u32,
  amount: u32,
  unused_0: u32,
  unused_1: u32,
}

// Spikes of the last steps, a ring for each network.
struct Recent {
  entries: array<atomic<u32>, RECENT_STEPS>, // in the list of all spikes
  counts: array<atomic<u32>, NETWORKS * RECENT_STEPS>,
  neurons: array<u32>,                       // population << 24 | neuron
}

@group(0) @binding(9) var<uniform> links: array<Link, NETWORKS * POPULATIONS * POPULATIONS>; // [network, source, target]
@group(0) @binding(10) var<storage, read> connected: array<u32>;                             // [source neuron, target neuron of its network], bits
@group(0) @binding(11) var<storage, read_write> recent: Recent;

// Chosen by comparison where there are few, as parameters_of does.
fn link_between(network: u32, source: u32, goal: u32) -> Link {
  let first = (network * POPULATIONS + source) * POPULATIONS;
  if (POPULATIONS > 4u) {
    return links[first + goal];
  }
  var chosen = links[first];
  for (var each = 1u; each < POPULATIONS; each += 1u) {
    if (each == goal) {
      chosen = links[first + each];
    }
  }
  return chosen;
}

// Where the spikes of a step stand.
fn first_recent(network: u32, slot: u32) -> u32 {
  return (slot * GROUPS + network * (GROUPS / NETWORKS)) * 4u;
}

// How many neurons of each population an invocation's neurons hear in a step. They are counted eight neurons at once, in words
// of eight nibbles, and so fifteen spikes at a time.
fn hear(network: u32, step: u32, place: u32) -> array<array<vec4u, POPULATIONS>, QUADS> {
  var heard = array<array<vec4u, POPULATIONS>, QUADS>();
  let slot = (step + RECENT_STEPS - ARRIVAL) % RECENT_STEPS;
  let column = place * SPAN / 8u;
  let group = (place * SPAN) & 7u;
  let shift = 16u * (group & 1u) + group / 2u;
  var at = first_recent(network, slot);
  let end = at + atomicLoad(&recent.counts[network * RECENT_STEPS + slot]);
  // Conditions stand last: CPU drivers run the body of a loop once more, masked, where they stand first.
  if (at < end) {
    loop {
      let stop = min(at + 15u, end);
      var nibbles = array<array<u32, POPULATIONS>, NIBBLE_WORDS>();
      loop {
        let spike = recent.neurons[at];
        let word = connected[(spike & 0xFFFFFFu) * ROW_WORDS + column] >> shift;
        for (var source = 0u; source < POPULATIONS; source += 1u) {
          let bits = select(0u, 0x11111111u, (spike >> 24u) == source);
          // #unroll
          for (var j = 0u; j < NIBBLE_WORDS; j += 1u) {
            nibbles[j][source] += (word >> j) & bits;
          }
        }
        continuing {
          at += 1u;
          break if at >= stop;
        }
      }
      // #unroll
      for (var q = 0u; q < QUADS; q += 1u) {
        for (var source = 0u; source < POPULATIONS; source += 1u) {
          let eight = vec4u(nibbles[q / 2u][source]);
          heard[q][source] += (eight >> (vec4u(16u * (q & 1u)) + vec4u(0u, 4u, 8u, 12u))) & vec4u(15u);
        }
      }
      continuing {
        break if at >= end;
      }
    }
  }
  return heard;
}

// Looks at the rows of all spikes that a workgroup will hear in a window, many at once: a CPU otherwise waits for each of them in
// turn, since a row is far away in memory. The first lanes do it for all, which a CPU driver computes together and first.
fn fetch_rows(steps: u32, lane: u32, place: u32) -> u32 {
  var seen = 0u;
  let column = place * SPAN / 8u;
  for (var s = select(steps, 0u, lane < FETCHING_LANES); s < steps; s += 1u) {
    let slot = (window.first_step + s + RECENT_STEPS - ARRIVAL) % RECENT_STEPS;
    let first = slot * 4u * GROUPS;
    let end = first + atomicLoad(&recent.counts[slot]);
    for (var at = first + lane; at < end; at += FETCHING_LANES) {
      seen |= connected[(recent.neurons[at] & 0xFFFFFFu) * ROW_WORDS + column];
    }
  }
  return seen;
}

// Units of each receptor that what is heard brings to a neuron of population `index`.
fn input_of(network: u32, heard: array<vec4u, POPULATIONS>, index: u32) -> array<vec4u, RECEPTORS> {
  var units = array<vec4u, RECEPTORS>();
  for (var source = 0u; source < POPULATIONS; source += 1u) {
    let link = link_between(network, source, index);
    let known = (RECEPTORS_OF >> (4u * source)) & 15u;
    for (var r = 0u; r < RECEPTORS; r += 1u) {
      let here = select(link.receptor == r, known == r + 1u, known != 0u);
      units[r] += select(vec4u(0u), link.amount * heard[source], here);
    }
  }
  return units;
}

// Lets the spike of a neuron of population `index` of its network be heard.
fn publish(network: u32, step: u32, neuron: u32, index: u32) {
  let slot = step % RECENT_STEPS;
  let at = atomicAdd(&recent.counts[network * RECENT_STEPS + slot], 1u);
  recent.neurons[first_recent(network, slot) + at] = (index << 24u) | neuron;
}

fn note_entry(step: u32) {
  atomicAdd(&recent.entries[step % RECENT_STEPS], 1u);
}

fn spiked_in(step: u32) -> u32 {
  return atomicLoad(&recent.entries[step % RECENT_STEPS]);
}

// Forgets the spikes that stand where those of `step` will.
fn forget(network: u32, step: u32) {
  atomicStore(&recent.entries[step % RECENT_STEPS], 0u);
  atomicStore(&recent.counts[network * RECENT_STEPS + step % RECENT_STEPS], 0u);
}
