/**
 * Every error that a user may meet, in one place. The message of each is one plain sentence that says what was
 * wrong, where, and what to do; the command line prints it as it stands and exits with `exitCode`.
 */
export abstract class SpikefieldError extends Error {
  /** Process exit code of the command line for this kind of error. */
  readonly exitCode: number = 1;
  override get name(): string {
    return this.constructor.name;
  }
}

/** Where in a document a value stands; `line` and `column` count from 1. */
export interface SourceLocation {
  file: string;
  line?: number;
  column?: number;
}

export function describeLocation(at: SourceLocation): string {
  return [at.file, at.line, at.column].filter((part) => part !== undefined).join(':');
}

/** A value given by the user (file, option, argument) that cannot be used. */
export class InputError extends SpikefieldError {
  override readonly exitCode = 2;
  /** The path of the field, as `populations.exc.cell.tau_w`, where there is one. */
  readonly field: string | undefined;
  readonly at: SourceLocation | undefined;
  constructor(message: string, options: { field?: string; at?: SourceLocation } = {}) {
    super(options.at ? `${describeLocation(options.at)}: ${message}` : message);
    this.field = options.field;
    this.at = options.at;
  }
}

/** No adapter, or one that cannot do what is needed. */
export class DeviceError extends SpikefieldError {
  override readonly exitCode = 3;
}

/** The device went away while it was in use. */
export class DeviceLostError extends DeviceError {}

/** The device has not the memory, or a binding is larger than its limits allow. */
export class DeviceMemoryError extends DeviceError {}

/** WGSL that does not compile: a fault of Spikefield, or of an edited shader. */
export class ShaderError extends SpikefieldError {
  override readonly exitCode = 4;
}

/** A state variable became NaN or infinite. */
export class NonFiniteError extends SpikefieldError {
  override readonly exitCode = 5;
}

/** A result that could not be written. */
export class OutputError extends SpikefieldError {
  override readonly exitCode = 6;
}

/** The user stopped the run (Ctrl-C). */
export class InterruptedError extends SpikefieldError {
  override readonly exitCode = 130;
}
