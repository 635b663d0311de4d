/**
 * What a user reads when a network file is wrong. broken-networks.txt lists the faults: each changes one place of the
 * file below, which is right, and is followed by the message, word for word.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { InputError } from '../../src/errors.ts';
import type { NetworkDocument } from '../../src/models/network-schema.ts';
import { networkFromObject, parseNetwork } from '../../src/models/read-network.ts';

const GOOD = `name: small
dt: 0.1 ms
duration: 100 ms
receptors:
  exc: {tau: 5 ms, E_rev: 0 mV}
  inh: {tau: 5 ms, E_rev: -80 mV}
populations:
  exc:
    size: 80
    cell: RS-cell
    initial: {V: -65 mV}
    current: 0 pA
    drive:
      - {receptor: exc, synapses: 400, rate: 4 Hz, weight: 1 nS}
    events:
      - {receptor: exc, weight: 4 nS, times: [1, 2, 2.5], neurons: [0, 79, 3]}
  inh:
    size: 20
    cell: {base: FS-cell, tau_ref: 5 ms}
projections:
  ee:
    from: exc
    to: exc
    receptor: exc
    weight: 1 nS
    delay: 1.5 ms
    connect: {rule: fixed-probability, probability: 0.05}
  ie: {from: inh, to: exc, receptor: inh, weight: 5 nS, connect: {rule: fixed-in-degree, degree: 5}}
`;

function messageOf(text: string, file = 'broken.yaml'): string {
  try {
    parseNetwork(text, { file });
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  throw new Error('the network was accepted');
}

test('the file that the cases change is right', () => {
  expect(parseNetwork(GOOD).populations.map(({ name }) => name)).toEqual(['exc', 'inh']);
});

const BLOCK = /^- (.*)\n\+ (.*)\n((?: {2}.*\n)+)/gm;
const catalogue = readFileSync(new URL('broken-networks.txt', import.meta.url), 'utf8');
const faults = [...catalogue.matchAll(BLOCK)].map(([, good = '', bad = '', message = '']) => ({
  good: good.replaceAll('\\n', '\n'),
  bad: bad.replaceAll('\\n', '\n'),
  message: message
    .trimEnd()
    .split('\n')
    .map((line) => `broken.yaml:${line.trimStart()}`),
}));

test('the catalogue holds as many faults as it shows', () => {
  expect(faults.length).toBe(catalogue.match(/^\+/gm)?.length);
  expect(faults.length).toBeGreaterThan(70);
});

describe('a broken network file', () => {
  test.each(faults)('$bad', ({ good, bad, message }) => {
    expect(GOOD).toContain(good);
    const lines = messageOf(GOOD.replace(good, bad)).split('\n');
    expect(lines).toEqual(message);
    // Every sentence has a line, a field or what cannot be read, a cause and, after the semicolon, a remedy.
    for (const line of lines) expect(line).toMatch(/^broken\.yaml:\d+:\d+: .+; .+[.?]$/);
  });

  test.each([
    ['', 'broken.yaml: The file is empty'],
    ['  \n\n', 'broken.yaml: The file is empty'],
    ['# only a comment\n', 'is empty but a group of fields is needed'],
    ['[1, 2]', 'broken.yaml: the network is a list but a group of fields is needed'],
    ['hello', 'the network is "hello" but a group of fields is needed'],
    ['name: x', 'populations is missing'],
    ['populations: {}', 'broken.yaml:1:1: populations is empty; describe at least one population'],
    ['populations: [1]', 'populations is a list but a group of named entries is needed'],
    ['a: 1\n---\nb: 2', 'The YAML cannot be read here'],
    ['a: 1\nb: *c', 'broken.yaml:2:4: The YAML cannot be read here (Unresolved alias'],
    ['? [a]\n: 3', 'all keys must be strings'],
    ['dt: !seconds 3', 'The YAML cannot be read here (Unresolved tag'],
  ])('the text %j', (text, message) => {
    expect(messageOf(text)).toContain(message);
  });

  test.each([
    ['{"populations": {"exc": {"size": 10, "cell": "RS-cel"}}}', 'broken.json:1:38: populations.exc.cell'],
    ['{"name": "x",\n "populations": {},}', 'broken.json:2:20: The JSON cannot be read here'],
    ['{"populations": ', 'broken.json:1:17: The JSON cannot be read here'],
    ["{'populations': {}}", 'broken.json:1:2: The JSON cannot be read here'],
    ['{"dt": 1,\n "dt": 2}', 'broken.json:2:2: The name dt is given twice'],
  ])('the JSON %j', (text, message) => {
    expect(messageOf(text, 'broken.json')).toContain(message);
  });

  test('says all its problems at once, in the order of the file, each in a line', () => {
    const broken = GOOD.replace('dt: 0.1 ms', 'dt: 0.1 mV')
      .replace('size: 80', 'size: 0')
      .replace('0.05', '2');
    expect(messageOf(broken).split('\n')).toEqual([
      'broken.yaml:2:1: dt is in mV but a time is needed; write it in us, ms or s.',
      expect.stringMatching(/^broken\.yaml:9:5: populations\.exc\.size is 0; /),
      expect.stringMatching(/^broken\.yaml:27:40: projections\.ee\.connect\.probability is 2; /),
    ]);
  });

  test('stops counting when nobody would read on', () => {
    const fields = Array.from({ length: 30 }, (_, index) => `unknown_field_${index}: 1`).join('\n');
    const lines = messageOf(`${fields}\n${GOOD}`).split('\n');
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('There are 10 more problems of this kind; mend these first.');
  });
});

describe('whatever is written', () => {
  const sentence = /^(?:[^\s].*[.?]\n?)+$/;
  const check = (read: () => unknown) => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      expect(error.message).toMatch(sentence);
    }
  };

  test('anything in the place of any value is a network or a plain message', () => {
    const good = parse(GOOD) as unknown;
    const paths = allPaths(good);
    const word = fc.constantFrom('exc', 'inh', '5 nS', '1 ms', 'RS-cell', 'explicit', 'x', '');
    const number = fc.oneof(fc.integer({ min: -3, max: 100 }), fc.double());
    const leaf = fc.oneof(word, number, fc.boolean(), fc.constant(null), fc.constant(undefined));
    const key = fc.constantFrom(
      'values',
      'dt',
      'from',
      'rule',
      'sources',
      'tau',
      'E_rev',
      'name',
      'base',
      'odd',
    );
    const anything = fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), fc.dictionary(key, leaf), fc.object());
    fc.assert(
      fc.property(fc.constantFrom(...paths), anything, (path, value) => {
        check(() => networkFromObject(replace(good, path, value) as NetworkDocument));
      }),
      { numRuns: 1000 },
    );
  });

  test('any override is a network or a plain message', () => {
    const part = fc.constantFrom('*', '0', 'x', ...new Set(allPaths(parse(GOOD)).flat().map(String)));
    const value = fc.oneof(
      fc.constantFrom('5 nS', '{rule: explicit}', '[1, 2]', 'exc', '-1', '{'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), value, (parts, text) => {
        check(() => parseNetwork(GOOD, { overrides: [`${parts.join('.')}=${text}`] }));
      }),
      { numRuns: 500 },
    );
  });

  test('any part of the file is a network or a plain message', () => {
    const end = fc.integer({ min: 0, max: GOOD.length });
    fc.assert(
      fc.property(end, end, fc.string({ maxLength: 3 }), (one, two, inserted) => {
        check(() => parseNetwork(GOOD.slice(0, one) + inserted + GOOD.slice(two)));
      }),
      { numRuns: 500 },
    );
  });
});

type Keys = (string | number)[];

function allPaths(value: unknown): Keys[] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([key, child]) => allPaths(child).map((rest) => [key, ...rest])),
  ];
}

function replace(value: unknown, [key, ...rest]: Keys, by: unknown): unknown {
  if (key === undefined) return by;
  const group = value as Record<string, unknown>;
  const child = replace(group[key], rest, by);
  return Array.isArray(value) ? value.with(Number(key), child) : { ...group, [key]: child };
}
