// What rings of every order share: how they lie in memory, what units hear of each other, and the stimulus. One workgroup advances
// four rings of the same connectivity, one in each component of its vectors, so that one address serves four; one invocation holds one
// unit (or every LANES-th). What other units sent arrives late, so invocations meet only once in as many steps as the shortest delay.
// Rates in Hz, times in ms, voltages from E_L in mV.
// #include "transfer/function.wgsl"

const LANES: u32 = 32u;
const SAMPLED: bool = false;
const RATES: bool = false;
const SHEET: bool = false; // several rows

struct Member {
  transfer: TransferFunction,
  // What constant drives add to (nu_e, nu_i), Hz.
  drive: vec2f,
  // Shares of its (excitatory, inhibitory) synapses that come from the ring.
  shares: vec2f,
  // Part of the stimulus that it receives.
  afferent: f32,
}

struct Settings {
  // Excitatory, inhibitory.
  populations: array<Member, 2>,
  // Units in a row, rows, and units in all.
  units: u32,
  rows: u32,
  pixels: u32,
  // Samples done before this dispatch, and steps in it.
  done: u32,
  steps: u32,
  // Past samples that are kept, and samples for which there is room in the results.
  slots: u32,
  stride: u32,
  // ms
  dt: f32,
  // dt / T
  share: f32,
  // Mean potential at rest, from E_L and its size from 0 mV.
  rest: f32,
  rest_size: f32,
  // Rates at rest, excitatory and inhibitory, Hz.
  rest_rates: vec2f,
}

struct Quad {
  // Its first link, and how many are of both kinds, then of one alone.
  first: u32,
  both: u32,
  single: u32,
  // Samples of its longest ring.
  samples: u32,
  // Steps between two meetings.
  block: u32,
  // Weight of the unit's own rates.
  own_e: f32,
  own_i: f32,
  // What a unit hears where all are at rest, Hz.
  rest_e: f32,
  rest_i: f32,
  // How many of its four places hold a ring; the first ones do.
  places: u32,
  // The two Gaussians of each stimulus: when they peak, in steps, and 1 / tau before and after it, 1/ms.
  peak_0: vec4f,
  peak_1: vec4f,
  rise: vec4f,
  fall: vec4f,
  // Samples of each of its rings.
  lengths: vec4u,
}

// Units at an offset and at its opposite. One vector in memory, since a load costs much the same whatever its width: column and row
// in 16 bits each, delay, and the bits of the two weights.
struct Link {
  column: u32,
  row: u32,
  delay: u32,
  exc: f32,
  inh: f32,
}

fn unpack(word: vec4u) -> Link {
  return Link(word.x & 0xFFFFu, word.x >> 16u, word.y, bitcast<f32>(word.z), bitcast<f32>(word.w));
}

@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(1) var<storage, read> quads: array<Quad>;
@group(0) @binding(2) var<storage, read> links: array<vec4u>;
// Peak of each Gaussian of the stimulus, Hz: [quad, Gaussian, pixel]
@group(0) @binding(3) var<storage, read> profiles: array<vec4f>;
// What sampled stimuli give in each step of this dispatch, Hz: [quad, step, pixel]
@group(0) @binding(4) var<storage, read> sampled: array<vec4f>;
// What rates are above those at rest, Hz, so that an empty past is rest: [quad, slot, pixel, population]
@group(0) @binding(5) var<storage, read_write> history: array<vec4f>;
// [quad, sample, pixel]
@group(0) @binding(6) var<storage, read_write> delta_v: array<vec4f>;
// [quad, sample, pixel, variable of the state]
@group(0) @binding(7) var<storage, read_write> rates: array<vec4f>;

// How much of its peak a Gaussian of the stimulus has `ahead` ms after it.
fn course(ahead: vec4f, rise: vec4f, fall: vec4f) -> vec4f {
  let scaled = ahead * select(fall, rise, ahead < vec4f(0.0));
  return exp(-0.5 * scaled * scaled);
}

// The sum of an offset within the sheet.
fn added(place: u32, offset: u32, size: u32) -> u32 {
  let sum = place + offset;
  return select(sum, sum - size, sum >= size);
}

