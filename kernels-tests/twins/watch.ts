/** Twin of shaders/spiking/watch.wgsl: the least place of a vec4 that holds a value that is not finite. */

/** @param state planes of `groups` vec4 each @returns plane * groups + group, or 0xFFFFFFFF where all is finite */
export function watch(state: Float32Array): number {
  const place = state.findIndex((value) => !Number.isFinite(value));
  return place < 0 ? 0xffffffff : Math.floor(place / 4);
}
