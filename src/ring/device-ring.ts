/** Rings as `shaders/ring/lateral.wgsl` and what is built on it want them. */
import type { WgslValue } from '../gpu/layout.ts';
import { pixelCount, type Ring, ringPositions, rowPositions } from '../models/ring.ts';
import { type GaussianStimulus, stimulusParts, timeCourse } from '../models/ring-stimulus.ts';
import { deviceFunction } from '../transfer/device-function.ts';
import { blockOf, type Chunk, type Quad } from './chunks.ts';
import { mostRate } from './faults.ts';
import type { Unit } from './settings.ts';

/** Steps; any run is shorter, and what is on its way for longer is rest. */
const MOST_DELAY = 2 ** 31;
/** Gaussians of a stimulus, at most. */
export const PARTS = 2;

/** The fields of the WGSL struct Settings that do not change during a run. */
export function deviceUnit({ model, exc, inh, drives, rates, mu_V, dt, fraction }: Unit) {
  return {
    populations: [exc, inh].map((index) => {
      const { transfer, from } = model.populations[index]!;
      return {
        transfer: deviceFunction(transfer),
        drive: [drives[2 * index]!, drives[2 * index + 1]!],
        shares: [from.exc[exc]!, from.inh[inh]!],
        afferent: index === exc ? fraction : 1 - fraction,
      };
    }),
    dt,
    share: dt / model.T,
    rest: mu_V - model.populations[inh]!.transfer.cell.E_L,
    rest_size: Math.abs(mu_V),
    rest_rates: [rates.exc, rates.inh],
  };
}

/** The fields of the WGSL struct Unit: what first order does not look at. */
export function deviceMoments({ model, exc, inh }: Unit) {
  return {
    populations: [exc, inh].map((index) => {
      const { size, transfer, adaptation } = model.populations[index]!;
      return {
        inverse_size: 1 / size,
        inverse_g: 1 / transfer.cell.g_L,
        // A current that nothing feeds decays with T, as in `mean-field/device-model.ts`.
        adaptation: adaptation
          ? [adaptation.a, 1e-3 * adaptation.b, 1 / adaptation.tau_w]
          : [0, 0, 1 / model.T],
      };
    }),
    inverse_T: 1 / model.T,
    most_rate: mostRate(model),
  };
}

/** Quads and the links they share. */
export function deviceQuads(
  { quads }: Chunk,
  rings: readonly Ring[],
  { dt, rates }: Unit,
): { quads: WgslValue[]; links: WgslValue[] } {
  const first = new Map<object, number>();
  const links: WgslValue[] = [];
  const values = quads.map((quad) => {
    const { connectivity } = quad;
    if (!first.has(connectivity)) {
      first.set(connectivity, links.length);
      for (const { column, row, delay, exc, inh } of connectivity.links)
        links.push([column + 2 ** 16 * row, Math.min(delay, MOST_DELAY), floatBits(exc), floatBits(inh)]);
    }
    return {
      first: first.get(connectivity)!,
      both: connectivity.both,
      single: connectivity.exc + connectivity.inh,
      samples: quad.longest,
      block: Math.min(blockOf(connectivity), quad.longest),
      own_e: connectivity.own.exc,
      own_i: connectivity.own.inh,
      rest_e: connectivity.sum.exc * rates.exc,
      rest_i: connectivity.sum.inh * rates.inh,
      places: quad.rings.filter((index) => index >= 0).length,
      ...courses(quad, rings, dt),
      lengths: [...quad.samples],
    };
  });
  // A binding cannot be empty: units that reach nobody read no link.
  if (links.length === 0) links.push([0, 0, 0, 0]);
  return { quads: values, links };
}

function floatBits(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0]!;
}

/** Times of the Gaussians of each ring of a quad; places and Gaussians that do not exist have a profile of 0. */
function courses({ rings: members }: Quad, rings: readonly Ring[], dt: number) {
  const of = (value: (stimulus: GaussianStimulus) => number | undefined) =>
    members.map((index) => {
      const stimulus = rings[index]?.stimulus;
      return stimulus === undefined || stimulus.kind === 'sampled' ? 0 : (value(stimulus) ?? 0);
    });
  const peak = (part: number) =>
    of((stimulus) => {
      const found = stimulusParts(stimulus)[part];
      return found && found.peak / dt;
    });
  return {
    peak_0: peak(0),
    peak_1: peak(1),
    rise: of(({ tau1 }) => 1 / tau1),
    fall: of(({ tau2 }) => 1 / tau2),
  };
}

