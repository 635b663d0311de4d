/** What every benchmark is: a file of its own in this folder, listed in command-line.ts. */
import type { OptionValue } from '../src/cli/options.ts';

/** Options as the parser hands them over. */
export type Given = Record<string, OptionValue>;

export interface Bench {
  name: string;
  /** What it measures, in a line. */
  about: string;
  /** Beside --json and --save: what `--help` shows, and how it is read. */
  options: readonly { flag: string; about: string }[];
  /**
   * Checks its options, then measures.
   * @param say takes a line for the person who waits
   * @throws SpikefieldError, before anything is measured where an option cannot be used
   */
  run(given: Given, say: (line: string) => void): Promise<Report>;
}

export interface Report {
  /** What --json prints and --save writes; starts with the benchmark's name and the machine. */
  result: object;
  /** The same for people. */
  lines: string[];
}
