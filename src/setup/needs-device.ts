/** Which commands need a driver. Those that do not must not install one, nor speak of it. */

/** Verbs that compute in double precision on the host, or only read and draw; `all` of a command's. */
const withoutDevice: ReadonlyMap<string, 'all' | readonly string[]> = new Map<string, 'all' | string[]>([
  ['vsd', 'all'],
  ['connectome', 'all'],
  ['tables', ['show']],
  ['transfer', ['fit', 'show']],
  ['meanfield', ['fixed-point', 'continue']],
  ['aln', ['parameters']],
  ['node', ['parameters', 'list']],
]);

/** @param args what follows `spikefield` */
export function needsDevice([command = '', verb = '']: readonly string[]): boolean {
  const verbs = withoutDevice.get(command) ?? [];
  return verbs !== 'all' && !verbs.includes(verb);
}
