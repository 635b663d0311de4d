/** Lets a negative quantity follow its option: parsers take `-200pA` in `--current -200pA` for a row of flags. */

/** `--current -200pA` as `--current=-200pA`; no option of ours begins with a digit. */
export function joinNegativeValues(argv: readonly string[]): string[] {
  const joined: string[] = [];
  for (const argument of argv) {
    const before = joined.at(-1);
    if (/^-\.?\d/.test(argument) && before !== undefined && /^--[a-z][a-z-]*$/.test(before)) {
      joined[joined.length - 1] = `${before}=${argument}`;
    } else joined.push(argument);
  }
  return joined;
}
