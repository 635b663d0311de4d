/** Twin of shaders/spiking/mark.wgsl: the entries that follow those of window `index` begin where the list ends. */

/** @param spikes tail, then the first entry of each window, then entries */
export function mark(spikes: Uint32Array, index: number): Uint32Array {
  const marked = spikes.slice();
  marked[1 + index + 1] = spikes[0]!;
  return marked;
}
