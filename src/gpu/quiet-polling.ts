/**
 * Dawn in Node looks whether promises can be kept as often as the event loop turns, by `setImmediate`: a core that a driver on the CPU
 * would need, and garbage at every turn. Here most of these looks are a millisecond apart.
 */

/** Looks at full speed after a wait began: most waits are short. */
const eagerLooks = 30;
/** ms */
const pause = 1;

let looks = 0;
let isQuiet = false;

/** Says that somebody begins to wait for the device. */
export function beginWait(): void {
  looks = 0;
}

/**
 * From now on, `setImmediate` of this process lets Dawn's looks wait; other callers find it as it was. For programs whose process
 * is their own, as the command line; a library does not change its host.
 */
export function pollQuietly(): void {
  if (isQuiet) return;
  isQuiet = true;
  const { setImmediate: soon, setTimeout: later } = globalThis;
  const patient = (work: (...args: unknown[]) => void, ...args: unknown[]) => {
    if (args.length > 0 || !isLook(work)) return soon(work, ...args);
    looks++;
    return looks > eagerLooks ? later(work, pause) : soon(work);
  };
  globalThis.setImmediate = Object.assign(patient, soon) as unknown as typeof setImmediate;
}

/** Dawn's callbacks are native and have no name. */
function isLook(work: unknown): boolean {
  return typeof work === 'function' && work.name === '' && String(work).includes('[native code]');
}