struct Pair {
  forth: u32,
  back: u32,
}

// Where in a history, in units, the rates of the two units of a link are that arrive at a unit
// (what settings say is handed over: loads in the innermost loop would cost a tenth of the whole).
fn sources(
  arm: Link,
  pixel: u32,
  slot: u32,
  samples: u32,
  slots: u32,
  units: u32,
  pixels: u32,
) -> Pair {
  // What is on its way for longer than the run lasts is rest.
  let delay = min(arm.delay, samples);
  let past = select(slot + slots - delay, slot - delay, slot >= delay) * pixels;
  if (!SHEET) {
    return Pair(past + added(pixel, arm.column, units), past + added(pixel, units - arm.column, units));
  }
  let row = pixel / units;
  let column = pixel % units;
  let forth = added(row, arm.row, settings.rows) * units + added(column, arm.column, units);
  let back = added(row, settings.rows - arm.row, settings.rows) * units + added(column, units - arm.column, units);
  return Pair(past + forth, past + back);
}

struct Lateral {
  exc: vec4f,
  inh: vec4f,
}

// What a unit, whose own rates are `exc` and `inh` above rest, hears of itself and of all others at sample `slot` of the history that
// begins at `kept`, Hz.
fn lateral(
  quad: Quad,
  kept: u32,
  pixel: u32,
  slot: u32,
  slots: u32,
  units: u32,
  pixels: u32,
  exc: vec4f,
  inh: vec4f,
) -> Lateral {
  var sum = heard_of_itself(quad, exc, inh);
  for (var k = 0u; k < quad.both; k += 1u) {
    let link = unpack(links[quad.first + k]);
    sum = add_both(sum, link, kept, sources(link, pixel, slot, quad.samples, slots, units, pixels));
  }
  for (var k = 0u; k < quad.single; k += 1u) {
    let link = unpack(links[quad.first + quad.both + k]);
    sum = add_single(sum, link, kept, sources(link, pixel, slot, quad.samples, slots, units, pixels));
  }
  return sum;
}

fn heard_of_itself(quad: Quad, exc: vec4f, inh: vec4f) -> Lateral {
  return Lateral(quad.rest_e + quad.own_e * exc, quad.rest_i + quad.own_i * inh);
}

fn add_both(before: Lateral, link: Link, kept: u32, pair: Pair) -> Lateral {
  let forth = rates_of(kept + pair.forth);
  let back = rates_of(kept + pair.back);
  return Lateral(before.exc + link.exc * (forth.exc + back.exc), before.inh + link.inh * (forth.inh + back.inh));
}

// The weight of the other kind is 0.
fn add_single(before: Lateral, link: Link, kept: u32, pair: Pair) -> Lateral {
  let is_inh = link.inh > 0.0;
  let sent = rate_of(kept + pair.forth, is_inh) + rate_of(kept + pair.back, is_inh);
  return Lateral(before.exc + link.exc * sent, before.inh + link.inh * sent);
}

// Both rates of a unit in a slot of the history.
fn rates_of(at: u32) -> Lateral {
  return Lateral(history[2u * at], history[2u * at + 1u]);
}

fn rate_of(at: u32, is_inh: bool) -> vec4f {
  return history[2u * at + select(0u, 1u, is_inh)];
}

fn keep(at: u32, rates: Lateral) {
  history[2u * at] = rates.exc;
  history[2u * at + 1u] = rates.inh;
}

// What the stimulus gives in step `now` of this dispatch's steps, Hz; `profile_0` and `profile_1` are the peaks of its Gaussians here.
fn stimulus_at(quad: Quad, number: u32, pixel: u32, now: u32, profile_0: vec4f, profile_1: vec4f) -> vec4f {
  let time = vec4f(f32(now));
  let course_0 = course((time - quad.peak_0) * settings.dt, quad.rise, quad.fall);
  let course_1 = course((time - quad.peak_1) * settings.dt, quad.rise, quad.fall);
  var stimulus = profile_0 * course_0 + profile_1 * course_1;
  if (SAMPLED) {
    stimulus += sampled[(number * settings.steps + now + 1u - settings.done) * settings.pixels + pixel];
  }
  return stimulus;
}
