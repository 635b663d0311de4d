/** Evaluates transfer functions on the device at as many input rates as there are, with gradient and Hessian. */
import { InputError } from '../errors.ts';
import type { Device } from '../gpu/device.ts';
import { Kernel } from '../gpu/kernel.ts';
import { Pace } from '../gpu/pace.ts';
import { deviceFunction } from './device-function.ts';
import type { Template } from './template.ts';

/** Rates and derivatives, each `[function, point]`. */
export interface EvaluatedRates {
  /** Hz. */
  rate: Float32Array;
  /** With respect to nu_e and nu_i, Hz per Hz. */
  d_e: Float32Array;
  d_i: Float32Array;
  /** Hz per Hz^2. */
  d_ee: Float32Array;
  d_ei: Float32Array;
  d_ii: Float32Array;
}

const FIELDS = ['rate', 'd_e', 'd_i', 'd_ee', 'd_ei', 'd_ii'] as const;
/** Evaluations in one dispatch at most: about a tenth of a second on a driver that computes on the CPU. */
const EVALUATIONS_PER_DISPATCH = 2 ** 19;

/**
 * Evaluates each function at each point (nu_e[k], nu_i[k]), Hz per synapse, in single precision: rates to 1e-4 of themselves above
 * 1e-6 Hz, derivatives to 1e-3.
 * @throws InputError where rates are negative, not numbers, or the two lists differ in length
 */
export async function evaluateTransferFunctions(
  device: Device,
  functions: readonly Template[],
  nu_e: ArrayLike<number>,
  nu_i: ArrayLike<number>,
): Promise<EvaluatedRates> {
  checkRates(nu_e, nu_i);
  const total = functions.length * nu_e.length;
  const result = Object.fromEntries(FIELDS.map((name) => [name, new Float32Array(total)])) as Record<
    (typeof FIELDS)[number],
    Float32Array
  >;
  if (total === 0) return result;
  const kernel = await Kernel.create(device, 'transfer/evaluate.wgsl');
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
  const most = Math.min(
    EVALUATIONS_PER_DISPATCH,
    Math.floor(device.limits.maxStorageBufferBindingSize / kernel.sizeOf('rates', 1)),
  );
  const block = Math.max(1, Math.min(nu_e.length, Math.floor(most / functions.length)));
  const buffers: Record<string, GPUBuffer> = {};
  const pace = new Pace();
  try {
    const packed = kernel.pack('functions', functions.map(deviceFunction));
    buffers.functions = await device.upload('transfer functions', packed, STORAGE);
    buffers.points = await device.allocate('input rates', 8 * block, STORAGE | COPY_DST);
    buffers.rates = await device.allocate(
      'output rates',
      kernel.sizeOf('rates', functions.length * block),
      STORAGE | COPY_SRC,
    );
    buffers.counts = await device.allocate('counts', kernel.sizeOf('counts'), UNIFORM | COPY_DST);
    const group = kernel.bind(buffers);
    for (let first = 0; first < nu_e.length; first += block) {
      const points = Math.min(block, nu_e.length - first);
      const pairs = Float32Array.from({ length: 2 * points }, (_, index) =>
        index % 2 === 0 ? nu_e[first + index / 2]! : nu_i[first + (index - 1) / 2]!,
      );
      device.write(buffers.points, 0, pairs);
      device.write(buffers.counts, 0, kernel.pack('counts', { functions: functions.length, points }));
      kernel.run(group, Math.ceil((functions.length * points) / kernel.layout.workgroupSize[0]));
      const started = performance.now();
      let words = new Float32Array();
      await pace.wait(started, async () => {
        const bytes = kernel.sizeOf('rates', functions.length * points);
        words = new Float32Array(await device.read(buffers.rates!, 0, bytes));
      });
      functions.forEach((_, index) => {
        for (let point = 0; point < points; point++)
          FIELDS.forEach((name, field) => {
            result[name][index * nu_e.length + first + point] =
              words[FIELDS.length * (index * points + point) + field]!;
          });
      });
    }
  } finally {
    for (const buffer of Object.values(buffers)) buffer.destroy();
  }
  return result;
}

function checkRates(nu_e: ArrayLike<number>, nu_i: ArrayLike<number>): void {
  if (nu_e.length !== nu_i.length)
    throw new InputError(
      `nu_e holds ${nu_e.length} rates and nu_i ${nu_i.length}: give one of each for every point`,
    );
  for (const [field, rates] of Object.entries({ nu_e, nu_i }))
    for (let index = 0; index < rates.length; index++)
      if (!(rates[index]! >= 0 && Number.isFinite(rates[index]!)))
        throw new InputError(`${field}[${index}] is ${rates[index]} Hz, but rates are numbers not below 0`, {
          field,
        });
}
