/** Node models from their definitions: everything that the engines ask of a model that needs no table and no delays of its own. */
import { InputError } from '../errors.ts';
import { suggestion } from '../models/document/near-names.ts';
import { FITZHUGH_NAGUMO } from '../models/fitzhugh-nagumo.ts';
import { HOPF } from '../models/hopf.ts';
import {
  type NodeDefinition,
  type NodeValues,
  nodeValues,
  requireNodeStep,
} from '../models/node-definition.ts';
import { WILSON_COWAN } from '../models/wilson-cowan.ts';
import { uniforms } from '../random.ts';
import type { NodeModel } from './node-model.ts';

/** To add a node model, write its definition and its step, and name it here (docs/nodes.md). */
export const NODE_DEFINITIONS: readonly NodeDefinition[] = [WILSON_COWAN, HOPF, FITZHUGH_NAGUMO];

/** @throws InputError for a name that no definition has */
export function nodeDefinition(name: string): NodeDefinition {
  const found = NODE_DEFINITIONS.find((each) => each.name === name);
  if (!found) {
    const names = NODE_DEFINITIONS.map((each) => each.name);
    throw new InputError(`there is no node model ${name}; ${suggestion(name, names)}`, { field: 'model' });
  }
  return found;
}

/**
 * The model of a definition, or of its name: `wilson-cowan`, `hopf`, `fitzhugh-nagumo`.
 * @throws InputError for a name that no definition has
 */
export function nodeModel(which: string | NodeDefinition): NodeModel<NodeValues> {
  const definition = typeof which === 'string' ? nodeDefinition(which) : which;
  const { name, title, parameters, variables, inputs, leastAmplitude, rateFactor, rateOffset } = definition;
  return {
    ...{ name, title, parameters, variables, inputs, leastAmplitude, rateFactor, rateOffset },
    recorded: 2,
    kernels: { single: `whole-brain/${name}.wgsl`, brain: `whole-brain/${name}-brain.wgsl` },
    counters: ['clipped'],
    nodes: (given) => nodeValues(definition, given),
    requireStep: (dt, nodes) => requireNodeStep(definition, dt, nodes),
    ownDelays: () => [0, 0],
    columns: ({ values }) => ({ ...values, delay_e: 0, delay_i: 0 }),
    start(_, variable, __, key) {
      const index = variables.findIndex((each) => each.name === variable);
      const [from, to] = variables[index]!.drawn;
      return from + (to - from) * uniforms(key, [index, 0], 1)[0]!;
    },
    constants({ values: { sigma_ou = 0 } }) {
      return {
        noise: typeof sigma_ou === 'number' ? sigma_ou > 0 : sigma_ou.some((each) => each > 0),
        own: {},
      };
    },
    resources: async () => ({}),
  };
}
