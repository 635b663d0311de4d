/** Twin of shaders/spiking/space.wgsl: places in mm, and distances between them, as one would measure them. */
import type { Space } from '../../src/models/space.ts';

interface Place {
  x: number;
  y: number;
}

/** Of each neuron, row by row, in the middle of its cell of the grid. */
export function positionsOf({ columns, rows, width, height }: Space): Place[] {
  return Array.from({ length: columns * rows }, (_, neuron) => ({
    x: (((neuron % columns) + 0.5) * width) / columns,
    y: ((Math.floor(neuron / columns) + 0.5) * height) / rows,
  }));
}

export function distance({ width, height, periodic }: Space, a: Place, b: Place): number {
  const along = (apart: number, extent: number) => (periodic ? Math.min(apart, extent - apart) : apart);
  return Math.hypot(along(Math.abs(a.x - b.x), width), along(Math.abs(a.y - b.y), height));
}
