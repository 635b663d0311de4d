/** neurolib's own data as these tests use them: its table of the ALN neuron, its cases. */
import type { CascadeTables } from '../../src/fokker-planck/tables.ts';
import { ALN_VARIABLE_NAMES, type AlnVariableName, initialName } from '../../src/models/aln-state.ts';
import { ALN_NEURON } from '../../src/models/eif.ts';
import { referenceArray, referenceJson, referencePath } from '../reference.ts';

export const neurolib = referencePath('neurolib', 'single_node_deterministic.json');

/** neurolib's table as one of ours: rates in Hz. */
export function neurolibTables(): CascadeTables {
  const read = (name: string) =>
    Float64Array.from(referenceArray('neurolib', 'cascade_tables', `${name}.npy`).data);
  const values = (name: string, factor = 1) => Float32Array.from(read(name), (value) => value * factor);
  return {
    neuron: { ...ALN_NEURON },
    mu: read('mu_vals'),
    sigma: read('sigma_vals'),
    values: {
      r: values('r_ss', 1000),
      V: values('V_mean_ss'),
      tau_mu: values('tau_mu_exp'),
      tau_sigma: values('tau_sigma_exp'),
      tau_mu_dosc: values('tau_mu_dosc'),
      f0_mu_dosc: values('f0_mu_dosc', 1000),
    },
    recipe: {},
  };
}

export interface NeurolibCase {
  spec: { params: Record<string, number> };
  initial_conditions: Record<string, number>;
  dt_ms: number;
  duration_ms: number;
  files?: Record<string, string>;
  input_files?: Record<string, string>;
  last_1s: {
    rates_exc: { min: number; max: number; mean: number };
    domfreq_hz_crossing: number | null;
  };
  long_run_10s_last_5s?: {
    rates_exc: { min: number; max: number; mean: number };
    domfreq_hz_crossing: number | null;
  };
}

export function neurolibCases(): Record<string, NeurolibCase> {
  return referenceJson<{ cases: Record<string, NeurolibCase> }>('neurolib', 'single_node_deterministic.json')
    .cases;
}

/** A series of a case, float64, every step. */
export function neurolibSeries(file: string): Float64Array {
  return Float64Array.from(referenceArray('neurolib', 'single_node_deterministic', file).data);
}

/** neurolib's initial values as a state. */
export function initialState(conditions: Record<string, number>): Record<AlnVariableName, number> {
  return Object.fromEntries(
    ALN_VARIABLE_NAMES.map((name) => [name, conditions[initialName(name)]!]),
  ) as Record<AlnVariableName, number>;
}

/** Parameters of a case without those of the run, and whether the model offers them all. */
export function caseParameters({ spec }: NeurolibCase): { given: Record<string, number>; offered: boolean } {
  const { dt: _dt, filter_sigma, distr_delay, ...given } = spec.params;
  return { given, offered: !filter_sigma && !distr_delay };
}

/** neurolib reads sample k - 1 of an input in step k, and the last one in step 0. */
export function shifted(samples: Float64Array): Float64Array {
  return Float64Array.from(samples, (_, index) => samples[(index + samples.length - 1) % samples.length]!);
}
