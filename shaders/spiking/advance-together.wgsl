// Advances a whole network in one workgroup, and of several networks each in one of its own: a barrier stands where otherwise a dispatch would end, and the state of all neurons
// stays in registers. For CPU drivers, where a dispatch costs as much as the step of a small network does.

// #include "spiking/gathering.wgsl"

const QUAD_POPULATIONS: u32 = 0u; // the population of each of an invocation's groups, four bits each

// The state of `b` where `second`, else of `a`.
fn either(a: Neurons, b: Neurons, second: bool) -> Neurons {
  var n = a;
  n.V = select(a.V, b.V, second);
  n.w = select(a.w, b.w, second);
  n.held = select(a.held, b.held, second);
  for (var r = 0u; r < RECEPTORS; r += 1u) {
    n.g[r] = select(a.g[r], b.g[r], second);
  }
  n.current = select(a.current, b.current, second);
  // #if NOISE
  for (var k = 0u; k < PROCESSES; k += 1u) {
    n.fluctuations[k] = select(a.fluctuations[k], b.fluctuations[k], second);
  }
  // #end
  // #if OWN
  for (var k = 0u; k < OWN; k += 1u) {
    n.own[k] = select(a.own[k], b.own[k], second);
  }
  // #end
  return n;
}

fn pick(all: array<Neurons, QUADS>, place: u32) -> Neurons {
  var n = all[0];
  // #unroll
  for (var q = 1u; q < QUADS; q += 1u) {
    n = either(n, all[q], q == place);
  }
  return n;
}

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
      n[q] = step_neurons(n[q], populations[network * POPULATIONS + index], index, first_group + q * LANES, step);
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
