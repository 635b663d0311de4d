// Advances every neuron by one step. Neurons gather the spikes of the step before, and nothing has to be delivered: one
// dispatch a step.

// #include "spiking/gathering.wgsl"

@compute @workgroup_size(LANES)
fn advance(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let block = linear_workgroup(workgroup, workgroups);
  if (block * LANES >= GROUPS) {
    return;
  }
  let group = block * LANES + lane;
  let index = tables[block];
  let p = parameters_of(index);
  let step = window.first_step;
  if (group == 0u) {
    forget(step + 1u);
    // Where this step's entries begin in the list of all.
    if (window.index > 0u) {
      spikes.starts[window.index] = spikes.starts[window.index - 1u] + spiked_in(step - 1u);
    }
  }

  var n = load_neurons(group);
  n = receive(n, input_of(hear(step, group)[0], index), p);
  if (TRACES) {
    for (var each = 0u; each < traced(group, step); each += 1u) {
      trace_neurons(n, group, step);
    }
  }
  n = step_neurons(n, p, index, group, step);
  store_neurons(n, group);

  // Spikes last: on CPU drivers the body of a branch is paid for even where no lane takes it.
  let mask = mask_of(n.spiked);
  if (mask != 0u) {
    record_spikes(0u, mask, group);
    note_entry(step);
    for (var rest = mask; rest != 0u; rest &= rest - 1u) {
      publish(step, 4u * group + firstTrailingBit(rest), index);
    }
  }
}
