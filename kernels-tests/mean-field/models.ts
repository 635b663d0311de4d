/** Mean fields for tests: the paper's, and random ones of any number of populations. */
import { meanFieldOfNetwork } from '../../src/mean-field/from-network.ts';
import type { MeanField } from '../../src/mean-field/model.ts';
import { printedTransferFunction } from '../../src/mean-field/printed.ts';
import { readNetwork } from '../../src/models/read-network.ts';
import { TransferFunction } from '../../src/transfer/transfer-function.ts';
import { draws } from '../draws.ts';

/** CONFIG1 with the printed coefficients. */
export function printedModel(overrides: string[] = []): MeanField {
  return meanFieldOfNetwork(readNetwork('config1', overrides), ({ cell }) => ({
    transfer: printedTransferFunction(cell.name)!,
    source: 'printed',
  }));
}

/** The model with its populations changed one by one. */
export function changed(
  model: MeanField,
  change: (
    population: MeanField['populations'][number],
    index: number,
  ) => Partial<MeanField['populations'][number]>,
): MeanField {
  return {
    ...model,
    populations: model.populations.map((each, index) => ({ ...each, ...change(each, index) })),
  };
}

/**
 * Mean fields near the paper's working point, with random coefficients (within 0.5 % of the printed ones), synapses, shares, sizes,
 * drives and T. The first half of the populations is excitatory.
 */
export function randomModel(populations: number, seed: number): MeanField {
  const { between } = draws(seed);
  const cells = ['RS-cell', 'FS-cell'];
  const printed = cells.map((name) => printedTransferFunction(name)!);
  const isExcitatory = (index: number) => index < Math.floor(populations / 2);
  const shares = (excitatory: boolean) => {
    const raw = Array.from({ length: populations }, (_, index) =>
      isExcitatory(index) === excitatory ? between(0.5, 1) : 0,
    );
    const total = raw.reduce((sum, value) => sum + value, 0);
    return raw.map((value) => (total === 0 ? 0 : value / total));
  };
  return {
    name: `random ${seed}`,
    T: between(3, 12),
    populations: Array.from({ length: populations }, (_, index) => {
      const base = printed[isExcitatory(index) ? 0 : 1]!;
      return {
        name: `p${index}`,
        size: Math.round(between(200, 10_000)),
        transfer: new TransferFunction({
          cell: { ...base.cell, C_m: between(180, 220) },
          input: {
            exc: { ...base.input.exc, K: between(350, 420) },
            inh: { ...base.input.inh, K: between(90, 110), Q: between(4.5, 5.5) },
          },
          formula: base.formula,
          coefficients_mV: base.coefficients_mV.map((value) => value * between(0.995, 1.005)),
        }),
        from: { exc: shares(true), inh: shares(false) },
        drives: [{ kind: 'exc' as const, rate: between(1, 5), share: between(0.8, 1.1) }],
      };
    }),
  };
}
