/** Results of ALN runs and explorations in one file each: .npz for NumPy, .nc (netCDF-4, which is HDF5) for xarray. */
import { InputError } from '../errors.ts';
import { type LabelledArrays, writeNetcdf } from '../io/netcdf.ts';
import { type NamedArray, writeNpz } from '../io/npz.ts';
import { ALN_PARAMETERS } from '../models/aln.ts';
import { ALN_VARIABLES } from '../models/aln-state.ts';
import type { AlnResult, Extremes, Reduction } from './aln-result.ts';
import type { Exploration } from './explore-aln.ts';

/**
 * Writes a run or an exploration to `path`, whose ending says how.
 * @throws InputError for another ending, OutputError where it cannot be written
 */
export async function saveAln(path: string, result: AlnResult | Exploration): Promise<void> {
  requireKnownEnding(path);
  const arrays = 'points' in result ? explorationArrays(result) : runArrays(result);
  if (/\.npz$/i.test(path)) writeNpz(path, plainArrays(arrays));
  else await writeNetcdf(path, arrays);
}

/** @throws InputError where the ending is neither .npz nor .nc nor .h5 */
export function requireKnownEnding(path: string): void {
  if (!/\.(npz|nc|h5)$/i.test(path))
    throw new InputError(
      `${path} does not end in .npz, .nc or .h5; name the file by the format that it should have`,
    );
}

/** The arrays of a run: variables `[node, time]`, reduced rates `[node]`. */
export function runArrays(result: AlnResult): LabelledArrays {
  const dimensions = ['node', 'time'];
  const series = result.variables.map((name) => {
    const { unit, description } = ALN_VARIABLES.find((each) => each.name === name)!;
    return [name, { data: result.select({ variable: name }), dimensions, unit, description }] as const;
  });
  const reduced = result.reduction ? reducedArrays(result.reduction, ['node']) : {};
  return {
    coordinates: {
      node: {
        values: Int32Array.from({ length: result.nodes.count }, (_, node) => node),
        unit: '',
        description: 'node of the batch',
      },
      ...(series.length > 0
        ? { time: { values: result.times, unit: 'ms', description: 'end of the step' } }
        : {}),
    },
    variables: {
      ...Object.fromEntries(series),
      ...reduced,
      outside_table: outside(result.outsideTable, ['node']),
    },
    attributes: {
      model: 'aln',
      dt_ms: result.dt,
      ...(result.window === undefined ? {} : { window_ms: result.window }),
    },
  };
}

/** The arrays of an exploration, over the parameters that vary; one of each for every initial state. */
export function explorationArrays(exploration: Exploration): LabelledArrays {
  const dimensions = exploration.vary.map(({ name }) => name);
  const coordinates = Object.fromEntries(
    exploration.vary.map(({ name, values }) => {
      const { unit, description } = ALN_PARAMETERS.find((each) => each.name === name)!;
      return [name, { values, unit, description }];
    }),
  );
  const variables = Object.assign(
    {},
    ...exploration.starts.map((start) => ({
      ...suffixed(reducedArrays(exploration.outcomes[start]!, dimensions), start),
      [`outside_table_${start}`]: outside(exploration.outsideTable[start]!, dimensions),
    })),
  ) as LabelledArrays['variables'];
  const { duration, window } = exploration;
  return { coordinates, variables, attributes: { model: 'aln', duration_ms: duration, window_ms: window } };
}

function reducedArrays({ rates_exc, rates_inh, frequency }: Reduction, dimensions: readonly string[]) {
  const of = (name: string, who: string, extremes: Extremes) =>
    (['min', 'max', 'mean'] as const).map((which) => [
      `${name}_${which}`,
      {
        data: extremes[which],
        dimensions,
        unit: 'Hz',
        description: `${which} of the ${who} rate over the window`,
      },
    ]);
  return Object.fromEntries([
    ...of('rates_exc', 'excitatory', rates_exc),
    ...of('rates_inh', 'inhibitory', rates_inh),
    [
      'frequency',
      {
        data: frequency,
        dimensions,
        unit: 'Hz',
        description: 'frequency of the excitatory rate; NaN where it rests',
      },
    ],
  ]) as LabelledArrays['variables'];
}

function outside(data: Float64Array, dimensions: readonly string[]) {
  return { data, dimensions, unit: '', description: 'part of the steps beyond the look-up table' };
}

function suffixed(variables: LabelledArrays['variables'], start: string): LabelledArrays['variables'] {
  return Object.fromEntries(Object.entries(variables).map(([name, each]) => [`${name}_${start}`, each]));
}

/** The same without labels. */
export function plainArrays({ coordinates, variables }: LabelledArrays): Record<string, NamedArray> {
  const lengths = (dimensions: readonly string[]) =>
    dimensions.map((name) => coordinates[name]!.values.length);
  return {
    ...Object.fromEntries(
      Object.entries(coordinates).map(([name, { values }]) => [
        name,
        { data: values, shape: [values.length] },
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(variables).map(([name, { data, dimensions }]) => [
        name,
        { data, shape: lengths(dimensions) },
      ]),
    ),
  };
}
