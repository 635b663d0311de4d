// The linear response of the spike rate to a small modulation of mu or of sigma, for one grid point and four frequencies.
//
// Carried is the Laplace transform phi(V) = E[exp(-i omega T)] of the time T until the cut-off is reached from V, up to a
// factor: phi'' = g phi' + (2 / sigma^2) i omega phi with g = -2 drift / sigma^2, from phi = 1, phi' = 0 at the lower
// bound upwards. It is the adjoint of the threshold integration of Richardson (2007): one sweep serves both responses,
//
//   R_mu    =         integral of phi'  P0 dV / (phi(cut-off) - exp(-i omega Tref) phi(reset))
//   R_sigma = sigma * integral of phi'' P0 dV / (phi(cut-off) - exp(-i omega Tref) phi(reset))
//
// and nothing cancels where rates are small. phi grows as P0 falls: both are scaled by exact powers of two on the way.
// docs/fokker-planck.md derives the steps.

// #include "common/dispatch.wgsl"
// #include "fokker-planck/cells.wgsl"

const BLOCK: u32 = 8u; // cells between two looks at the scale
const UP: f32 = 1099511627776.0; // 2^40
const DOWN: f32 = 9.094947017729282e-13;

struct Batch {
  points: u32,
  groups: u32, // of four frequencies
  group_stride: u32, // of `frequencies`: 1 and 0 where all points share them
  point_stride: u32,
}

struct Frequencies {
  omega: vec4f, // angular frequency, 1/ms
  cosine: vec4f, // of omega Tref
  sine: vec4f,
}

// Per unit of the stationary rate: real and imaginary parts, 1 / (mV/ms) and 1 / (mV/sqrt(ms)).
struct Response {
  mu_re: vec4f,
  mu_im: vec4f,
  sigma_re: vec4f,
  sigma_im: vec4f,
}

@group(0) @binding(0) var<uniform> neuron: Neuron;
@group(0) @binding(1) var<uniform> batch: Batch;
@group(0) @binding(2) var<storage, read> points: array<Point>;
@group(0) @binding(3) var<storage, read> ratios: array<f32>; // [cell, point]
@group(0) @binding(4) var<storage, read> frequencies: array<Frequencies>;
@group(0) @binding(5) var<storage, read_write> responses: array<Response>; // [group, point]

@compute @workgroup_size(64)
fn respond(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let item = linear_workgroup(workgroup, workgroups) * 64u + lane;
  if (item >= batch.points * batch.groups) { return; }
  let index = item % batch.points;
  let point = points[index];
  let given = frequencies[(item / batch.points) * batch.group_stride + index * batch.point_stride];

  var phi_re = vec4f(1.0);
  var phi_im = vec4f(0.0);
  var slope_re = vec4f(0.0);
  var slope_im = vec4f(0.0);
  var reset_re = vec4f(1.0);
  var reset_im = vec4f(0.0);
  var reset_scale = 1.0; // by which phi has been scaled since the reset
  var mu_re = vec4f(0.0);
  var mu_im = vec4f(0.0);
  var sigma_re = vec4f(0.0);
  var sigma_im = vec4f(0.0);
  var density = 1.0;
  var unit = 0.0; // the density of flux 1 over that carried here
  let cells = point.below + point.above;
  for (var first = 0u; first < cells; first += BLOCK) {
    let end = min(first + BLOCK, cells);
    for (var cell_index = first; cell_index < end; cell_index += 1u) {
      let at_reset = cell_index == point.below;
      reset_re = select(reset_re, phi_re, at_reset);
      reset_im = select(reset_im, phi_im, at_reset);
      reset_scale = select(reset_scale, 1.0, at_reset);

      let cell = cell_of(neuron, point, cell_index);
      let phi = exponential_integrals(cell.x);
      // Within a cell phi runs from its lower to its upper value as exp(x s) uphill, where it grows with the solution of
      // frequency 0, and straight downhill, where it drifts; its weights in the integrals follow.
      let uphill = cell.x > 0.0;
      let weight_slope = select(phi.z, (phi.y - phi.z) / phi.y, uphill);
      let weight_phi = select(phi.w, (phi.z - 2.0 * phi.w) / phi.y, uphill);

      let source = given.omega * (cell.factor * cell.width);
      let tilt = source * (cell.width * weight_phi);
      let rise_re = cell.width * (phi.y * slope_re - source * (phi.z * phi_im));
      let rise_im = cell.width * (phi.y * slope_im + source * (phi.z * phi_re));
      let share = 1.0 / (1.0 + tilt * tilt);
      let step_re = (rise_re - tilt * rise_im) * share;
      let step_im = (rise_im + tilt * rise_re) * share;
      let next_re = phi.x * slope_re - source * (phi.y * phi_im + weight_slope * step_im);
      let next_im = phi.x * slope_im + source * (phi.y * phi_re + weight_slope * step_re);

      unit = cell.factor * cell.width * phi.y / density; // that of the last cell stays
      let ratio = ratios[cell_index * batch.points + index];
      let next_density = density * ratio;
      mu_re += 0.5 * cell.width * (density * slope_re + next_density * next_re);
      mu_im += 0.5 * cell.width * (density * slope_im + next_density * next_im);
      // The mean density that is right both for one that stays and for one that falls as phi' rises: the square of the
      // geometric mean over the logarithmic one, which is (2 geometric + arithmetic) / 3.
      let weight = 3.0 * next_density / (2.0 * sqrt(ratio) + 0.5 * (1.0 + ratio));
      sigma_re += weight * (next_re - slope_re);
      sigma_im += weight * (next_im - slope_im);

      density = next_density;
      phi_re += step_re;
      phi_im += step_im;
      slope_re = next_re;
      slope_im = next_im;
    }

    // A density that fell is raised and phi lowered, or the reverse, which leaves their products, and so the integrals, as
    // they are. At the cut-off it is 0, and the sweep is over.
    let low = density < 9.5367431640625e-7 && density > 0.0;
    let high = density > UP;
    let scale = select(select(1.0, UP, high), DOWN, low);
    density *= select(select(1.0, DOWN, high), UP, low);
    reset_scale *= scale;
    phi_re *= scale;
    phi_im *= scale;
    slope_re *= scale;
    slope_im *= scale;
    // phi of a high frequency grows even where the density does not fall: what is linear in phi is lowered together.
    let large = max(abs(phi_re), abs(phi_im)) > vec4f(1048576.0);
    let lower = select(vec4f(1.0), vec4f(DOWN), large);
    phi_re *= lower;
    phi_im *= lower;
    slope_re *= lower;
    slope_im *= lower;
    reset_re *= lower;
    reset_im *= lower;
    mu_re *= lower;
    mu_im *= lower;
    sigma_re *= lower;
    sigma_im *= lower;
  }

  let end_re = phi_re - reset_scale * (given.cosine * reset_re + given.sine * reset_im);
  let end_im = phi_im - reset_scale * (given.cosine * reset_im - given.sine * reset_re);
  // Divided by its larger part first, so that the square neither vanishes nor overflows.
  let large = max(abs(end_re), abs(end_im));
  let re = end_re / large;
  let im = end_im / large;
  let size = unit / (large * (re * re + im * im));
  var response: Response;
  response.mu_re = (mu_re * re + mu_im * im) * size;
  response.mu_im = (mu_im * re - mu_re * im) * size;
  response.sigma_re = point.sigma * (sigma_re * re + sigma_im * im) * size;
  response.sigma_im = point.sigma * (sigma_im * re - sigma_re * im) * size;
  responses[item] = response;
}
