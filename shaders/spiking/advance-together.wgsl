// Advances a whole network in one workgroup, and of several networks each in one of its own: a barrier stands where
// otherwise a dispatch would end, and the state of all neurons stays in registers. For CPU drivers, where a dispatch costs
// as much as the step of a small network does.

// #include "spiking/hear.wgsl"

const QUAD_POPULATIONS: u32 = 0u; // the population of each of an invocation's groups, four bits each

@compute @workgroup_size(LANES)
fn advance(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) lane: u32) {
  let network = select(workgroup.x, 0u, ALONE);
  let first_group = network * (GROUPS / NETWORKS) + lane;
  // Constant places keep the state in registers. Loading, storing and tracing stand once for all groups: the places in
  // memory are what costs a compiler time.
  var n = array<Neurons, QUADS>();
  var traces_here = 0u; // a bit a group
  let quads = min(QUADS, QUADS * window.steps); // that is QUADS, but no compiler knows
  for (var each = 0u; each < quads; each += 1u) {
    let loaded = load_neurons(first_group + each * LANES);
    // #unroll
    for (var q = 0u; q < QUADS; q += 1u) {
      n[q] = either(n[q], loaded, q == each);
    }
    if (TRACES) {
      traces_here |= min(1u, trace_slots[first_group + each * LANES]) << each;
    }
  }

  for (var s = 0u; s < window.steps; s += 1u) {
    let step = window.first_step + s;
    if (lane == 0u) {
      forget(network, step + 1u);
    }
    let heard = hear(network, step, lane);
    // #unroll
    for (var q = 0u; q < QUADS; q += 1u) {
      const index = (QUAD_POPULATIONS >> (4u * q)) & 15u;
      n[q] = receive(n[q], input_of(network, heard[q], index), populations[network * POPULATIONS + index]);
    }
    if (TRACES) {
      for (var rest = select(0u, traces_here, step % TRACE_EVERY == 0u); rest != 0u; rest &= rest - 1u) {
        let q = firstTrailingBit(rest);
        trace_neurons(pick(n, q), first_group + q * LANES, step);
      }
    }
    var spiked = 0u; // four bits a group
    // #unroll
    for (var q = 0u; q < QUADS; q += 1u) {
      const index = (QUAD_POPULATIONS >> (4u * q)) & 15u;
      let group = first_group + q * LANES;
      let p = populations[network * POPULATIONS + index];
      n[q] = step_neurons(n[q], p, index, group, step, draw_drives(p, index, group, step));
      spiked |= mask_of(n[q].spiked) << (4u * q);
    }
    if (spiked != 0u) {
      loop {
        let bit = firstTrailingBit(spiked);
        let group = first_group + (bit / 4u) * LANES;
        record_spikes(s, 1u << (bit & 3u), group);
        publish(network, step, 4u * group + (bit & 3u), (QUAD_POPULATIONS >> (bit & 28u)) & 15u);
        continuing {
          spiked &= spiked - 1u;
          break if spiked == 0u;
        }
      }
    }
    storageBarrier();
  }

  for (var each = 0u; each < quads; each += 1u) {
    store_neurons(pick(n, each), first_group + each * LANES);
  }
  // Of several networks none knows when the others are done; see mark.wgsl.
  if (ALONE && lane == 0u) {
    spikes.starts[window.index + 1u] = atomicLoad(&spikes.tail);
  }
}
