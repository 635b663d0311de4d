/**
 * Loaded into a measured Node process (`node --import`): at its end it tells its largest resident memory, in bytes, on
 * descriptor 3. Linux keeps that of the parent in getrusage, hence the look into /proc. Does nothing before the end.
 */
import { readFileSync, writeSync } from 'node:fs';

process.on('exit', () => {
  writeSync(3, String(peakBytes()));
});

function peakBytes() {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    return 1024 * Number(kilobytes);
  } catch {
    return 1024 * process.resourceUsage().maxRSS;
  }
}
