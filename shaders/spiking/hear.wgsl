// How many neurons of each population an invocation's neurons hear in a step: each invocation looks at every spike's row.

// #include "spiking/gathering.wgsl"

const NIBBLE_WORDS: u32 = 1u; // for two groups each

// How many of an invocation's neurons, group by group, heard a spike of each population.
alias Heard = array<array<vec4u, POPULATIONS>, QUADS>;
// The same, eight neurons in a word of eight nibbles, and so of fifteen spikes at most.
alias Nibbles = array<array<u32, POPULATIONS>, NIBBLE_WORDS>;

fn hear(network: u32, step: u32, place: u32) -> Heard {
  var heard = Heard();
  let slot = heard_slot(step);
  let column = place * SPAN / 8u;
  let shift = first_bit(place);
  var at = first_recent(network, slot);
  let end = at + atomicLoad(&recent.counts[network * RECENT_STEPS + slot]);
  // Conditions stand last: CPU drivers run the body of a loop once more, masked, where they stand first.
  if (at < end) {
    loop {
      let stop = min(at + 15u, end);
      var nibbles = Nibbles();
      loop {
        let spike = recent.neurons[at];
        let row = connected[(spike & 0xFFFFFFu) * ROW_WORDS + column] >> shift;
        nibbles = count_spike(nibbles, row, spike >> 24u);
        continuing {
          at += 1u;
          break if at >= stop;
        }
      }
      heard = add_nibbles(heard, nibbles);
      continuing {
        break if at >= end;
      }
    }
  }
  return heard;
}

// Where an invocation's bits begin in a word of its row.
fn first_bit(place: u32) -> u32 {
  let group = (place * SPAN) & 7u;
  return 16u * (group & 1u) + group / 2u;
}

// Counts one spike of population `sender`, by the bits of its row.
fn count_spike(before: Nibbles, row: u32, sender: u32) -> Nibbles {
  var nibbles = before;
  for (var source = 0u; source < POPULATIONS; source += 1u) {
    let bits = select(0u, 0x11111111u, sender == source);
    // #unroll
    for (var j = 0u; j < NIBBLE_WORDS; j += 1u) {
      nibbles[j][source] += (row >> j) & bits;
    }
  }
  return nibbles;
}

fn add_nibbles(before: Heard, nibbles: Nibbles) -> Heard {
  var heard = before;
  // #unroll
  for (var q = 0u; q < QUADS; q += 1u) {
    for (var source = 0u; source < POPULATIONS; source += 1u) {
      let eight = vec4u(nibbles[q / 2u][source]);
      heard[q][source] += (eight >> (vec4u(16u * (q & 1u)) + vec4u(0u, 4u, 8u, 12u))) & vec4u(15u);
    }
  }
  return heard;
}
