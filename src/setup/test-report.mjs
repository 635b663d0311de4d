/** Reads vitest's JSON report for the counts that `npm test` prints last. */
import { existsSync, readFileSync } from 'node:fs';

/**
 * Counts of tests in a report. What went wrong outside any test (a file that does not load, an unhandled error, no
 * report at all) counts as a failure: with an exit code other than 0 there is at least one.
 * @param {string} report path of the JSON file
 * @param {number} exitCode vitest's exit code
 */
export function countTests(report, exitCode) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  if (existsSync(report)) {
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
    for (const file of testResults) {
      for (const { status } of file.assertionResults) {
        if (status === 'passed') counts.passed++;
        else if (status === 'failed') counts.failed++;
        else counts.skipped++;
      }
      const failedInside = file.assertionResults.some(({ status }) => status === 'failed');
      if (file.status === 'failed' && !failedInside) counts.failed++;
    }
  }
  if (exitCode !== 0) counts.failed = Math.max(1, counts.failed);
  return counts;
}
