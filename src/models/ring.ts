/**
 * A ring of mean-field units as data (Zerlaut, Chemla, Chavane and Destexhe, J Comput Neurosci 44:45-61, 2018): how long it is, how
 * far excitation and inhibition reach, how fast activity is conducted, and what comes in. With several rows it is a sheet whose
 * edges meet on both sides. Lengths in mm, times in ms, rates in Hz, velocities in mm/s.
 */
import { InputError } from '../errors.ts';
import { checkStimulus, type RingStimulus, stimulusDuration } from './ring-stimulus.ts';

export interface Ring {
  name: string;
  /** Units along the ring. */
  units: number;
  /** Rows of a sheet, as far apart as units are; 1 is a ring. */
  rows: number;
  /** Length, mm. */
  extent: number;
  /** Standard deviations of the Gaussians of lateral connectivity, mm. */
  exc_extent: number;
  inh_extent: number;
  /** mm/s */
  conduction_velocity: number;
  stimulus: RingStimulus;
}

/** The paper's ring and stimulus. */
export const ZERLAUT_RING: Readonly<Ring> = {
  name: 'zerlaut2017',
  units: 30,
  rows: 1,
  extent: 36,
  exc_extent: 5,
  inh_extent: 1,
  conduction_velocity: 300,
  stimulus: { kind: 'centre', amplitude: 15, extent: 1, tau1: 50, tau2: 150 },
};

/** A ring's own numbers, as options and scans name them: unit, range in which the paper looked, meaning. */
export const RING_PARAMETERS = {
  units: { unit: '', range: [30, 100], about: 'units along the ring' },
  extent: { unit: 'mm', range: [36, 36], about: 'length of the ring' },
  exc_extent: { unit: 'mm', range: [1, 7], about: 'standard deviation of excitatory connectivity' },
  inh_extent: { unit: 'mm', range: [1, 7], about: 'standard deviation of inhibitory connectivity' },
  conduction_velocity: { unit: 'mm/s', range: [50, 600], about: 'velocity of lateral conduction' },
  stim_extent: { unit: 'mm', range: [0.2, 2], about: 'standard deviation of the stimulus' },
  tau1: { unit: 'ms', range: [5, 50], about: 'rise of the stimulus' },
  tau2: { unit: 'ms', range: [50, 200], about: 'fall of the stimulus' },
  amplitude: { unit: 'Hz', range: [15, 15], about: 'peak of the stimulus' },
} as const;

/** The paper's time step, ms. */
export const RING_DT = 0.5;
const MOST_UNITS = 4096;
const MOST_PIXELS = 2 ** 16;

/** Millimetres between the units that connectivity and delays count with. */
export function mmPerPixel({ extent, units }: Ring): number {
  return extent / units;
}

/**
 * Where units are, mm. As published they are spread over the whole length, ends included, so that they lie a little further
 * apart (36/29 mm) than connectivity counts (36/30 mm).
 */
export function ringPositions({ units, extent }: Ring): Float64Array {
  const step = extent / Math.max(1, units - 1);
  return Float64Array.from({ length: units }, (_, k) => (k === units - 1 && k > 0 ? extent : k * step));
}

/** Where rows of a sheet are, mm: as far apart as units. */
export function rowPositions(ring: Ring): Float64Array {
  const step = ring.extent / Math.max(1, ring.units - 1);
  return Float64Array.from({ length: ring.rows }, (_, k) => k * step);
}

/** Pixels of a ring or sheet. */
export function pixelCount({ units, rows }: Ring): number {
  return units * rows;
}

/**
 * Samples of a run, the initial state included: the published program cuts the duration in seconds through the time step in
 * seconds off, in floating point.
 */
export function ringSteps(ring: Ring, dt: number = RING_DT): number {
  return Math.trunc(stimulusDuration(ring.stimulus, pixelCount(ring)) / (dt / 1000));
}

/**
 * Refuses numbers that no ring can have.
 * @returns the ring itself
 * @throws InputError
 */
export function checkRing(ring: Ring, dt: number = RING_DT): Ring {
  const refuse = (field: string, message: string): never => {
    throw new InputError(message, { field });
  };
  const { name, units, rows, extent, conduction_velocity: velocity, stimulus } = ring;
  if (!Number.isInteger(units) || units < 3 || units > MOST_UNITS)
    refuse(
      'units',
      `ring ${name} has ${units} units, but needs a whole number of them from 3 to ${MOST_UNITS}: the paper has 30`,
    );
  if (!Number.isInteger(rows) || rows < 1 || units * rows > MOST_PIXELS)
    refuse(
      'rows',
      `ring ${name} has ${rows} rows of ${units} units, but a sheet has 1 row or more and at most ${MOST_PIXELS} units in all: give fewer`,
    );
  if (!(extent > 0 && Number.isFinite(extent)))
    refuse(
      'extent',
      `the extent of ring ${name} is ${extent} mm, but must be above 0 mm: the paper has 36 mm`,
    );
  if (!(velocity > 0))
    refuse(
      'conduction_velocity',
      `the conduction velocity of ring ${name} is ${velocity} mm/s, but must be above 0 mm/s, or nothing would ever arrive: the paper has 50 to 600 mm/s`,
    );
  if (!(dt > 0 && Number.isFinite(dt)))
    refuse('dt', `dt is ${dt} ms, but must be above 0 ms: the paper has ${RING_DT} ms`);
  for (const field of ['exc_extent', 'inh_extent'] as const) {
    const value = ring[field];
    if (!(value > 0 && Number.isFinite(value)))
      refuse(
        field,
        `${field} of ring ${name} is ${value} mm, but must be above 0 mm: the paper has 1 to 7 mm`,
      );
    const least = rows > 1 ? Math.min(extent, rows * mmPerPixel(ring)) : extent;
    if (value > least)
      refuse(
        field,
        `${field} of ring ${name} is ${value} mm, which is wider than the ring of ${least} mm: give at most that, or a longer ring`,
      );
  }
  checkStimulus(stimulus, ring.name, units * rows);
  if (ringSteps(ring, dt) < 2)
    refuse(
      'duration',
      `ring ${name} would run for ${ringSteps(ring, dt)} steps of ${dt} ms: give a longer duration or a shorter dt`,
    );
  return ring;
}
