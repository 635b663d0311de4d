// Neurons that look for spikes themselves: one bit for each pair of neurons says who hears whom. For small networks whose
// projections all have the same delay, where delivery to each synapse costs more.

// #include "spiking/neurons.wgsl"

const LANES: u32 = 64u;        // invocations of a workgroup
const QUADS: u32 = 1u;         // groups that an invocation carries, LANES groups apart
const SPAN: u32 = 1u;          // groups that an invocation has in a row of the matrix: QUADS rounded up to a power of two
const ROW_WORDS: u32 = 320u;   // words of a row of the matrix
const ARRIVAL: u32 = 1u;       // steps from a spike to the step that sees it
const RECENT_STEPS: u32 = 3u;  // steps whose spikes are kept

// What a spike of one population does in another.
struct Link {
  receptor: u32,
  amount: u32,
  unused_0: u32,
  unused_1: u32,
}

// Spikes of the last steps, a ring. Neurons stand population by population.
struct Recent {
  entries: array<atomic<u32>, RECENT_STEPS>, // in the list of all spikes
  counts: array<atomic<u32>, RECENT_STEPS * POPULATIONS>,
  neurons: array<u32>,
}

@group(0) @binding(9) var<uniform> links: array<Link, POPULATIONS * POPULATIONS>; // [source, target]
@group(0) @binding(10) var<storage, read> connected: array<u32>;                  // [source neuron, target neuron], bits
@group(0) @binding(11) var<storage, read_write> recent: Recent;

// Chosen by comparison where there are few, as parameters_of does.
fn link_between(source: u32, goal: u32) -> Link {
  if (POPULATIONS > 4u) {
    return links[source * POPULATIONS + goal];
  }
  var chosen = links[source * POPULATIONS];
  for (var each = 1u; each < POPULATIONS; each += 1u) {
    if (each == goal) {
      chosen = links[source * POPULATIONS + each];
    }
  }
  return chosen;
}

// How many neurons of each population an invocation's neurons hear in a step.
fn hear(step: u32, place: u32) -> array<array<vec4u, POPULATIONS>, QUADS> {
  var heard = array<array<vec4u, POPULATIONS>, QUADS>();
  let slot = (step + RECENT_STEPS - ARRIVAL) % RECENT_STEPS;
  let column = place * SPAN / 8u;
  let shift = vec4u(4u * ((place * SPAN) & 7u)) + vec4u(0u, 1u, 2u, 3u);
  for (var source = 0u; source < POPULATIONS; source += 1u) {
    let first = slot * 4u * GROUPS + 4u * populations[source].first_group;
    let end = first + atomicLoad(&recent.counts[slot * POPULATIONS + source]);
    // The condition stands last: CPU drivers run the body of a loop once more, masked, where it stands first.
    if (first < end) {
      var at = first;
      loop {
        let row = vec4u(connected[recent.neurons[at] * ROW_WORDS + column]);
        // #unroll
        for (var q = 0u; q < QUADS; q += 1u) {
          heard[q][source] += (row >> (shift + vec4u(4u * q))) & vec4u(1u);
        }
        continuing {
          at += 1u;
          break if at >= end;
        }
      }
    }
  }
  return heard;
}

// Units of each receptor that what is heard brings to a neuron of population `index`.
fn input_of(heard: array<vec4u, POPULATIONS>, index: u32) -> array<vec4u, RECEPTORS> {
  var units = array<vec4u, RECEPTORS>();
  for (var source = 0u; source < POPULATIONS; source += 1u) {
    let link = link_between(source, index);
    for (var r = 0u; r < RECEPTORS; r += 1u) {
      units[r] += select(vec4u(0u), link.amount * heard[source], link.receptor == r);
    }
  }
  return units;
}

// Lets a neuron's spike be heard.
fn publish(step: u32, neuron: u32, index: u32) {
  let slot = step % RECENT_STEPS;
  let at = atomicAdd(&recent.counts[slot * POPULATIONS + index], 1u);
  recent.neurons[slot * 4u * GROUPS + 4u * populations[index].first_group + at] = neuron;
}

fn note_entry(step: u32) {
  atomicAdd(&recent.entries[step % RECENT_STEPS], 1u);
}

fn spiked_in(step: u32) -> u32 {
  return atomicLoad(&recent.entries[step % RECENT_STEPS]);
}

// Forgets the spikes that stand where those of `step` will.
fn forget(step: u32) {
  atomicStore(&recent.entries[step % RECENT_STEPS], 0u);
  for (var source = 0u; source < POPULATIONS; source += 1u) {
    atomicStore(&recent.counts[(step % RECENT_STEPS) * POPULATIONS + source], 0u);
  }
}
