import { RunError } from '../diagnostics/errors.ts';
import { parseJson } from './parse-json.ts';
import { OutsideProject, readBeneath } from './project.ts';
import { UnfitFile } from './read-file.ts';

/** The maximum length of a text in Node, so nothing larger was ever written. */
const maxStoredBytes = 511 * 1024 * 1024;

/**
 * Reads a JSON object that meshbook itself wrote into `folder`. Checks only that it is an object, and its depth.
 * @param hint what the user can do if it is damaged.
 * @throws RunError `state` with the file's name if it can't be read, is cut off, is nested too deeply, or is something
 * else.
 */
export function readStored<T extends object>(folder: string, path: string, hint: string): T {
  try {
    const value: unknown = parseJson(readStoredText(folder, path));
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Error('it holds no JSON object');
    return value as T;
  } catch (cause) {
    throw new RunError('state', unreadable(path, cause as Error), { hint, cause });
  }
}

function unreadable(path: string, error: Error): string {
  if (error instanceof OutsideProject) return error.message;
  if (error instanceof UnfitFile) return `${path} ${error.message}`;
  // The engine's message contains a part of the file.
  return `${path} can't be read: ${error instanceof SyntaxError ? 'it is not JSON' : error.message}`;
}

/**
 * Reads a text that meshbook itself wrote into `folder`. The folder may have come with untrusted files, so links must
 * not lead out of it, and only regular files count.
 * @throws as `readBeneath`.
 */
export function readStoredText(folder: string, path: string): string {
  return readBeneath(folder, path, maxStoredBytes).toString('utf8');
}
