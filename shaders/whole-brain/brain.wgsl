// Whole brains: nodes that hear each other through a matrix of couplings with delays. One invocation a node, its state in registers;
// a brain is one workgroup with a barrier between steps, or where it is larger than that, several workgroups and a dispatch for
// each block of steps. The node model is a file of whole-brain/nodes/, included before this one.
//
// The sum over sources is most of the work. Four steps at a time need of each source four values in a row, so the history keeps with
// every step the three that follow: one vec4 load gives what a source sends in four steps, whatever its delay. Sources
// nearer than that ("near", delay below BLOCK - 1 steps) are heard step by step.

// #include "common/dispatch.wgsl"
// #include "common/normal-pair.wgsl"
// #include "whole-brain/balloon.wgsl"

const LANES: u32 = 80u;
const TOGETHER: bool = true; // a brain is one workgroup
const NEAR: bool = false; // there are sources nearer than a block
const NOISE: bool = false;
const SAMPLED: bool = false; // inputs over time
const BOLD: bool = false;
const RECORDED: u32 = 3u; // variables written every `sample_every` steps

const BLOCK: u32 = 4u;

struct Span {
  brains: u32,
  nodes: u32,
  parts: u32, // workgroups of a brain
  first_step: u32,
  end_step: u32,
  // Of the whole series of dispatches whose samples lie in one buffer.
  sample_from: u32,
  bold_from: u32,
  sample_every: u32,
  bold_every: u32,
  bold_at: u32, // where samples of BOLD begin, in words
  input_from: u32, // step of the first row of inputs
  input_stride: u32, // 0: one course for all nodes
  input_width: u32,
  slot_mask: u32, // slots of the ring of a node, less 1; both rings are powers of two
  own_mask: u32,
  brain_stride: u32, // of the history, in vec4
  own_at: u32, // where the second values begin in it
  table_stride: u32, // of links, in vec4
  tables_at: u32,
  pairs: u32, // rows of two sources
  dt: f32,
  rate_factor: f32, // what BOLD hears of the first value
  rate_offset: f32,
}

// What a node gathers over time: BOLD, and sums over what it emits.
struct Measures {
  X_high: f32, X_low: f32, F_high: f32, F_low: f32, Q_high: f32, Q_low: f32, V_high: f32, V_low: f32,
  sum_high: f32, sum_low: f32, square_high: f32, square_low: f32, second_high: f32, second_low: f32,
  least: f32, most: f32,
}

