// The Master Equation of first or second order: one invocation advances one parameter set through many steps, its populations and
// its state in registers (src/mean-field/equations.ts has the formulas and their source). Rates in Hz, times in ms. Derivatives of
// the transfer functions are carried by jets.
// #include "common/dispatch.wgsl"
// #include "transfer/template.wgsl"
// #include "mean-field/rate-noise.wgsl"

const POPULATIONS: u32 = 2u;
// Rates, in second order covariances (upper triangle, row by row), and with adaptation a current of each population.
const VARIABLES: u32 = 5u;
const ORDER: u32 = 2u;
// 1: Euler. 2: Heun. 4: the classical Runge-Kutta method.
const STAGES: u32 = 1u;
// Whether adaptation is part of the state.
const ADAPTING: bool = false;
// Whether external rates fluctuate. Then a number for each population stands behind the state in what is kept and sampled.
const NOISY: bool = false;
const RECORDED: u32 = 5u;

struct Population {
  transfer: TransferFunction,
  // Share of its (excitatory, inhibitory) synapses that come from each population.
  shares: array<vec2f, POPULATIONS>,
  // What constant drives add to (nu_e, nu_i), Hz.
  drive: vec2f,
  // 1 / N
  inverse_size: f32,
  // 1 / T, 1/ms
  inverse_T: f32,
  // Row of `courses` that is added to the drive.
  course: u32,
  // 1 / g_L, 1/nS
  inverse_g: f32,
  // Adaptation: a, nS; b by ms and Hz, pA/1000; 1 / tau_w, 1/ms.
  adaptation: vec3f,
  // #if NOISY
  // What a fluctuation of 1 SD adds to (nu_e, nu_i), and to the rate of an external synapse, Hz.
  noise_drive: vec2f,
  noise_sd: f32,
  // Of the process, in one step.
  noise_decay: f32,
  noise_kick: f32,
  seed: vec2u,
  // #end
}

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

struct State {
  at: array<f32, VARIABLES>,
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

var<private> neurons: array<Population, POPULATIONS>;

// Where the covariance of populations a <= b stands in the state.
fn pair(a: u32, b: u32) -> u32 {
  return POPULATIONS + a * POPULATIONS - a * (a + 1u) / 2u + b;
}

fn covariance(state: State, a: u32, b: u32) -> f32 {
  return state.at[pair(min(a, b), max(a, b))];
}

// The derivative of the state with respect to time, per ms.
fn slope(state: State, drives: array<vec2f, POPULATIONS>) -> State {
  var responses = array<Jet, POPULATIONS>();
  var result = State();
  // #unroll
  for (var i = 0u; i < POPULATIONS; i += 1u) {
    var rates = drives[i];
    // #unroll
    for (var j = 0u; j < POPULATIONS; j += 1u) {
      rates += neurons[i].shares[j] * state.at[j];
    }
    rates = max(rates, vec2f(0.0));
    if (ADAPTING) {
      // An adaptation current is a lower rest: all voltages here are from it.
      let w = state.at[VARIABLES - POPULATIONS + i];
      let lower = w * neurons[i].inverse_g;
      var membrane = neurons[i].transfer;
      membrane.reversal += vec2f(lower);
      membrane.x_at_rest -= 0.1 * lower;
      membrane.threshold[0].x += lower;
      let moments = membrane_moments(membrane, jet_first(rates.x), jet_second(rates.y));
      responses[i] = rate_at_threshold(moments, effective_threshold(membrane, moments));
      let own = neurons[i].adaptation;
      let pull = own.x * (moments.mu_V.value - lower) - w;
      result.at[VARIABLES - POPULATIONS + i] = pull * own.z + own.y * state.at[i];
    } else {
      responses[i] = transfer_rate(neurons[i].transfer, jet_first(rates.x), jet_second(rates.y));
    }
  }

  let inverse_T = neurons[0].inverse_T;
  // #unroll
  for (var i = 0u; i < POPULATIONS; i += 1u) {
    var change = responses[i].value - state.at[i];
    if (ORDER == 2u) {
      // Variance of the excitatory input rate, covariance, variance of the inhibitory one.
      var input = vec3f(0.0);
      // #unroll
      for (var j = 0u; j < POPULATIONS; j += 1u) {
        // #unroll
        for (var k = 0u; k < POPULATIONS; k += 1u) {
          let a = neurons[i].shares[j];
          let b = neurons[i].shares[k];
          input += vec3f(a.x * b.x, a.x * b.y, a.y * b.y) * covariance(state, j, k);
        }
      }
      change += dot(responses[i].hessian, input * vec3f(0.5, 1.0, 0.5));
    }
    result.at[i] = change * inverse_T;
  }
  if (ORDER == 2u) {
    // #unroll
    for (var i = 0u; i < POPULATIONS; i += 1u) {
      // #unroll
      for (var j = 0u; j < POPULATIONS; j += 1u) {
        if (i <= j) {
          let excess_i = responses[i].value - state.at[i];
          let excess_j = responses[j].value - state.at[j];
          var change = excess_i * excess_j - 2.0 * covariance(state, i, j);
          if (i == j) {
            let rate = responses[i].value;
            change += rate * (1000.0 * inverse_T - rate) * neurons[i].inverse_size;
          }
          // #unroll
          for (var k = 0u; k < POPULATIONS; k += 1u) {
            change += dot(responses[i].gradient, neurons[i].shares[k]) * covariance(state, j, k);
            change += dot(responses[j].gradient, neurons[j].shares[k]) * covariance(state, i, k);
          }
          result.at[pair(i, j)] = change * inverse_T;
        }
      }
    }
  }
  return result;
}

// a + factor b
fn moved(a: State, b: State, factor: f32) -> State {
  var result = a;
  // #unroll
  for (var v = 0u; v < VARIABLES; v += 1u) {
    result.at[v] += factor * b.at[v];
  }
  return result;
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

// A sum is finite where all its parts are; comparisons with NaN may be folded away, bits may not.
fn is_finite(state: State) -> bool {
  var sum = 0.0;
  // #unroll
  for (var v = 0u; v < VARIABLES; v += 1u) {
    sum += state.at[v];
  }
  return (bitcast<u32>(sum) & 0x7f800000u) != 0x7f800000u;
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
