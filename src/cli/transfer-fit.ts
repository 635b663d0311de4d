/** `spikefield transfer fit <folder>`: fits the template to a measured transfer function, writes it and draws its figures. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, OutputError } from '../errors.ts';
import { transferFitFigure } from '../figures/transfer-fit.ts';
import { transferFunctionFigure } from '../figures/transfer-function.ts';
import { writeFigure } from '../figures/write-figure.ts';
import { attempt, writeWhole } from '../io/output-file.ts';
import { makeFolder } from '../io/run-directory.ts';
import { suggestion } from '../models/document/near-names.ts';
import type { TransferData } from '../transfer/data.ts';
import { fitTransferFunction } from '../transfer/fit.ts';
import { WEIGHTINGS, type Weighting } from '../transfer/fit-points.ts';
import { readTransferData } from '../transfer/transfer-arrays.ts';
import { FITTED_FILE } from '../transfer/transfer-directory.ts';
import type { FitReport, TransferFunction } from '../transfer/transfer-function.ts';
import { writeTransferFunction } from '../transfer/transfer-function-file.ts';
import { type OptionValue, quantityOption, textOption } from './options.ts';
import { fitNote, transferPanel } from './transfer-figures.ts';

/** What a fit's folder holds; the last one says that all of it is there. */
const POINTS_FILE = 'points.csv';
const FIGURES = ['transfer-function', 'fit'] as const;

export async function transferFit(
  path: string,
  given: Record<string, OptionValue>,
  version: string,
): Promise<void> {
  const linear = given.linear === true;
  const formula = given.asPublished === true ? 'as-published' : 'corrected';
  const weighting = readWeighting(given);
  const maxRate = quantityOption(given.maxRate, '--max-rate', 'rate');
  const data = readTransferData(path);
  const out = textOption(given.out, '--out') ?? join(path, defaultName(linear, formula));
  const file = join(out, FITTED_FILE);
  if (existsSync(file) && given.force !== true)
    throw new OutputError(
      `${file} exists already; choose another output folder, or give --force to replace it.`,
    );
  const fit = fitTransferFunction(data, {
    formula,
    linear,
    weighting,
    ...(maxRate === undefined ? {} : { maxRate }),
  });
  makeFolder(out);
  removeFit(out);
  writeWhole(join(out, POINTS_FILE), pointsTable(fit));
  if (given.figures !== false) drawFigures(out, data, fit);
  writeTransferFunction(file, fit, { spikefield: version });

  warn(fit.report!);
  if (given.json === true) process.stdout.write(`${JSON.stringify({ ...fitJson(fit), out })}\n`);
  else if (given.quiet !== true)
    process.stdout.write(
      `${[...fitLines(fit), `${FITTED_FILE}, ${POINTS_FILE} and figures in ${out}`].join('\n')}\n`,
    );
}

function warn({ converged, steps, points_too_fast }: FitReport): void {
  if (points_too_fast > 0)
    process.stderr.write(
      `spikefield: ${points_too_fast} points fire at 1/tau_V or faster, which no effective threshold gives: they are left out, and near them the fit is not to be trusted\n`,
    );
  if (!converged)
    process.stderr.write(
      `spikefield: the fit was stopped after ${steps} steps while it still improved; its error says whether it is good enough\n`,
    );
}

/** An old fit goes before the new one comes, so that a folder never holds parts of two. */
function removeFit(out: string): void {
  const figures = FIGURES.flatMap((name) => [`${name}.svg`, `${name}.png`]);
  for (const name of [FITTED_FILE, POINTS_FILE, ...figures])
    attempt(join(out, name), () => rmSync(join(out, name), { force: true }));
}

function readWeighting(given: Record<string, OptionValue>): Weighting {
  const text = textOption(given.weighting, '--weighting') ?? 'relative';
  const known = WEIGHTINGS.find((each) => each === text);
  if (!known) throw new InputError(`--weighting cannot be ${text}; ${suggestion(text, WEIGHTINGS)}`);
  return known;
}

