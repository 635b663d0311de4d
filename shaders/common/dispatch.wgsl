// More workgroups than one dimension allows are dispatched over two; this is the number of a workgroup among all.
fn linear_workgroup(workgroup: vec3u, workgroups: vec3u) -> u32 {
  return workgroup.x + workgroup.y * workgroups.x;
}
