/**
 * Cells of which each neuron has its own: drawn before the first step, checked one by one, and laid out as the kernels have
 * them, one plane for each factor that varies in some population.
 */
import { InputError } from '../errors.ts';
import type { ShaderConstants } from '../gpu/shader.ts';
import { CELL_PARAMETERS, type Cell, type CellSymbol, spikeLevel } from '../models/cells.ts';
import { type MembraneFactors, membraneFactors } from '../models/membrane-factors.ts';
import type { Network, Population } from '../models/network.ts';
import { cellStepLimit } from '../models/time-step.ts';
import { boundaryUnit } from '../units.ts';
import { drawInitial } from './initial.ts';
import { HELD } from './representable.ts';

/** A field of `Membrane` in shaders/spiking/neurons.wgsl. */
interface Factor {
  name: keyof MembraneFactors | 'rest';
  /** What it is made of. */
  of: CellSymbol[];
}

const factors: Factor[] = [
  { name: 'dt_over_C_m', of: ['C_m'] },
  { name: 'g_L', of: ['g_L'] },
  { name: 'rest', of: ['E_L'] },
  { name: 'Delta_T', of: ['Delta_T'] },
  { name: 'inverse_Delta_T', of: ['Delta_T'] },
  { name: 'V_T', of: ['V_T'] },
  { name: 'V_spike', of: ['V_T', 'Delta_T'] },
  { name: 'V_r', of: ['V_r'] },
  { name: 'held_steps', of: ['tau_ref'] },
  { name: 'dt_over_tau_w', of: ['tau_w'] },
  { name: 'a', of: ['a'] },
  { name: 'b', of: ['b'] },
];

/** The factors that vary in some population: one plane each. */
function ownFactors({ populations }: Network): Factor[] {
  const varied = new Set(populations.flatMap(({ neuronCell }) => Object.keys(neuronCell ?? {})));
  return factors.filter(({ of }) => of.some((each) => varied.has(each)));
}

/** Planes of the state that hold parameters of neurons' own. */
export function countOwnFactors(network: Network): number {
  return ownFactors(network).length;
}

/** Which plane each factor has, counted from the first of them. */
export function ownConstants(network: Network): ShaderConstants {
  const planes = ownFactors(network);
  const places = planes.map(({ name }, place) => [`OWN_${name.toUpperCase()}`, place]);
  return { OWN: planes.length, ...Object.fromEntries(places) };
}

/**
 * A plane of the state for each factor that varies, one number for each neuron of the population.
 * @throws InputError where a neuron's cell makes no sense
 */
export function ownPlanes(network: Network, index: number, seed: number): Float64Array[] {
  const { cell, size, neuronCell, name } = network.populations[index]!;
  const planes = ownFactors(network);
  if (planes.length === 0) return [];
  const { dt } = network;
  const cells = drawCells(network.populations[index]!, index, seed);
  cells.forEach((each, neuron) => {
    refuseBadCell(each, neuronCell ?? {}, `populations.${name}.neuron_cell`, neuron, dt);
  });
  const result = planes.map(() => new Float64Array(size));
  for (let neuron = 0; neuron < size; neuron++) {
    const each = cells[neuron] ?? cell;
    // Kernels measure voltages from E_L of the population.
    const values = { ...membraneFactors(each, dt, cell.E_L), rest: each.E_L - cell.E_L };
    planes.forEach((factor, plane) => {
      result[plane]![neuron] = values[factor.name];
    });
  }
  return result;
}

/** Streams of initial values are those of V, w and the receptors, far below. */
const firstStream = 2 ** 30;

/** The cell of each neuron; none where all are that of the population. Each symbol has random numbers of its own. */
function drawCells({ cell, neuronCell, size }: Population, index: number, seed: number): Cell[] {
  if (!neuronCell) return [];
  const cells = Array.from({ length: size }, () => ({ ...cell }));
  CELL_PARAMETERS.forEach(({ symbol }, at) => {
    const given = neuronCell[symbol];
    if (!given) return;
    drawInitial(given, size, seed, index, firstStream + at).forEach((value, neuron) => {
      cells[neuron]![symbol] = value;
    });
  });
  return cells;
}

function refuseBadCell(
  cell: Cell,
  given: NonNullable<Population['neuronCell']>,
  path: string,
  neuron: number,
  dt: number,
): void {
  const remedy = 'narrow the distribution or correct the value';
  for (const { symbol, dimension, range } of CELL_PARAMETERS) {
    const value = cell[symbol];
    const { above = -Infinity, min = -Infinity, max = Infinity } = range;
    if (given[symbol] === undefined) continue;
    if (value > above && value >= min && value <= max && Number.isFinite(Math.fround(value))) continue;
    const bounds = [
      ...(Number.isFinite(above) ? [`above ${above}`] : []),
      ...(Number.isFinite(min) ? [`at least ${min}`] : []),
      ...(Number.isFinite(max) ? [`at most ${max}`] : []),
    ];
    const needed = bounds.length > 0 ? bounds.join(' and ') : 'at most 3.4e38 in size';
    throw new InputError(
      `${path}.${symbol} gives neuron ${neuron} ${Number(value.toPrecision(6))} ${boundaryUnit(dimension)}, which must be ${needed}: ${remedy}`,
      { field: `${path}.${symbol}` },
    );
  }
  const level = spikeLevel(cell);
  if (cell.V_r > level)
    throw new InputError(
      `${path} gives neuron ${neuron} V_r = ${Number(cell.V_r.toPrecision(6))} mV, above its spike level V_T + 5 Delta_T = ${Number(level.toPrecision(6))} mV, so that its first spike would never end: ${remedy}`,
      { field: path },
    );
  // Steps for which a neuron is held stand in the place of V; a voltage in range never reaches that far.
  if (cell.tau_ref / dt >= HELD)
    throw new InputError(
      `${path}.tau_ref gives neuron ${neuron} ${Number(cell.tau_ref.toPrecision(6))} ms, which must be less than ${HELD} steps of dt: ${remedy}`,
      { field: `${path}.tau_ref` },
    );
  const { limit, reason } = cellStepLimit(cell, `neuron ${neuron}`);
  if (dt > limit * (1 + 1e-9))
    throw new InputError(`${path} makes dt = ${dt} ms too coarse, since ${reason}: ${remedy}, or lower dt`, {
      field: path,
    });
}
