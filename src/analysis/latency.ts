/**
 * When a response arrives where: the latency of each place of a space-time map, and the speed at which the response spreads, by lines
 * through the latencies on both sides of where it begins. Latencies are those of the published program of Zerlaut et al. 2017 (the
 * dashed line of its figures, without the 40 ms by which these shift it): the sample before the maximum whose value is closest to a
 * fraction of it, after the map's first 20 ms and above what it has at its beginning.
 */
export interface SpaceTimeMap {
  /** `[sample, place]` */
  values: ArrayLike<number>;
  /** ms, evenly spaced. */
  times: ArrayLike<number>;
  /** mm, ascending. */
  positions: ArrayLike<number>;
}
export interface LatencyOptions {
  /** Part of a place's maximum whose crossing counts (default: 1/5). */
  fraction?: number;
  /** Places whose maximum is below this part of the map's are left out (default: 5 %). */
  criterion?: number;
  /** Left out at the beginning, ms (default: 20). */
  discard?: number;
}
export interface Latency {
  place: number;
  /** mm */
  position: number;
  /** ms */
  time: number;
}
/** Latencies of all places that respond, in order of position. */
export function latencies(
  { values, times, positions }: SpaceTimeMap,
  options: LatencyOptions = {},
): Latency[] {
  const { fraction = 1 / 5, criterion = 0.05, discard = 20 } = options;
  const places = positions.length;
  const samples = times.length;
  if (samples < 3) return [];
  const first = Math.trunc(discard / (times[1]! - times[0]!));
  let baseline = 0;
  for (let place = 0; place < places; place++) baseline += Math.abs(values[places + place]!) / places;
  const at = (sample: number, place: number) => Math.abs(values[sample * places + place]!) - baseline;
  const peaks = Array.from({ length: places }, (_, place) => {
    let peak = first;
    for (let sample = first; sample < samples; sample++)
      if (at(sample, place) > at(peak, place)) peak = sample;
    return peak;
  });
  if (first >= samples) return [];
  const largest = Math.max(...peaks.map((peak, place) => at(peak, place)));
  const found: Latency[] = [];
  peaks.forEach((peak, place) => {
    const height = at(peak, place);
    if (!(height > 0 && height >= criterion * largest) || peak === first) return;
    let best = first;
    for (let sample = first; sample < peak; sample++)
      if (Math.abs(at(sample, place) - fraction * height) < Math.abs(at(best, place) - fraction * height))
        best = sample;
    found.push({ place, position: positions[place]!, time: times[best]! });
  });
  return found;
}
/** A line through the latencies of one side. */
export interface Front {
  side: 'left' | 'right';
  /** mm/s, above 0 where the response moves away from where it begins; Infinity where all latencies are equal. */
  speed: number;
  /** Where the line begins and ends: ms and mm. */
  from: {
    time: number;
    position: number;
  };
  to: {
    time: number;
    position: number;
  };
  places: number;
}
export interface Propagation {
  latencies: Latency[];
  /** Where and when the response begins. */
  origin: Latency | undefined;
  fronts: Front[];
  /** Mean over the sides, mm/s; undefined where no side has three places. */
  speed: number | undefined;
}
/** Latencies, and lines fitted to those on either side of the earliest (times over positions, by least squares). */
export function propagation(map: SpaceTimeMap, options: LatencyOptions = {}): Propagation {
  const all = latencies(map, options);
  const origin = all.reduce<Latency | undefined>(
    (earliest, each) => (earliest === undefined || each.time < earliest.time ? each : earliest),
    undefined,
  );
  if (!origin) return { latencies: all, origin, fronts: [], speed: undefined };
  const sides = [
    front(
      'left',
      all.filter(({ position }) => position < origin.position),
      origin,
    ),
    front(
      'right',
      all.filter(({ position }) => position > origin.position),
      origin,
    ),
  ];
  const fronts = sides.filter((each) => each !== undefined);
  const speed =
    fronts.length === 0 ? undefined : fronts.reduce((sum, each) => sum + each.speed, 0) / fronts.length;
  return { latencies: all, origin, fronts, speed };
}
function front(side: Front['side'], places: readonly Latency[], origin: Latency): Front | undefined {
  if (places.length < 3) return undefined;
  const distance = places.map(({ position }) => Math.abs(position - origin.position));
  const mean = (list: readonly number[]) => list.reduce((sum, each) => sum + each, 0) / list.length;
  const [d, t] = [mean(distance), mean(places.map(({ time }) => time))];
  let [covariance, variance] = [0, 0];
  places.forEach(({ time }, k) => {
    covariance += (distance[k]! - d) * (time - t);
    variance += (distance[k]! - d) ** 2;
  });
  const slope = covariance / variance; // ms per mm
  const sign = side === 'left' ? -1 : 1;
  const point = (away: number) => ({
    time: t + slope * (away - d),
    position: origin.position + sign * away,
  });
  return {
    side,
    speed: 1000 / slope,
    from: point(Math.min(...distance)),
    to: point(Math.max(...distance)),
    places: places.length,
  };
}
