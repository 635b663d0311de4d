// Rings of mean-field units with more to their state than rates: covariances in second order, and adaptation currents
// (src/ring/*.ts have the formulas; ring/lateral.wgsl what it shares with first order, mean-field/master-equation.wgsl what it shares with
// single mean fields). Rates travel between units as in first order; the rest of a unit's state stays with it, in registers between
// two meetings. The four rings of a workgroup are advanced one after the other, since derivatives fill the vectors.
// #include "common/dispatch.wgsl"
// #include "mean-field/master-equation.wgsl"
// #include "ring/lateral.wgsl"
// #if SUBGROUP
// #include "ring/lateral-by-subgroups.wgsl"
// #end

// Variables of the state besides the two rates.
const HIDDEN: u32 = 3u;
// What is kept of a unit's state: these, the sample in which it left all bounds, or 0, and which variable did.
const KEPT: u32 = 5u;

// What a population has that first order does not look at.
struct MemberMoments {
  // 1 / N
  inverse_size: f32,
  // 1 / g_L, 1/nS
  inverse_g: f32,
  // Adaptation: a, nS; b by ms and Hz, pA/1000; 1 / tau_w, 1/ms.
  adaptation: vec3f,
}

struct Unit {
  // Excitatory, inhibitory.
  populations: array<MemberMoments, 2>,
  // 1 / T, 1/ms
  inverse_T: f32,
  // Beyond this a rate is one of the truncated equations alone, Hz.
  most_rate: f32,
}

@group(0) @binding(8) var<uniform> unit: Unit;
// [quad, pixel, KEPT]
@group(0) @binding(9) var<storage, read_write> states: array<vec4f>;

// The two populations of a unit for `neurons`. Covariances are of a unit's own rates, so they meet what it receives from itself.
fn populations_of(quad: Quad) {
  let own = vec2f(quad.own_e, quad.own_i);
  // #unroll
  for (var i = 0u; i < POPULATIONS; i += 1u) {
    let member = settings.populations[i];
    let shares = member.shares * own;
    neurons[i].transfer = member.transfer;
    neurons[i].shares[0] = vec2f(shares.x, 0.0);
    neurons[i].shares[1] = vec2f(0.0, shares.y);
    neurons[i].inverse_size = unit.populations[i].inverse_size;
    neurons[i].inverse_T = unit.inverse_T;
    neurons[i].inverse_g = unit.populations[i].inverse_g;
    neurons[i].adaptation = unit.populations[i].adaptation;
  }
}

// Mean potential, mV from E_L, of the inhibitory population where its synapses fire at `rates`, Hz, and its adaptation lowers its rest.
fn mean_potential(state: State, rates: vec2f) -> f32 {
  let membrane = settings.populations[1].transfer;
  var lower = 0.0;
  if (ADAPTING) {
    lower = state.at[VARIABLES - 1u] * unit.populations[1].inverse_g;
  }
  let conductances = max(rates, vec2f(0.0)) * membrane.conductance;
  return (dot(conductances, membrane.reversal) - lower) / (1.0 + conductances.x + conductances.y);
}

