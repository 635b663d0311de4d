/**
 * The part of the network file's schema that differs from synapse to synapse: where neurons are, and weights, delays and
 * connections that vary or go by distance.
 */
import { type Bounds, choice, flag, integer, isRecord, quantity, record, word } from './document/fields.ts';

const POSITIVE: Bounds = { above: 0 };
const NOT_NEGATIVE: Bounds = { min: 0 };

const PROFILES = ['gaussian', 'exponential', 'flat'] as const;
const profile = word(PROFILES, 'profile', 'how the value falls off with distance');
const scale = quantity(
  'length',
  POSITIVE,
  'sd of the gaussian, or length over which the exponential falls to 1/e',
);

/** What a rule of connection by distance has beside its probability. */
export const byDistanceFields = {
  profile,
  scale: scale.optional(),
  within: quantity('length', POSITIVE, 'distance beyond which there are no connections').optional(),
};

/** Where the neurons of a population are. */
export const space = record({
  line: record({ length: quantity('length', POSITIVE, 'length of the line') }).optional(),
  ring: record({ length: quantity('length', POSITIVE, 'circumference') }).optional(),
  sheet: record({
    width: quantity('length', POSITIVE, 'extent along a row'),
    height: quantity('length', POSITIVE, 'extent across the rows'),
    columns: integer({ min: 1 }, 'neurons of a row'),
    periodic: flag('whether opposite edges are joined').default(false),
  }).optional(),
});

/** A value of synapses: the same for all, drawn for each, or following from the distance. */
export function perSynapse(dimension: 'conductance' | 'time', bounds: Bounds, description: string) {
  const one = quantity(dimension, bounds, description);
  const bell = record({
    mean: quantity(dimension, bounds, 'mean, bounds left aside'),
    sd: quantity(dimension, NOT_NEGATIVE, 'standard deviation, bounds left aside'),
    min: quantity(dimension, bounds, 'lower bound; 0 where not given').optional(),
    max: quantity(dimension, bounds, 'upper bound; none where not given').optional(),
  });
  const distributed = record({
    uniform: record({
      low: quantity(dimension, bounds, 'lower end'),
      high: quantity(dimension, bounds, 'upper end'),
    }).optional(),
    normal: bell.optional(),
    lognormal: bell.optional(),
    falloff: record({
      at_zero: quantity(dimension, bounds, 'value at distance 0'),
      profile,
      scale: scale.optional(),
    }).optional(),
    path: record({
      base: quantity(dimension, bounds, 'delay at distance 0').default(0),
      velocity: quantity('velocity', POSITIVE, 'conduction velocity'),
    }).optional(),
  });
  return choice((value) => (isRecord(value) ? distributed : one));
}
