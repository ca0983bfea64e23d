import { dirname, resolve } from 'node:path';
import type { Checked, SourceFile } from '../diagnostics/diagnostic.ts';
import { OutsideProject, readInProject } from '../files/project.ts';
import { once, spendText } from './allowance.ts';
import { failed, maxSourceBytes, readSource } from './read-source.ts';

/**
 * Reads a file that another file, `by`, names: only a regular one, in its project or in folders that the user allows.
 * A play reads it once, and spends its text for each use. @throws TooMuch
 */
export function readNamed(name: string, by: string): Checked<SourceFile> {
  const path = resolve(dirname(by), name);
  const read = once(`${dirname(by)}\0${path}`, () => readIn(path, by));
  spendText(read.value?.text.length ?? 0);
  return read;
}

/** The same for a file in a folder that the user has typed: the file itself may be a stranger's link. */
export function readInFolder(path: string): Checked<SourceFile> {
  return readIn(path, path);
}

function readIn(path: string, by: string): Checked<SourceFile> {
  try {
    return readSource(path, () => readInProject(path, by, maxSourceBytes));
  } catch (error) {
    if (error instanceof OutsideProject) return failed('file-outside-project', error.message, error.hint);
    throw error;
  }
}
