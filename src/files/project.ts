import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';

/**
 * The folder that a playbook belongs to: the nearest one upwards with a `meshbook.yml` or a `.git`, else the playbook's
 * own. Neither `/` nor the home folder is a project, whatever stands there: nobody means all files in them.
 * @returns its real path. @throws what the system says when the playbook's folder isn't there.
 */
export function projectOf(playbookPath: string): string {
  const own = realpathSync(dirname(playbookPath));
  const home = real(homedir());
  for (let folder = own; folder !== home && folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'meshbook.yml')) || existsSync(join(folder, '.git'))) return folder;
  }
  return own;
}

/** Where a file lies: its real path in one of the folders, or why it isn't to be read. */
export type Found = { readonly path: string } | { readonly not: 'within' | 'outside-git' };

/**
 * Looks for a file in these folders and beneath them, links followed, but not in a `.git`. One that doesn't exist is
 * judged by where it would be.
 * @throws what the system says when it can't be looked for.
 */
export function fileWithin(path: string, folders: readonly string[]): Found {
  const found = real(path);
  const ways = folders.map((folder) => relative(real(folder), found).split(sep));
  const inside = ways.filter(([first]) => first !== '..');
  if (inside.length === 0) return { not: 'within' };
  const isClean = inside.some((steps) => !steps.some((step) => step.toLowerCase() === '.git'));
  return isClean ? { path: found } : { not: 'outside-git' };
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
