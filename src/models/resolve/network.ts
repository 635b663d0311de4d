/**
 * A checked document becomes a Network: references are replaced by what they name, and what fields must mean
 * together is checked here.
 */
import { formatQuantity } from '../../units.ts';
import { type Path, Problems } from '../document/problems.ts';
import type { SourceDocument } from '../document/source-document.ts';
import { type ArrayReaders, columnReader, rowOpener } from '../document/tables.ts';
import type { Network, Population } from '../network.ts';
import { type CheckedNetwork, MAX_STEPS } from '../network-schema.ts';
import { adviseStep, stepLimit } from '../time-step.ts';
import { checkRefractorySteps } from './cell.ts';
import { type ResolveContext, requireWholeSteps } from './context.ts';
import { resolveNoise } from './noise.ts';
import { resolveInitialConductances, resolvePopulation } from './population.ts';
import { resolveProjection } from './projection.ts';
import { ReceptorTable } from './receptors.ts';

/** Where a document stands: its files are looked for in `folder`, and it is called `name` where it gives no name. */
export interface Surroundings {
  folder: string;
  name: string;
  readers: ArrayReaders;
}

/** @throws InputError that says everything that does not fit together */
export function resolveNetwork(
  checked: CheckedNetwork,
  locate: SourceDocument['locate'],
  surroundings: Surroundings,
): Network {
  const problems = new Problems(locate);
  const readColumns = columnReader(surroundings.folder, problems, surroundings.readers);
  const openRows = rowOpener(surroundings.folder, problems, surroundings.readers);
  const context: ResolveContext = { problems, readColumns, openRows, dt: checked.dt };
  const receptors = new ReceptorTable(checked.receptors, problems);
  if (Object.keys(checked.populations).length === 0) {
    problems.add(['populations'], 'is empty; describe at least one population in it');
  }
  const populations = Object.entries(checked.populations).map(([name, use]) =>
    resolvePopulation(name, use, receptors, context),
  );
  const ends = Object.entries(checked.populations).map(([name, { size }]) => {
    const { space, spikes } = populations.find((population) => population?.name === name) ?? {};
    return { name, size, space, isSource: spikes !== undefined };
  });
  const projections = Object.entries(checked.projections).map(([name, use]) =>
    resolveProjection(name, use, ends, receptors, context),
  );
  const network: Network = {
    name: checked.name ?? surroundings.name,
    description: checked.description,
    source: checked.source,
    dt: checked.dt,
    duration: checked.duration ?? defaultDuration(checked.dt),
    method: checked.method,
    storage: checked.storage,
    receptors: receptors.receptors,
    populations: populations.filter((population) => population !== undefined),
    projections: projections.filter((projection) => projection !== undefined),
  };
  for (const population of network.populations) {
    const use = checked.populations[population.name];
    if (!use) continue;
    resolveInitialConductances(population, use, receptors.receptors, context);
    const path = ['populations', population.name, 'noise'];
    const noise = resolveNoise(use.noise, path, receptors.receptors, context);
    if (noise) population.noise = noise;
  }
  checkTimeStep(network, context);
  problems.throwIfAny();
  return network;
}

/** The whole number of steps nearest to a second, ms. */
function defaultDuration(dt: number): number {
  return Number((Math.max(1, Math.round(1000 / dt)) * dt).toPrecision(12));
}

function checkTimeStep(network: Network, context: ResolveContext): void {
  const { dt, duration } = network;
  const path: Path = ['dt'];
  const strictest = stepLimit(network);
  // Within rounding of the limit a step still fits: 5 ms / 50 is no longer than 0.1 ms.
  if (strictest && dt > strictest.limit * (1 + 1e-9)) {
    context.problems.add(
      path,
      `is ${formatQuantity(dt, 'time')}, too coarse: ${strictest.reason}; use ${adviseStep(strictest.limit)} ms or less`,
    );
    return;
  }
  if (duration / dt > MAX_STEPS) {
    context.problems.add(
      ['duration'],
      `is ${formatQuantity(duration, 'time')}, or ${Math.round(duration / dt)} steps of dt; give at most ${MAX_STEPS} steps`,
    );
    return;
  }
  requireWholeSteps(context, ['duration'], duration, 'a duration');
  network.populations.forEach(({ name, cell, spikes }: Population) => {
    if (!spikes) checkRefractorySteps(cell, ['populations', name, 'cell'], context);
  });
}
