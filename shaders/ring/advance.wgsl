// Rings of mean-field units in first order (src/ring/*.ts have the formulas and their source; ring/lateral.wgsl what other orders
// share). The state of a unit is its rates alone, which the invocation that has the unit keeps between two meetings.
// #include "common/dispatch.wgsl"
// #include "transfer/rates.wgsl"
// #include "ring/lateral.wgsl"
// #if SUBGROUP
// #include "ring/lateral-by-subgroups.wgsl"
// #end

// What a unit's own rates are above those at rest, Hz: [quad, pixel, population]
@group(0) @binding(9) var<storage, read_write> own_rates: array<vec4f>;

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
  for (var start = settings.done; start < end; start += quad.block) {
    let stop = min(start + quad.block, end);
    for (var first = 0u; first < pixels; first += LANES) {
      // Invocations without a unit of their own follow the last one, since subgroups must be whole.
      let pixel = min(first + lane, pixels - 1u);
      let is_own = first + lane < pixels;
      let profile_0 = profiles[2u * number * pixels + pixel];
      let profile_1 = profiles[(2u * number + 1u) * pixels + pixel];
      let own = 2u * (number * pixels + pixel);
      var exc = own_rates[own];
      var inh = own_rates[own + 1u];
      // Sample `now` makes sample `now + 1`.
      for (var now = start - 1u; now < stop - 1u; now += 1u) {
        let slot = now % slots;
        // #if SUBGROUP
        let heard = lateral_by_subgroups(quad, kept, pixel, slot, slots, units, pixels, exc, inh, member);
        // #else
        // let heard = lateral(quad, kept, pixel, slot, slots, units, pixels, exc, inh);
        // #end
        let stimulus = stimulus_at(quad, number, pixel, now, profile_0, profile_1);
        let to_exc = settings.populations[0];
        let to_inh = settings.populations[1];
        let of_exc = transfer_output(
          to_exc.transfer,
          to_exc.shares.x * heard.exc + to_exc.afferent * stimulus + to_exc.drive.x,
          to_exc.shares.y * heard.inh + to_exc.drive.y,
        );
        let of_inh = transfer_output(
          to_inh.transfer,
          to_inh.shares.x * heard.exc + to_inh.afferent * stimulus + to_inh.drive.x,
          to_inh.shares.y * heard.inh + to_inh.drive.y,
        );
        exc += settings.share * (of_exc.rate - settings.rest_rates.x - exc);
        inh += settings.share * (of_inh.rate - settings.rest_rates.y - inh);
        if (is_own) {
          keep(kept + ((now + 1u) % slots) * pixels + pixel, Lateral(exc, inh));
          let at = (number * settings.stride + now + 1u) * pixels + pixel;
          delta_v[at] = abs(of_inh.mu_V - settings.rest) / settings.rest_size;
          if (RATES) {
            rates[2u * at] = settings.rest_rates.x + exc;
            rates[2u * at + 1u] = settings.rest_rates.y + inh;
          }
        }
      }
      if (is_own) {
        own_rates[own] = exc;
        own_rates[own + 1u] = inh;
      }
    }
    storageBarrier();
  }
}
