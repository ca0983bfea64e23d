import { closeSync, existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { openRegular, readOpen } from './read-file.ts';

/**
 * The folder to which a playbook belongs: its nearest parent with a `meshbook.yml` or a `.git`, otherwise the
 * playbook's own. Neither `/` nor the home folder is a project, whatever it contains: nobody means all files in them.
 * @returns its real path. @throws the system's error if the playbook's folder doesn't exist.
 */
function projectOf(playbookPath: string): string {
  const own = realpathSync.native(dirname(playbookPath));
  const home = realPath(homedir());
  for (let folder = own; folder !== home && folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'meshbook.yml')) || existsSync(join(folder, '.git'))) return folder;
  }
  return own;
}

let allowed: readonly string[] = [];

/**
 * Allows files that the user hasn't typed to be in these folders, too. Only the user can allow folders, never a file.
 */
export function allowFolders(folders: readonly string[]): void {
  allowed = folders;
}

/** A file that must not be read. The message is a sentence without a full stop. */
export class OutsideProject extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'OutsideProject';
    this.hint = hint;
  }
}

/**
 * Reads a file that the user hasn't typed: another file, `by`, names it, or it is beside that file. Its author may be
 * a stranger, so it must be a regular file in the project of `by` or in a folder that the user allows. The check is
 * made on the opened file, so that nobody can put a link there in between.
 * @throws OutsideProject; otherwise as `readRegular`.
 */
export function readInProject(path: string, by: string, maxBytes: number): Buffer {
  return readJudged(path, maxBytes, judgeOf(path, by));
}

/**
 * Where to write a file whose name the user hasn't typed, though perhaps its folder: a link there may be a stranger's.
 * So it is followed only to places from which the file might be read.
 * @throws OutsideProject, or the system's error if the link leads nowhere.
 */
export function targetInFolder(path: string): string {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return path;
  const target = realPath(path);
  judgeOf(path, path)(target);
  return target;
}

/**
 * Reads a regular file below a folder; links must not lead out of it.
 * @throws OutsideProject; otherwise as `readRegular`.
 */
export function readBeneath(folder: string, path: string, maxBytes: number): Buffer {
  return readJudged(path, maxBytes, beneath(folder, path));
}

/** For a folder below another, before its files are listed or made. @throws OutsideProject if it leads elsewhere. */
export function mustBeBeneath(folder: string, path: string): void {
  beneath(folder, path)(realPath(path));
}

function beneath(folder: string, path: string): Judge {
  const above = realPath(folder);
  return (real) => {
    if (!isBeneath(above, real)) throw new OutsideProject(`${told(path, real)} is outside ${folder}`);
  };
}

/** Throws if nothing may be read or written there. */
type Judge = (real: string) => void;

function readJudged(path: string, maxBytes: number, judge: Judge): Buffer {
  const real = realPath(path);
  judge(real);
  const file = openRegular(real);
  try {
    judge(whereOpened(file, real));
    return readOpen(file, maxBytes).bytes;
  } finally {
    closeSync(file);
  }
}

/** For a file that the user hasn't typed. */
function judgeOf(path: string, by: string): Judge {
  const project = projectOf(by);
  const folders = [project, ...allowed.map(realPath)];
  return (real) => {
    const within = folders.filter((folder) => isBeneath(folder, real));
    if (within.some((folder) => !stepsTo(folder, real).some((step) => step.toLowerCase() === '.git'))) return;
    const what = told(path, real);
    if (within.length > 0) throw new OutsideProject(`${what} is in .git, which no file may name`);
    throw new OutsideProject(
      `${what} is outside the project ${project}`,
      `put it there, or allow its folder: --allow-files ${dirname(real)}`,
    );
  };
}

function told(path: string, real: string): string {
  return real === resolve(path) ? path : `${path}, which leads to ${real},`;
}

function stepsTo(folder: string, path: string): string[] {
  return relative(folder, path).split(sep);
}

function isBeneath(folder: string, path: string): boolean {
  // There is no relative path from one drive to another.
  return stepsTo(folder, path)[0] !== '..' && !isAbsolute(relative(folder, path));
}

/**
 * Where the system would look: for a path whose end doesn't exist, the real path of the existing beginning plus that
 * end. Node's own `realpathSync` (without `native`) applies `..` to the text of a link before it follows what precedes
 * it.
 * @throws the system's error; for a link that leads nowhere, that it doesn't exist.
 */
function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    // If something is there, the system may be able to follow it; a parent of nothing doesn't exist.
    const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    if (isThere || basename(path) === '..' || dirname(path) === path) throw error;
    return join(realPath(dirname(path)), basename(path));
  }
}

/** Where an open file is, according to the system; without /proc, where it was expected. */
function whereOpened(file: number, path: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${file}`);
  } catch {
    return path;
  }
}
