/** Where and when a state variable stopped being finite, as a sentence. */
import { NonFiniteError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import type { NetworkPlan } from './plan.ts';

/**
 * @param place of the group among all planes of the state, as `watch` found it
 * @param steps between which it happened
 */
export async function nonFiniteError(
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
    ['V', 'w', 'the refractory count'][plane] ??
    (plane < 3 + plan.receptors ? `g_${owner.receptors[plane - 3]?.receptor.name}` : 'the input of its own');
  const neuron = 4 * (group - owner.firstGroup) + lane;
  const { dt } = plan.network;
  const span = `between ${(steps.from * dt).toFixed(1)} and ${(steps.until * dt).toFixed(1)} ms`;
  return new NonFiniteError(
    `${variable} of neuron ${neuron} in population ${owner.population.name} became ${values[lane]} ${span}: the step of ${dt} ms is too coarse for the conductances or currents that act there; use a smaller dt, or smaller weights or currents`,
  );
}
