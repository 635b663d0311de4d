/**
 * What nodes emitted over the delays: on the device a ring `[slot, node]` of (first, second), in which what step n gave lies in
 * slot n modulo the number of slots; on the host two lists, the oldest step first.
 */
import type { NodeState } from './node-state.ts';

export function ringOf({ step, history }: NodeState): Float32Array {
  const { slots, first, second } = history;
  const nodes = first.length / slots;
  const ring = new Float32Array(2 * first.length);
  eachPlace(step, slots, nodes, (inList, inRing) => {
    ring[2 * inRing] = first[inList]!;
    ring[2 * inRing + 1] = second[inList]!;
  });
  return ring;
}

export function historyOf(ring: Float32Array, step: number, slots: number): NodeState['history'] {
  const first = new Float32Array(ring.length / 2);
  const second = new Float32Array(ring.length / 2);
  eachPlace(step, slots, first.length / slots, (inList, inRing) => {
    first[inList] = ring[2 * inRing]!;
    second[inList] = ring[2 * inRing + 1]!;
  });
  return { slots, first, second };
}

/** The oldest values lie where that of `step` will be written. */
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
