import { readFileSync } from 'node:fs';
import { RunError } from '../diagnostics/errors.ts';

/**
 * Reads a JSON object that meshbook itself has stored. Nothing but its being an object is checked.
 * @param hint what the user can do when it is damaged.
 * @throws RunError `state` that names the file, when it can't be read, is cut off, or holds something else.
 */
export function readStored<T extends object>(path: string, hint: string): T {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Error('it holds no JSON object');
    return value as T;
  } catch (cause) {
    // The engine's words for it hold a piece of the file, which may be a link to any.
    const why = cause instanceof SyntaxError ? 'it is not JSON' : (cause as Error).message;
    throw new RunError('state', `${path} can't be read: ${why}`, { hint, cause });
  }
}
