/**
 * Says what stands between Spikefield and a GPU on this system, and what to do about it. `doctor` prints all of it;
 * a device that cannot be opened puts problem and remedy into its error.
 */
import { type DriverFacts, gatherFacts } from './facts.ts';
import { isSoftware } from './manifests.ts';
import { type ProbedAdapter, type ProbeResult, probeAdapter } from './probe.ts';
import { type Cause, explain } from './remedies.ts';

export interface Diagnosis extends DriverFacts {
  adapter: ProbedAdapter | undefined;
  /** Undefined where a GPU is in use, or where the CPU is and there is no sign of a GPU. */
  cause: Cause | undefined;
  /** What is wrong, as a clause without a full stop. */
  problem: string | undefined;
  /** What to do about it on this system, as a clause without a full stop. */
  remedy: string | undefined;
}

/** Looks at drivers and devices, and opens an adapter in a process of its own (unless its answer is given). */
export async function diagnose(result?: ProbeResult): Promise<Diagnosis> {
  return judge(gatherFacts(result ?? (await probeAdapter())));
}

/** The most likely cause, and the sentences that go with it. */
export function judge(facts: DriverFacts): Diagnosis {
  const cause = findCause(facts);
  const { adapter } = facts.result;
  if (cause === undefined) return { ...facts, adapter, cause, problem: undefined, remedy: undefined };
  return { ...facts, adapter, cause, ...explain(cause, facts) };
}

function findCause(facts: DriverFacts): Cause | undefined {
  const { result, system, loader, drivers } = facts;
  if (result.adapter && !result.adapter.software) return undefined;
  if (system.platform !== 'linux') return result.adapter ? undefined : 'platform';
  const idle = idleGpu(facts);
  if (result.adapter) return idle;
  if (result.failure === 'binding') return 'binding';
  if (idle !== undefined) return idle;
  if (loader === undefined) return 'no-loader';
  if (facts.named !== undefined) return 'named-driver';
  if (drivers.length === 0) return 'no-driver';
  // Dawn names the feature that it misses; only Mesa's CPU driver before version 23 is known to lack it.
  if (/DynamicIndexing/.test(result.words)) return 'mesa-too-old';
  if (result.failure === 'crash') return 'driver-crash';
  if (result.failure === 'wrong') return 'driver-wrong';
  return 'driver-unusable';
}

/** Why a GPU whose device files are there is not used. */
function idleGpu({ nodes, drivers, system, loader }: DriverFacts): Cause | undefined {
  const has = (pattern: RegExp) => nodes.some(({ path }) => pattern.test(path));
  if (has(/nvidia\d+$/)) {
    const driver = drivers.some(({ kind, libraryExists }) => kind === 'nvidia' && libraryExists !== false);
    if (!driver) return system.container ? 'nvidia-container' : 'nvidia-driver';
  }
  const render = nodes.filter(({ path }) => /renderD\d+$/.test(path));
  const hardware = drivers.some(({ kind }) => !isSoftware(kind));
  if (loader !== undefined && hardware && render.length > 0 && render.every(({ usable }) => !usable))
    return 'permission';
  return has(/dxg$/) && !has(/renderD\d+$/) ? 'wsl' : undefined;
}
