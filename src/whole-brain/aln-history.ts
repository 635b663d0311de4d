/**
 * Rates over the delays, on the device a ring `[slot, node]` of (E, I), in which those of step n lie in slot n modulo the number
 * of slots; on the host two lists, the oldest step first.
 */
import type { AlnState } from './aln-initial.ts';

export function ringOf({ step, history }: AlnState): Float32Array {
  const { slots, rates_exc, rates_inh } = history;
  const nodes = rates_exc.length / slots;
  const ring = new Float32Array(2 * rates_exc.length);
  eachPlace(step, slots, nodes, (inList, inRing) => {
    ring[2 * inRing] = rates_exc[inList]!;
    ring[2 * inRing + 1] = rates_inh[inList]!;
  });
  return ring;
}

export function historyOf(ring: Float32Array, step: number, slots: number): AlnState['history'] {
  const rates_exc = new Float32Array(ring.length / 2);
  const rates_inh = new Float32Array(ring.length / 2);
  eachPlace(step, slots, rates_exc.length / slots, (inList, inRing) => {
    rates_exc[inList] = ring[2 * inRing]!;
    rates_inh[inList] = ring[2 * inRing + 1]!;
  });
  return { slots, rates_exc, rates_inh };
}

/** The oldest rates lie where those of `step` will be written. */
function eachPlace(
  step: number,
  slots: number,
  nodes: number,
  visit: (inList: number, inRing: number) => void,
): void {
  for (let age = 0; age < slots; age++) {
    const slot = (step + age) % slots;
    for (let node = 0; node < nodes; node++) visit(age * nodes + node, slot * nodes + node);
  }
}
