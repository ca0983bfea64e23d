import { dirname, resolve } from 'node:path';
import type { Checked, SourceFile } from '../diagnostics/diagnostic.ts';
import { fileWithin, projectOf } from '../files/project.ts';
import { failed, readSource, unreadable } from './read-source.ts';

let allowed: readonly string[] = [];

/** From now on files may name files in these folders, too: as the user says, never a file. */
export function allowFolders(folders: readonly string[]): void {
  allowed = folders;
}

/**
 * Reads a file that another file names, `by`. Whoever wrote that one may be a stranger, so that it can't name any file of
 * this machine: only regular files in its own project, and in folders that the user allows.
 */
export function readNamed(name: string, by: string): Checked<SourceFile> {
  const path = resolve(dirname(by), name);
  try {
    const project = projectOf(by);
    const found = fileWithin(path, [project, ...allowed]);
    if ('path' in found) return readSource(path, { streams: false, real: found.path });
    if (found.not === 'outside-git')
      return failed('file-outside-project', `${path} lies in .git, which no file may name`);
    return failed(
      'file-outside-project',
      `${path} lies outside of the project ${project}`,
      `put it there, or allow its folder: --allow-files ${dirname(path)}`,
    );
  } catch (error) {
    return unreadable(path, error as NodeJS.ErrnoException);
  }
}
