import { type Sh, sh } from './sh.ts';

/** Reads the whole script and closes its source before any of it runs. */
const readWhole = 'eval "exec 3<&-\n$(cat <&3)"';

/**
 * Runs a user's script under timeout(1) with these options and without input. The script arrives through a
 * pipe: any user can read arguments, and the user that the script runs commands as can read their
 * environment.
 */
export function userScript(script: string, options: readonly (string | number)[]): Sh {
  return sh`printf '%s\n' ${script} | timeout ${options} sh -c ${readWhole} 3<&0 </dev/null`;
}