function defaultName(linear: boolean, formula: string): string {
  return ['fit', ...(linear ? ['linear'] : []), ...(formula === 'corrected' ? [] : [formula])].join('-');
}

function drawFigures(out: string, data: TransferData, fit: TransferFunction): void {
  const [curves, quality] = FIGURES;
  writeFigure(join(out, curves), transferFunctionFigure([transferPanel(data, fit)]));
  writeFigure(
    join(out, quality),
    transferFitFigure({ title: fit.cell.name, note: fitNote(fit), ...fit.points! }),
  );
}

/** Each point: what was measured, what the fit makes of it, how sure that is, and which moments it extrapolates. */
function pointsTable(fit: TransferFunction): string {
  const { nu_e, nu_i, rate, fitted, residual, threshold, fittedThreshold } = fit.points!;
  const head = 'nu_e_Hz,nu_i_Hz,rate_Hz,fitted_Hz,residual_Hz,fitted_sd_Hz,threshold_mV,fitted_threshold_mV';
  const lines = Array.from(nu_e, (_, k) =>
    [
      nu_e[k],
      nu_i[k],
      rate[k],
      fitted[k],
      residual[k],
      fit.rateSD(nu_e[k]!, nu_i[k]!),
      threshold[k],
      fittedThreshold[k],
    ].join(','),
  );
  return `${[head, ...lines].join('\n')}\n`;
}

/** What `--json` prints. */
export function fitJson(fit: TransferFunction) {
  const { covariance_mV2: _, settings: __, ...report } = fit.report!;
  return {
    cell: fit.cell.name,
    formula: fit.formula,
    form: fit.coefficients_mV.length === 5 ? 'linear' : 'quadratic',
    coefficients_mV: fit.coefficients_mV,
    ...report,
    fitted_sd_hz: uncertainty(fit),
  };
}

/** Median and largest standard deviation of the fitted rate over the points, Hz. */
function uncertainty(fit: TransferFunction): { median: number; largest: number } {
  const { nu_e, nu_i } = fit.points!;
  const all = Array.from(nu_e, (_, k) => fit.rateSD(nu_e[k]!, nu_i[k]!)!).sort((a, b) => a - b);
  return { median: all[Math.floor((all.length - 1) / 2)]!, largest: all.at(-1)! };
}

/** The same for people. */
function fitLines(fit: TransferFunction): string[] {
  const report = fit.report!;
  const left = report.points_left_out + report.points_too_fast;
  const { mu_V, sigma_V, tau_V } = report.range;
  const to = ([low, high]: [number, number]) => `${low.toFixed(1)} to ${high.toFixed(1)}`;
  const { median, largest } = uncertainty(fit);
  const low =
    report.rms_below_5hz === null ? '' : `, ${report.rms_below_5hz.toFixed(3)} Hz where it fires below 5 Hz`;
  return [
    `${fit.cell.name}: ${fitNote(fit)}`,
    `  ${report.firing_points} of ${report.points} points fire${left > 0 ? ` (${left} of higher rates left out)` : ''}; ${report.weighting} weights, formula ${fit.formula}`,
    `  mean square error ${report.mse_hz2.toPrecision(4)} Hz^2, rms ${report.rms_hz.toFixed(3)} Hz${low}; largest ${report.largest_residual_hz.toFixed(2)} Hz`,
    `  standard deviation of fitted rates ${median.toFixed(3)} Hz (median), ${largest.toFixed(3)} Hz at most; condition number ${report.condition_number.toExponential(1)}`,
    `  seen: mu_V ${to(mu_V)} mV, sigma_V ${to(sigma_V)} mV, tau_V ${to(tau_V)} ms; beyond the points' hull in (nu_e, nu_i) it extrapolates`,
    `  coefficients (mV): ${fit.coefficients_mV.map((value) => value.toPrecision(6)).join(', ')}`,
  ];
}
