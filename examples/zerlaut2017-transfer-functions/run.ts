/**
 * The transfer functions of the paper's two cells: measured on its grid (ten inhibitory rates; for each of them ten excitatory
 * rates, placed where the cell begins to fire, up to 30 Hz), fitted with its template, drawn as its panels.
 *
 *     npx tsx examples/zerlaut2017-transfer-functions/run.ts [figure]
 */
import { fileURLToPath } from 'node:url';
import { transferPanel } from '../../src/cli/transfer-figures.ts';
import { transferFunctionFigure } from '../../src/figures/transfer-function.ts';
import { writeFigure } from '../../src/figures/write-figure.ts';
import {
  adaptiveGrid,
  fitTransferFunction,
  libraryCell,
  measureTransferFunctions,
  openDevice,
  readNetwork,
} from '../../src/index.ts';

const network = readNetwork(fileURLToPath(new URL('../zerlaut2017-network/network.yaml', import.meta.url)));
const cells = ['RS-cell', 'FS-cell'].map((name) => libraryCell(name)!);

await using device = await openDevice();
const settings = { dt: 0.05, duration: 10_000, repeats: 4, seed: 1 };
const measured = await measureTransferFunctions(device, cells, network, adaptiveGrid(), settings);

const panels = measured.map((data) => {
  const fit = fitTransferFunction(data);
  const { rms_hz, rms_below_5hz } = fit.report!;
  const below = rms_below_5hz === null ? '' : `, ${rms_below_5hz.toFixed(2)} Hz where it fires below 5 Hz`;
  console.log(
    `${data.cell.name}: measured in ${data.timing.run_s.toFixed(1)} s; rms error of the fit ${rms_hz.toFixed(2)} Hz${below}`,
  );
  console.log(`  at nu_e = 4 Hz, nu_i = 8 Hz it fires at ${fit.rate(4, 8).toFixed(2)} Hz`);
  return transferPanel(data, fit);
});
const figure = writeFigure(process.argv[2] ?? 'transfer-functions', transferFunctionFigure(panels));
console.log(`figure in ${figure.svg} and ${figure.png}`);
