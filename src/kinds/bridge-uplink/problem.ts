import type { Code } from '../../diagnostics/codes/registry.ts';
import type { Problem } from '../define-kind.ts';

/** No changes, for these reasons. */
export interface Stopped {
  readonly changes: [];
  readonly problems: Problem[];
}

export function stop(...problems: Problem[]): Stopped {
  return { changes: [], problems };
}

export function problem(code: Code, message: string, path: readonly string[], hint?: string): Problem {
  return { code, message, path, ...(hint === undefined ? {} : { hint }) };
}
