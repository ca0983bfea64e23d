import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';

/**
 * The folder that a playbook belongs to: the nearest one upwards with a `meshbook.yml` or a `.git`, else the playbook's
 * own. Neither `/` nor the home folder is a project, whatever stands there: nobody means all files in them.
 * @returns its real path. @throws what the system says when the playbook's folder isn't there.
 */
function projectOf(playbookPath: string): string {
  const own = realpathSync(dirname(playbookPath));
  const home = real(homedir());
  for (let folder = own; folder !== home && folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'meshbook.yml')) || existsSync(join(folder, '.git'))) return folder;
  }
  return own;
}

let allowed: readonly string[] = [];

/** From now on files that the user hasn't typed may lie in these folders, too: as the user says, never a file. */
export function allowFolders(folders: readonly string[]): void {
  allowed = folders;
}

/** A file that isn't to be read. The message is a sentence without a full stop. */
export class OutsideProject extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'OutsideProject';
    this.hint = hint;
  }
}

/**
 * The real path of a file that the user hasn't typed: another file, `by`, names it, or it lies beside that one. Whoever
 * wrote them may be a stranger, so that it can be no file of this machine but those in the project of `by`, and in
 * folders that the user allows.
 * @throws OutsideProject, or what the system says when it can't be looked for.
 */
export function mustBeInProject(path: string, by: string): string {
  const project = projectOf(by);
  const found = fileWithin(path, [project, ...allowed]);
  if ('path' in found) return found.path;
  const real = found.real === resolve(path) ? path : `${path}, which leads to ${found.real},`;
  if (found.not === 'outside-git') throw new OutsideProject(`${real} is in .git, which no file may name`);
  throw new OutsideProject(
    `${real} is outside the project ${project}`,
    `put it there, or allow its folder: --allow-files ${dirname(found.real)}`,
  );
}

/** Where a file lies: its real path in one of the folders, or why it isn't to be read. */
type Found = { readonly path: string } | { readonly not: 'within' | 'outside-git'; readonly real: string };

/**
 * Looks for a file in these folders and beneath them, links followed, but not in a `.git`. One that doesn't exist is
 * judged by where it would be.
 * @throws what the system says when it can't be looked for.
 */
function fileWithin(path: string, folders: readonly string[]): Found {
  const found = real(path);
  const ways = folders.map((folder) => relative(real(folder), found).split(sep));
  const inside = ways.filter(([first]) => first !== '..');
  if (inside.length === 0) return { not: 'within', real: found };
  const isClean = inside.some((steps) => !steps.some((step) => step.toLowerCase() === '.git'));
  return isClean ? { path: found } : { not: 'outside-git', real: found };
}

/** As far as it is there: of a path whose end doesn't exist, the real path of its beginning with that end. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    const above = dirname(resolve(path));
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === resolve(path)) throw error;
    return join(real(above), resolve(path).slice(above.length));
  }
}
