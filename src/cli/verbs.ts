/**
 * Commands with verbs, as `spikefield transfer measure RS-cell`. The parser knows one level of commands, so it takes the
 * options of every verb, and what belongs to which is checked here.
 */
import type { CAC } from 'cac';
import { InputError } from '../errors.ts';
import { suggestion } from '../models/document/near-names.ts';
import type { OptionValue } from './options.ts';

/** What the parser hands over. */
export type Given = Record<string, OptionValue>;

export interface Verb {
  /** `what` is empty where the verb needs nothing and nothing was given. */
  run: (what: string, given: Given, version: string) => Promise<void>;
  /** What it works on, for messages. */
  what: string;
  /** Whether it also runs without. */
  optional?: boolean;
  options: readonly (readonly [flag: string, about: string])[];
}

export interface VerbCommand {
  name: string;
  about: string;
  verbs: Readonly<Record<string, Verb>>;
  examples: readonly string[];
}

export function addVerbCommand(
  cli: CAC,
  { name, about, verbs, examples }: VerbCommand,
  version: string,
): void {
  const command = cli.command(`${name} <verb> [what]`, about);
  for (const [flag, meaning] of new Map(Object.values(verbs).flatMap(({ options }) => options)))
    command.option(flag, meaning);
  for (const example of examples) command.example(`spikefield ${name} ${example}`);
  command.action(async (given: string, what: string | undefined, options: Given) => {
    const verbName = String(given);
    const verb = Object.hasOwn(verbs, verbName) ? verbs[verbName] : undefined;
    if (!verb)
      throw new InputError(
        `spikefield ${name} cannot ${verbName}; ${suggestion(verbName, Object.keys(verbs))}`,
      );
    refuseForeignOptions(`${name} ${verbName}`, verb, verbs, options);
    const subject = what === undefined ? '' : String(what).trim();
    if (subject === '' && !verb.optional)
      throw new InputError(`spikefield ${name} ${verbName} needs ${verb.what}`);
    await verb.run(subject, options, version);
  });
}

function refuseForeignOptions(command: string, verb: Verb, verbs: VerbCommand['verbs'], given: Given): void {
  const own = verb.options.map(([flag]) => flag);
  for (const [flag] of Object.values(verbs).flatMap(({ options }) => options)) {
    const value = given[keyOf(flag)];
    // An option that is only ever negated is true from the start.
    const isUnset = value === undefined || (value === true && nameOf(flag).startsWith('no-'));
    if (isUnset || own.some((each) => keyOf(each) === keyOf(flag))) continue;
    throw new InputError(
      `spikefield ${command} has no option --${nameOf(flag)}; ${suggestion(nameOf(flag), own.map(nameOf))}`,
    );
  }
}

function nameOf(flag: string): string {
  return flag.replace(/^--/, '').replace(/ .*/, '');
}

/** Under which name the parser keeps it: `--nu-e` as nuE, `--no-figures` as figures. */
function keyOf(flag: string): string {
  return nameOf(flag)
    .replace(/^no-/, '')
    .replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
