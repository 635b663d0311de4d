/**
 * Workgroups of a crew leave a window after the same step, whenever each of them comes, looks and loses patience; and what a crew
 * and the workgroup after it do is what delivery does.
 */
import { describe, expect, test } from 'vitest';
import { chooseLayout } from '../../src/spiking/layout.ts';
import { Simulation } from '../../src/spiking/simulation.ts';
import { testDevice } from '../device.ts';
import { act, type Crew, gather } from '../twins/crew.ts';
import { mixed } from './mixed-network.ts';
import { record } from './record.ts';

/** Every order of events; returns after how many steps the members left, of each way that it can end. */
function allEnds(size: number, steps: number, patience: number): number[][] {
  const seen = new Set<string>();
  const ends = new Map<string, number[]>();
  const open: Crew[] = [gather(size)];
  for (let crew = open.pop(); crew; crew = open.pop()) {
    const key = JSON.stringify(crew);
    if (seen.has(key)) continue;
    seen.add(key);
    const undecided = crew.members.flatMap(({ made }, which) => (made === undefined ? [which] : []));
    for (const which of undecided) open.push(act(crew, which, steps, patience));
    if (undecided.length > 0) continue;
    const made = crew.members.map((member) => member.made!);
    ends.set(JSON.stringify(made), made);
  }
  return [...ends.values()];
}

describe('a crew', () => {
  test.each([
    { size: 2, steps: 3, patience: 0 },
    { size: 2, steps: 4, patience: 2 },
    { size: 3, steps: 2, patience: 0 },
    { size: 3, steps: 2, patience: 1 },
  ])('of $size leaves after one step, whatever comes first: $steps steps, $patience looks', (each) => {
    const ends = allEnds(each.size, each.steps, each.patience);
    for (const made of ends) expect(new Set(made).size).toBe(1);
    const steps = ends.map(([made]) => made!).sort();
    expect(steps).toEqual(Array.from({ length: each.steps }, (_, index) => index + 1));
  });

  // A driver that has fewer threads runs some of 16 workgroups after the others: those that come first wait in vain.
  test('and the workgroup after it do what delivery does, bit for bit', async () => {
    const results = [];
    for (const way of [{ hearing: 'deliver' }, { hearing: 'together', crew: 16 }] as const) {
      const options = { seed: 3, chunkSteps: 77, ...way };
      await using simulation = await Simulation.create(await testDevice(), mixed(), options);
      expect(simulation.plan.layout).toMatchObject(way);
      results.push(await record(simulation, 30, 0.1, 29.9));
    }
    expect(results[0]!.spikes.length).toBeGreaterThan(500);
    expect(results[1]!.spikes).toEqual(results[0]!.spikes);
    expect(results[1]!.V.at(-1)).toEqual(results[0]!.V.at(-1));
  });

  test('has a core for each workgroup, and only where no network stands beside', () => {
    const model = mixed(0);
    Object.assign(model.populations[0]!, { size: 4000 });
    const crew = (options: { cores: number; company?: number }) =>
      chooseLayout(model, { software: true, mostLanes: 1024, hearing: 'together', ...options }).crew;
    expect([1, 2, 3, 4, 64].map((cores) => crew({ cores }))).toEqual([1, 2, 2, 4, 4]);
    expect(crew({ cores: 4, company: 8 })).toBe(1);
  });
});
