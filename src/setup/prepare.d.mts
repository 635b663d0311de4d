/** The root of the clone, or of the installed package. */
export const root: string;
/** What stops a command before it begins. */
export class SetupError extends Error {
  exitCode: number;
}
/** Installs and compiles what is missing or out of date; a published package has nothing to do. */
export function prepare(directory?: string, log?: (line: string) => void): void;
/** A clone has sources to compile and a lock file to install from; a published package has neither. */
export function isClone(directory: string): boolean;
/** Throws SetupError for a Node older than package.json allows. */
export function checkNode(directory: string, version?: string): void;
/** Whether npm's own record holds every package of the lock file that is made for this system. */
export function isInstalled(directory: string, lock: { packages: Record<string, LockEntry> }): boolean;
/** A fingerprint of the contents of everything the compiler reads. */
export function hashSources(directory: string): string;

interface LockEntry {
  version?: string;
  os?: string[];
  cpu?: string[];
  libc?: string[];
}
