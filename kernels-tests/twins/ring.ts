/**
 * Twin of shaders/ring/advance.wgsl: the published loop over time, units and neighbours, one weight and one delay at a time, in double
 * precision. Rates before the beginning are those of rest.
 */
import type { Ring } from '../../src/models/ring.ts';
import type { Unit } from '../../src/ring/settings.ts';

export interface TwinRing {
  /** `[sample][pixel]` */
  Fe: Float64Array[];
  Fi: Float64Array[];
  deltaV: Float64Array[];
}

export function neighbours(ring: Ring, extent: number, dt: number) {
  const mm_per_pixel = ring.extent / ring.units;
  const decay = extent / mm_per_pixel;
  const reach = Math.trunc((3 * decay) / mm_per_pixel);
  const velocity = ring.conduction_velocity / mm_per_pixel;
  const found: { row: number; column: number; weight: number; delay: number }[] = [];
  const rows = ring.rows > 1 ? reach : 0;
  for (let row = -rows; row <= rows; row++)
    for (let column = -reach; column <= reach; column++) {
      const distance = Math.hypot(row, column);
      if (distance > reach) continue;
      const norm = (Math.sqrt(2 * Math.PI) * decay) ** (ring.rows > 1 ? 2 : 1);
      const weight = Math.exp((-distance * distance) / (2 * decay * decay)) / norm;
      found.push({ row, column, weight, delay: Math.trunc(distance / velocity / (dt / 1000)) });
    }
  return found;
}

/** @param input stimulus, `[sample, pixel]`, Hz */
export function twinRing(ring: Ring, unit: Unit, input: ArrayLike<number>, samples: number): TwinRing {
  const { units, rows } = ring;
  const { model, exc, inh, drives, mu_V, dt, fraction } = unit;
  const pixels = units * rows;
  const run: TwinRing = {
    Fe: [new Float64Array(pixels).fill(unit.rates.exc)],
    Fi: [new Float64Array(pixels).fill(unit.rates.inh)],
    deltaV: [new Float64Array(pixels)],
  };
  const around = { exc: neighbours(ring, ring.exc_extent, dt), inh: neighbours(ring, ring.inh_extent, dt) };
  const wrap = (value: number, size: number) => ((value % size) + size) % size;
  for (let now = 0; now + 1 < samples; now++) {
    const next = {
      Fe: new Float64Array(pixels),
      Fi: new Float64Array(pixels),
      deltaV: new Float64Array(pixels),
    };
    for (let pixel = 0; pixel < pixels; pixel++) {
      const [row, column] = [Math.floor(pixel / units), pixel % units];
      const lateral = (kind: 'exc' | 'inh', rates: Float64Array[]) =>
        around[kind].reduce((sum, link) => {
          const at = wrap(row + link.row, rows) * units + wrap(column + link.column, units);
          return sum + link.weight * rates[Math.max(0, now - link.delay)]![at]!;
        }, 0);
      const [e, i] = [lateral('exc', run.Fe), lateral('inh', run.Fi)];
      const stimulus = input[now * pixels + pixel]!;
      const of = (population: number, part: number): [number, number] => {
        const { from } = model.populations[population]!;
        return [
          drives[2 * population]! + from.exc[exc]! * e + part * stimulus,
          drives[2 * population + 1]! + from.inh[inh]! * i,
        ];
      };
      const toExc = of(exc, fraction);
      const toInh = of(inh, 1 - fraction);
      const transfer = (population: number) => model.populations[population]!.transfer;
      const step = (rate: number, target: number) => rate + (dt / model.T) * (target - rate);
      next.Fe[pixel] = step(run.Fe[now]![pixel]!, transfer(exc).rate(...toExc));
      next.Fi[pixel] = step(run.Fi[now]![pixel]!, transfer(inh).rate(...toInh));
      next.deltaV[pixel] = Math.abs((transfer(inh).moments(...toInh).mu_V - mu_V) / mu_V);
    }
    run.Fe.push(next.Fe);
    run.Fi.push(next.Fi);
    run.deltaV.push(next.deltaV);
  }
  return run;
}
