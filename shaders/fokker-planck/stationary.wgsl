// The stationary density of one grid point, cell by cell from the cut-off (where it is 0) down to the lower bound, for a
// probability flux of 1 between reset and cut-off and none below: P' = (2 / sigma^2) (drift P - flux). Its integral is the
// mean time between spikes without refractoriness, its first moment the mean voltage. Densities may span hundreds of
// orders of magnitude: the sweep carries a power of two beside them, and passes on only ratios from node to node.

// #include "common/dispatch.wgsl"
// #include "fokker-planck/cells.wgsl"

struct Batch {
  points: u32,
}

@group(0) @binding(0) var<uniform> neuron: Neuron;
@group(0) @binding(1) var<uniform> batch: Batch;
@group(0) @binding(2) var<storage, read> points: array<Point>;
// P(v + width) / P(v) of each cell: [cell, point]
@group(0) @binding(3) var<storage, read_write> ratios: array<f32>;
// (time between spikes / 2^exponent in ms, exponent, mean voltage from EL in mV, 0)
@group(0) @binding(4) var<storage, read_write> stationary: array<vec4f>;

@compute @workgroup_size(64)
fn solve(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = linear_workgroup(workgroup, workgroups) * 64u + lane;
  if (index >= batch.points) { return; }
  let point = points[index];
  var density = 0.0;
  var flux = 1.0;
  var exponent = 0.0;
  var mass = 0.0;
  var moment = 0.0; // about the reset
  for (var left = point.below + point.above; left > 0u; left -= 1u) {
    let cell_index = left - 1u;
    let cell = cell_of(neuron, point, cell_index);
    let phi = exponential_integrals(cell.x);
    let entering = select(0.0, flux, cell_index >= point.below) * cell.factor * cell.width;
    let top = cell.middle + 0.5 * cell.width - neuron.reset;
    let in_cell = cell.width * (phi.y * density + phi.z * entering);
    let below_top = cell.width * cell.width * ((phi.y - phi.z) * density + (phi.z - phi.w) * entering);
    mass += in_cell;
    moment += top * in_cell - below_top;
    let next = phi.x * density + phi.y * entering;
    ratios[cell_index * batch.points + index] = density / next;
    let large = next > 1048576.0;
    let scale = select(1.0, 1.0 / 1048576.0, large);
    density = next * scale;
    flux *= scale;
    mass *= scale;
    moment *= scale;
    exponent += select(0.0, 20.0, large);
  }
  stationary[index] = vec4f(mass, exponent, moment / mass + neuron.reset, 0.0);
}
