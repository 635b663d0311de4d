/** Rings that differ in named parameters, for scans: the paper's axes, and a ring with some of its numbers changed. */
import { InputError } from '../errors.ts';
import { suggestion } from '../models/document/near-names.ts';
import { checkRing, RING_PARAMETERS, type Ring } from '../models/ring.ts';

/** The parameters that the paper scans, in the order of its product: the last varies fastest. */
export const PAPER_AXES = [
  'conduction_velocity',
  'stim_extent',
  'exc_extent',
  'inh_extent',
  'tau2',
  'tau1',
] as const;

/** What a scan may vary: units and length must stay, or rings would not lie alike in the recording. */
export const SCAN_PARAMETERS = [...PAPER_AXES, 'amplitude'] as const;
export type ScanParameter = (typeof SCAN_PARAMETERS)[number];

/** Throws InputError. */
export function scanParameter(name: string): ScanParameter {
  const known = SCAN_PARAMETERS.find((each) => each === name);
  if (!known)
    throw new InputError(`a scan cannot vary ${name}; ${suggestion(name, [...SCAN_PARAMETERS])}`, {
      field: name,
    });
  return known;
}

/** Name and unit for people. */
export function parameterTitle(name: ScanParameter): string {
  const titles: Record<ScanParameter, string> = {
    conduction_velocity: 'Conduction velocity',
    stim_extent: 'Stimulus extent',
    exc_extent: 'Exc. extent',
    inh_extent: 'Inh. extent',
    tau1: 'τ1',
    tau2: 'τ2',
    amplitude: 'Amplitude',
  };
  return `${titles[name]} (${RING_PARAMETERS[name].unit})`;
}

/** `ring` with its named numbers changed. Throws InputError where no ring can have them. */
export function changedRing(
  ring: Ring,
  names: readonly ScanParameter[],
  values: readonly number[],
  dt: number,
): Ring {
  const { stimulus } = ring;
  const changed = { ...ring };
  let own = stimulus;
  names.forEach((name, k) => {
    const value = values[k]!;
    if (name === 'conduction_velocity' || name === 'exc_extent' || name === 'inh_extent')
      changed[name] = value;
    else if (own.kind === 'sampled')
      throw new InputError(
        `${name} belongs to a stimulus of the library, but this one comes from a file; leave it out of the scan`,
        { field: name },
      );
    else own = { ...own, [name === 'stim_extent' ? 'extent' : name]: value };
  });
  return checkRing({ ...changed, stimulus: own }, dt);
}
