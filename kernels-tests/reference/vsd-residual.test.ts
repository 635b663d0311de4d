/** The published comparison with a recording: its centring, the aligned arrays and the residuals of the baseline. */
import { describe, expect, test } from 'vitest';
import { centreRecording, type Recording } from '../../src/analysis/vsd.ts';
import { alignModel, alignTo, residual } from '../../src/analysis/vsd-residual.ts';
import { ZERLAUT_RING } from '../../src/models/ring.ts';
import { stimulusPositions } from '../../src/ring/residual.ts';
import { referenceArray, referenceJson, referencePath } from '../reference.ts';

const folder = 'zerlaut2017';
const there = referencePath(folder, 'scan.json') !== undefined;
const numbers = (name: string) => Float64Array.from(referenceArray(folder, name).data);

export function syntheticRecording(): Recording {
  return {
    data: numbers('vsd_synth_data.npy'),
    times: numbers('vsd_synth_time_ms.npy'),
    positions: numbers('vsd_synth_space_mm.npy'),
  };
}

interface ScanJson {
  intermediate_for_analyze_window: Record<string, number>;
  baseline: Record<string, number>;
}

function largestMiss(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  return Array.from(found).reduce((most, value, k) => Math.max(most, Math.abs(value - expected[k]!)), 0);
}

describe.skipIf(!there)('against the published program', () => {
  const scan = there ? referenceJson<ScanJson>(folder, 'scan.json') : undefined;

  test('centring of the recording', () => {
    const expected = scan!.intermediate_for_analyze_window;
    const centred = centreRecording(syntheticRecording());
    expect(centred.peakTime).toBeCloseTo(expected.tmax_ms!, 9);
    expect(centred.centre).toBeCloseTo(expected.x_center_mm!, 9);
    expect(centred.times.length).toBe(expected.n_times);
    expect(Math.max(...centred.data)).toBeCloseTo(expected.data_max_after_smoothing_permil!, 12);
  });

  test('aligned arrays and both residuals of the baseline', () => {
    const response = referenceArray(folder, 'ring_baseline_muVn.npy').data;
    const at = stimulusPositions(ZERLAUT_RING);
    const wide = alignTo(centreRecording(syntheticRecording()), at, { dt: 0.5 });
    const model = alignModel(wide, response, 30);
    expect(largestMiss(wide.data, numbers('scan_baseline_aligned_data.npy'))).toBeLessThan(1e-12);
    // The response is stored in single precision.
    expect(largestMiss(model.values, numbers('scan_baseline_aligned_model.npy'))).toBeLessThan(1e-6);
    expect(residual(wide, model)).toBeCloseTo(scan!.baseline.residual_analyze_window_factor!, 5);
    const narrow = alignTo(centreRecording(syntheticRecording(), { from: -50, to: 200 }), at, {
      dt: 0.5,
      scale: 'peak',
    });
    expect(residual(narrow, alignModel(narrow, response, 30))).toBeCloseTo(
      scan!.baseline.residual_m50_200_max_normalised!,
      5,
    );
  });
});
