// Rings of mean-field units in first order, as advance.wgsl, each in one subgroup: unit u is in component u / SUBGROUP of invocation
// u % SUBGROUP, so that one load brings all units of a ring, and what links bring from either side is found by passing rates round. No
// invocation reads what another one wrote, and so they never wait for each other. For CPU drivers, where a load costs a hundred
// operations and a barrier the registers.
// #include "common/dispatch.wgsl"
// #include "transfer/rates.wgsl"
// #include "ring/lateral.wgsl"

enable subgroups;
// All units of a ring have the same links, and so take every turn together; no compiler can know.
diagnostic(off, subgroup_uniformity);

const SUBGROUP: u32 = 8u;
const UNITS: u32 = 30u;                                    // at most 4 SUBGROUP
const FILLED: u32 = (UNITS + SUBGROUP - 1u) / SUBGROUP;    // components that hold units
const BEYOND: u32 = FILLED * SUBGROUP - UNITS;             // places in the last of these that hold none

// What a unit's own rates are above those at rest, Hz: [quad, place, population, invocation]
@group(0) @binding(9) var<storage, read_write> own_rates: array<vec4f>;

// Where units find what units at an offset hold.
struct Shift {
  // The invocation that holds it, where the sum is within the ring, and where it has gone around.
  near: u32,
  far: u32,
  // Components to go on, and to go back.
  ahead: u32,
  behind: u32,
  is_near: vec4<bool>,
}

// The units of an invocation.
fn units_of(member: u32) -> vec4u {
  return vec4u(0u, SUBGROUP, 2u * SUBGROUP, 3u * SUBGROUP) + member;
}

fn shift_by(offset: u32, member: u32) -> Shift {
  let near = member + offset;
  let far = near + BEYOND;
  return Shift(
    near % SUBGROUP,
    far % SUBGROUP,
    near / SUBGROUP,
    FILLED - far / SUBGROUP,
    units_of(near) < vec4u(UNITS),
  );
}

fn shifted(values: vec4f, by: Shift) -> vec4f {
  let a = subgroupShuffle(values, by.near);
  var near = select(a, a.yzww, by.ahead == 1u);
  near = select(near, a.zwww, by.ahead == 2u);
  near = select(near, a.wwww, by.ahead == 3u);
  let b = subgroupShuffle(values, by.far);
  var far = select(b, b.xxyz, by.behind == 1u);
  far = select(far, b.xxxy, by.behind == 2u);
  far = select(far, b.xxxx, by.behind == 3u);
  return select(far, near, by.is_near);
}

@compute @workgroup_size(LANES)
fn advance(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(subgroup_invocation_id) member: u32,
) {
  let number = linear_workgroup(workgroup, workgroups);
  if (number >= arrayLength(&quads)) {
    return;
  }
  let quad = quads[number];
  let place = lane / SUBGROUP;
  let ring = 4u * number + place;
  let slots = settings.slots;
  let end = min(settings.done + settings.steps, quad.lengths[place]);
  let kept = ring * slots * 2u * SUBGROUP + member;
  let own = ring * 2u * SUBGROUP + member;
  var exc = own_rates[own];
  var inh = own_rates[own + SUBGROUP];
  var profile_0 = vec4f();
  var profile_1 = vec4f();
  for (var c = 0u; c < FILLED; c += 1u) {
    let unit = min(c * SUBGROUP + member, UNITS - 1u);
    profile_0[c] = profiles[2u * number * UNITS + unit][place];
    profile_1[c] = profiles[(2u * number + 1u) * UNITS + unit][place];
  }
  let peaks = vec2f(quad.peak_0[place], quad.peak_1[place]);
  let rise = vec2f(quad.rise[place]);
  let fall = vec2f(quad.fall[place]);
  let to_exc = settings.populations[0];
  let to_inh = settings.populations[1];
  let all = quad.both + quad.single;
  // Sample `now` makes sample `now + 1`.
  for (var now = settings.done - 1u; now + 1u < end; now += 1u) {
    let slot = now % slots;
    var sum = heard_of_itself(quad, exc, inh);
    for (var first = 0u; first < all; first += SUBGROUP) {
      let mine = links[quad.first + min(first + member, all - 1u)];
      for (var k = 0u; k < min(SUBGROUP, all - first); k += 1u) {
        let link = unpack(subgroupShuffle(mine, k));
        // What is on its way for longer than the run lasts is rest.
        let delay = min(link.delay, quad.samples);
        let past = kept + 2u * SUBGROUP * select(slot + slots - delay, slot - delay, slot >= delay);
        let forth = shift_by(link.column, member);
        let back = shift_by(UNITS - link.column, member);
        let is_both = first + k < quad.both;
        let kind = select(0u, SUBGROUP, !is_both && link.inh > 0.0);
        let there = history[past + kind];
        let sent = shifted(there, forth) + shifted(there, back);
        sum.exc += link.exc * sent;
        if (is_both) {
          let others = history[past + SUBGROUP];
          sum.inh += link.inh * (shifted(others, forth) + shifted(others, back));
        } else {
          sum.inh += link.inh * sent;
        }
      }
    }
    let course = gaussians((vec2f(f32(now)) - peaks) * settings.dt, rise, fall);
    let stimulus = profile_0 * course.x + profile_1 * course.y;
    let of_exc = transfer_output(
      to_exc.transfer,
      to_exc.shares.x * sum.exc + to_exc.afferent * stimulus + to_exc.drive.x,
      to_exc.shares.y * sum.inh + to_exc.drive.y,
    );
    let of_inh = transfer_output(
      to_inh.transfer,
      to_inh.shares.x * sum.exc + to_inh.afferent * stimulus + to_inh.drive.x,
      to_inh.shares.y * sum.inh + to_inh.drive.y,
    );
    exc += settings.share * (of_exc.rate - settings.rest_rates.x - exc);
    inh += settings.share * (of_inh.rate - settings.rest_rates.y - inh);
    let next = kept + 2u * SUBGROUP * ((now + 1u) % slots);
    history[next] = exc;
    history[next + SUBGROUP] = inh;
    // [quad, place, sample, invocation]
    delta_v[(ring * settings.stride + now + 1u) * SUBGROUP + member] = abs(of_inh.mu_V - settings.rest) / settings.rest_size;
  }
  own_rates[own] = exc;
  own_rates[own + SUBGROUP] = inh;
}

// How much of their peaks the two Gaussians of a stimulus have `ahead` ms after them.
fn gaussians(ahead: vec2f, rise: vec2f, fall: vec2f) -> vec2f {
  let scaled = ahead * select(fall, rise, ahead < vec2f(0.0));
  return exp(-0.5 * scaled * scaled);
}
