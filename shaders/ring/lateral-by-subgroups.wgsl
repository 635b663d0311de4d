// The same as `lateral`, by a subgroup's invocations together: links are the same for all of them, so each loads another one, and they
// pass them round. For CPU drivers, which otherwise load a link for each invocation.
// #include "ring/lateral.wgsl"

enable subgroups;
// All units of a ring have the same links, and so take every turn together; no compiler can know.
diagnostic(off, subgroup_uniformity);

const SUBGROUP: u32 = 0u; // invocations of a subgroup, or 0: each looks for itself

// `member` is the invocation's place in its subgroup.
fn lateral_by_subgroups(
  quad: Quad,
  kept: u32,
  pixel: u32,
  slot: u32,
  slots: u32,
  units: u32,
  pixels: u32,
  exc: vec4f,
  inh: vec4f,
  member: u32,
) -> Lateral {
  var sum = heard_of_itself(quad, exc, inh);
  for (var first = 0u; first < quad.both; first += SUBGROUP) {
    let own = links[quad.first + min(first + member, quad.both - 1u)];
    for (var k = 0u; k < min(SUBGROUP, quad.both - first); k += 1u) {
      let link = unpack(subgroupShuffle(own, k));
      sum = add_both(sum, link, kept, sources(link, pixel, slot, quad.samples, slots, units, pixels));
    }
  }
  for (var first = 0u; first < quad.single; first += SUBGROUP) {
    let own = links[quad.first + quad.both + min(first + member, quad.single - 1u)];
    for (var k = 0u; k < min(SUBGROUP, quad.single - first); k += 1u) {
      let link = unpack(subgroupShuffle(own, k));
      sum = add_single(sum, link, kept, sources(link, pixel, slot, quad.samples, slots, units, pixels));
    }
  }
  return sum;
}
