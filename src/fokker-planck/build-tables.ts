/**
 * Builds the look-up tables of an EIF neuron: chooses the voltage step by an estimate of its error, solves every grid point
 * block by block, and fits the time constants.
 */
import { InputError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import type { EifNeuron } from '../models/eif.ts';
import { FIRST_BIN, type NoiseRegime, noiseRegime, tableFrequencies } from './frequencies.ts';
import { type InputPoint, layOut, type VoltageMesh } from './mesh.ts';
import { ResponseReader } from './responses-to-quantities.ts';
import { FokkerPlanckSolver } from './solver.ts';
import { chooseStep, type StepErrors } from './step-error.ts';
import {
  type AxisRange,
  axisValues,
  type CascadeTables,
  DEFAULT_MU,
  DEFAULT_SIGMA,
  QUANTITY_NAMES,
  type TableQuantity,
} from './tables.ts';

export interface BuildOptions {
  /** mV/ms; neurolib's -1 to 7 by default. */
  mu?: AxisRange;
  /** mV/sqrt(ms), above 0; neurolib's 0.5 to 5 by default. */
  sigma?: AxisRange;
  /** Width of a cell of the voltage axis at sigma of 1 and less, mV; chosen by its error where not given. */
  voltageStep?: number;
  /** The part of the grid that is done, 0 to 1. */
  onProgress?: (fraction: number) => void;
}

/** How a table was made. */
export interface TableRecipe {
  method: string;
  /** mV. */
  voltage_step: number;
  /** What halving that step changes over sample points of the grid, where it was chosen by this. */
  step_errors: StepErrors | null;
  /** Of the fits, Hz, and how many bins it has under weak, middle and strong noise. */
  band: { from: number; to: number; bins: Record<string, number> };
  adapter: string;
}

/** Most points in a block: more would not fill a GPU better. */
const MOST_IN_BLOCK = 4096;
/** Cells times frequencies of the first block, and how long later ones should take, ms: short enough for the watchdogs of drivers. */
const FIRST_BLOCK = 2 ** 25;
const BLOCK_TIME = 200;

/** Quantities of grid points, in the order of the points. */
export type PointQuantities = Record<TableQuantity, Float64Array>;

/**
 * Tables of `neuron` over the grid of mu and sigma.
 * @throws InputError where an axis does not ascend, sigma is not above 0, or a point lies beyond what can be resolved
 */
export async function buildTables(
  device: Device,
  neuron: EifNeuron,
  options: BuildOptions = {},
): Promise<CascadeTables & { recipe: TableRecipe & Record<string, unknown> }> {
  const { mu, sigma } = checkOptions(options);
  using solver = await FokkerPlanckSolver.create(device, neuron);
  const chosen =
    options.voltageStep === undefined
      ? await chooseStep(mu, sigma, (points, step) => solveAll(solver, neuron, points, step))
      : { step: options.voltageStep, errors: null };

  // By sigma first: neighbours in a block then have axes of about the same length, and no lane waits for another.
  const points: InputPoint[] = [];
  for (const s of sigma) for (const m of mu) points.push({ mu: m, sigma: s });
  const solved = await solveAll(solver, neuron, points, chosen.step, options.onProgress);
  const values = Object.fromEntries(
    QUANTITY_NAMES.map((name) => [name, transpose(solved[name], sigma.length, mu.length)]),
  ) as Record<TableQuantity, Float32Array>;
  const recipe: TableRecipe = {
    method:
      'adjoint threshold integration, exponential integrator, single precision; see docs/fokker-planck.md',
    voltage_step: chosen.step,
    step_errors: chosen.errors,
    band: describeBand(neuron, sigma),
    adapter: device.adapter.name,
  };
  return { neuron, mu, sigma, values, recipe: { ...recipe } };
}

function describeBand(neuron: EifNeuron, sigma: Float64Array): TableRecipe['band'] {
  const regimes = [...sigma].map((s) => noiseRegime(neuron, s));
  const bins = Object.fromEntries(
    [...new Set(regimes)].map((regime) => [regime, tableFrequencies(regime).hertz.length - FIRST_BIN]),
  );
  const { hertz, weight } = tableFrequencies('middle');
  const edge = (bin: number, side: number) => hertz[bin]! + (side * weight[bin]!) / 2;
  return { from: edge(FIRST_BIN, -1), to: Number(edge(hertz.length - 1, 1).toFixed(3)), bins };
}

/**
 * The axes that the options ask for, before anything is computed.
 * @throws InputError where an axis does not ascend, sigma is not above 0, or the voltage step is none
 */
export function checkOptions(options: BuildOptions): { mu: Float64Array; sigma: Float64Array } {
  const mu = axisValues(options.mu ?? DEFAULT_MU, 'mu');
  const sigma = axisValues(options.sigma ?? DEFAULT_SIGMA, 'sigma');
  if (!(sigma[0]! > 0))
    throw new InputError(
      `sigma begins at ${sigma[0]} mV/sqrt(ms); begin above 0, since a density needs noise.`,
      { field: 'sigma' },
    );
  const step = options.voltageStep;
  if (step !== undefined && !(step > 0 && step <= 1))
    throw new InputError(`the voltage step is ${step} mV; give one above 0 and up to 1 mV.`, {
      field: 'voltageStep',
    });
  return { mu, sigma };
}

/** All quantities at each of the points, block by block. */
export async function solveAll(
  solver: FokkerPlanckSolver,
  neuron: EifNeuron,
  points: readonly InputPoint[],
  step: number,
  onProgress: (fraction: number) => void = () => {},
): Promise<PointQuantities> {
  const result = Object.fromEntries(
    QUANTITY_NAMES.map((name) => [name, new Float64Array(points.length)]),
  ) as PointQuantities;
  const readers = new Map<NoiseRegime, ResponseReader>();
  const readerOf = (regime: NoiseRegime) => {
    const reader = readers.get(regime) ?? new ResponseReader(tableFrequencies(regime));
    readers.set(regime, reader);
    return reader;
  };
  let most = 0;
  for (let first = 0; first < points.length; ) {
    const regime = noiseRegime(neuron, points[first]!.sigma);
    const reader = readerOf(regime);
    most ||= firstBlock(layOut(neuron, points[first]!, step), reader.set.hertz.length);
    let alike = 1;
    while (first + alike < points.length && noiseRegime(neuron, points[first + alike]!.sigma) === regime)
      alike++;
    const count = solver.blockSize(points, first, step, Math.min(most, alike));
    const started = performance.now();
    const block = await solver.solve(points.slice(first, first + count), step);
    const responses = await solver.respond(block, reader.set.hertz);
    const elapsed = performance.now() - started;
    const around = reader.aroundPeaks(responses, count);
    const near = await solver.respond(block, around, { each: true });
    for (let point = 0; point < count; point++) {
      const at = first + point;
      result.r[at] = 1e3 * Math.exp(block.logRate[point]!);
      result.V[at] = block.voltage[point]!;
      result.tau_mu[at] = reader.tauMu(responses, point, count);
      result.tau_sigma[at] = reader.tauSigma(responses, point, count);
      const { tau, f0 } = reader.oscillation(responses, near, around, point, count);
      result.tau_mu_dosc[at] = tau;
      result.f0_mu_dosc[at] = f0;
    }
    first += count;
    onProgress(first / points.length);
    most = Math.max(1, Math.min(MOST_IN_BLOCK, 2 * most, Math.round((count * BLOCK_TIME) / elapsed)));
  }
  refuseUnresolved(result, points);
  return result;
}

function firstBlock({ below, above }: VoltageMesh, frequencies: number): number {
  return Math.max(1, Math.floor(FIRST_BLOCK / (frequencies * (below + above))));
}

/** A point so far from the neuron's range that single precision has no answer is said, not filled in. */
function refuseUnresolved(result: PointQuantities, points: readonly InputPoint[]): void {
  for (const name of QUANTITY_NAMES) {
    const bad = result[name].findIndex((value) => !Number.isFinite(value));
    if (bad < 0) continue;
    const { mu, sigma } = points[bad]!;
    throw new InputError(
      `${name} cannot be computed at mu = ${mu} mV/ms and sigma = ${sigma} mV/sqrt(ms) in single precision; narrow the grid, with a higher least sigma or a higher least mu.`,
      { field: name },
    );
  }
}

/** From `[sigma, mu]` to `[mu, sigma]`. */
function transpose(values: Float64Array, sigmas: number, mus: number): Float32Array {
  return Float32Array.from(
    { length: values.length },
    (_, index) => values[(index % sigmas) * mus + Math.floor(index / sigmas)]!,
  );
}
