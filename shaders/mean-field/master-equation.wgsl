// The right-hand side of the Master Equation of first or second order, with derivatives of the transfer functions carried by jets
// (src/mean-field/equations.ts has the formulas and their source). Its populations stand in `neurons`. Rates in Hz, times in ms.
// #include "transfer/template.wgsl"

const POPULATIONS: u32 = 2u;
// Rates, in second order covariances (upper triangle, row by row), and with adaptation a current of each population.
const VARIABLES: u32 = 5u;
const ORDER: u32 = 2u;
// Whether adaptation is part of the state.
const ADAPTING: bool = false;
// Whether external rates fluctuate.
const NOISY: bool = false;

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

struct State {
  at: array<f32, VARIABLES>,
}

var<private> neurons: array<Population, POPULATIONS>;

// Where the covariance of populations a <= b stands in the state.
fn pair(a: u32, b: u32) -> u32 {
  return POPULATIONS + a * POPULATIONS - a * (a + 1u) / 2u + b;
}

fn covariance(state: State, a: u32, b: u32) -> f32 {
  return state.at[pair(min(a, b), max(a, b))];
}

// The derivative of the state with respect to time, per ms, where synapses fire at these rates (nu_e, nu_i of each population, Hz).
fn slope_at(state: State, inputs: array<vec2f, POPULATIONS>) -> State {
  var responses = array<Jet, POPULATIONS>();
  var result = State();
  // #unroll
  for (var i = 0u; i < POPULATIONS; i += 1u) {
    let rates = max(inputs[i], vec2f(0.0));
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

// A sum is finite where all its parts are; comparisons with NaN may be folded away, bits may not.
fn is_finite(state: State) -> bool {
  var sum = 0.0;
  // #unroll
  for (var v = 0u; v < VARIABLES; v += 1u) {
    sum += state.at[v];
  }
  return (bitcast<u32>(sum) & 0x7f800000u) != 0x7f800000u;
}
