import { dirname, resolve } from 'node:path';
import type { Checked, SourceFile } from '../diagnostics/diagnostic.ts';
import { mustBeInProject, OutsideProject } from '../files/project.ts';
import { failed, readSource, unreadable } from './read-source.ts';

/** Reads a file that another file names, `by`: only a regular one, in its project or in folders that the user allows. */
export function readNamed(name: string, by: string): Checked<SourceFile> {
  return readIn(resolve(dirname(by), name), by);
}

/** The same of a file in a folder that the user has typed: the file itself may be a link that a stranger has made. */
export function readInFolder(path: string): Checked<SourceFile> {
  return readIn(path, path);
}

function readIn(path: string, by: string): Checked<SourceFile> {
  try {
    const project = projectOf(by);
    const found = fileWithin(path, [project, ...allowed]);
    if ('path' in found) return readSource(path, { streams: false, real: found.path });
    if (found.not === 'outside-git')
      return failed('file-outside-project', `${path} is in .git, which no file may name`);
    return failed(
      'file-outside-project',
      `${path} is outside the project ${project}`,
      `put it there, or allow its folder: --allow-files ${dirname(path)}`,
    );
  } catch (error) {
    if (error instanceof OutsideProject) return failed('file-outside-project', error.message, error.hint);
    return unreadable(path, error as NodeJS.ErrnoException);
  }
}
