/** The program and the arguments that stand before npm's own. */
export function npmCommand(env?: NodeJS.ProcessEnv): { program: string; before: string[] };
