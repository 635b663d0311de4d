/**
 * The reference network of Zerlaut et al. 2017 ("CONFIG1"), as the network file a user would write.
 */
export const config1 = `
name: config1
description: 8000 regular-spiking and 2000 fast-spiking AdEx neurons in the asynchronous irregular state
source: Zerlaut, Chemla, Chavane and Destexhe, J Comput Neurosci 44, 45-61 (2018), doi:10.1007/s10827-017-0668-2

dt: 0.1 ms
duration: 1500 ms
method: euler

receptors:
  exc: {tau: 5 ms, E_rev: 0 mV}
  inh: {tau: 5 ms, E_rev: -80 mV}

populations:
  exc:
    size: 8000
    cell: RS-cell
    initial: {V: -65 mV}
    drive:
      - {receptor: exc, synapses: 400, rate: 4 Hz, weight: 1 nS, statistics: poisson}
  inh:
    size: 2000
    cell: FS-cell
    initial: {V: -65 mV}
    drive:
      - {receptor: exc, synapses: 400, rate: 4 Hz, weight: 1 nS, statistics: poisson}

projections:
  ee:
    {from: exc, to: exc, receptor: exc, weight: 1 nS, connect: {rule: fixed-probability, probability: 0.05}}
  ei:
    {from: exc, to: inh, receptor: exc, weight: 1 nS, connect: {rule: fixed-probability, probability: 0.05}}
  ie:
    {from: inh, to: exc, receptor: inh, weight: 5 nS, connect: {rule: fixed-probability, probability: 0.05}}
  ii:
    {from: inh, to: inh, receptor: inh, weight: 5 nS, connect: {rule: fixed-probability, probability: 0.05}}
`;
