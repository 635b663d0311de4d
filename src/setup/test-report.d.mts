/** Counts of tests in vitest's JSON report; with an exit code other than 0 at least one has failed. */
export function countTests(
  report: string,
  exitCode: number,
): { passed: number; failed: number; skipped: number };
