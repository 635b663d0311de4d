/**
 * Makes sure that there is a driver before anything opens a device: the system's own where one works, else one on the
 * CPU, which is installed or fetched. Never silently: every step and the driver in use are told in a line each.
 */
import { DeviceError, SpikefieldError } from '../errors.ts';
import { type DriverChoice, readDriverChoice } from '../gpu/driver/choice.ts';
import { type Diagnosis, judge } from '../gpu/driver/diagnose.ts';
import { applyDriverChoice, useSwiftShader } from '../gpu/driver/environment.ts';
import { gatherFacts } from '../gpu/driver/facts.ts';
import { findDrivers } from '../gpu/driver/manifests.ts';
import { type ProbedAdapter, type ProbeResult, rememberedProbe } from '../gpu/driver/probe.ts';
import { installDriver } from '../gpu/driver/remedies.ts';
import { findSwiftShader, swiftShaderPackage, swiftShaderRunsHere } from '../gpu/driver/swiftshader.ts';
import { readSystem } from '../gpu/driver/system.ts';
import { aptWorksHere, installMesa } from './apt.ts';
import { fetchSwiftShader } from './fetch-swiftshader.ts';

export interface ProvideOptions {
  /** Where lines for the user go. */
  log: (line: string) => void;
  /** Say which driver is used, also where nothing had to be done. */
  announce: boolean;
}

/**
 * Leaves this process, and every child it starts, with a driver that works.
 * @throws InputError where SPIKEFIELD_DRIVER is none of the known names
 * @throws DeviceError where there is no driver and none can be provided, with the remedy
 */
export async function provideDriver({ log, announce }: ProvideOptions): Promise<ProbedAdapter> {
  const choice = readDriverChoice();
  applyDriverChoice(choice);
  let result = await rememberedProbe();
  let told = false;
  if (!isWanted(result, choice)) {
    // Judged before the steps change what there is to see.
    const before = judge(gatherFacts(result));
    const failures: string[] = [];
    const steps = before.named !== undefined && choice === 'auto' ? [] : stepsFor(choice);
    for (const { announcement, run } of steps) {
      if (announcement !== undefined) log(announcement);
      told ||= announcement !== undefined;
      try {
        await run();
        result = await rememberedProbe();
      } catch (cause) {
        if (!(cause instanceof SpikefieldError)) throw cause;
        failures.push(cause.message);
      }
      if (isWanted(result, choice)) break;
    }
    if (!isWanted(result, choice)) throw noDriver(choice, before, failures);
  }
  if (announce || told) for (const line of describeUse(judge(gatherFacts(result)))) log(line);
  return result.adapter!;
}

/**
 * As far as this can be done without installing or fetching anything: for commands that only look.
 * @throws InputError where SPIKEFIELD_DRIVER is none of the known names
 */
export function useInstalledDriver(log: (line: string) => void): void {
  const choice = readDriverChoice();
  applyDriverChoice(choice);
  const missing =
    (choice === 'swiftshader' && !findSwiftShader()) ||
    (choice === 'lavapipe' && !findDrivers().some(({ kind }) => kind === 'lavapipe'));
  if (missing)
    log(`SPIKEFIELD_DRIVER asks for ${choice}, which is not installed yet; a run would see to that.`);
}

interface Step {
  /** Said before a step that changes or loads something. */
  announcement: string | undefined;
  run: () => Promise<void>;
}

/** What can be done about a missing driver, the best first; what is in the cache comes before what must be got. */
function stepsFor(choice: DriverChoice): Step[] {
  const cached = findSwiftShader();
  const { name, version, megabytes } = swiftShaderPackage;
  const mesa: Step = {
    announcement: 'Installing the CPU driver lavapipe (apt-get install libvulkan1 mesa-vulkan-drivers) ...',
    run: async () => {
      await installMesa();
      applyDriverChoice(choice);
    },
  };
  const swiftShader: Step = {
    announcement: cached
      ? undefined
      : `Fetching the CPU driver SwiftShader (${name}@${version}, ${megabytes} MB, once) ...`,
    run: async () => {
      const place = cached ?? (await fetchSwiftShader());
      if (choice === 'swiftshader') applyDriverChoice(choice);
      else useSwiftShader(place);
    },
  };
  const steps: Step[] = [];
  if (choice !== 'system' && choice !== 'swiftshader' && aptWorksHere()) steps.push(mesa);
  if (choice !== 'system' && choice !== 'lavapipe' && swiftShaderRunsHere() && readSystem().glibc)
    steps.push(swiftShader);
  return cached ? steps.reverse() : steps;
}

/** Whether there is an adapter, and of the kind that was asked for. */
function isWanted(result: ProbeResult, choice: DriverChoice): boolean {
  if (!result.adapter) return false;
  const kind = { auto: /./s, system: /./s, lavapipe: /llvmpipe/i, swiftshader: /swiftshader/i }[choice];
  return kind.test(`${result.adapter.description} `);
}

function noDriver(
  choice: DriverChoice,
  { problem, remedy, system }: Diagnosis,
  failures: string[],
): DeviceError {
  const asked = choice === 'auto' || choice === 'system' ? '' : `SPIKEFIELD_DRIVER asks for ${choice}, but `;
  const what = problem ?? 'it is not installed';
  if (failures.length > 0) {
    const tried = `and none could be provided (${failures.join('; ')})`;
    return new DeviceError(
      `${asked}${what}, ${tried}: check the network connection, or ${installDriver(system)}`,
    );
  }
  return new DeviceError(`${asked}${what}: ${remedy ?? `${installDriver(system)}, or unset the variable`}`);
}

/** What is used, and how machines differ: one line, and one more where a GPU lies idle. */
export function describeUse({ adapter, problem, remedy }: Diagnosis): string[] {
  if (adapter === undefined) return [];
  const name = adapter.description || adapter.device;
  if (!adapter.software) return [`Spikefield runs on the GPU ${adapter.device || name} (${name}).`];
  const faster = /swiftshader/i.test(name)
    ? "Mesa's lavapipe is several times faster, a GPU usually 10 to 100 times faster than that"
    : 'a GPU is usually 10 to 100 times faster';
  const line = `Spikefield runs on the CPU through ${name}; ${faster}.`;
  return problem === undefined
    ? [line]
    : [line, `${problem[0]!.toUpperCase()}${problem.slice(1)}: ${remedy}.`];
}
