import { type Sh, sh } from './sh.ts';

/** Reads all of it, and lets go of where it came from, before any of it runs. */
const readWhole = 'eval "exec 3<&-\n$(cat <&3)"';

/**
 * Runs a script of the user's under timeout(1) with these options, with nothing to read. It goes by a pipe: everybody can
 * read arguments, and whoever the script runs commands as can read their environment.
 */
export function userScript(script: string, options: readonly (string | number)[]): Sh {
  return sh`printf '%s\n' ${script} | timeout ${options} sh -c ${readWhole} 3<&0 </dev/null`;
}
