/**
 * Where the gap between the mean field and the network comes from: predictions of the paper's network, each with one cause more than the
 * one above it, and the network with two statistics of its drive, early and late.
 *
 *     npx tsx examples/zerlaut2017-mean-field/gap.ts [seeds]
 *
 * Ten seeds of 4 s with each of the two drives take some minutes on two cores.
 */
import { mean, standardDeviation } from '../../src/analysis/summary.ts';
import { measureNetwork } from '../../src/comparison/measure.ts';
import type { SeedResult } from '../../src/comparison/seed-recorder.ts';
import {
  fixedPoints,
  type LibraryOptions,
  meanField,
  openDevice,
  readNetwork,
  simulateMeanField,
} from '../../src/index.ts';

const seeds = Array.from({ length: Number(process.argv[2] ?? 10) }, (_, index) => index + 1);
/** The paper's interval and one in which adaptation has settled, ms. */
const EARLY = [500, 1500] as const;
const LATE = [2500, 4000] as const;

const network = readNetwork('config1');
const line = (what: string, rates: readonly string[]) =>
  console.log(`${what.padEnd(72)} ${rates.map((rate) => rate.padStart(16)).join('')}`);
const hertz = (rates: readonly number[]) => rates.map((rate) => rate.toFixed(3));

/** The stable point of lowest rates. */
function resting(options: LibraryOptions, order: 1 | 2): readonly number[] {
  const point = fixedPoints(meanField(network, options), { order }).find(({ stable }) => stable);
  if (!point) throw new Error('no stable fixed point');
  return point.rates;
}

line('Rates, Hz', ['exc', 'inh']);
line('theory and coefficients as published, first order', hertz(resting({ formula: 'as-published' }, 1)));
line('the same, second order (finite size, correlations)', hertz(resting({ formula: 'as-published' }, 2)));
line('right formula, own fit weighted to low rates, first order', hertz(resting({}, 1)));
line('the same, second order', hertz(resting({}, 2)));
line('and adaptation as a slow variable, first order', hertz(resting({ adaptation: true }, 1)));
line('the same, second order', hertz(resting({ adaptation: true }, 2)));

await using device = await openDevice();
const model = meanField(network, { adaptation: true });
const course = await simulateMeanField(device, [model], { duration: LATE[1], every: 5 });
for (const [from, to] of [EARLY, LATE])
  line(
    `the same from a beginning without adaptation, mean of ${from} to ${to} ms`,
    hertz(model.populations.map((_, index) => mean(part(course.rate(index), from, to, 5, 1)))),
  );

for (const statistics of ['poisson', 'bernoulli'] as const) {
  const driven = readNetwork('config1', [`populations.*.drive.*.statistics=${statistics}`]);
  const results = await measureNetwork(device, driven, meanField(driven), {
    ...{ seeds, duration: LATE[1], discard: EARLY[0], bin: 5, traced: 1 },
  });
  for (const [from, to] of [EARLY, LATE])
    line(
      `network, ${statistics} drive, ${from} to ${to} ms, ${seeds.length} seeds`,
      driven.populations.map((_, index) => measured(results, index, from, to)),
    );
}

/** Samples of a time interval; of a series of bins, sample 0 is the first bin. */
function part(values: ArrayLike<number>, from: number, to: number, every: number, offset: number): number[] {
  return Array.from(values).slice(from / every + offset, to / every + offset);
}

/** Mean over seeds and its standard error. */
function measured(results: readonly SeedResult[], population: number, from: number, to: number): string {
  const rates = results.map((each) => mean(part(each.rates[population]!, from, to, 5, 0)));
  if (rates.length === 1) return rates[0]!.toFixed(3);
  return `${mean(rates).toFixed(3)} +- ${(standardDeviation(rates, 1) / Math.sqrt(rates.length)).toFixed(3)}`;
}
