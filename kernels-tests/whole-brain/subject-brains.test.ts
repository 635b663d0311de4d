/** Subjects as brains of their own in explorations and fits: each is what it would be if there were nobody else. */
import { describe, expect, test } from 'vitest';
import { connectomesOfSubjects, prepareConnectome } from '../../src/models/connectome.ts';
import { syntheticSource } from '../../src/models/synthetic-connectome.ts';
import { withSyntheticRecordings } from '../../src/models/synthetic-recordings.ts';
import { acrossSpace, listSpace } from '../../src/sweep/space.ts';
import { brainTask, SUBJECT_AXIS } from '../../src/whole-brain/brain-task.ts';
import { requireBrains } from '../../src/whole-brain/evaluate-brains.ts';
import { exploreBrains } from '../../src/whole-brain/explore-brains.ts';
import { testDevice } from '../device.ts';
import { newPaths } from '../own-folder.ts';

const folder = newPaths();

const connectome = prepareConnectome(
  withSyntheticRecordings(syntheticSource({ nodes: 10, seed: 2 }), { subjects: 2, samples: 60 }),
);
const parameters = { mue_ext_mean: 1.57, mui_ext_mean: 1.6, b: 5 };
/** Two subjects whose weights and lengths differ, also in which connections there are. */
const different = prepareConnectome({
  ...connectome.source,
  subjects: connectome.subjects.map((subject, place) => ({
    ...subject,
    weights: subject.weights.map((weight, at) => (place === 1 && at % 3 === 0 ? 0 : weight)),
    lengths: subject.lengths!.map((length) => (place === 1 ? 2.5 * length : length)),
  })),
});

describe('subjects as brains of their own', () => {
  const times = { duration: 1200, transient: 200, bold: { TR: 20 }, dynamics: { window: 20, step: 5 } };
  const each = connectomesOfSubjects(different);
  const own = brainTask({ connectome: different, each, parameters, seeds: [3, 4], ...times });
  const inner = listSpace(
    ['sigma_ou', 'signalV'],
    [
      [0.1, 20],
      [0.3, 5],
    ],
  );
  const across = acrossSpace({ name: SUBJECT_AXIS, values: [0, 1] }, inner);
  /** As if there were no other subject; compared with both. */
  const rowsOf = async (place: number) => {
    const alone = brainTask({ connectome: each[place]!, parameters, seeds: [3, 4], ...times });
    const both = { ...alone, target: own.target };
    return (await exploreBrains(await testDevice(), both, inner, { folder: folder() })).results;
  };

  test('are the axis of an exploration: rows are what each subject gives alone', async () => {
    const device = await testDevice();
    const path = folder();
    const { results } = await exploreBrains(device, own, across, { folder: path, batch: 4 });
    const parts = await exploreBrains(device, own, across, { folder: folder(), batch: 3 });
    expect(parts.results.rows).toEqual(results.rows);
    for (const place of [0, 1]) {
      const alone = await rowsOf(place);
      for (const name of results.plan.results) {
        const mine = results.column(name).slice(2 * place, 2 * place + 2);
        const name_ = /^fc_correlation$/.test(name)
          ? `fc_correlation.${different.subjects[place]!.name}`
          : name;
        if (name !== 'fcd_distance') expect([name, mine]).toEqual([name, alone.column(name_)]);
      }
    }
    const fits = results.column('fc_correlation');
    expect(fits[0]).not.toBe(fits[2]);
    expect(results.plan.space.point(3)).toEqual([1, 0.3, 5]);
    // A folder of the same points without subjects is another exploration.
    await expect(
      exploreBrains(
        device,
        { ...own, each: own.each!.slice(0, 1) },
        acrossSpace({ name: SUBJECT_AXIS, values: [0] }, inner),
        {
          folder: path,
        },
      ),
    ).rejects.toThrow(/another sweep/);
  }, 60_000);

  test('are one point of a fit: its numbers are means, its correlations those of each with its own recording', async () => {
    const device = await testDevice();
    const { results } = await exploreBrains(device, own, inner, { folder: folder() });
    const rows = [await rowsOf(0), await rowsOf(1)];
    const names = different.subjects.map(({ name }) => `fc_correlation.${name}`);
    for (const point of [0, 1]) {
      const fits = rows.map((row, place) => row.column(names[place]!)[point]!);
      expect(names.map((name) => results.column(name)[point])).toEqual(fits);
      expect(results.column('fc_correlation')[point]).toBeCloseTo((fits[0]! + fits[1]!) / 2, 12);
      const rates = rows.map((row) => row.column('rates_exc_mean')[point]!);
      expect(results.column('rates_exc_mean')[point]).toBeCloseTo((rates[0]! + rates[1]!) / 2, 12);
    }
  }, 60_000);

  test('keep their own matrices, and what cannot be is refused', () => {
    const [first, second] = each;
    expect(second!.weights).toEqual(
      prepareConnectome({ ...different.source, subjects: [different.subjects[1]!] }).weights,
    );
    expect(Math.max(...first!.weights)).toBe(1);
    expect(second!.lengths![1]).toBe(2.5 * first!.lengths![1]!);
    // Without lengths of its own a subject takes the mean of the others.
    const { lengths: _, ...bare } = different.subjects[1]!;
    const some = prepareConnectome({ ...different.source, subjects: [different.subjects[0]!, bare] });
    const [, filled] = connectomesOfSubjects(some);
    expect(filled!.lengths).toEqual(first!.lengths);
    expect(filled!.preparation.notes.join(' ')).toMatch(/has no lengths and takes the mean/);
    expect(() => brainTask({ connectome: different, each: [different], ...times })).toThrow(
      /no brain of one subject/,
    );
    expect(() => brainTask({ connectome: different, each: [], ...times })).toThrow(/is empty/);
    const { bold: _bold, fc: _fc, ...silent } = different.subjects[1]!;
    const quiet = prepareConnectome({ ...different.source, subjects: [different.subjects[0]!, silent] });
    expect(() => brainTask({ connectome: quiet, each: connectomesOfSubjects(quiet), ...times })).toThrow(
      /has no recording to be compared with/,
    );
    expect(() => requireBrains(own, [{ name: SUBJECT_AXIS, from: 0, to: 2 }])).toThrow(
      /there are 2 subjects/,
    );
    expect(() =>
      requireBrains(brainTask({ connectome: different, ...times }), [{ name: SUBJECT_AXIS, from: 0, to: 1 }]),
    ).toThrow(/has no brains of subjects/);
  });
});
