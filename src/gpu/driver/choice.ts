/**
 * Which driver the user wants: the environment variable SPIKEFIELD_DRIVER, so that the same command, test or script
 * can be run on each of them.
 */
import { InputError } from '../../errors.ts';

/**
 * - `auto`: whatever the system has; where it has nothing, a driver is provided
 * - `system`: whatever the system has, and nothing else
 * - `lavapipe`: Mesa's CPU driver, also where there is a GPU
 * - `swiftshader`: Chromium's CPU driver from the user's cache, also where there is a GPU
 */
export type DriverChoice = 'auto' | 'system' | 'lavapipe' | 'swiftshader';

const choices: readonly DriverChoice[] = ['auto', 'system', 'lavapipe', 'swiftshader'];

/**
 * Reads SPIKEFIELD_DRIVER; unset or empty means `auto`.
 * @throws InputError where it names no driver, or one that this system cannot have
 */
export function readDriverChoice(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): DriverChoice {
  const given = env.SPIKEFIELD_DRIVER || 'auto';
  const choice = choices.find((name) => name === given);
  if (choice === undefined) {
    throw new InputError(
      `SPIKEFIELD_DRIVER is "${given}", which names no driver: set it to ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}, or leave it unset`,
      { field: 'SPIKEFIELD_DRIVER' },
    );
  }
  if (platform !== 'linux' && (choice === 'lavapipe' || choice === 'swiftshader')) {
    throw new InputError(
      `SPIKEFIELD_DRIVER is "${choice}", which exists on Linux only: leave it unset to use this system's own GPU driver`,
      { field: 'SPIKEFIELD_DRIVER' },
    );
  }
  return choice;
}
