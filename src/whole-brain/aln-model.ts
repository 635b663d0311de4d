/** The ALN node as a node model: what networks of it need to know (node-model.ts). */
import { defaultTables } from '../fokker-planck/default-tables.ts';
import type { CascadeTables } from '../fokker-planck/tables.ts';
import { ALN_PARAMETERS, type AlnNodes, alnNodes, extentOf, parameterOf } from '../models/aln.ts';
import { ALN_VARIABLES, type AlnVariableName, initialName, RATE_NAMES } from '../models/aln-state.ts';
import { uniforms } from '../random.ts';
import { requireStep, requireTableOf } from './aln-checks.ts';
import { delaySteps, parameterColumns, tableAxes, tableCells } from './aln-constants.ts';
import type { NodeModel } from './node-model.ts';

/** In the order of `node_value` in shaders/whole-brain/nodes/aln.wgsl. */
const FIRST: readonly AlnVariableName[] = [...RATE_NAMES, 'IA'];
const VARIABLES = [
  ...FIRST.map((name) => ALN_VARIABLES.find((each) => each.name === name)!),
  ...ALN_VARIABLES.filter(({ name }) => !FIRST.includes(name)),
].map(({ name, unit, description }) => ({ name, unit, description, initial: initialName(name) }));

/** An amplitude below this, Hz, is no oscillation. */
const LEAST_AMPLITUDE = 1;

/** The seeds are filled in by whoever knows them. */
const NO_SEEDS = { seed_low: undefined, seed_high: undefined };

/** @param tables of the nodes' neuron; those that come with Spikefield by default */
export function alnModel(tables: CascadeTables = defaultTables()): NodeModel<AlnNodes> {
  return {
    name: 'aln',
    title: 'ALN node',
    parameters: ALN_PARAMETERS,
    variables: VARIABLES,
    recorded: FIRST.length,
    inputs: [
      { name: 'ext_exc_current', unit: 'mV/ms', negative: true },
      { name: 'ext_inh_current', unit: 'mV/ms', negative: true },
      { name: 'ext_exc_rate', unit: 'kHz', negative: false },
      { name: 'ext_inh_rate', unit: 'kHz', negative: false },
    ],
    leastAmplitude: LEAST_AMPLITUDE,
    kernels: { single: 'whole-brain/aln.wgsl', brain: 'whole-brain/aln-brain.wgsl' },
    rateFactor: 1,
    rateOffset: 0,
    counters: ['clipped'],
    nodes(given) {
      const nodes = alnNodes(given);
      requireTableOf(nodes.neuron, tables);
      return nodes;
    },
    requireStep: (dt, nodes) => requireStep(dt, nodes, tables),
    ownDelays: (nodes, dt) => [
      delaySteps(extentOf(nodes, 'de').most, dt),
      delaySteps(extentOf(nodes, 'di').most, dt),
    ],
    columns(nodes, dt) {
      const columns = parameterColumns(nodes, dt, new Float64Array(nodes.count));
      return Object.fromEntries(Object.entries(columns).filter(([name]) => !(name in NO_SEEDS)));
    },
    start(nodes, variable, node, key) {
      const index = ALN_VARIABLES.findIndex(({ name }) => name === variable);
      const { drawnTo } = ALN_VARIABLES[index]!;
      if (drawnTo !== null) return drawnTo * uniforms(key, [index, 0], 1)[0]!;
      return parameterOf(nodes, variable === 'mue_ou' ? 'mue_ext_mean' : 'mui_ext_mean', node);
    },
    constants(nodes) {
      const a = extentOf(nodes, 'a');
      return {
        noise: extentOf(nodes, 'sigma_ou').most > 0,
        own: { SUBTHRESHOLD: a.least !== 0 || a.most !== 0 },
      };
    },
    async resources(device, kernel) {
      const { STORAGE, UNIFORM } = GPUBufferUsage;
      return {
        cells: await device.upload('look-up table', tableCells(tables), STORAGE),
        axes: await device.upload('axes of the table', kernel.pack('axes', tableAxes(tables)), UNIFORM),
      };
    },
  };
}
