// External drives: how many events a neuron receives from each in a step.

// #include "common/random-purpose.wgsl"
// #include "common/threefry.wgsl"
// #include "spiking/tables.wgsl"

const DRIVES: u32 = 1u;              // external drives of the population that has most
const DRIVE_SLOTS: u32 = 1u;         // the same, but at least 1: WGSL has no empty arrays
const LEVEL_QUADS: u32 = 2u;         // thresholds of a drive that stand beside its parameters, in fours
const TABLED: bool = false;          // some drive looks its thresholds up instead

// How many events a random number means: `base`, one for each threshold that it reaches, and what is found by bisection in
// the row of the drive table that belongs to the step; see src/spiking/drive.ts.
struct Drive {
  receptor: u32,
  weight: f32,        // nS per event
  base: u32,
  halvings: u32,      // 0, or the row holds 2^halvings - 1 thresholds
  first_row: u32,     // in words
  rows: u32,
  steps_per_row: u32,
  unused: u32,
  thresholds: array<vec4u, LEVEL_QUADS>,
}

// What a population's random numbers are drawn by.
struct Stream {
  key: vec4u,
  index: u32,
}

// 32 random bits for each neuron of a group: of drive d, and of one part of its rate where it has several.
fn drive_bits(stream: Stream, neighbours: u32, step: u32, d: u32, part: u32) -> vec4u {
  let counter = vec4u(neighbours, step, d | (part << 16u), stream.index);
  return threefry(counter, vec4u(stream.key.xy, PURPOSE_DRIVE, stream.key.w));
}

// Events of one drive in one step: inversion of the distribution function, tabulated in units of 2^-32.
fn drive_events(drive: Drive, bits: vec4u, step: u32) -> vec4f {
  let random = min(bits, vec4u(0xFFFFFFFEu)); // a threshold of 0xFFFFFFFF is never reached
  var count = vec4u(drive.base);
  for (var quad = 0u; quad < LEVEL_QUADS; quad += 1u) {
    for (var each = 0u; each < 4u; each += 1u) {
      count += select(vec4u(0u), vec4u(1u), random >= vec4u(drive.thresholds[quad][each]));
    }
  }
  if (TABLED) {
    let row = drive.first_row + min(step / drive.steps_per_row, drive.rows - 1u) * ((1u << drive.halvings) - 1u);
    var found = vec4u(0u);
    for (var halving = drive.halvings; halving > 0u; halving -= 1u) {
      let stride = 1u << (halving - 1u);
      let at = found + vec4u(row + stride - 1u);
      let threshold = vec4u(tables[at.x], tables[at.y], tables[at.z], tables[at.w]);
      found += select(vec4u(0u), vec4u(stride), random >= threshold);
    }
    count += found;
  }
  return vec4f(count);
}
