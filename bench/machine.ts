/** What the numbers were measured on; no benchmark means anything without it. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { root } from './child.ts';

export interface Machine {
  cpu: string;
  /** Cores that this process may use. */
  cores: number;
  memory_bytes: number;
  system: string;
  node: string;
  spikefield: string;
  /** Processes that wanted a core in the minute before (load average); 0 on Windows, which does not tell. */
  load_before: number;
}

export function describeMachine(): Machine {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memory_bytes: totalmem(),
    system: `${type()} ${release()}`,
    node: process.version,
    spikefield: version,
    load_before: loadavg()[0]!,
  };
}
