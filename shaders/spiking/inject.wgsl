// Adds given events (spike times from a list) to the input of the neurons they are for, before the window that sees them.

// #include "common/dispatch.wgsl"
// #include "spiking/network.wgsl"

struct Event {
  step: u32,    // that sees the event
  address: u32, // word of the neuron within a slot
  amount: u32,
}

struct Range {
  first: u32,
  end: u32,
}

@group(0) @binding(0) var<uniform> range: Range;
@group(0) @binding(1) var<storage, read> events: array<Event>;
@group(0) @binding(2) var<storage, read_write> input: array<atomic<u32>>;

@compute @workgroup_size(64)
fn inject(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let at = range.first + linear_workgroup(workgroup, workgroups) * 64u + lane;
  if (at >= range.end) {
    return;
  }
  let event = events[at];
  atomicAdd(&input[(event.step % SLOTS) * WORDS * GROUPS * 4u + event.address], event.amount);
}
