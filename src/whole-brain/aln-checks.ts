/** What cannot be run, in one sentence each: a table of another neuron, steps too long, delays longer than the run. */
import { InputError, NonFiniteError } from '../errors.ts';
import type { CascadeTables } from '../fokker-planck/tables.ts';
import { type AlnName, type AlnNodes, extentOf } from '../models/aln.ts';
import { EIF_PARAMETERS, type EifNeuron } from '../models/eif.ts';
import { boundaryUnit } from '../units.ts';

/** @throws InputError where the table was made for another neuron than the nodes' */
export function requireTableOf(neuron: EifNeuron, tables: CascadeTables): void {
  const different = EIF_PARAMETERS.filter(({ symbol }) => neuron[symbol] !== tables.neuron[symbol]);
  if (different.length === 0) return;
  const list = (of: EifNeuron) =>
    different.map(({ symbol, dimension }) => `${symbol} ${of[symbol]} ${boundaryUnit(dimension)}`).join(', ');
  throw new InputError(
    `the node's neuron has ${list(neuron)}, but its look-up table was made for ${list(tables.neuron)}; write the neuron's parameters into a file and build its table with spikefield tables build --neuron <file>`,
    { field: different[0]!.symbol },
  );
}

const TIME_CONSTANTS: readonly AlnName[] = ['tau_se', 'tau_si', 'tau_ou', 'tauA'];

/** @throws InputError where dt is no step, or above the fastest time constant */
export function requireStep(dt: number, nodes: AlnNodes, tables: CascadeTables): void {
  if (!(Number.isFinite(dt) && dt > 0))
    throw new InputError(`dt is ${dt}, but must be a time above 0; neurolib's is 0.1 ms`, { field: 'dt' });
  const known = TIME_CONSTANTS.map((name) => ({ name: name as string, tau: extentOf(nodes, name).least }));
  known.push({
    name: "the table's shortest tau_mu",
    tau: tables.values.tau_mu.reduce((a, b) => Math.min(a, b)),
  });
  const fastest = known.reduce((a, b) => (b.tau < a.tau ? b : a));
  if (dt > fastest.tau) {
    throw new InputError(
      `dt is ${dt} ms, above the fastest time constant (${fastest.name}, ${Number(fastest.tau.toPrecision(3))} ms); choose a dt below it`,
      { field: 'dt' },
    );
  }
}

/** @throws InputError where nothing would arrive before the run is over */
export function requireDelays(duration: number, nodes: AlnNodes): void {
  for (const name of ['de', 'di'] as const) {
    const { most } = extentOf(nodes, name);
    if (most > duration) {
      throw new InputError(
        `the delay ${name} of ${most} ms is longer than the run of ${duration} ms; run for longer, or shorten the delay`,
        { field: name },
      );
    }
  }
}

/**
 * Steps in a time.
 * @throws InputError where it is not a whole number of them, at least 1
 */
export function wholeSteps(time: number, dt: number, field: string): number {
  const steps = Math.round(time / dt);
  if (!Number.isFinite(time) || steps < 1 || Math.abs(steps * dt - time) > 1e-6 * dt * Math.max(1, steps)) {
    throw new InputError(
      `${field} is ${time} ms, but must be a whole number of steps of ${dt} ms, at least one`,
      { field },
    );
  }
  return steps;
}

/** @throws NonFiniteError for the first value of the state that is none */
export function requireFinite(variables: Record<string, ArrayLike<number>>, end: number, dt: number): void {
  for (const [name, values] of Object.entries(variables)) {
    for (let node = 0; node < values.length; node++) {
      if (Number.isFinite(values[node])) continue;
      throw new NonFiniteError(
        `${name} of node ${node} is ${values[node]} after ${end} ms: the step of ${dt} ms is too coarse for its inputs; use a smaller dt, or weaker inputs and couplings`,
      );
    }
  }
}
