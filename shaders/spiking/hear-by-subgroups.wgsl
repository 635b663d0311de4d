// The same as hear.wgsl, by a subgroup's invocations together. Their bits of a row stand in a few words, which a driver that loads
// lane by lane would otherwise load for each of them: here each loads one word, of several spikes at once, and all pass them round.

// #include "spiking/hear.wgsl"

enable subgroups;
// All invocations of a network hear the same spikes, and so take every turn together; no compiler can know.
diagnostic(off, subgroup_uniformity);

const SUBGROUP: u32 = 0u;        // invocations of a subgroup, or 0: each looks for itself
const SHARED_WORDS: u32 = 1u;    // of a row, that hold a subgroup's bits
const SPIKES_AT_ONCE: u32 = 1u;  // SUBGROUP / SHARED_WORDS: 8 at most
const NOBODY: u32 = 0xFF000000u; // a spike of no population

// `member` is the invocation's place in its subgroup, whose invocations stand side by side in the workgroup, in whatever order.
fn hear_by_subgroups(step: u32, place: u32, member: u32) -> Heard {
  var heard = Heard();
  let slot = heard_slot(step);
  let column = place * SPAN / 8u;
  let shift = first_bit(place);
  let mine = column % SHARED_WORDS;
  let loaded = column - mine + member % SHARED_WORDS;
  var at = first_recent(0u, slot);
  let end = at + atomicLoad(&recent.counts[slot]);
  if (at < end) {
    loop {
      let own = at + member / SHARED_WORDS;
      let spike = select(NOBODY, recent.neurons[own], own < end);
      let row = connected[(spike & 0xFFFFFFu) * ROW_WORDS + loaded];
      var nibbles = Nibbles();
      // #unroll
      for (var k = 0u; k < SPIKES_AT_ONCE; k += 1u) {
        let bits = subgroupShuffle(row, SHARED_WORDS * k + mine) >> shift;
        nibbles = count_spike(nibbles, bits, subgroupBroadcast(spike, SHARED_WORDS * k) >> 24u);
      }
      heard = add_nibbles(heard, nibbles);
      continuing {
        at += SPIKES_AT_ONCE;
        break if at >= end;
      }
    }
  }
  return heard;
}
