/**
 * Twin of shaders/spiking/connect-near.wgsl: the same candidates from the same gaps, kept by their exact distance and probability
 * in double precision. The kernel has both in integers and tables: a few pairs in ten thousand come out otherwise.
 */
import type { Network } from '../../src/models/network.ts';
import { gapFactor } from './connect-probability.ts';
import { negativeLog2 } from './fixed-log2.ts';
import { type Pairs, sortPairs } from './pairs.ts';
import { distance, positionsOf } from './space.ts';
import { keyOf, purpose, threefry } from './threefry.ts';

const synapsePurpose = 8;

export function connectNear(network: Network, index: number, seed: number): Pairs {
  const { from, to, connect, reach, selfConnections } = network.projections[index]!;
  if (connect.rule !== 'by-distance') throw new Error('another rule');
  const { probability, profile, scale } = connect;
  const [source, target] = [network.populations[from]!.space!, network.populations[to]!.space!];
  const [sources, targets] = [positionsOf(source), positionsOf(target)];
  const band = (extent: number, lines: number) => {
    const half = extent > 0 ? Math.ceil((reach! / extent) * lines) + 2 : 0;
    return { half, count: Math.min(lines, 2 * half + 1) };
  };
  const [columns, rows] = [band(target.width, target.columns), band(target.height, target.rows)];
  const cells = rows.count * columns.count;
  const segments = Math.ceil((cells * probability) / 64);
  const length = Math.ceil(cells / segments);
  const gap = (random: number) => {
    if (probability === 1) return 0;
    const { mantissa, shift } = gapFactor(probability);
    return Number((BigInt(negativeLog2(Math.max(1, random))) * mantissa) >> (26n + shift));
  };
  const line = (centre: number, { half, count }: typeof rows, place: number, lines: number) => {
    if (count === lines) return place;
    const found = centre + place - half;
    if (target.periodic) return (found + lines) % lines;
    return found >= 0 && found < lines ? found : -1;
  };
  const pairs: [number, number][] = [];
  sources.forEach((here, neuron) => {
    const centreX = Math.floor((here.x / target.width) * target.columns);
    const centreY = target.height > 0 ? Math.floor((here.y / target.height) * target.rows) : 0;
    for (let segment = 0; segment < segments; segment++) {
      let place = segment * length;
      const end = Math.min(place + length, cells);
      for (let draw = 0; place < end; draw++) {
        for (const random of threefry([neuron, segment, draw, index], keyOf(seed, purpose.connect))) {
          place += gap(random);
          const candidate = place++;
          if (candidate >= end) continue;
          const x = line(centreX, columns, candidate % columns.count, target.columns);
          const y = line(centreY, rows, Math.floor(candidate / columns.count), target.rows);
          if (x < 0 || y < 0) continue;
          const goal = y * target.columns + x;
          if (from === to && !selfConnections && goal === neuron) continue;
          const d = distance(target, here, targets[goal]!);
          const kept =
            profile === 'flat'
              ? 1
              : Math.exp(profile === 'gaussian' ? -(d * d) / (2 * scale ** 2) : -d / scale);
          const chance = threefry([neuron, goal, 0, index], keyOf(seed, synapsePurpose))[2]!;
          if (d <= reach! && chance < kept * 2 ** 32) pairs.push([neuron, goal]);
        }
      }
    }
  });
  return sortPairs(pairs);
}
