/**
 * Four rates at a time (shaders/transfer/rates.wgsl) against the template in double precision, and erfc of four numbers against stdlib's.
 *
 * Tolerance: erfc 1e-6 of itself, as one at a time. Rates 2e-4 of themselves plus 1e-6 Hz (the exponent of a nearly silent neuron's
 * rate magnifies roundings of its threshold), mu_V 1e-5 of 10 mV.
 */
import erfc from '@stdlib/math-base-special-erfc';
import { describe, expect, test } from 'vitest';
import { Kernel } from '../../src/gpu/kernel.ts';
import { libraryTransferFunction } from '../../src/mean-field/library.ts';
import { deviceFunction } from '../../src/transfer/device-function.ts';
import { testDevice } from '../device.ts';
import { draws } from '../draws.ts';
import { runWgsl } from '../run-wgsl.ts';

const word = (index: number) => `bitcast<f32>(given[first_in + ${index}u])`;
const pair = (index: number) => `vec2f(${word(index)}, ${word(index + 1)})`;
const four = (index: number) => `vec4f(${[0, 1, 2, 3].map((k) => word(index + k)).join(', ')})`;
const put = (vector: string, at: number) =>
  ['x', 'y', 'z', 'w']
    .map((c, k) => `result[first_out + ${at + k}u] = bitcast<u32>(${vector}.${c});`)
    .join('\n');

test('erfc of four numbers keeps its digits far into the tail', async () => {
  const { between } = draws(3);
  const random = Array.from({ length: 8000 }, () => between(-9, 9));
  const values = Float32Array.from([0, -0, 1e-30, -1e-30, 0.5, 8.9999, -8.9999, 6, ...random]);
  const call = {
    includes: ['common/erfc4.wgsl'],
    wordsIn: 4,
    wordsOut: 4,
    body: `let f = erfc4(${four(0)}); ${put('f', 0)}`,
  };
  const found = new Float32Array(
    (await runWgsl(await testDevice(), call, new Uint32Array(values.buffer))).buffer,
  );
  let worst = 0;
  values.forEach((x, index) => {
    worst = Math.max(worst, Math.abs(found[index]! / erfc(x) - 1));
  });
  expect(worst).toBeLessThan(1e-6);
  const beyond = Float32Array.of(9.5, -9.5, 100, -1e30);
  const ends = await runWgsl(await testDevice(), call, new Uint32Array(beyond.buffer));
  expect([...new Float32Array(ends.buffer)]).toEqual([0, 2, 0, 2]);
});

describe.each(['corrected', 'as-published'] as const)('formula %s', (formula) => {
  test.each(['RS-cell', 'FS-cell'])('%s at random inputs', async (name) => {
    const device = await testDevice();
    const transfer = libraryTransferFunction(name, formula)!;
    const kernel = await Kernel.create(device, 'transfer/evaluate.wgsl');
    const packed = new Uint32Array(kernel.pack('functions', [deviceFunction(transfer)]).buffer);
    const { between } = draws(5);
    const items = Array.from({ length: 500 }, () => ({
      e: Float32Array.from({ length: 4 }, () => between(0.01, 40)),
      i: Float32Array.from({ length: 4 }, () => between(0, 60)),
    }));
    const call = {
      includes: ['transfer/rates.wgsl'],
      wordsIn: packed.length + 8,
      wordsOut: 8,
      body: `
      let neuron = TransferFunction(${pair(0)}, ${pair(2)}, ${pair(4)}, ${pair(6)}, ${pair(8)}, ${word(10)}, ${word(11)},
        array<vec4f, 3>(${four(12)}, ${four(16)}, ${four(20)}));
      let output = transfer_output(neuron, ${four(packed.length)}, ${four(packed.length + 4)});
      ${put('output.rate', 0)} ${put('output.mu_V', 4)}`,
    };
    const words = Uint32Array.from(
      items.flatMap(({ e, i }) => [...packed, ...new Uint32Array(e.buffer), ...new Uint32Array(i.buffer)]),
    );
    const found = new Float32Array((await runWgsl(device, call, words)).buffer);
    let [rate, mu_V] = [0, 0];
    items.forEach(({ e, i }, item) => {
      for (let k = 0; k < 4; k++) {
        const expected = transfer.rate(e[k]!, i[k]!);
        rate = Math.max(rate, Math.abs(found[8 * item + k]! - expected) / (2e-4 * expected + 1e-6));
        const depolarisation = transfer.moments(e[k]!, i[k]!).mu_V - transfer.cell.E_L;
        mu_V = Math.max(mu_V, Math.abs(found[8 * item + 4 + k]! - depolarisation));
      }
    });
    expect(rate).toBeLessThan(1);
    expect(mu_V).toBeLessThan(1e-4);
  });
});
