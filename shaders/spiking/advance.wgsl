// Advances every neuron by one window of steps, its state in registers. The input of each step stands in a ring, which
// `deliver` fills. An invocation carries a group of four neurons, or several, one after another.

// #include "spiking/neurons.wgsl"

const WINDOW_STEPS: u32 = 1u; // steps in a window, at most
const LANES: u32 = 64u;        // invocations that share the groups of a block
const CLEARS: bool = true;     // input that was heard is cleared here, not by the host
const PACKED: bool = true;     // two receptors share an input word, 16 bits each

@group(0) @binding(9) var<storage, read_write> input: array<vec4u>;

// Units of each receptor that arrive in a step; the slot is then cleared for the step that uses it next.
fn take_input(slot: u32, group: u32) -> array<vec4u, RECEPTORS> {
  var units = array<vec4u, RECEPTORS>();
  for (var r = 0u; r < RECEPTORS; r += 1u) {
    let word = select(r, r / 2u, PACKED);
    let arrived = input[(slot * WORDS + word) * GROUPS + group];
    units[r] = select(arrived, (arrived >> vec4u(16u * (r & 1u))) & vec4u(0xFFFFu), PACKED);
  }
  if (CLEARS) {
    for (var word = 0u; word < WORDS; word += 1u) {
      input[(slot * WORDS + word) * GROUPS + group] = vec4u(0u);
    }
  }
  return units;
}

@compute @workgroup_size(LANES)
fn advance(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let block = linear_workgroup(workgroup, workgroups);
  if (block * GROUPS_PER_BLOCK >= GROUPS || window.steps == 0u) {
    return;
  }
  let index = tables[block];
  let p = parameters_of(index);
  for (var first = 0u; first < GROUPS_PER_BLOCK; first += LANES) {
    advance_group(block * GROUPS_PER_BLOCK + first + lane, p, index);
  }
}

fn advance_group(group: u32, p: Population, index: u32) {
  var n = load_neurons(group);
  var history = vec4u(0u); // bit s: spiked in step s of the window
  var slot = window.slot;
  let traced = select(0u, min(1u, trace_slots[group]), TRACES);
  let steps = select(window.steps, 1u, WINDOW_STEPS == 1u);
  for (var s = 0u; s < steps; s += 1u) {
    let step = window.first_step + s;
    n = receive(n, take_input(slot, group), p);
    if (TRACES) {
      // A count for a loop: CPU drivers pay for the body of a branch that is not taken.
      for (var each = 0u; each < select(0u, traced, step % TRACE_EVERY == 0u); each += 1u) {
        trace_neurons(n, p, group, step);
      }
    }
    n = step_neurons(n, p, index, group, step, draw_drives(p, index, group, step));
    history |= select(vec4u(0u), vec4u(1u << s), n.spiked);
    slot = select(slot + 1u, 0u, slot + 1u == SLOTS);
  }
  store_neurons(n, group);

  // Spikes last, and all of a group in one entry: on CPU drivers the body of a branch is paid for even where no lane takes
  // it, so there is one such body a window.
  var pending = history.x | history.y | history.z | history.w;
  while (pending != 0u) {
    let s = firstTrailingBit(pending);
    record_spikes(s, mask_of((history & vec4u(1u << s)) != vec4u(0u)), group);
    pending &= pending - 1u;
  }
}
