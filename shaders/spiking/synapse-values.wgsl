// The weight and the delay of a single synapse, and how its spike arrives. Values that vary are not stored: they are drawn from
// random numbers counted by source and target whenever they are needed, so that synapses that are stored and synapses that are
// drawn anew have the same. Only lists of connections have values that stand behind their targets (see deliver.wgsl).
//
// Values that depend on distance stand in tables of the same form, by the square of the distance in place of a random number.

// #include "spiking/network.wgsl"
// #include "spiking/space.wgsl"
// #include "spiking/spread.wgsl"

const SPREADS: bool = false;   // some projection has values that vary
const DISTANCES: bool = false; // some of them by distance
const SPACES: u32 = 1u;        // spaces of projections where that is so, at least 1

// What all synapses of a projection share.
struct Synapses {
  projection: u32,    // number among all, which its random numbers are counted by
  first_target: u32,  // number of the target population's first neuron
  amount: u32,        // weight in units of the receptor, moved to its place in the word
  shift: u32,         // bits by which weights are moved to that place
  word: u32,
  arrival: u32,       // steps from the spike to the step that sees it: delay + 1
  weights: u32,       // place of the table of weights, in units of the receptor, plus one; 0 where they do not vary
  delays: u32,        // likewise of delays, in steps / 2^16
  by_distance: u32,   // 1: weights depend on distance; 2: delays do
  space: u32,         // place of its space among all
  first_row: u32,     // of stored synapses: row of the source population's first neuron
  own: u32,           // what stored synapses have for themselves behind their targets: 1: weights; 2: delays, in steps
}

@group(0) @binding(6) var<storage, read_write> input: array<atomic<u32>>;

// Where in the input ring the synapses of a projection without varying delays act.
fn base_of(s: Synapses, step: u32) -> u32 {
  return (((step + s.arrival) % SLOTS) * WORDS + s.word) * GROUPS * 4u;
}

// Lets a spike arrive at neuron `goal` (numbered with padding). `base` is that of base_of.
fn arrive(s: Synapses, space: Space, key: vec4u, base: u32, step: u32, neuron: u32, goal: u32) {
  let drawn = draw_values(s, space, key, base, step, neuron, goal);
  atomicAdd(&input[drawn.x + goal], drawn.y);
}

// Where the slot begins in which a spike to `goal` acts, and what it adds.
fn draw_values(s: Synapses, space: Space, key: vec4u, base: u32, step: u32, neuron: u32, goal: u32) -> vec2u {
  if (!SPREADS) {
    return vec2u(base, s.amount);
  }
  var place = base;
  var amount = s.amount;
  if ((s.weights | s.delays) != 0u) {
    var bits = synapse_bits(key.xy, key.w, s.projection, neuron, goal - s.first_target);
    if (DISTANCES && s.by_distance != 0u) {
      let squared = squared_distance(space, neuron, goal - s.first_target);
      bits.x = select(bits.x, squared, (s.by_distance & 1u) != 0u);
      bits.y = select(bits.y, squared, (s.by_distance & 2u) != 0u);
    }
    if (s.weights != 0u) {
      amount = quantile(s.weights - 1u, bits.x) << s.shift;
    }
    if (s.delays != 0u) {
      let delay = (quantile(s.delays - 1u, bits.y) + 0x8000u) >> 16u;
      place = place_after(s, step, delay);
    }
  }
  return vec2u(place, amount);
}

fn place_after(s: Synapses, step: u32, delay: u32) -> u32 {
  return (((step + delay + 1u) % SLOTS) * WORDS + s.word) * GROUPS * 4u;
}
