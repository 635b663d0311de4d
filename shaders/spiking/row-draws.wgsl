// What chance puts into a neuron's row of synapses. The kernels that write rows down (`connect-*`) and the one that draws
// a row anew whenever its neuron spikes (`deliver-drawn`) share this, so that both have the same synapses.

// #include "common/fixed-log2.wgsl"
// #include "common/permutation.wgsl"
// #include "common/random-purpose.wgsl"
// #include "common/threefry.wgsl"

// The random numbers of a projection's rows, and what makes gaps of them.
struct RowStream {
  key: vec4u,
  projection: u32,
  factor: u32,
  shift: u32,
}

// floor(log(U) / log(1 - p)), in integers, where 1 / -log2(1 - p) = factor / 2^shift; the point of the logarithm is 26 bits
// from the right. The host keeps `shift` at 6 or more, so that the answer stands in the high word.
fn gaps_of(random: vec4u, factor: u32, shift: u32) -> vec4u {
  let product = multiply_wide_4(negative_log2_4(max(random, vec4u(1u))), vec4u(factor));
  return product[0] >> vec4u(shift - 6u);
}

// The next four gaps between targets in a segment of a row.
fn segment_gaps(rows: RowStream, source: u32, segment: u32, draw: u32) -> vec4u {
  let random = threefry(vec4u(source, segment, draw, rows.projection), vec4u(rows.key.xy, PURPOSE_CONNECT, rows.key.w));
  return gaps_of(random, rows.factor, rows.shift);
}

// What makes the permutation from which a neuron draws its partners.
fn owner_key(seed: vec2u, instance: u32, projection: u32, owner: u32) -> vec4u {
  return threefry(vec4u(owner, 0u, 0u, projection), vec4u(seed, PURPOSE_CONNECT, instance));
}

// Number `place` among all that may be partners of `owner`, who is left out where that is excluded.
fn partner_at(place: u32, owner: u32, exclude_self: u32) -> u32 {
  return place + select(0u, 1u, exclude_self == 1u && place >= owner);
}

// Partner number `place` of the `partners` candidates, drawn without replacement.
fn drawn_partner(place: u32, owner: u32, partners: u32, exclude_self: u32, key: vec4u) -> u32 {
  return partner_at(permute(place, partners - exclude_self, key), owner, exclude_self);
}
