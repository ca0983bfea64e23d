import { closeSync, existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { openRegular, readOpen } from './read-file.ts';

/**
 * The folder that a playbook belongs to: the nearest one upwards with a `meshbook.yml` or a `.git`, else the playbook's
 * own. Neither `/` nor the home folder is a project, whatever stands there: nobody means all files in them.
 * @returns its real path. @throws what the system says when the playbook's folder isn't there.
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
 * Reads a file that the user hasn't typed: another file, `by`, names it, or it lies beside that one. Whoever wrote them
 * may be a stranger, so that it can be no file of this machine but the regular ones in the project of `by`, and in
 * folders that the user allows. Judged is what was opened, so that nobody can put a link there in between.
 * @throws OutsideProject; else as `readRegular`.
 */
export function readInProject(path: string, by: string, maxBytes: number): Buffer {
  return readJudged(path, maxBytes, judgeOf(path, by));
}

/**
 * Where to write a file whose name the user hasn't typed, though perhaps its folder: a link there may be a stranger's.
 * So it is followed only to where it might be read from, too.
 * @throws OutsideProject, or what the system says when the link leads nowhere.
 */
export function targetInFolder(path: string): string {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return path;
  const target = realPath(path);
  judgeOf(path, path)(target);
  return target;
}

/**
 * Reads a file beneath a folder: a regular one, and links lead to others beneath it alone.
 * @throws OutsideProject; else as `readRegular`.
 */
export function readBeneath(folder: string, path: string, maxBytes: number): Buffer {
  return readJudged(path, maxBytes, beneath(folder, path));
}

/** For a folder beneath another, before its files are listed or made. @throws OutsideProject when it leads elsewhere. */
export function mustBeBeneath(folder: string, path: string): void {
  beneath(folder, path)(realPath(path));
}

function beneath(folder: string, path: string): Judge {
  const above = realPath(folder);
  return (real) => {
    if (!isBeneath(above, real)) throw new OutsideProject(`${told(path, real)} is outside ${folder}`);
  };
}

/** Throws where nothing may be read or written. */
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
  // From one drive to another there is no way.
  return stepsTo(folder, path)[0] !== '..' && !isAbsolute(relative(folder, path));
}

/**
 * Where the system would look: of a path whose end doesn't exist, the real path of its beginning with that end. Node's
 * own way (`realpathSync` without `native`) takes `..` off the text of a link before it follows what stands before it.
 * @throws what the system says; of a link that leads nowhere, that there is nothing.
 */
function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    // Whatever stands there, the system may know a way to it; and what is above nothing is nowhere.
    const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    if (isThere || basename(path) === '..' || dirname(path) === path) throw error;
    return join(realPath(dirname(path)), basename(path));
  }
}

/** Where an open file lies, as the system has found it; without a /proc, where it was to lie. */
function whereOpened(file: number, path: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${file}`);
  } catch {
    return path;
  }
}
