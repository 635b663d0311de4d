// Rows of a rule whose probability falls off with distance: candidates come with the probability at distance 0, by gaps
// as in connect-probability.wgsl, from the band of the target grid that can be reached; each is kept with what its distance
// leaves of that. Shared by the kernel that writes such rows down and the one that draws them anew.

// #include "spiking/row-draws.wgsl"
// #include "spiking/space.wgsl"
// #include "spiking/spread.wgsl"

struct Near {
  space: Space,
  band: Band,
  segment_length: u32, // candidates in a segment; they are numbered row by row of the band
  share: u32,          // place of the table that tells, by distance, with what probability a candidate is kept
  unused_0: u32,
  unused_1: u32,
}

// Whether a candidate is a target, and which; else NOBODY.
fn near_target(near: Near, key: vec4u, projection: u32, neuron: u32, candidate: u32, exclude_self: u32) -> u32 {
  let columns = near.band.columns;
  let goal = band_neuron(near.space, near.band, neuron, candidate / columns, candidate % columns);
  if (goal == NOBODY || (exclude_self == 1u && goal == neuron)) {
    return NOBODY;
  }
  let squared = squared_distance(near.space, neuron, goal);
  let chance = synapse_bits(key.xy, key.w, projection, neuron, goal).z;
  return select(NOBODY, goal, squared <= REACH && chance <= quantile(near.share, squared));
}
