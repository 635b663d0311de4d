/** The noise of a population: its receptors found, and what does nothing left out. */
import { describeValue } from '../../units.ts';
import { suggestion } from '../document/near-names.ts';
import type { Path } from '../document/problems.ts';
import type { Fluctuation, Noise, Receptor } from '../network.ts';
import type { CheckedPopulation } from '../network-schema.ts';
import type { ResolveContext } from './context.ts';

/** @returns undefined where there is no noise */
export function resolveNoise(
  use: CheckedPopulation['noise'],
  path: Path,
  receptors: readonly Receptor[],
  context: ResolveContext,
): Noise | undefined {
  if (use === undefined) return undefined;
  const conductances: Noise['conductances'] = [];
  for (const [name, fluctuation] of Object.entries(use.conductance ?? {})) {
    const receptor = receptors.find((each) => each.name === name);
    const acts = does(fluctuation);
    if (receptor && acts) conductances.push({ receptor, fluctuation: acts });
    if (receptor) continue;
    const names = receptors.map((each) => each.name);
    const remedy = names.length > 0 ? suggestion(name, names) : 'add it to receptors with its tau and E_rev';
    context.problems.add(
      [...path, 'conductance', name],
      `fluctuates but there is no receptor called ${describeValue(name)}; ${remedy}`,
    );
  }
  const current = does(use.current);
  if (use.white === 0 && !current && conductances.length === 0) return undefined;
  return { white: use.white, current, conductances };
}

function does(use: Fluctuation | undefined): Fluctuation | undefined {
  return use && (use.mean !== 0 || use.sd !== 0) ? { ...use } : undefined;
}
