import { RunError } from '../diagnostics/errors.ts';

/**
 * Something that is read once for all hosts (a key, a jump host) fails for each of them: the same error, with one
 * host's name.
 */
export function forHost(error: unknown, host: string, prefix = ''): unknown {
  if (!(error instanceof RunError)) return error;
  if (error.host === host && prefix === '') return error;
  return new RunError(error.code, `${prefix}${error.message}`, { host, cause: error, hint: error.hint });
}
