/** What brian2.json holds: the activity of config1 with 50,000 neurons by Brian2, seed by seed. How it is made: README.md. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ActivityStatistics } from '../../../bench/activity-statistics.ts';

export interface StoredActivity {
  source: string;
  versions: Record<string, string>;
  neurons: number;
  duration_ms: number;
  /** From and to, ms. */
  windows: Record<string, [number, number]>;
  seeds: { seed: number; synapses: number; statistics: Record<string, ActivityStatistics> }[];
}

export const storedPath = fileURLToPath(new URL('brian2.json', import.meta.url));

export function storedActivity(): StoredActivity {
  return JSON.parse(readFileSync(storedPath, 'utf8')) as StoredActivity;
}
