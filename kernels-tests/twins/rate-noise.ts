/** Twin of shaders/mean-field/rate-noise.wgsl: what fluctuates in external rates, in double precision from the same random bits. */
import type { MeanField } from '../../src/mean-field/model.ts';
import { keyOf, threefry } from './threefry.ts';

const purposeRateNoise = 10;

/** Box and Muller on the two uniform numbers of a pair; the angle is counted from -pi where `centred`. */
function normal([a, b]: [number, number], odd: boolean, centred: boolean): number {
  const radius = Math.sqrt(-2 * Math.log(a));
  const angle = 2 * Math.PI * (centred ? b - 0.5 : b);
  return radius * (odd ? Math.sin(angle) : Math.cos(angle));
}

/** Of a population in a step: 23 bits and a half of each word. */
function stepNormal(seed: number, population: number, step: number): number {
  const words = threefry([step, Math.floor(population / 4), 0, 0], keyOf(seed, purposeRateNoise));
  const u = words.map((word) => (Math.floor(word / 512) + 0.5) / 2 ** 23);
  const first = population % 4 < 2 ? 0 : 2;
  return normal([u[first]!, u[first + 1]!], population % 2 === 1, true);
}

/** Of a population before the first step: 32 bits of each word, as the host draws. */
function initialNormal(seed: number, population: number): number {
  const words = threefry([Math.floor(population / 4), 0, 1, 0], keyOf(seed, purposeRateNoise));
  const first = population % 4 < 2 ? 0 : 2;
  const u = words.map((word) => (word + 0.5) / 2 ** 32);
  return normal([u[first]!, u[first + 1]!], population % 2 === 1, false);
}

/** What is added to the rate of a population's external synapses during each step, Hz: `[step][population]`, one step more than asked. */
export function twinRateNoise(model: MeanField, seed: number, steps: number, dt: number): number[][] {
  const processes = model.populations.map(({ drives }) => {
    const drive = drives.find(({ fluctuation }) => fluctuation);
    return drive?.fluctuation ?? { sd: 0, tau: 1 };
  });
  let x = processes.map((_, population) => initialNormal(seed, population));
  const values = [x];
  for (let step = 0; step < steps; step++) {
    x = x.map((value, population) => {
      const decay = Math.exp(-dt / processes[population]!.tau);
      return decay * value + Math.sqrt(1 - decay ** 2) * stepNormal(seed, population, step);
    });
    values.push(x);
  }
  return values.map((row) => row.map((value, population) => processes[population]!.sd * value));
}
