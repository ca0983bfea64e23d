import { RunError } from '../diagnostics/errors.ts';
import { parseJson } from './parse-json.ts';
import { OutsideProject, readBeneath } from './project.ts';
import { UnfitFile } from './read-file.ts';

/** More is in no text that Node can make, so that nothing larger was ever stored. */
const maxStoredBytes = 511 * 1024 * 1024;

/**
 * Reads a JSON object that meshbook itself has stored in `folder`. Nothing is checked but that it is an object, and its depth.
 * @param hint what the user can do when it is damaged.
 * @throws RunError `state` that names the file, when it can't be read, is cut off, is nested too deeply, or holds something else.
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
  // The engine's words for it hold a piece of the file.
  return `${path} can't be read: ${error instanceof SyntaxError ? 'it is not JSON' : error.message}`;
}

/**
 * Reads a text that meshbook itself has stored in `folder`: the folder may have come with somebody else's files, so that
 * links lead to nothing outside of it, and what is no regular file is none.
 * @throws as `readBeneath`.
 */
export function readStoredText(folder: string, path: string): string {
  return readBeneath(folder, path, maxStoredBytes).toString('utf8');
}
