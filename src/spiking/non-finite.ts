/** Where and when a state variable stopped being finite, as a sentence. */
import { NonFiniteError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import type { NetworkPlan } from './plan.ts';

/** What `watch` found in a chunk of steps. */
interface Watched {
  firstStep: number;
  /** Steps at which it looked. */
  snapshots: readonly number[];
  /** `[snapshot, network]`: the place of a group, or 2^32 - 1. */
  findings: Uint32Array;
}

/** Adds networks that are no longer finite, with how, to those that are known not to be. */
export async function noteFailures(
  device: Device,
  plan: NetworkPlan,
  state: GPUBuffer,
  { firstStep, snapshots, findings }: Watched,
  failures: Map<number, NonFiniteError>,
): Promise<void> {
  const networks = plan.networks.length;
  for (const [at, place] of findings.entries()) {
    const network = at % networks;
    if (place === 0xffffffff || failures.has(network)) continue;
    const snapshot = Math.floor(at / networks);
    const steps = { from: snapshots[snapshot - 1] ?? firstStep, until: snapshots[snapshot]! };
    failures.set(network, await nonFiniteError(device, plan, state, place, steps));
  }
}

/**
 * @param place of the group among all planes of the state, as `watch` found it
 * @param steps between which it happened
 */
async function nonFiniteError(
  device: Device,
  plan: NetworkPlan,
  state: GPUBuffer,
  place: number,
  steps: { from: number; until: number },
): Promise<NonFiniteError> {
  const group = place % plan.groups;
  const plane = Math.floor(place / plan.groups);
  const values = new Float32Array(await device.read(state, 16 * place, 16));
  const lane = Math.max(
    0,
    values.findIndex((value) => !Number.isFinite(value)),
  );
  const owner = plan.populations.findLast(({ firstGroup }) => firstGroup <= group)!;
  const variable =
    ['V', 'w'][plane] ??
    (plane < 2 + plan.receptors ? `g_${owner.receptors[plane - 2]?.receptor.name}` : 'the input of its own');
  const neuron = 4 * (group - owner.firstGroup) + lane;
  const { dt } = plan.network;
  const span = `between ${(steps.from * dt).toFixed(1)} and ${(steps.until * dt).toFixed(1)} ms`;
  return new NonFiniteError(
    `${variable} of neuron ${neuron} in population ${owner.population.name} became ${values[lane]} ${span}: the step of ${dt} ms is too coarse for the conductances or currents that act there; use a smaller dt, or smaller weights or currents`,
  );
}
