/**
 * The network of Vogels and Abbott as the published script of Zerlaut et al. 2017 runs it: with a constant external
 * drive, without which activity started by a short kick dies within 70 ms.
 */
export const vogelsAbbott = `
name: vogels-abbott
description: 4000 excitatory and 1000 inhibitory leaky integrate-and-fire neurons with strong conductances
source: Vogels and Abbott, J Neurosci 25, 10786-10795 (2005), as in Zerlaut et al., J Comput Neurosci 44, 45-61 (2018)

dt: 0.1 ms
duration: 1500 ms
method: euler

receptors:
  exc: {tau: 5 ms, E_rev: 0 mV}
  inh: {tau: 10 ms, E_rev: -80 mV}

populations:
  exc:
    size: 4000
    cell: LIF
    initial: {V: -65 mV}
    drive:
      - {receptor: exc, synapses: 80, rate: 4 Hz, weight: 7 nS, statistics: poisson}
  inh:
    size: 1000
    cell: LIF
    initial: {V: -65 mV}
    drive:
      - {receptor: exc, synapses: 80, rate: 4 Hz, weight: 7 nS, statistics: poisson}

projections:
  ee:
    {from: exc, to: exc, receptor: exc, weight: 7 nS, connect: {rule: fixed-probability, probability: 0.02}}
  ei:
    {from: exc, to: inh, receptor: exc, weight: 7 nS, connect: {rule: fixed-probability, probability: 0.02}}
  ie:
    {from: inh, to: exc, receptor: inh, weight: 67 nS, connect: {rule: fixed-probability, probability: 0.02}}
  ii:
    {from: inh, to: inh, receptor: inh, weight: 67 nS, connect: {rule: fixed-probability, probability: 0.02}}
`;