// The first variable that is not finite, or is a rate that none can have, or VARIABLES. Comparisons with NaN may be folded away.
fn first_fault(state: State) -> u32 {
  var found = VARIABLES;
  // #unroll
  for (var v = 0u; v < VARIABLES; v += 1u) {
    let is_endless = (bitcast<u32>(state.at[v]) & 0x7f800000u) == 0x7f800000u;
    let is_beyond = v < POPULATIONS && abs(state.at[v]) > unit.most_rate;
    found = select(found, min(found, v), is_endless || is_beyond);
  }
  return found;
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
  let number = linear_workgroup(workgroup, workgroups);
  if (number >= arrayLength(&quads)) {
    return;
  }
  let quad = quads[number];
  let slots = settings.slots;
  let units = settings.units;
  let pixels = settings.pixels;
  let kept = number * slots * pixels;
  let end = min(settings.done + settings.steps, quad.samples);
  populations_of(quad);
  for (var start = settings.done; start < end; start += quad.block) {
    let stop = min(start + quad.block, end);
    for (var first = 0u; first < pixels; first += LANES) {
      // Invocations without a unit of their own follow the last one, since subgroups must be whole.
      let pixel = min(first + lane, pixels - 1u);
      let is_own = first + lane < pixels;
      let profile_0 = profiles[2u * number * pixels + pixel];
      let profile_1 = profiles[(2u * number + 1u) * pixels + pixel];
      let own = (number * pixels + pixel) * KEPT;
      var hidden = array<vec4f, HIDDEN>();
      // #unroll
      for (var v = 0u; v < HIDDEN; v += 1u) {
        hidden[v] = states[own + v];
      }
      var fault_at = states[own + HIDDEN];
      var fault_of = states[own + HIDDEN + 1u];
      // Sample `now` makes sample `now + 1`.
      for (var now = start - 1u; now < stop - 1u; now += 1u) {
        let slot = now % slots;
        let here = rates_of(kept + slot * pixels + pixel);
        var exc = here.exc;
        var inh = here.inh;
        var potential = vec4f(settings.rest);
        // #if SUBGROUP
        let heard = lateral_by_subgroups(quad, kept, pixel, slot, slots, units, pixels, exc, inh, member);
        // #else
        // let heard = lateral(quad, kept, pixel, slot, slots, units, pixels, exc, inh);
        // #end
        exc += settings.rest_rates.x;
        inh += settings.rest_rates.y;
        let stimulus = stimulus_at(quad, number, pixel, now, profile_0, profile_1);
        for (var place = 0u; place < quad.places; place += 1u) {
          var state = State();
          state.at[0] = exc[place];
          state.at[1] = inh[place];
          // #unroll
          for (var v = 0u; v < HIDDEN; v += 1u) {
            state.at[POPULATIONS + v] = hidden[v][place];
          }
          var inputs = array<vec2f, POPULATIONS>();
          // #unroll
          for (var i = 0u; i < POPULATIONS; i += 1u) {
            let member = settings.populations[i];
            let from_ring = member.shares * vec2f(heard.exc[place], heard.inh[place]);
            inputs[i] = from_ring + vec2f(member.afferent * stimulus[place], 0.0) + member.drive;
          }
          potential[place] = mean_potential(state, inputs[1]);
          state = moved(state, slope_at(state, inputs), settings.dt);
          exc[place] = state.at[0];
          inh[place] = state.at[1];
          // #unroll
          for (var v = 0u; v < HIDDEN; v += 1u) {
            hidden[v][place] = state.at[POPULATIONS + v];
          }
          let fault = first_fault(state);
          let is_first = fault < VARIABLES && fault_at[place] == 0.0;
          fault_at[place] = select(fault_at[place], f32(now + 1u), is_first);
          fault_of[place] = select(fault_of[place], f32(fault), is_first);
        }
        if (is_own) {
          let above_rest = Lateral(exc - settings.rest_rates.x, inh - settings.rest_rates.y);
          keep(kept + ((now + 1u) % slots) * pixels + pixel, above_rest);
          let at = (number * settings.stride + now + 1u) * pixels + pixel;
          delta_v[at] = abs(potential - settings.rest) / settings.rest_size;
          if (RATES) {
            rates[VARIABLES * at] = exc;
            rates[VARIABLES * at + 1u] = inh;
            // #unroll
            for (var v = 0u; v < HIDDEN; v += 1u) {
              rates[VARIABLES * at + POPULATIONS + v] = hidden[v];
            }
          }
        }
      }
      if (is_own) {
        // #unroll
        for (var v = 0u; v < HIDDEN; v += 1u) {
          states[own + v] = hidden[v];
        }
        states[own + HIDDEN] = fault_at;
        states[own + HIDDEN + 1u] = fault_of;
      }
    }
    storageBarrier();
  }
}
