/** Explorations: points in their order, one batch from several beginnings, both branches where there are two. */
import { expect, test } from 'vitest';
import { Kernel } from '../../src/gpu/kernel.ts';
import { mostNodes } from '../../src/whole-brain/aln-constants.ts';
import { ALN_STARTS, exploreAln } from '../../src/whole-brain/explore-aln.ts';
import { simulateAln } from '../../src/whole-brain/simulate-aln.ts';
import { testDevice } from '../device.ts';

const axis = (name: string, ...values: number[]) => ({ name, values: Float64Array.from(values) });

test('two beginnings show two branches, and the last axis varies fastest', async () => {
  const device = await testDevice();
  const vary = [axis('mui_ext_mean', 0.4, 2.5), axis('mue_ext_mean', 0.2, 1, 2.5)];
  const found = await exploreAln(device, { vary, starts: ['down', 'up'], duration: 1500, window: 500 });
  expect(found.points).toBe(6);
  expect(found.regions).toEqual(['down', 'fast cycle', 'up', 'down', 'down', 'bistable']);
  const { down, up } = found.outcomes;
  expect(up!.rates_exc.mean[5]! - down!.rates_exc.mean[5]!).toBeGreaterThan(20);
  const cut = await exploreAln(device, {
    vary,
    ...{ starts: ['down', 'up'], duration: 1500, window: 500, mostAtOnce: 5 },
  });
  expect(cut).toEqual(found);
  const alone = await simulateAln(device, {
    parameters: { mui_ext_mean: 2.5, mue_ext_mean: 2.5 },
    ...{ initial: ALN_STARTS.up, duration: 1500, window: 500, sampling: null },
  });
  expect(alone.reduction!.rates_exc.max[0]).toBe(up!.rates_exc.max[5]);
});

test('batches are cut so that every buffer fits', async () => {
  const kernel = await Kernel.create(await testDevice(), 'whole-brain/aln.wgsl');
  for (const slots of [1, 41, 1000]) {
    const nodes = mostNodes(2 ** 27, slots);
    for (const name of ['parameters', 'states', 'reduced'])
      expect(kernel.sizeOf(name, nodes)).toBeLessThanOrEqual(2 ** 27);
    expect(kernel.sizeOf('history', nodes * slots)).toBeLessThanOrEqual(2 ** 27);
  }
});

test('what makes no sense is refused', async () => {
  const device = await testDevice();
  const explore = (vary: ReturnType<typeof axis>[], rest = {}) =>
    exploreAln(device, { vary, starts: ['down'], ...rest });
  await expect(explore([])).rejects.toThrow('nothing varies');
  await expect(explore([axis('mue_ext_maen', 0, 1)])).rejects.toThrow('did you mean mue_ext_mean?');
  await expect(explore([axis('b', 0)])).rejects.toThrow('b varies over 1 values');
  await expect(explore([axis('b', 0, 1), axis('b', 0, 1)])).rejects.toThrow('b varies twice');
  await expect(explore([axis('b', 0, 1)], { parameters: { b: 3 } })).rejects.toThrow(
    'b varies and has a fixed value',
  );
  await expect(explore([axis('b', 0, 1)], { starts: ['middle'] })).rejects.toThrow(
    'there is no initial state middle',
  );
});
