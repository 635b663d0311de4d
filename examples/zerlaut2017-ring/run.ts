/**
 * The ring of the paper and its three variants: slow conduction, a short stimulus, and narrow excitation under a wide stimulus, all in
 * one batch, with the theory as published and with the corrected one.
 *
 *     npx tsx examples/zerlaut2017-ring/run.ts [figure]
 */
import { spaceTimeFigure } from '../../src/figures/space-time.ts';
import { writeFigure } from '../../src/figures/write-figure.ts';
import {
  type GaussianStimulus,
  meanField,
  openDevice,
  propagation,
  type Ring,
  readNetwork,
  simulateRings,
  ZERLAUT_RING,
} from '../../src/index.ts';

function variant(name: string, change: Partial<Ring>, stimulus: Partial<GaussianStimulus> = {}): Ring {
  const paper = ZERLAUT_RING.stimulus as GaussianStimulus;
  // All run as long as the paper's, so that they share their axes.
  return { ...ZERLAUT_RING, name, ...change, stimulus: { ...paper, duration: 600, ...stimulus } };
}
const rings = [
  variant('The paper', {}),
  variant('Conduction at 50 mm/s', { conduction_velocity: 50 }),
  variant('Short stimulus', {}, { tau1: 10, tau2: 50 }),
  variant('Narrow excitation, wide stimulus', { exc_extent: 1 }, { extent: 4 }),
];

await using device = await openDevice();
for (const formula of ['corrected', 'as-published'] as const) {
  const runs = await simulateRings(device, rings, {
    model: meanField(readNetwork('config1'), { formula }),
    rates: true,
  });
  const plots = runs.map(({ ring, Fe, deltaV, times, positions }) => {
    const spread = propagation({ values: deltaV, times, positions });
    const peak = (values: Float32Array) => values.reduce((most, value) => Math.max(most, value), 0);
    const speed = spread.speed?.toPrecision(3);
    console.log(
      `${formula}, ${ring.name}: at most ${peak(Fe!).toFixed(2)} Hz and ${peak(deltaV).toPrecision(4)} of the resting potential; spreads at ${speed} mm/s`,
    );
    return {
      title: ring.name,
      note: `|ΔV|/|V rest|, ×1000; spreads at ${speed} mm/s`,
      values: deltaV.map((value) => 1000 * value),
      propagation: spread,
    };
  });
  if (formula === 'corrected') continue;
  const { times, positions } = runs[0]!;
  const figure = writeFigure(
    process.argv[2] ?? 'ring',
    spaceTimeFigure({ title: 'Rings of mean-field units', times, positions, plots }),
  );
  console.log(`figure in ${figure.svg} and ${figure.png}`);
}
