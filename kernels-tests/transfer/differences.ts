/** Derivatives of a function of two variables by central differences, extrapolated to a vanishing step (Richardson). */
import type { Jet } from '../../src/transfer/jet.ts';

type Plane = (x: number, y: number) => number;

/** The limit of `difference(h)`, whose error is of even order in h: steps h, h/2, h/4, h/8. */
function richardson(difference: (h: number) => number, h: number): number {
  let row = [1, 2, 4, 8].map((part) => difference(h / part));
  for (let order = 4; row.length > 1; order *= 4)
    row = row.slice(1).map((finer, index) => finer + (finer - row[index]!) / (order - 1));
  return row[0]!;
}

/** [d/dx, d/dy, d2/dx2, d2/dxdy, d2/dy2] at (x, y), with steps of `hx` and `hy` at most. */
export function derivatives(f: Plane, x: number, y: number, hx: number, hy: number): number[] {
  const first = (dx: number, dy: number) => (h: number) =>
    (f(x + h * dx, y + h * dy) - f(x - h * dx, y - h * dy)) / (2 * h);
  const second = (dx: number, dy: number) => (h: number) =>
    (f(x + h * dx, y + h * dy) - 2 * f(x, y) + f(x - h * dx, y - h * dy)) / (h * h);
  const mixed = (h: number) =>
    (f(x + h * hx, y + h * hy) -
      f(x + h * hx, y - h * hy) -
      f(x - h * hx, y + h * hy) +
      f(x - h * hx, y - h * hy)) /
    (4 * h * h);
  return [
    richardson(first(hx, 0), 1) / hx,
    richardson(first(0, hy), 1) / hy,
    richardson(second(hx, 0), 1) / (hx * hx),
    richardson(mixed, 1) / (hx * hy),
    richardson(second(0, hy), 1) / (hy * hy),
  ];
}

/** The same five numbers of a jet. */
export function derivativesOf({ x, y, xx, xy, yy }: Jet): number[] {
  return [x, y, xx, xy, yy];
}
