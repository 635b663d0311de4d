/** Whether a ring left the range that the transfer functions of its units were fitted in. */
import { pixelCount } from '../models/ring.ts';
import { ringConnectivity } from './connectivity.ts';
import type { Unit } from './settings.ts';
import type { RingRun } from './simulate.ts';

export interface Extrapolation {
  population: string;
  /** Input rates, Hz, when, ms, and in which unit. */
  nu_e: number;
  nu_i: number;
  time: number;
  pixel: number;
}

/** Samples looked at, at most. */
const LOOKS = 64;

/** For each population that did, where its input was first seen outside of what its fit has seen; about 64 samples are looked at. */
export function extrapolations(unit: Unit, { ring, times, input, Fe, Fi }: RingRun): Extrapolation[] {
  if (!Fe || !Fi) return [];
  const { model, exc, inh, drives, dt, fraction } = unit;
  const { links, own } = ringConnectivity(ring, dt);
  const pixels = pixelCount(ring);
  const every = Math.max(1, Math.ceil(times.length / LOOKS));
  const found = new Map<string, Extrapolation>();
  const place = (row: number, column: number) =>
    (((row % ring.rows) + ring.rows) % ring.rows) * ring.units +
    (((column % ring.units) + ring.units) % ring.units);
  for (let sample = 0; sample < times.length && found.size < model.populations.length; sample += every)
    for (let pixel = 0; pixel < pixels; pixel++) {
      let e = own.exc * Fe[sample * pixels + pixel]!;
      let i = own.inh * Fi[sample * pixels + pixel]!;
      const [row, column] = [Math.floor(pixel / ring.units), pixel % ring.units];
      for (const link of links) {
        const past = Math.max(0, sample - link.delay) * pixels;
        const forth = past + place(row + link.offset[0], column + link.offset[1]);
        const back = past + place(row - link.offset[0], column - link.offset[1]);
        e += link.exc * (Fe[forth]! + Fe[back]!);
        i += link.inh * (Fi[forth]! + Fi[back]!);
      }
      for (const index of [exc, inh]) {
        const { name, transfer, from } = model.populations[index]!;
        const part = index === exc ? fraction : 1 - fraction;
        // Second order may drive rates below 0, where F is that of 0.
        const nu_e = Math.max(
          0,
          drives[2 * index]! + from.exc[exc]! * e + part * input[sample * pixels + pixel]!,
        );
        const nu_i = Math.max(0, drives[2 * index + 1]! + from.inh[inh]! * i);
        if (!found.has(name) && transfer.extrapolates(nu_e, nu_i))
          found.set(name, { population: name, nu_e, nu_i, time: times[sample]!, pixel });
      }
    }
  return [...found.values()];
}
