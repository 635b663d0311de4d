// Advances neurons whose input stands in a ring of steps, which `deliver` fills.

// #include "spiking/advance-neurons.wgsl"

@group(0) @binding(9) var<storage, read_write> input: array<vec4u>;

// Units of each receptor that arrive in a step; the slot is cleared for the step that uses it next.
fn take_input(slot: u32, step: u32, group: u32, index: u32) -> array<vec4u, RECEPTORS> {
  var units: array<vec4u, RECEPTORS>;
  for (var r = 0u; r < RECEPTORS; r += 1u) {
    let word = select(r, r / 2u, PACKED);
    let arrived = input[(slot * WORDS + word) * GROUPS + group];
    units[r] = select(arrived, (arrived >> vec4u(16u * (r & 1u))) & vec4u(0xFFFFu), PACKED);
  }
  for (var word = 0u; word < WORDS; word += 1u) {
    input[(slot * WORDS + word) * GROUPS + group] = vec4u(0u);
  }
  return units;
}

// Nothing but the list of spikes is needed: `deliver` reads it.
fn publish(step: u32, mask: u32, group: u32, index: u32) {
}
