// A batch of nodes that do not hear each other, one invocation a node with its state in registers for all steps of a dispatch.
// What a node emits goes into a ring of `slots` steps, out of which it hears itself after its delays. The node model is a file of
// whole-brain/nodes/, included before this one: Parameters, State, node_emits, node_value, node_step.

// #include "common/dispatch.wgsl"
// #include "common/normal-pair.wgsl"

// What a run needs; code that is not needed is not compiled.
const NOISE: bool = false; // OU noise
const SAMPLED: bool = false; // inputs over time
const RECORDED: u32 = 3u; // variables written every `sample_every` steps

// Sums are taken over so many steps at a time: thousands of steps added one by one would lose digits.
const BLOCK: u32 = 64u;

// Of the first (suffix e) and the second (i) value that a node emits over the closing window.
struct Reduced {
  least_e: f32, most_e: f32, sum_e: f32, block_e: f32,
  least_i: f32, most_i: f32, sum_i: f32, block_i: f32,
  // Upward crossings of `level` by the first: how many, the first and the last, in steps from the window's start.
  level: f32, before: f32, crossings: f32, first: f32, last: f32,
}

struct Span {
  nodes: u32,
  first_step: u32,
  steps: u32,
  slots: u32,
  sample_every: u32,
  // Nodes that share sampled inputs share one course: its stride is 0.
  input_stride: u32,
  input_width: u32,
  window_step: u32, // of first_step, counted from the start of the closing window
  dt: f32,
}

@group(0) @binding(0) var<uniform> span: Span;
@group(0) @binding(1) var<storage, read> parameters: array<Parameters>;
@group(0) @binding(2) var<storage, read_write> states: array<State>;
@group(0) @binding(3) var<storage, read_write> history: array<vec2f>; // [slot, node]: what was emitted
@group(0) @binding(4) var<storage, read> inputs: array<vec4f>; // [step, node or 1]
@group(0) @binding(5) var<storage, read_write> samples: array<f32>; // [sample, variable, node]
@group(0) @binding(6) var<storage, read_write> reduced: array<Reduced>;

@compute @workgroup_size(32)
fn advance(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let node = linear_workgroup(workgroup, workgroups) * 32u + lane;
  if (node >= span.nodes) { return; }
  let p = parameters[node];
  var s = states[node];
  var q = reduced[node];
  let end = span.first_step + span.steps;
  var step = span.first_step;
  let first_sample = step / span.sample_every;
  // Places in the ring: of this step, and of the steps whose values arrive now.
  var now = step % span.slots;
  var from_e = (step + span.slots - p.delay_e - 1u) % span.slots;
  var from_i = (step + span.slots - p.delay_i - 1u) % span.slots;
  while (step < end) {
    let sample = step / span.sample_every;
    let stop = min(end, min((sample + 1u) * span.sample_every, (step / BLOCK + 1u) * BLOCK));
    for (; step < stop; step += 1u) {
      let own = vec2f(history[from_e * span.nodes + node].x, history[from_i * span.nodes + node].y);
      var outer = vec4f();
      if (SAMPLED) {
        outer = inputs[(step - span.first_step) * span.input_width + node * span.input_stride];
      }
      var xi = vec2f();
      if (NOISE) { xi = normal_pair(step, p.seed_low, p.seed_high, 0u); }
      s = node_step(s, p, Heard(own, 0.0, 0.0, 0.0), outer, xi, span.dt);
      let emitted = node_emits(s);
      history[now * span.nodes + node] = emitted;
      now = select(now + 1u, 0u, now + 1u == span.slots);
      from_e = select(from_e + 1u, 0u, from_e + 1u == span.slots);
      from_i = select(from_i + 1u, 0u, from_i + 1u == span.slots);

      q.least_e = min(q.least_e, emitted.x);
      q.most_e = max(q.most_e, emitted.x);
      q.least_i = min(q.least_i, emitted.y);
      q.most_i = max(q.most_i, emitted.y);
      q.block_e += emitted.x;
      q.block_i += emitted.y;
      let up = q.before < q.level && emitted.x >= q.level;
      let part = (q.level - q.before) / (emitted.x - q.before);
      let at = f32(span.window_step + step - span.first_step) + select(0.0, part, up);
      q.first = select(q.first, at, up && q.crossings == 0.0);
      q.last = select(q.last, at, up);
      q.crossings += select(0.0, 1.0, up);
      q.before = emitted.x;
    }
    // A block that this dispatch cuts goes on in the next, so that no digit depends on the cuts.
    let whole = step % BLOCK == 0u;
    q.sum_e += select(0.0, q.block_e, whole);
    q.sum_i += select(0.0, q.block_i, whole);
    q.block_e = select(q.block_e, 0.0, whole);
    q.block_i = select(q.block_i, 0.0, whole);
    // The last of several writes, at the end of the sample's steps, is the one that stays.
    let row = (sample - first_sample) * RECORDED;
    // #unroll
    for (var variable = 0u; variable < RECORDED; variable += 1u) {
      samples[(row + variable) * span.nodes + node] = node_value(s, variable);
    }
  }
  states[node] = s;
  reduced[node] = q;
}
