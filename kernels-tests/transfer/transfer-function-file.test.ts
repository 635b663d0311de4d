/** Transfer functions in files: what is read is what was written, and nothing else is taken for one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { InputError, OutputError } from '../../src/errors.ts';
import { fitTransferFunction } from '../../src/transfer/fit.ts';
import { TransferFunction } from '../../src/transfer/transfer-function.ts';
import {
  parseTransferFunction,
  readTransferFunction,
  requireSameNeuron,
  transferFunctionToJSON,
  writeTransferFunction,
} from '../../src/transfer/transfer-function-file.ts';
import { ownFolder } from '../own-folder.ts';
import { twinRate } from '../twins/template.ts';
import { cellOf, config1, dataOf, someCoefficients } from './neurons.ts';

const folder = ownFolder();

const template = {
  cell: cellOf('FS-cell'),
  input: config1,
  formula: 'corrected' as const,
  coefficients_mV: someCoefficients,
};
const fitted = fitTransferFunction(
  dataOf(template, (nu_e, nu_i) => twinRate(template, nu_e, nu_i), {
    nu_e: [0, 2, 4, 6, 8, 10],
    nu_i: [0, 3, 6, 9, 12],
  }),
);

describe('what is written', () => {
  test('is read again, report and all', () => {
    const path = join(folder, 'fs.json');
    writeTransferFunction(path, fitted);
    const read = readTransferFunction(path);
    expect(transferFunctionToJSON(read)).toEqual(transferFunctionToJSON(fitted));
    expect(read.derivatives(5, 5)).toEqual(fitted.derivatives(5, 5));
    expect(read.rateSD(5, 5)).toBe(fitted.rateSD(5, 5));
    expect(read.extrapolates(30, 0)).toBe(true);
    expect(read.extrapolates(3, 3)).toBe(false);
    expect(read.points).toBeUndefined();
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ version: 1, formula: 'corrected' });
  });

  test('may be without a report: printed coefficients', () => {
    const printed = new TransferFunction({ ...template, formula: 'as-published' });
    const read = parseTransferFunction(JSON.stringify(transferFunctionToJSON(printed)), 'printed.json');
    expect(read.formula).toBe('as-published');
    expect(read.rateSD(1, 1)).toBeUndefined();
    expect(read.extrapolates(1, 1)).toBe(false);
    expect(read.rate(4, 4)).toBe(printed.rate(4, 4));
  });

  test('goes where it can be written', () => {
    expect(() => writeTransferFunction(join(folder, 'none', 'fs.json'), fitted)).toThrow(OutputError);
  });
});

describe('what is refused', () => {
  const whole = () => JSON.parse(JSON.stringify(transferFunctionToJSON(fitted)));
  const sentence = (text: string) => {
    try {
      parseTransferFunction(text, 'tf.json');
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      return (error as Error).message;
    }
    return 'nothing was refused';
  };
  const changed = (change: (document: ReturnType<typeof whole>) => void) => {
    const document = whole();
    change(document);
    return sentence(JSON.stringify(document));
  };

  test('other files', () => {
    expect(sentence('{"a": ')).toBe(
      'tf.json: the file is not valid JSON, so it is no transfer function; fit the measurement again',
    );
    const other =
      /^tf\.json: this is not a transfer function \(its format is not "spikefield-transfer-function"\); give /;
    expect(sentence('{"format": "spikefield-run"}')).toMatch(other);
    expect(sentence('[1, 2]')).toMatch(other);
    expect(sentence('null')).toMatch(other);
    expect(() => readTransferFunction(join(folder, 'absent.json'))).toThrow(
      /absent\.json: no transfer function can be read here; give the file that a fit wrote$/,
    );
  });

  test('other versions', () => {
    expect(changed((document) => Object.assign(document, { version: 2 }))).toBe(
      'tf.json: the transfer function is of version 2 and this Spikefield knows 1; fit the measurement again, or use the Spikefield that wrote it',
    );
  });

  test('damage, with its place', () => {
    expect(changed((document) => document.coefficients_mV.pop())).toBe(
      'tf.json: coefficients_mV: must hold 5 or 11 numbers; fit the measurement again',
    );
    // JSON has no NaN; it arrives as null.
    expect(changed((document) => document.coefficients_mV.splice(3, 1, Number.NaN))).toMatch(
      /^tf\.json: coefficients_mV\.3: .+; fit the measurement again$/,
    );
    expect(changed((document) => delete document.formula)).toMatch(/^tf\.json: formula: /);
    expect(changed((document) => Object.assign(document.cell, { g_L: -1 }))).toMatch(
      /^tf\.json: cell\.g_L: /,
    );
    expect(changed((document) => document.fit.covariance_mV2.pop())).toMatch(
      /^tf\.json: fit\.covariance_mV2: must have /,
    );
    expect(changed((document) => Object.assign(document.input.exc, { delay: 1 }))).toMatch(
      /^tf\.json: input\.exc: /,
    );
  });

  test('another neuron', () => {
    expect(() => requireSameNeuron(fitted, cellOf('FS-cell'), config1, 'fs.json')).not.toThrow();
    expect(() => requireSameNeuron(fitted, cellOf('RS-cell'), config1, 'fs.json')).toThrow(
      'fs.json: the transfer function was fitted for FS-cell with Delta_T = 0.5 mV, but RS-cell here has 2 mV: measure and fit this cell with these synapses',
    );
    const weaker = { ...config1, inh: { ...config1.inh, Q: 4 } };
    expect(() => requireSameNeuron(fitted, cellOf('FS-cell'), weaker, 'fs.json')).toThrow(
      'fs.json: the transfer function was fitted for inhibitory synapses with Q = 5 nS, but FS-cell here has 4 nS: measure and fit this cell with these synapses',
    );
  });
});
