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
const FETCHED_AT_ONCE: u32 = 4u; // rows of a step, of several steps at once

// What a spike of one population does in another.
struct Link {
  receptor: u32,
  amount: u32,
  unused_0: u32,
  unused_1: u32,
}

// Spikes of the last steps, a ring for each network.
struct Recent {
  arrived: atomic<u32>, // of a crew; see crew.wgsl
  done: u32,            // steps that it made of a window
  entries: array<atomic<u32>, RECENT_STEPS>, // in the list of all spikes
  counts: array<atomic<u32>, NETWORKS * RECENT_STEPS>,
  neurons: array<u32>,                       // population << 24 | neuron
}

@group(0) @binding(9) var<uniform> links: array<Link, NETWORKS * POPULATIONS * POPULATIONS>; // [network, source, target]
@group(0) @binding(10) var<storage, read> connected: array<u32>;                             // [source neuron, target neuron of its network], bits
@group(0) @binding(11) var<storage, read_write> recent: Recent;

// The state of `b` where `second`, else of `a`.
fn either(a: Neurons, b: Neurons, second: bool) -> Neurons {
  var n = a;
  n.V = select(a.V, b.V, second);
  n.w = select(a.w, b.w, second);
  for (var r = 0u; r < RECEPTORS; r += 1u) {
    n.g[r] = select(a.g[r], b.g[r], second);
  }
  n.current = select(a.current, b.current, second);
  // #if NOISE
  for (var k = 0u; k < PROCESSES; k += 1u) {
    n.fluctuations[k] = select(a.fluctuations[k], b.fluctuations[k], second);
  }
  // #end
  // #if OWN
  for (var k = 0u; k < OWN; k += 1u) {
    n.own[k] = select(a.own[k], b.own[k], second);
  }
  // #end
  return n;
}

fn pick(all: array<Neurons, QUADS>, place: u32) -> Neurons {
  var n = all[0];
  // #unroll
  for (var q = 1u; q < QUADS; q += 1u) {
    n = either(n, all[q], q == place);
  }
  return n;
}

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

// Where the spikes stand that are heard in a step.
fn heard_slot(step: u32) -> u32 {
  return (step + RECENT_STEPS - ARRIVAL) % RECENT_STEPS;
}

// Looks at the rows of all spikes that a workgroup will hear in a window, many at once: a CPU otherwise waits for each of them in
// turn, since a row is far away in memory. The first lanes do it for all, which a CPU driver computes together and first.
fn fetch_rows(steps: u32, lane: u32, place: u32) -> u32 {
  var seen = 0u;
  let column = place * SPAN / 8u;
  for (var s = select(steps, lane / FETCHED_AT_ONCE, lane < FETCHING_LANES); s < steps; s += FETCHING_LANES / FETCHED_AT_ONCE) {
    let slot = heard_slot(window.first_step + s);
    let first = first_recent(0u, slot);
    let end = first + atomicLoad(&recent.counts[slot]);
    for (var at = first + lane % FETCHED_AT_ONCE; at < end; at += FETCHED_AT_ONCE) {
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
