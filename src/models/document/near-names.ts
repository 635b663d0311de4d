/**
 * The name that a mistyped one was most likely meant to be, so that a message can carry its own remedy.
 */
import { orList } from '../../units.ts';

/**
 * Number of letters to insert, delete, replace or swap with their neighbour to turn one word into the other,
 * capitals ignored (optimal string alignment distance).
 */
export function editDistance(left: string, right: string): number {
  const a = left.toLowerCase();
  const b = right.toLowerCase();
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replaced, last[j]! + 1, row[j - 1]! + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, beforeLast[j - 2]! + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/** The candidate nearest to the name, where it is near enough to be meant (a third of its letters may differ). */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const allowed = Math.max(1, Math.floor(name.length / 3));
  const near = candidates
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.candidate;
}

/** "did you mean size?", or where nothing is near "choose size, cell or drive". */
export function suggestion(name: string, candidates: readonly string[]): string {
  const near = nearestName(name, candidates);
  if (near !== undefined) return `did you mean ${near}?`;
  if (candidates.length === 0) return 'there is none to choose from';
  if (candidates.length > 20) return `choose one of ${candidates.slice(0, 20).join(', ')}, ...`;
  return `choose ${orList(candidates)}`;
}
