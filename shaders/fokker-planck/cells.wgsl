// The voltage axis of one grid point, cut into cells on which the drift is taken as constant, and the integrals of the
// exponential that a cell needs. Voltages are measured from EL, where single precision is finest.

struct Neuron {
  reset: f32, // Vr - EL, mV
  threshold: f32, // VT - EL, mV
  slope: f32, // DeltaT, mV
  tau: f32, // membrane time constant, ms
}

struct Point {
  mu: f32, // mV/ms
  sigma: f32, // mV/sqrt(ms)
  below: u32, // cells between the lower bound and the reset
  above: u32, // cells between the reset and the cut-off
  width_below: f32, // mV
  width_above: f32,
  mean_below: f32, // the mean of exp over a cell is that at its middle times this
  mean_above: f32,
}

// A cell from v to v + width, with the factor 2 / sigma^2 and x = -width * 2 drift / sigma^2.
struct Cell {
  width: f32,
  middle: f32,
  factor: f32,
  x: f32,
}

fn cell_of(neuron: Neuron, point: Point, index: u32) -> Cell {
  let above = index >= point.below;
  let from_reset = f32(i32(index) - i32(point.below)) + 0.5;
  var cell: Cell;
  cell.width = select(point.width_below, point.width_above, above);
  cell.middle = neuron.reset + from_reset * cell.width;
  let mean = select(point.mean_below, point.mean_above, above);
  let spike = neuron.slope * mean * exponential((cell.middle - neuron.threshold) / neuron.slope);
  let drift = (spike - cell.middle) / neuron.tau + point.mu;
  cell.factor = 2.0 / (point.sigma * point.sigma);
  cell.x = -cell.width * cell.factor * drift;
  return cell;
}

// exp by halving the range and a polynomial: the built-in one may lose up to 2 |x| units in the last place, which products
// over a thousand cells would add up. Beyond +-80 it stays where it is.
fn exponential(x: f32) -> f32 {
  let bounded = clamp(x, -80.0, 80.0);
  let halvings = round(bounded * 1.442695041);
  let rest = (bounded - halvings * 0.693359375) + halvings * 2.12194440e-4;
  var sum = 1.0 + rest * (1.0 / 7.0);
  sum = 1.0 + rest * (1.0 / 6.0) * sum;
  sum = 1.0 + rest * (1.0 / 5.0) * sum;
  sum = 1.0 + rest * (1.0 / 4.0) * sum;
  sum = 1.0 + rest * (1.0 / 3.0) * sum;
  sum = 1.0 + rest * (1.0 / 2.0) * sum;
  return ldexp(1.0 + rest * sum, i32(halvings));
}

// (e^x, phi1, phi2, phi3) with phi_n(x) = the sum over k of x^k / (k + n)!: integrals of exp over a cell, of a constant, a
// ramp and a parabola. Near 0 by the series, elsewhere by the recursion, which cancels there.
fn exponential_integrals(x: f32) -> vec4f {
  let near = clamp(x, -1.0, 1.0);
  var series = 1.0 + near * (1.0 / 12.0);
  series = 1.0 + near * (1.0 / 11.0) * series;
  series = 1.0 + near * (1.0 / 10.0) * series;
  series = 1.0 + near * (1.0 / 9.0) * series;
  series = 1.0 + near * (1.0 / 8.0) * series;
  series = 1.0 + near * (1.0 / 7.0) * series;
  series = 1.0 + near * (1.0 / 6.0) * series;
  series = 1.0 + near * (1.0 / 5.0) * series;
  series = (1.0 + near * (1.0 / 4.0) * series) * (1.0 / 6.0);
  let ramp = near * series + 0.5;
  let flat = near * ramp + 1.0;
  let by_series = vec4f(near * flat + 1.0, flat, ramp, series);

  let is_near = abs(x) <= 1.0;
  let far = select(x, 1.0, is_near);
  let e = exponential(far);
  let far_flat = (e - 1.0) / far;
  let far_ramp = (far_flat - 1.0) / far;
  let by_recursion = vec4f(e, far_flat, far_ramp, (far_ramp - 0.5) / far);
  return select(by_recursion, by_series, is_near);
}
