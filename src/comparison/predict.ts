/** What a mean field says of a network at rest, in the quantities that a network can be measured in. */
import { InputError } from '../errors.ts';
import { adapted, Equations } from '../mean-field/equations.ts';
import { type FixedPoint, fixedPoints } from '../mean-field/fixed-points.ts';
import { driveRates, type MeanField, type Order } from '../mean-field/model.ts';
import { membraneMoments } from '../transfer/theory.ts';

/** One population, predicted or measured. */
export interface PopulationQuantities {
  rate_hz: number;
  /** SD over time of the population's rate in bins of T; not predicted in first order. */
  population_rate_sd_hz?: number;
  mean_V_mV: number;
  sd_V_mV: number;
  mean_g_exc_nS: number;
  sd_g_exc_nS: number;
  mean_g_inh_nS: number;
  sd_g_inh_nS: number;
}

export interface Prediction {
  point: FixedPoint;
  /** In the order of the model. */
  populations: PopulationQuantities[];
}

/**
 * The resting state: the stable fixed point of lowest rates that the fits have seen, with the moments of V and of the conductances
 * there. A conductance of shot noise has the mean K nu Q tau and the variance K nu Q^2 tau / 2.
 * @throws InputError where there is no such point
 */
export function predictRest(model: MeanField, order: Order): Prediction {
  const points = fixedPoints(model, { order });
  const stable = points.filter((each) => each.stable);
  const point = stable.find(({ extrapolates }) => extrapolates.length === 0) ?? stable[0];
  if (!point)
    throw new InputError(
      `the mean field of ${model.name} has no stable fixed point (order ${order}), so it predicts no state at rest: look at spikefield meanfield fixed-point`,
    );
  const equations = new Equations(model, order, driveRates(model));
  const populations = model.populations.map(({ transfer }, index): PopulationQuantities => {
    const [nu_e, nu_i] = equations.inputs(point.state, index);
    const { cell, input, formula } = adapted(transfer, equations.current(point.state, index));
    const { mu_V, sigma_V } = membraneMoments(cell, input, nu_e, nu_i, formula);
    const conductance = (kind: 'exc' | 'inh', nu: number) => {
      const { K, Q, tau } = input[kind];
      const events = 1e-3 * K * nu * tau;
      return { mean: events * Q, sd: Q * Math.sqrt(events / 2) };
    };
    const [exc, inh] = [conductance('exc', nu_e), conductance('inh', nu_i)];
    return {
      rate_hz: point.rates[index]!,
      ...(point.covariance
        ? { population_rate_sd_hz: Math.sqrt(Math.max(0, point.covariance[index]![index]!)) }
        : {}),
      mean_V_mV: mu_V,
      sd_V_mV: sigma_V,
      mean_g_exc_nS: exc.mean,
      sd_g_exc_nS: exc.sd,
      mean_g_inh_nS: inh.mean,
      sd_g_inh_nS: inh.sd,
    };
  });
  return { point, populations };
}
