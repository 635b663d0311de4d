/** What a step of the kernel needs of the parameters of ALN nodes and of their table, worked out once in double precision. */
import type { CascadeTables } from '../fokker-planck/tables.ts';
import type { Column } from '../gpu/columns.ts';
import { type AlnName, type AlnNodes, extentOf, parameterOf } from '../models/aln.ts';
import { eifTimeConstant } from '../models/eif.ts';

/** A delay inside a node in steps. */
export function delaySteps(delay: number, dt: number): number {
  return Math.round(delay / dt);
}

/** Steps that the ring of rates keeps: the longest delay and the step now. */
export function ringSlots(nodes: AlnNodes, dt: number): number {
  const longest = Math.max(extentOf(nodes, 'de').most, extentOf(nodes, 'di').most);
  return delaySteps(longest, dt) + 1;
}

/** Bytes of a node's struct Parameters, the largest of its structs, with room to spare. */
const PARAMETER_BYTES = 256;

/** Most nodes whose every buffer fits into a binding of so many bytes. */
export function mostNodes(bindingBytes: number, slots: number): number {
  return Math.max(1, Math.floor(bindingBytes / Math.max(PARAMETER_BYTES, 8 * slots)));
}

/** Fields of struct Parameters in shaders/whole-brain/nodes/aln.wgsl. */
export function parameterColumns(nodes: AlnNodes, dt: number, seeds: Float64Array): Record<string, Column> {
  const taum = eifTimeConstant(nodes.neuron);
  const column = (value: (p: (name: AlnName) => number) => number): Float64Array =>
    Float64Array.from({ length: nodes.count }, (_, node) => value((name) => parameterOf(nodes, name, node)));
  // Weight of one synapse, ms: a spike moves the activation by this much per ms.
  const synapses = {
    ee: { c: 'cee', tau: 'tau_se', J: 'Jee_max', K: 'Ke' },
    ei: { c: 'cei', tau: 'tau_si', J: 'Jei_max', K: 'Ki' },
    ie: { c: 'cie', tau: 'tau_se', J: 'Jie_max', K: 'Ke' },
    ii: { c: 'cii', tau: 'tau_si', J: 'Jii_max', K: 'Ki' },
    external: { c: 'c_gl', tau: 'tau_se', J: 'Jee_max', K: 'Ke_gl' },
  } as const;
  const columns: Record<string, Column> = {};
  for (const [path, { c, tau, J, K }] of Object.entries(synapses)) {
    const weight = (p: (name: AlnName) => number) => (p(c) * p(tau)) / Math.abs(p(J));
    const perSpike = path === 'external' ? 1 : 1e-3; // external rates are in kHz
    columns[`z1_${path}`] = column((p) => weight(p) * p(K) * perSpike);
    columns[`z2_${path}`] = column((p) => weight(p) ** 2 * p(K) * perSpike);
    if (path === 'external') continue;
    columns[`J_${path}`] = column((p) => p(J));
    columns[`s_${path}`] = column((p) => 2 * p(J) ** 2 * p(tau) * taum);
  }
  return {
    ...columns,
    variance_e: column((p) => p('sigmae_ext') ** 2),
    variance_i: column((p) => p('sigmai_ext') ** 2),
    taum,
    tau_se: column((p) => p('tau_se')),
    tau_si: column((p) => p('tau_si')),
    dt_se: column((p) => dt / p('tau_se')),
    dt_si: column((p) => dt / p('tau_si')),
    dt_se2: column((p) => dt / p('tau_se') ** 2),
    dt_si2: column((p) => dt / p('tau_si') ** 2),
    per_C: 1 / nodes.neuron.C,
    a: column((p) => p('a')),
    EA: column((p) => p('EA')),
    spike_adaptation: column((p) => p('tauA') * p('b') * 1e-3),
    dt_A: column((p) => dt / p('tauA')),
    mean_e: column((p) => p('mue_ext_mean')),
    mean_i: column((p) => p('mui_ext_mean')),
    dt_ou: column((p) => dt / p('tau_ou')),
    kick: column((p) => p('sigma_ou') * Math.sqrt(dt)),
    current_e: column((p) => p('ext_exc_current')),
    current_i: column((p) => p('ext_inh_current')),
    rate_e: column((p) => p('ext_exc_rate')),
    rate_i: column((p) => p('ext_inh_rate')),
    delay_e: column((p) => delaySteps(p('de'), dt)),
    delay_i: column((p) => delaySteps(p('di'), dt)),
    seed_low: seeds.map((seed) => seed % 2 ** 32),
    seed_high: seeds.map((seed) => Math.floor(seed / 2 ** 32)),
  };
}

/** Words of struct Cell: r, tau and V at four corners. */
const CELL_WORDS = 12;

/** The table as the kernel reads it: with each cell of the grid the values at its corners, `[mu, sigma]` of cells. */
export function tableCells({ mu, sigma, values }: CascadeTables): Float32Array {
  const [rows, columns] = [mu.length - 1, sigma.length - 1];
  const cells = new Float32Array(rows * columns * CELL_WORDS);
  let word = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const corner = row * sigma.length + column;
      for (const quantity of [values.r, values.tau_mu, values.V]) {
        for (const at of [corner, corner + 1, corner + sigma.length, corner + sigma.length + 1])
          cells[word++] = quantity[at]!;
      }
    }
  }
  return cells;
}

/** The axes as the kernel's struct Axes has them. */
export function tableAxes({ mu, sigma }: CascadeTables) {
  const per = (axis: Float64Array) => (axis.length - 1) / (axis[axis.length - 1]! - axis[0]!);
  return {
    mu_first: mu[0]!,
    mu_per: per(mu),
    mu_last: mu.length - 1,
    sigma_first: sigma[0]!,
    sigma_per: per(sigma),
    sigma_last: sigma.length - 1,
    sigma_cells: sigma.length - 1,
  };
}
