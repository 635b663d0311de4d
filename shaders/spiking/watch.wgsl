// Looks for a state that is no longer finite. In a shader `x != x` is folded away; the exponent bits tell.

// #include "common/dispatch.wgsl"

const PLANES: u32 = 5u;
const GROUPS: u32 = 2560u;
const NETWORKS: u32 = 1u; // side by side, of the same size

struct Finding {
  // Of each network: the least (plane * GROUPS + group) that is not finite, or 0xFFFFFFFF.
  first: array<atomic<u32>, NETWORKS>,
}

@group(0) @binding(0) var<storage, read> state: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> finding: Finding;

@compute @workgroup_size(64)
fn watch(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = linear_workgroup(workgroup, workgroups) * 64u + lane;
  var worst = 0xFFFFFFFFu;
  if (group < GROUPS) {
    for (var plane = PLANES; plane > 0u; plane -= 1u) {
      let at = (plane - 1u) * GROUPS + group;
      let exponents = bitcast<vec4u>(state[at]) & vec4u(0x7F800000u);
      worst = select(worst, at, any(exponents == vec4u(0x7F800000u)));
    }
  }
  if (worst != 0xFFFFFFFFu) {
    atomicMin(&finding.first[group / (GROUPS / NETWORKS)], worst);
  }
}
