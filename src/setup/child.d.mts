/** Runs `node ...args` at the root in this terminal, without Dawn's needless lines, and gives its exit code. */
export function runNode(args: string[]): Promise<number>;
