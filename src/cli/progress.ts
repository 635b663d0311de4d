/** A bar with the remaining time, on stderr, for anything longer than a second; silent where nobody watches. */

const width = 28;
/** Shown only after this many ms, so that short work stays quiet. */
const patience = 1000;
/** Between two drawings, ms. */
const interval = 100;

export class Progress {
  private readonly label: string;
  private readonly shown: boolean;
  private readonly started = performance.now();
  private lastDrawn = 0;
  private drawn = false;

  constructor(label: string, options: { quiet: boolean }) {
    this.label = label;
    this.shown = !options.quiet && process.stderr.isTTY === true;
  }

  /** @param fraction of the work that is done, 0 to 1 */
  update(fraction: number): void {
    const now = performance.now();
    if (!this.shown || now - this.started < patience || now - this.lastDrawn < interval) return;
    this.lastDrawn = now;
    this.drawn = true;
    const full = Math.round(width * fraction);
    const bar = '█'.repeat(full) + '░'.repeat(width - full);
    const left = ((now - this.started) / 1000) * (1 / Math.max(fraction, 1e-9) - 1);
    process.stderr.write(
      `\r\x1b[2K${this.label} ${bar} ${Math.floor(100 * fraction)} %  ${formatSeconds(left)} left`,
    );
  }

  /** Takes the bar away. */
  end(): void {
    if (this.drawn) process.stderr.write('\r\x1b[2K');
    this.drawn = false;
  }
}

/** `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
