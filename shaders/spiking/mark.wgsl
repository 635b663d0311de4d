// Notes where the spikes of a window end, where the kernel that made them does not know: several networks made them, each on its
// own, and no delivery follows.

// #include "spiking/network.wgsl"

@group(0) @binding(0) var<uniform> window: Window;
@group(0) @binding(1) var<storage, read_write> spikes: Spikes;

@compute @workgroup_size(1)
fn mark(@builtin(workgroup_id) workgroup: vec3u) {
  if (workgroup.x == 0u) {
    spikes.starts[window.index + 1u] = atomicLoad(&spikes.tail);
  }
}
