/** The shipped recording was made off the grid, with noise: what docs/imaging.md calls identifiable is found within one grid step. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { centreRecording } from '../../src/analysis/vsd.ts';
import { alignTo } from '../../src/analysis/vsd-residual.ts';
import { readRecording } from '../../src/io/recording-file.ts';
import { ZERLAUT_RING } from '../../src/models/ring.ts';
import { ringResiduals, stimulusPositions } from '../../src/ring/residual.ts';
import { changedRing, type ScanParameter } from '../../src/ring/scan.ts';
import { smallest } from '../../src/sweep/refine.ts';
import { gridSpace, spaced } from '../../src/sweep/space.ts';
import { testDevice } from '../device.ts';
import { published } from './rings.ts';

/** Of examples/zerlaut2017-scan/make-recording.ts. */
const HIDDEN = { stim_extent: 0.95, exc_extent: 4.3, tau2: 140 };

test('stimulus extent, excitatory extent and tau2', async () => {
  const file = fileURLToPath(new URL('../../examples/zerlaut2017-scan/recording.npz', import.meta.url));
  const recording = centreRecording(await readRecording(file));
  const alignment = alignTo(recording, stimulusPositions(ZERLAUT_RING), { dt: 0.5 });
  const space = gridSpace([
    { name: 'stim_extent', values: spaced(0.2, 2, 5) },
    { name: 'exc_extent', values: spaced(1, 7, 5) },
    { name: 'tau2', values: spaced(50, 200, 5) },
  ]);
  // The others are where the paper's grid has them, not where they were hidden.
  const others = changedRing(ZERLAUT_RING, ['conduction_velocity', 'inh_extent', 'tau1'], [325, 1, 50], 0.5);
  const rings = Array.from({ length: space.count }, (_, index) =>
    changedRing(others, space.names as ScanParameter[], space.point(index), 0.5),
  );
  const { residuals } = await ringResiduals(await testDevice(), rings, alignment, { model: published });
  const best = space.point(smallest(residuals, 1)[0]!);
  Object.values(HIDDEN).forEach((truth, axis) => {
    const { values } = space.axes![axis]!;
    expect(Math.abs(best[axis]! - truth)).toBeLessThan(values[1]! - values[0]!);
  });
});
