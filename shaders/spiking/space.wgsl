// How far apart two neurons are, and which neurons are near one, in integers. Neurons stand on grids, row by row; a grid is
// laid over the width and the height of its space, each 2^31 long here.

// #include "common/fixed-log2.wgsl"

struct Space {
  source_columns: u32,
  target_columns: u32,
  target_rows: u32,
  periodic: u32,       // 1 where the space closes on itself
  source_step_x: u32,  // from one neuron to the next, in 2^-31 of the width
  source_step_y: u32,
  target_step_x: u32,
  target_step_y: u32,
  scale_x: u32,        // 2^16 times the width, in units of the longest distance that counts
  scale_y: u32,
  unused_0: u32,
  unused_1: u32,
}

const SPAN_OF_SPACE: u32 = 0x80000000u;
// A squared distance of 1: the longest that counts.
const REACH: u32 = 0x40000000u;

fn apart(a: u32, b: u32, periodic: u32, scale: u32) -> u32 {
  let straight = max(a, b) - min(a, b);
  let distance = select(straight, min(straight, SPAN_OF_SPACE - straight), periodic == 1u);
  // Beyond the reach it is enough to know that it is.
  return min(multiply_wide(distance, scale).x, 40000u);
}

fn source_place(space: Space, neuron: u32) -> vec2u {
  let cell = vec2u(neuron % space.source_columns, neuron / space.source_columns);
  let step = vec2u(space.source_step_x, space.source_step_y);
  return cell * step + step / vec2u(2u);
}

// The squared distance of two neurons, in 2^-30 of that of the reach.
fn squared_distance(space: Space, neuron: u32, goal: u32) -> u32 {
  let here = source_place(space, neuron);
  let cell = vec2u(goal % space.target_columns, goal / space.target_columns);
  let step = vec2u(space.target_step_x, space.target_step_y);
  let there = cell * step + step / vec2u(2u);
  let x = apart(here.x, there.x, space.periodic, space.scale_x);
  let y = apart(here.y, there.y, space.periodic, space.scale_y);
  return x * x + y * y;
}

// The part of the target grid that a neuron can reach: rows and columns around the cell it stands over, or all of them.
struct Band {
  rows: u32,
  columns: u32,
  half_rows: u32,     // rows before the neuron's own
  half_columns: u32,
}

const NOBODY: u32 = 0xFFFFFFFFu;

fn band_line(centre: u32, half: u32, place: u32, lines: u32, all: bool, periodic: u32) -> u32 {
  if (all) {
    return place;
  }
  let line = i32(centre) + i32(place) - i32(half);
  let inside = line >= 0 && line < i32(lines);
  let wrapped = u32((line + i32(lines)) % i32(lines));
  return select(NOBODY, wrapped, inside || periodic == 1u);
}

// The neuron in a row and a column of the band, or NOBODY where that is beyond the edge.
fn band_neuron(space: Space, band: Band, neuron: u32, row: u32, column: u32) -> u32 {
  let place = source_place(space, neuron);
  let centre = vec2u(
    min(place.x / space.target_step_x, space.target_columns - 1u),
    min(place.y / space.target_step_y, space.target_rows - 1u),
  );
  let x = band_line(centre.x, band.half_columns, column, space.target_columns, band.columns == space.target_columns, space.periodic);
  let y = band_line(centre.y, band.half_rows, row, space.target_rows, band.rows == space.target_rows, space.periodic);
  return select(y * space.target_columns + x, NOBODY, x == NOBODY || y == NOBODY);
}
