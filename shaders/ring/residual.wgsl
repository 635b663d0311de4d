// How far each ring of a chunk is from a recording (src/analysis/vsd-residual.ts has the definition). One workgroup compares one ring:
// its invocations level the mean over the compared pixels in time and look for the maximum, then share out pixels and times. Sums are
// made in a fixed order, so that a ring's residual is the same in every batch.
// #include "common/dispatch.wgsl"

const LANES: u32 = 64u;
// Reach of the Gaussian over time, samples.
const RADIUS: i32 = 4i;
// Samples smoothed between two meetings of the invocations.
const TILE: i32 = 512i;
const SPAN: i32 = TILE + 2i * RADIUS;

struct Settings {
  // Weights of the Gaussian from its middle outwards.
  weights: array<vec4f, 2>,
  places: u32,
  // Samples a ring has room for, pixels of a ring, and which of them are compared.
  stride: u32,
  width: u32,
  first: u32,
  pixels: u32,
  times: u32,
  // What responses are divided by; 0: their own maximum.
  scale: f32,
  // Invocations that a ring was advanced by, where it was in one subgroup, or 0.
  subgroup: u32,
}

struct Comparison {
  residual: f32,
  // Sample of the smoothed maximum, and the largest response among those compared.
  peak: u32,
  top: f32,
}

@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(1) var<storage, read> samples: array<i32>;
@group(0) @binding(2) var<storage, read> delta_v: array<f32>;
// [pixel, time]
@group(0) @binding(3) var<storage, read> recording: array<f32>;
// [sample of the maximum, time]: the sample that this time meets, or one that no ring has.
@group(0) @binding(4) var<storage, read> meetings: array<i32>;
@group(0) @binding(5) var<storage, read_write> comparisons: array<Comparison>;

var<workgroup> means: array<f32, SPAN>;
var<workgroup> values: array<f32, LANES>;
var<workgroup> places: array<i32, LANES>;

fn response(place: u32, sample: u32, pixel: u32) -> f32 {
  let unit = settings.first + pixel;
  if (settings.subgroup > 0u) {
    let invocation = (place * settings.stride + sample) * settings.subgroup + unit % settings.subgroup;
    return delta_v[invocation * 4u + unit / settings.subgroup];
  }
  let cell = ((place / 4u) * settings.stride + sample) * settings.width + unit;
  return delta_v[cell * 4u + place % 4u];
}

fn weight(distance: u32) -> f32 {
  return settings.weights[distance / 4u][distance % 4u];
}

// ... d c b a | a b c d | d c b a ...
fn mirrored(k: i32, count: i32) -> u32 {
  let place = ((k % (2i * count)) + 2i * count) % (2i * count);
  return u32(select(2i * count - 1i - place, place, place < count));
}

@compute @workgroup_size(LANES)
fn compare(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let given = linear_workgroup(group, groups);
  let place = min(given, settings.places - 1u);
  let count = samples[place];
  var best = -1e30;
  var best_at = 0i;
  for (var tile = 0i; tile < i32(settings.stride); tile += TILE) {
    workgroupBarrier();
    for (var at = i32(lane); at < SPAN; at += i32(LANES)) {
      let k = tile + at - RADIUS;
      var sum = 0.0;
      if (count > 0i && k < count + RADIUS) {
        let sample = mirrored(k, count);
        for (var pixel = 0u; pixel < settings.pixels; pixel++) { sum += response(place, sample, pixel); }
      }
      means[at] = sum / f32(settings.pixels);
    }
    workgroupBarrier();
    for (var at = i32(lane); at < TILE; at += i32(LANES)) {
      let level = smoothed(at);
      // The last sample is left out, as published.
      let better = level > best && tile + at < max(1i, count - 1i);
      best = select(best, level, better);
      best_at = select(best_at, tile + at, better);
    }
  }
  let rough = first_largest(lane, best, best_at);
  // Around a flat top single precision cannot tell neighbours apart, but differences from one sample it holds exactly.
  for (var at = i32(lane); at < i32(LANES) + 2i * RADIUS; at += i32(LANES)) {
    let k = rough - i32(LANES) / 2i + at - RADIUS;
    var sum = 0.0;
    if (count > 0i && k >= -RADIUS && k < count + RADIUS) {
      let sample = mirrored(k, count);
      for (var pixel = 0u; pixel < settings.pixels; pixel++) {
        sum += response(place, sample, pixel) - response(place, u32(rough), pixel);
      }
    }
    means[at] = sum;
  }
  workgroupBarrier();
  let near = rough - i32(LANES) / 2i + i32(lane);
  let inside = near >= 0i && near < max(1i, count - 1i);
  let peak = first_largest(lane, select(-1e30, smoothed(i32(lane)), inside), near);
  let cells = settings.pixels * settings.times;
  var top = 0.0;
  for (var cell = lane; cell < cells; cell += LANES) { top = max(top, met(place, cell, peak, count)); }
  values[lane] = top;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { values[lane] = max(values[lane], values[lane + half]); }
    workgroupBarrier();
  }
  top = values[0];
  workgroupBarrier();
  let own = select(1.0, top, top > 0.0);
  let scale = select(own, settings.scale, settings.scale > 0.0);
  var sum = 0.0;
  for (var cell = lane; cell < cells; cell += LANES) {
    let miss = met(place, cell, peak, count) / scale - recording[cell];
    sum += miss * miss;
  }
  values[lane] = sum;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { values[lane] += values[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u && given < settings.places) {
    comparisons[place] = Comparison(values[0], u32(peak), top);
  }
}

// The Gaussian over `means`, around sample `at` of the tile.
fn smoothed(at: i32) -> f32 {
  var sum = weight(0u) * means[at + RADIUS];
  for (var j = 1i; j <= RADIUS; j++) {
    sum += weight(u32(j)) * (means[at + RADIUS - j] + means[at + RADIUS + j]);
  }
  return sum;
}

// Where the invocation with the largest value has it; of equals the earliest.
fn first_largest(lane: u32, value: f32, at: i32) -> i32 {
  values[lane] = value;
  places[lane] = at;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) {
      let other = values[lane + half];
      let earlier = other == values[lane] && places[lane + half] < places[lane];
      if (other > values[lane] || earlier) {
        values[lane] = other;
        places[lane] = places[lane + half];
      }
    }
    workgroupBarrier();
  }
  let found = places[0];
  workgroupBarrier();
  return found;
}

// What a ring has where the recording has this cell; 0 beyond its time.
fn met(place: u32, cell: u32, peak: i32, count: i32) -> f32 {
  let sample = meetings[u32(peak) * settings.times + cell % settings.times];
  if (sample >= count) { return 0.0; }
  return response(place, u32(sample), cell / settings.times);
}
