// Advances every neuron by one window of steps, no longer than the delay. Neurons gather the spikes of earlier windows, and
// nothing has to be delivered: one dispatch a window.

// #include "spiking/hear.wgsl"
// #if SUBGROUP
// #include "spiking/hear-by-subgroups.wgsl"
// #end

const WINDOW_STEPS: u32 = 1u; // steps in a window, at most
const FETCHES: bool = true;   // rows are fetched ahead

// Makes room for the spikes of the next window, and says where this one's entries begin in the list of all. Loops of no
// turns, not branches, where another invocation does it: CPU drivers skip those.
fn begin_window(steps: u32) {
  for (var s = 0u; s < steps; s += 1u) {
    forget(0u, window.first_step + window.steps + s);
  }
  var entries = 0u;
  for (var s = 0u; s < steps; s += 1u) {
    entries += spiked_in(window.first_step + RECENT_STEPS - 1u - s);
  }
  for (var once = 0u; once < min(steps, min(1u, window.index)); once += 1u) {
    spikes.starts[window.index] = spikes.starts[window.index - 1u] + entries;
  }
}

@compute @workgroup_size(LANES)
fn advance(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
  // #if SUBGROUP
  @builtin(subgroup_invocation_id) member: u32,
  // #end
) {
  let block = linear_workgroup(workgroup, workgroups);
  if (block * QUADS * LANES >= GROUPS || window.steps == 0u) {
    return;
  }
  let place = block * LANES + lane;
  let first_group = block * QUADS * LANES + lane;
  let index = tables[block * QUADS * LANES / GROUPS_PER_BLOCK];
  let p = parameters_of(index);
  begin_window(select(0u, WINDOW_STEPS, place == 0u));

  var n = array<Neurons, QUADS>();
  var history = array<vec4u, QUADS>(); // bit s: spiked in step s of the window
  var traces_here = 0u; // a bit a group
  // #unroll
  for (var q = 0u; q < QUADS; q += 1u) {
    n[q] = load_neurons(first_group + q * LANES);
    if (TRACES) {
      traces_here |= min(1u, trace_slots[first_group + q * LANES]) << q;
    }
  }
  let steps = select(window.steps, 1u, WINDOW_STEPS == 1u);
  if (FETCHES) {
    // Adds nothing: a window has at most 32 steps. But no compiler knows, and so the rows are fetched.
    history[0] |= vec4u(fetch_rows(steps, lane, place) & (window.steps >> 8u));
  }
  for (var s = 0u; s < steps; s += 1u) {
    let step = window.first_step + s;
    var drawn = array<array<vec4u, DRIVE_SLOTS>, QUADS>();
    // #unroll
    for (var q = 0u; q < QUADS; q += 1u) {
      drawn[q] = draw_drives(p, index, first_group + q * LANES, step);
    }
    // #if SUBGROUP
    let heard = hear_by_subgroups(step, place, member);
    // #else
    // let heard = hear(0u, step, place);
    // #end
    // #unroll
    for (var q = 0u; q < QUADS; q += 1u) {
      n[q] = receive(n[q], input_of(0u, heard[q], index), p);
    }
    if (TRACES) {
      for (var rest = select(0u, traces_here, step % TRACE_EVERY == 0u); rest != 0u; rest &= rest - 1u) {
        let q = firstTrailingBit(rest);
        trace_neurons(pick(n, q), p, first_group + q * LANES, step);
      }
    }
    // #unroll
    for (var q = 0u; q < QUADS; q += 1u) {
      let group = first_group + q * LANES;
      n[q] = step_neurons(n[q], p, index, group, step, drawn[q]);
      history[q] |= select(vec4u(0u), vec4u(1u << s), n[q].spiked);
    }
  }
  // #unroll
  for (var q = 0u; q < QUADS; q += 1u) {
    store_neurons(n[q], first_group + q * LANES);
  }

  // Spikes last; see advance.wgsl.
  // #unroll
  for (var q = 0u; q < QUADS; q += 1u) {
    var pending = history[q].x | history[q].y | history[q].z | history[q].w;
    if (pending != 0u) {
      loop {
        let s = firstTrailingBit(pending);
        let group = first_group + q * LANES;
        let mask = mask_of((history[q] & vec4u(1u << s)) != vec4u(0u));
        record_spikes(s, mask, group);
        note_entry(window.first_step + s);
        for (var rest = mask; rest != 0u; rest &= rest - 1u) {
          publish(0u, window.first_step + s, 4u * group + firstTrailingBit(rest), index);
        }
        continuing {
          pending &= pending - 1u;
          break if pending == 0u;
        }
      }
    }
  }
}
