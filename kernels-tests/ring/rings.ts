/** Rings for tests: small, short, and unlike each other. */
import { meanField } from '../../src/mean-field/library.ts';
import { readNetwork } from '../../src/models/read-network.ts';
import { type Ring, ZERLAUT_RING } from '../../src/models/ring.ts';
import type { GaussianStimulus } from '../../src/models/ring-stimulus.ts';

export const published = meanField(readNetwork('config1'), { formula: 'as-published' });
export const corrected = meanField(readNetwork('config1'));

/** A ring of 12 units that is stimulated at 20 ms and runs for 60 ms. */
export function smallRing(change: Partial<Ring> = {}, stimulus: Partial<GaussianStimulus> = {}): Ring {
  return {
    ...ZERLAUT_RING,
    units: 12,
    extent: 14.4,
    ...change,
    stimulus: change.stimulus ?? {
      ...(ZERLAUT_RING.stimulus as GaussianStimulus),
      tau1: 8,
      tau2: 20,
      start: 20,
      duration: 60,
      ...stimulus,
    },
  };
}
