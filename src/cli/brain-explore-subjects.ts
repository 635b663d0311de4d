/** An exploration with an axis of subjects, which is its first and varies slowest: what it says of one of them, and of all on average. */
import { SweepResults } from '../sweep/folder.ts';
import type { SweepSpace } from '../sweep/space.ts';

/** The points of one subject, in the space without that axis. */
export function ofSubject(
  { plan, rows, done }: SweepResults,
  inner: SweepSpace,
  place: number,
): SweepResults {
  const results = new SweepResults({ ...plan, space: inner });
  const width = plan.results.length;
  for (let point = 0; point < inner.count; point++) {
    const at = place * inner.count + point;
    if (done[at]) results.take(point, rows.subarray(at * width, (at + 1) * width));
  }
  return results;
}

/**
 * Points that are done for every subject, with the mean over them. What is said of one recording is of its subject's brain alone, as in
 * fits; a number that some subjects have at no point is that of the others.
 * @param subjects their names in the order of the axis
 */
export function meanOverSubjects(
  results: SweepResults,
  inner: SweepSpace,
  subjects: readonly string[],
): SweepResults {
  const each = subjects.map((_, place) => ofSubject(results, inner, place));
  const means = new SweepResults({ ...results.plan, space: inner });
  const names = results.plan.results;
  const having = names.map((name) => {
    const own = each[subjects.findIndex((subject) => name === `fc_correlation.${subject}`)];
    if (own) return [own];
    const some = each.filter((own) => own.column(name).some((value) => !Number.isNaN(value)));
    return some.length > 0 ? some : each;
  });
  for (let point = 0; point < inner.count; point++) {
    if (!each.every(({ done }) => done[point])) continue;
    means.take(
      point,
      names.map((_, k) => {
        const values = having[k]!.map(({ rows }) => rows[point * names.length + k]!);
        return values.reduce((sum, value) => sum + value, 0) / values.length;
      }),
    );
  }
  return means;
}
