// Advances a whole network in one workgroup, and of several networks each in one of its own: a barrier stands where
// otherwise a dispatch would end, and the state of all neurons stays in registers. For CPU drivers, where a dispatch costs
// as much as the step of a small network does. On several cores a crew of workgroups tries first, and the one makes what is left.

// #include "spiking/hear.wgsl"
// #include "spiking/crew.wgsl"

const QUAD_POPULATIONS: u32 = 0u; // the population of each of an invocation's groups, four bits each
const RESUMES: bool = false;      // a crew has tried before

@compute @workgroup_size(LANES)
fn advance(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) lane: u32) {
  let network = select(workgroup.x, 0u, ALONE);
  let place = select(0u, workgroup.x * LANES, CREW > 1u) + lane;
  let apart = CREW * LANES; // an invocation's groups
  let first_group = network * (GROUPS / NETWORKS) + place;
  var s = 0u;
  if (RESUMES) {
    verdict = recent.done;
    s = workgroupUniformLoad(&verdict);
  }
  // Constant places keep the state in registers. Loading, storing and tracing stand once for all groups: the places in
  // memory are what costs a compiler time.
  var n = array<Neurons, QUADS>();
  var traces_here = 0u; // a bit a group
  let quads = min(QUADS, QUADS * (window.steps - s)); // QUADS where there is anything to do, but no compiler knows
  for (var each = 0u; each < quads; each += 1u) {
    let loaded = load_neurons(first_group + each * apart);
    // #unroll
    for (var q = 0u; q < QUADS; q += 1u) {
      n[q] = either(n[q], loaded, q == each);
    }
    if (TRACES) {
      traces_here |= min(1u, trace_slots[first_group + each * apart]) << each;
    }
  }

  while (s < window.steps) {
    let step = window.first_step + s;
    if (place == 0u) {
      forget(network, step + 1u);
    }
    let heard = hear(network, step, place);
    // #unroll
    for (var q = 0u; q < QUADS; q += 1u) {
      const index = (QUAD_POPULATIONS >> (4u * q)) & 15u;
      n[q] = receive(n[q], input_of(network, heard[q], index), populations[network * POPULATIONS + index]);
    }
    if (TRACES) {
      for (var rest = select(0u, traces_here, step % TRACE_EVERY == 0u); rest != 0u; rest &= rest - 1u) {
        let q = firstTrailingBit(rest);
        let p = populations[network * POPULATIONS + ((QUAD_POPULATIONS >> (4u * q)) & 15u)];
        trace_neurons(pick(n, q), p, first_group + q * apart, step);
      }
    }
    var spiked = 0u; // four bits a group
    // #unroll
    for (var q = 0u; q < QUADS; q += 1u) {
      const index = (QUAD_POPULATIONS >> (4u * q)) & 15u;
      let group = first_group + q * apart;
      let p = populations[network * POPULATIONS + index];
      n[q] = step_neurons(n[q], p, index, group, step, draw_drives(p, index, group, step));
      spiked |= mask_of(n[q].spiked) << (4u * q);
    }
    if (spiked != 0u) {
      loop {
        let bit = firstTrailingBit(spiked);
        let group = first_group + (bit / 4u) * apart;
        record_spikes(s, 1u << (bit & 3u), group);
        publish(network, step, 4u * group + (bit & 3u), (QUAD_POPULATIONS >> (bit & 28u)) & 15u);
        continuing {
          spiked &= spiked - 1u;
          break if spiked == 0u;
        }
      }
    }
    s += 1u;
    if (CREW == 1u) {
      storageBarrier();
    } else if (!met(s, lane)) {
      break;
    }
  }

  for (var each = 0u; each < quads; each += 1u) {
    store_neurons(pick(n, each), first_group + each * apart);
  }
  if (CREW > 1u && place == 0u) {
    recent.done = s;
  }
  if (RESUMES && lane == 0u) {
    atomicStore(&recent.arrived, 0u);
    recent.done = 0u;
  }
  // Of several networks none knows when the others are done; see mark.wgsl.
  if (ALONE && CREW == 1u && lane == 0u) {
    spikes.starts[window.index + 1u] = atomicLoad(&spikes.tail);
  }
}
