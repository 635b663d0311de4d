/**
 * Is the theory of membrane fluctuations right? A membrane that never spikes (the RS cell's capacitance and leak, its threshold out of
 * reach) under the paper's synapses: mean, SD and autocorrelation time of V, simulated and as Zerlaut et al. 2017 compute
 * them, with the slip of the published program and without.
 *
 *     npx tsx examples/passive-membrane/run.ts [figure]
 */
import { passiveMembraneFigure } from '../../src/figures/passive-membrane.ts';
import { writeFigure } from '../../src/figures/write-figure.ts';
import {
  type Formula,
  libraryCell,
  measureTransferFunction,
  membraneMoments,
  openDevice,
  readNetwork,
  rectangularGrid,
  synapticInput,
} from '../../src/index.ts';

const cell = { ...libraryCell('LIF')!, name: 'passive', C_m: 200, g_L: 10, E_L: -65, V_T: 100, V_r: -65 };
const input = synapticInput(readNetwork('config1'));
const excitation = [4, 8];
const inhibition = Array.from({ length: 9 }, (_, index) => 2.5 * index);

await using device = await openDevice();
const grid = rectangularGrid(excitation, inhibition);
const settings = { dt: 0.05, duration: 40_500, discard: 500, repeats: 64, seed: 1 };
const measured = await measureTransferFunction(device, cell, input, grid, settings);

const series = excitation.map((nu_e, column) => {
  const theory = (formula: Formula) => {
    const nu_i = Array.from({ length: 101 }, (_, index) => 0.2 * index);
    const moments = nu_i.map((rate) => membraneMoments(cell, input, nu_e, rate, formula));
    return {
      nu_i,
      mu_V: moments.map(({ mu_V }) => mu_V),
      sigma_V: moments.map(({ sigma_V }) => sigma_V),
      tau_V: moments.map(({ tau_V }) => tau_V),
    };
  };
  const column_of = (values: Float64Array) =>
    inhibition.map((_, row) => values[row * excitation.length + column]!);
  const simulated = {
    nu_i: inhibition,
    mu_V: column_of(measured.mu_V),
    sigma_V: column_of(measured.sigma_V),
    tau_V: column_of(measured.tau_V),
  };
  return { nu_e, simulated, corrected: theory('corrected'), published: theory('as-published') };
});

console.log('nu_e  nu_i   SD of V (mV): simulated  theory  as published');
for (const { nu_e, simulated } of series) {
  simulated.nu_i.forEach((nu_i, row) => {
    const [right, published] = (['corrected', 'as-published'] as const).map(
      (formula) => membraneMoments(cell, input, nu_e, nu_i, formula).sigma_V,
    );
    const numbers = [simulated.sigma_V[row]!, right!, published!].map((value) =>
      value.toFixed(2).padStart(10),
    );
    console.log(`${String(nu_e).padStart(4)} ${String(nu_i).padStart(5)} ${numbers.join('')}`);
  });
}
const figure = writeFigure(process.argv[2] ?? 'passive-membrane', passiveMembraneFigure(series));
console.log(`figure in ${figure.svg} and ${figure.png}`);
