/**
 * Twin of shaders/fokker-planck/stationary.wgsl: the density for a flux of 1, from the cut-off downwards, with logarithms for
 * scale.
 */
import type { InputPoint } from '../../src/fokker-planck/mesh.ts';
import type { EifNeuron } from '../../src/models/eif.ts';
import { phiFunctions, twinCells } from './cells.ts';

export interface TwinStationary {
  /** Natural logarithm of the rate in kHz, refractoriness included. */
  logRate: number;
  /** mV */
  voltage: number;
  /** ln of the density of flux 1 at the lower node of each cell. */
  logDensity: number[];
}

export function twinStationary(neuron: EifNeuron, point: InputPoint, step: number): TwinStationary {
  const cells = twinCells(neuron, point, step);
  const logDensity = new Array<number>(cells.length);
  let scale = 0; // what is carried, times exp(scale), is meant
  let density = 0;
  let mass = 0;
  let moment = 0;
  for (let k = cells.length - 1; k >= 0; k--) {
    const { from, to, factor, g, above } = cells[k]!;
    const width = to - from;
    const [e, p1, p2, p3] = phiFunctions(g * width);
    const entering = above ? factor * width * Math.exp(-scale) : 0;
    const inCell = width * (p1 * density + p2 * entering);
    mass += inCell;
    moment += to * inCell - width ** 2 * ((p1 - p2) * density + (p2 - p3) * entering);
    density = e * density + p1 * entering;
    logDensity[k] = Math.log(density) + scale;
    if (density > 1e100) {
      scale += Math.log(density);
      mass /= density;
      moment /= density;
      density = 1;
    }
  }
  const logInterval = Math.log(mass) + scale;
  return {
    logRate: -logInterval - Math.log1p(neuron.Tref * Math.exp(-logInterval)),
    voltage: moment / mass,
    logDensity,
  };
}
