/** Results of nodes of any model with labels, for .npz, netCDF and run directories. */
import { type LabelledArrays, writeNetcdf } from '../io/netcdf.ts';
import { writeNpz } from '../io/npz.ts';
import { plainArrays, requireKnownEnding } from './aln-files.ts';
import type { NodeResult } from './node-result.ts';

/**
 * Writes a run to `path`, whose ending (.npz, .nc, .h5) says how.
 * @throws InputError for another ending, OutputError where it cannot be written
 */
export async function saveNodes(path: string, result: NodeResult): Promise<void> {
  requireKnownEnding(path);
  const arrays = nodeArrays(result);
  if (/\.npz$/i.test(path)) writeNpz(path, plainArrays(arrays));
  else await writeNetcdf(path, arrays);
}

/** The arrays of a run: variables `[node, time]`, what was reduced `[node]`. */
export function nodeArrays(result: NodeResult): LabelledArrays {
  const { model, nodes, reduction, times } = result;
  const about = (name: string) => model.variables.find((each) => each.name === name)!;
  const series = result.variables.map((name) => {
    const { unit, description } = about(name);
    const data = result.select({ variable: name });
    return [name, { data, dimensions: ['node', 'time'], unit, description }] as const;
  });
  const reduced = Object.entries(reduction?.extremes ?? {}).flatMap(([name, extremes]) =>
    (['min', 'max', 'mean'] as const).map((which) => {
      const description = `${which} of ${name} over the window`;
      const { unit } = about(name);
      return [
        `${name}_${which}`,
        { data: extremes[which], dimensions: ['node'], unit, description },
      ] as const;
    }),
  );
  const description = `frequency of ${model.variables[0]!.name}; NaN where it rests`;
  const frequency: LabelledArrays['variables'] = reduction
    ? { frequency: { data: reduction.frequency, dimensions: ['node'], unit: 'Hz', description } }
    : {};
  return {
    coordinates: {
      node: {
        values: Int32Array.from({ length: nodes.count }, (_, node) => node),
        ...{ unit: '', description: 'node of the batch' },
      },
      ...(series.length > 0 ? { time: { values: times, unit: 'ms', description: 'end of the step' } } : {}),
    },
    variables: { ...Object.fromEntries(series), ...Object.fromEntries(reduced), ...frequency },
    attributes: {
      ...{ model: model.name, dt_ms: result.dt },
      ...(result.window === undefined ? {} : { window_ms: result.window }),
    },
  };
}
