/**
 * Where Spikefield keeps what it fetched or found out about this machine: a driver, and which adapter a probe saw.
 * All of it can be deleted at any time.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `$XDG_CACHE_HOME/spikefield`, or the place the platform has for such files. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'spikefield');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'spikefield');
  if (process.platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'spikefield', 'cache');
  return join(homedir(), '.cache', 'spikefield');
}