struct Uniforms {
  span: Span,
  hemodynamics: Hemodynamics,
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
@group(0) @binding(1) var<storage, read> parameters: array<Parameters>; // [brain, node]
@group(0) @binding(2) var<storage, read_write> states: array<State>; // [brain, node]
// [brain]: [source, slot] of what was emitted first in that step and the three after it; then [node, slot / 4] of the second values.
@group(0) @binding(3) var<storage, read_write> history: array<vec4f>;
// [brain / 4]: the table of each brain. Then for each table [row, node]: (weight, near sources, -, -); rows of two sources (C, place)
// each; rows of one near source (C, place, -, -). A place has the source in its upper 16 bits, delay + 1 in the lower.
@group(0) @binding(4) var<storage, read> links: array<vec4u>;
@group(0) @binding(5) var<storage, read> inputs: array<vec4f>; // [step, brain and node or node or 1]
@group(0) @binding(6) var<storage, read_write> samples: array<f32>; // [sample, variable, brain, node], then [sample, brain, node] of BOLD
@group(0) @binding(7) var<storage, read_write> measures: array<Measures>; // [brain, node]

@compute @workgroup_size(LANES)
fn advance(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let span = uniforms.span;
  let hemodynamics = uniforms.hemodynamics;
  let group = linear_workgroup(workgroup, workgroups);
  let brain = min(group / span.parts, span.brains - 1u);
  let position = (group % span.parts) * LANES + lane;
  // Invocations beyond the last node keep the barriers company.
  let alive = position < span.nodes && group < span.brains * span.parts;
  let node = min(position, span.nodes - 1u);
  let index = brain * span.nodes + node;
  let all = span.brains * span.nodes;

  let p = parameters[index];
  var s = states[index];
  var m = measures[index];
  var balloon = Balloon(
    Split(m.X_high, m.X_low), Split(m.F_high, m.F_low), Split(m.Q_high, m.Q_low), Split(m.V_high, m.V_low));
  var sum = Split(m.sum_high, m.sum_low);
  var square = Split(m.square_high, m.square_low);
  var second = Split(m.second_high, m.second_low);

  let slots = span.slot_mask + 1u;
  let sources = brain * span.brain_stride;
  let mine = sources + node * slots;
  let own = sources + span.own_at + node * ((span.own_mask + 1u) / 4u);
  let table = span.tables_at + links[brain / 4u][brain % 4u] * span.table_stride + node;
  let head = links[table];
  let weight = bitcast<f32>(head.x);
  let near = table + (1u + span.pairs) * span.nodes;

  let end = span.end_step;
  var step = span.first_step;
  while (step < end) {
    let sample = step / span.sample_every;
    let bold_sample = step / span.bold_every;
    let stop = min(end, min((sample + 1u) * span.sample_every, (bold_sample + 1u) * span.bold_every));
    while (step < stop) {
      var far = vec4f();
      var far_squares = vec4f();
      for (var pair = 0u; pair < span.pairs; pair += 1u) {
        let link = links[table + (1u + pair) * span.nodes];
        let c = bitcast<vec2f>(link.xz);
        let place = link.yw;
        let at = sources + (place >> vec2u(16u)) * slots + ((vec2u(step) - (place & vec2u(0xFFFFu))) & vec2u(span.slot_mask));
        let first = c.x * history[at.x];
        let other = c.y * history[at.y];
        far += first + other;
        far_squares += c.x * first + c.y * other;
      }
      let block = min(BLOCK, stop - step);
      for (var k = 0u; k < block; k += 1u) {
        var heard = far.x;
        var heard_squares = far_squares.x;
        far = far.yzwx;
        far_squares = far_squares.yzwx;
        if (NEAR) {
          for (var entry = 0u; entry < head.y; entry += 1u) {
            let link = links[near + entry * span.nodes];
            let c = bitcast<f32>(link.x);
            let at = sources + (link.y >> 16u) * slots + ((step - (link.y & 0xFFFFu)) & span.slot_mask);
            let part = c * history[at].x;
            heard += part;
            heard_squares += c * part;
          }
        }
        let then = (step - p.delay_i - 1u) & span.own_mask;
        let before = vec2f(
          history[mine + ((step - p.delay_e - 1u) & span.slot_mask)].x,
          history[own + then / 4u][then % 4u]);
        var outer = vec4f();
        if (SAMPLED) {
          let course = select(node * span.input_stride, index, span.input_width == all);
          outer = inputs[(step - span.input_from) * span.input_width + course];
        }
        var xi = vec2f();
        if (NOISE) { xi = normal_pair(step, p.seed_low, p.seed_high, node); }
        s = node_step(s, p, Heard(before, heard, heard_squares, weight), outer, xi, span.dt);
        let emitted = node_emits(s);
        if (alive) {
          history[mine + (step & span.slot_mask)].x = emitted.x;
          history[mine + ((step - 1u) & span.slot_mask)].y = emitted.x;
          history[mine + ((step - 2u) & span.slot_mask)].z = emitted.x;
          history[mine + ((step - 3u) & span.slot_mask)].w = emitted.x;
          let to = step & span.own_mask;
          history[own + to / 4u][to % 4u] = emitted.y;
        }
        if (BOLD) { balloon = balloon_step(balloon, span.rate_factor * emitted.x + span.rate_offset, hemodynamics); }
        sum = split_add(sum, emitted.x);
        square = split_add(square, emitted.x * emitted.x);
        second = split_add(second, emitted.y);
        m.least = min(m.least, emitted.x);
        m.most = max(m.most, emitted.x);
        step += 1u;
        if (TOGETHER && NEAR) { storageBarrier(); }
      }
      if (TOGETHER && !NEAR) { storageBarrier(); }
    }
    // The last of several writes, at the end of the sample's steps, is the one that stays.
    if (alive) {
      let row = (sample - span.sample_from) * RECORDED;
      // #unroll
      for (var variable = 0u; variable < RECORDED; variable += 1u) {
        samples[(row + variable) * all + index] = node_value(s, variable);
      }
      if (BOLD) {
        samples[span.bold_at + (bold_sample - span.bold_from) * all + index] = balloon_signal(balloon, hemodynamics);
      }
    }
  }
  if (alive) {
    states[index] = s;
    m.X_high = balloon.X.high; m.X_low = balloon.X.low;
    m.F_high = balloon.F.high; m.F_low = balloon.F.low;
    m.Q_high = balloon.Q.high; m.Q_low = balloon.Q.low;
    m.V_high = balloon.V.high; m.V_low = balloon.V.low;
    m.sum_high = sum.high; m.sum_low = sum.low;
    m.square_high = square.high; m.square_low = square.low;
    m.second_high = second.high; m.second_low = second.low;
    measures[index] = m;
  }
}
