/**
 * Receptors by name and in place. Exponential conductances with the same tau and E_rev add up to one, so receptors
 * written in place that agree with one already there are that one: engines keep one conductance for each.
 */
import { describeValue, formatQuantity } from '../../units.ts';
import { NAME } from '../document/fields.ts';
import { suggestion } from '../document/near-names.ts';
import type { Path, Problems } from '../document/problems.ts';
import type { Receptor } from '../network.ts';
import type { CheckedNetwork, CheckedProjection } from '../network-schema.ts';

type ReceptorUse = CheckedProjection['receptor'];

export class ReceptorTable {
  readonly receptors: Receptor[];
  readonly #problems: Problems;

  constructor(declared: CheckedNetwork['receptors'], problems: Problems) {
    this.receptors = Object.entries(declared).map(([name, { tau, E_rev }]) => ({ name, tau, E_rev }));
    this.#problems = problems;
  }

  /**
   * The receptor that a projection, drive or event list uses, or undefined where that was noted as a problem.
   *
   * @param fallbackName what a receptor written in place is called when it gives no name
   */
  use(use: ReceptorUse, path: Path, fallbackName: string): Receptor | undefined {
    if (typeof use === 'string') return this.#named(use, path);
    const same = this.receptors.find(({ tau, E_rev }) => tau === use.tau && E_rev === use.E_rev);
    if (same && (use.name === undefined || use.name === same.name)) return same;
    const name = use.name ?? fallbackName;
    if (!NAME.test(name)) {
      this.#problems.add(
        [...path, 'name'],
        'is not a usable name; begin it with a letter, then letters, digits, _ or -',
      );
      return undefined;
    }
    const taken = this.receptors.find((receptor) => receptor.name === name);
    if (taken) return this.#contradiction(use, taken, path);
    const receptor = { name, tau: use.tau, E_rev: use.E_rev };
    this.receptors.push(receptor);
    return receptor;
  }

  #named(name: string, path: Path): Receptor | undefined {
    const found = this.receptors.find((receptor) => receptor.name === name);
    if (found) return found;
    const names = this.receptors.map((receptor) => receptor.name);
    const remedy = names.length > 0 ? suggestion(name, names) : 'add it to receptors with its tau and E_rev';
    this.#problems.add(path, `is ${describeValue(name)} but there is no receptor of this name; ${remedy}`);
    return undefined;
  }

  #contradiction(use: Exclude<ReceptorUse, string>, taken: Receptor, path: Path): undefined {
    const field = use.E_rev === taken.E_rev ? 'tau' : 'E_rev';
    const show = (value: number) => formatQuantity(value, field === 'tau' ? 'time' : 'voltage');
    this.#problems.add(
      [...path, field],
      `is ${show(use[field])} but the receptor ${taken.name} already has ${show(taken[field])}; give one of the two another name`,
    );
  }
}