/** Peak of each Gaussian in each unit, Hz: `[part, pixel]`. */
export function profileOf(ring: Ring): Float64Array {
  const pixels = pixelCount(ring);
  const profile = new Float64Array(PARTS * pixels);
  const { stimulus } = ring;
  if (stimulus.kind === 'sampled') return profile;
  const X = ringPositions(ring);
  const Y = rowPositions(ring);
  const [centre, middle] = [X[Math.floor(ring.units / 2)]!, Y[Math.floor(ring.rows / 2)]!];
  stimulusParts(stimulus).forEach(({ offset }, part) => {
    for (let row = 0; row < ring.rows; row++)
      for (let unit = 0; unit < ring.units; unit++) {
        const square = (X[unit]! - (centre + offset)) ** 2 + (Y[row]! - middle) ** 2;
        profile[part * pixels + row * ring.units + unit] =
          stimulus.amplitude * Math.exp(-square / 2 / stimulus.extent ** 2);
      }
  });
  return profile;
}

/** Profiles of all quads, `[quad, part, pixel, place]`. */
export function deviceProfiles({ quads }: Chunk, rings: readonly Ring[], pixels: number): Float32Array {
  const values = new Float32Array(quads.length * PARTS * pixels * 4);
  quads.forEach(({ rings: members }, quad) => {
    members.forEach((index, place) => {
      if (index < 0) return;
      profileOf(rings[index]!).forEach((value, at) => {
        values[(quad * PARTS * pixels + at) * 4 + place] = value;
      });
    });
  });
  return values;
}

/** What sampled stimuli give in `steps` steps from sample `first` on, `[quad, step, pixel, place]`, Hz. */
export function sampledInput(
  { quads }: Chunk,
  rings: readonly Ring[],
  { first, steps, dt, pixels }: { first: number; steps: number; dt: number; pixels: number },
): Float32Array {
  const values = new Float32Array(quads.length * steps * pixels * 4);
  quads.forEach(({ rings: members }, quad) => {
    members.forEach((index, place) => {
      const ring = rings[index];
      if (ring?.stimulus.kind !== 'sampled') return;
      for (let step = 0; step < steps; step++)
        for (let pixel = 0; pixel < pixels; pixel++)
          values[((quad * steps + step) * pixels + pixel) * 4 + place] = inputAt(
            ring,
            first + step,
            pixel,
            dt,
          );
    });
  });
  return values;
}

/** A sampled stimulus in a step, Hz. */
function inputAt({ stimulus, units, rows }: Ring, step: number, pixel: number, dt: number): number {
  if (stimulus.kind !== 'sampled') return 0;
  const pixels = units * rows;
  // A time that is a sample's beginning up to rounding belongs to that sample.
  const sample = Math.floor((step * dt) / stimulus.dt + 1e-6);
  return stimulus.values[Math.min(sample, stimulus.values.length / pixels - 1) * pixels + pixel]!;
}

/** The whole stimulus of a ring, `[sample, pixel]`, Hz. */
export function ringInput(ring: Ring, samples: number, dt: number): Float32Array {
  const pixels = pixelCount(ring);
  const input = new Float32Array(samples * pixels);
  const { stimulus } = ring;
  const profile = profileOf(ring);
  for (let sample = 0; sample < samples; sample++) {
    const courses =
      stimulus.kind === 'sampled'
        ? []
        : stimulusParts(stimulus).map(({ peak }) => timeCourse(stimulus, peak, sample * dt));
    for (let pixel = 0; pixel < pixels; pixel++)
      input[sample * pixels + pixel] = courses.reduce(
        (sum, value, part) => sum + value * profile[part * pixels + pixel]!,
        inputAt(ring, sample, pixel, dt),
      );
  }
  return input;
}
