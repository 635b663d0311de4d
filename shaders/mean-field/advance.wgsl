// The Master Equation of first or second order: one invocation advances one parameter set through many steps, its populations and
// its state in registers. Rates in Hz, times in ms.
// #include "common/dispatch.wgsl"
// #include "mean-field/master-equation.wgsl"
// #include "mean-field/rate-noise.wgsl"

// 1: Euler. 2: Heun. 4: the classical Runge-Kutta method.
const STAGES: u32 = 1u;
// Numbers in a sample. Where external rates fluctuate, one for each population stands behind the state in what is kept and sampled.
const RECORDED: u32 = 5u;

struct Counts {
  instances: u32,
  // Samples to write, and steps before each of them.
  samples: u32,
  steps: u32,
  // Length of a row of `courses`.
  course_steps: u32,
  // ms
  dt: f32,
  // #if NOISY
  // Steps before this dispatch.
  first_step: u32,
  // #end
}

@group(0) @binding(0) var<uniform> counts: Counts;
// [instance, population]
@group(0) @binding(1) var<storage, read> populations: array<Population>;
// (nu_e, nu_i) that a time course adds in each step of this dispatch, Hz: [course, step]
@group(0) @binding(2) var<storage, read> courses: array<vec2f>;
// [variable, instance]; behind the state's variables the fluctuations, in units of their SD
@group(0) @binding(3) var<storage, read_write> states: array<f32>;
// [sample, variable, instance]; fluctuations in Hz
@group(0) @binding(4) var<storage, read_write> samples: array<f32>;
// Steps at whose end the state was finite.
@group(0) @binding(5) var<storage, read_write> finite_steps: array<u32>;

const LANES: u32 = 64u;

// The same where synapses fire at the rates of the populations and of these drives.
fn slope(state: State, drives: array<vec2f, POPULATIONS>) -> State {
  var inputs = drives;
  // #unroll
  for (var i = 0u; i < POPULATIONS; i += 1u) {
    // #unroll
    for (var j = 0u; j < POPULATIONS; j += 1u) {
      inputs[i] += neurons[i].shares[j] * state.at[j];
    }
  }
  return slope_at(state, inputs);
}

// How far along the last slope a stage looks, and how much its own slope counts, in steps.
fn stage_reach(stage: u32) -> f32 {
  if (STAGES == 4u) {
    return select(select(0.5, 1.0, stage == 3u), 0.0, stage == 0u);
  }
  return f32(stage);
}

fn stage_weight(stage: u32) -> f32 {
  if (STAGES == 4u) {
    return select(1.0 / 3.0, 1.0 / 6.0, stage == 0u || stage == 3u);
  }
  return 1.0 / f32(STAGES);
}

// Drives are held during a step.
fn step_once(state: State, drives: array<vec2f, POPULATIONS>) -> State {
  var next = state;
  var last = State();
  for (var stage = 0u; stage < STAGES; stage += 1u) {
    last = slope(moved(state, last, counts.dt * stage_reach(stage)), drives);
    next = moved(next, last, counts.dt * stage_weight(stage));
  }
  return next;
}

@compute @workgroup_size(LANES)
fn advance(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let instance = linear_workgroup(workgroup, workgroups) * LANES + lane;
  if (instance >= counts.instances) {
    return;
  }
  var state = State();
  // #unroll
  for (var i = 0u; i < POPULATIONS; i += 1u) {
    neurons[i] = populations[instance * POPULATIONS + i];
  }
  // #unroll
  for (var v = 0u; v < VARIABLES; v += 1u) {
    state.at[v] = states[v * counts.instances + instance];
  }
  // #if NOISY
  var noise = array<f32, POPULATIONS>();
  // #unroll
  for (var i = 0u; i < POPULATIONS; i += 1u) {
    noise[i] = states[(VARIABLES + i) * counts.instances + instance];
  }
  // #end
  var whole = finite_steps[instance];
  for (var sample = 0u; sample < counts.samples; sample += 1u) {
    for (var step = 0u; step < counts.steps; step += 1u) {
      var drives = array<vec2f, POPULATIONS>();
      // #unroll
      for (var i = 0u; i < POPULATIONS; i += 1u) {
        let at = neurons[i].course * counts.course_steps + sample * counts.steps + step;
        drives[i] = neurons[i].drive + courses[at];
        // #if NOISY
        // External synapses cannot fire at rates below 0.
        drives[i] = max(drives[i] + noise[i] * neurons[i].noise_drive, vec2f(0.0));
        // #end
      }
      state = step_once(state, drives);
      // #if NOISY
      let now = counts.first_step + sample * counts.steps + step;
      var normals = vec4f();
      // #unroll
      for (var i = 0u; i < POPULATIONS; i += 1u) {
        if (i % 4u == 0u) {
          normals = rate_normals(now, i / 4u, neurons[0].seed);
        }
        noise[i] = neurons[i].noise_decay * noise[i] + neurons[i].noise_kick * normals[i % 4u];
      }
      // #end
      whole += select(0u, 1u, is_finite(state));
    }
    // #unroll
    for (var v = 0u; v < VARIABLES; v += 1u) {
      samples[(sample * RECORDED + v) * counts.instances + instance] = state.at[v];
    }
    // #if NOISY
    // #unroll
    for (var i = 0u; i < POPULATIONS; i += 1u) {
      samples[(sample * RECORDED + VARIABLES + i) * counts.instances + instance] = neurons[i].noise_sd * noise[i];
    }
    // #end
  }
  // #unroll
  for (var v = 0u; v < VARIABLES; v += 1u) {
    states[v * counts.instances + instance] = state.at[v];
  }
  // #if NOISY
  // #unroll
  for (var i = 0u; i < POPULATIONS; i += 1u) {
    states[(VARIABLES + i) * counts.instances + instance] = noise[i];
  }
  // #end
  finite_steps[instance] = whole;
}
