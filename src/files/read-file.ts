import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';

/** Why a file can't be had although the system would let it be read. The message is a predicate: `is a directory, …`. */
export class UnfitFile extends Error {
  readonly why: 'directory' | 'not-regular' | 'too-large';

  constructor(why: UnfitFile['why'], message: string) {
    super(message);
    this.name = 'UnfitFile';
    this.why = why;
  }
}

/** A file as it was when it was read. */
export interface FileBytes {
  readonly bytes: Buffer;
  readonly stat: Stats;
}

/**
 * Reads a whole file, and never waits for anybody: a directory, a pipe, a socket and a device are refused. Opening a
 * pipe that nobody writes to would take for ever, and opening a device may do something.
 * @param maxBytes the most that is read.
 * @param streams whether a file that the shell has opened for us may be a stream: `<(command)`, which is `/dev/fd/63`,
 * and `/dev/stdin`. Only for paths that the user has typed.
 * @throws UnfitFile, or what the system says when it can't be read.
 */
export function readRegular(path: string, maxBytes: number, { streams = false } = {}): FileBytes {
  const file = openRegular(path, streams);
  try {
    return readOpen(file, maxBytes);
  } finally {
    closeSync(file);
  }
}

/** Reads what is left of an open file. @throws UnfitFile where it is larger than `maxBytes`. */
export function readOpen(file: number, maxBytes: number): FileBytes {
  const stat = fstatSync(file);
  return { bytes: readAll(file, stat.size, maxBytes), stat };
}

/** A descriptor to read from, of a regular file or where `streams` says so of an open stream. @throws as `readRegular`. */
export function openRegular(path: string, streams = false): number {
  if (streams && /^\/(dev\/(stdin|fd\/\d+)|proc\/self\/fd\/\d+)$/.test(path))
    return opened(path, 0, noFolder);
  mustBeRegular(statSync(path));
  // What stands there may be another by now.
  return opened(path, constants.O_NONBLOCK | constants.O_NOCTTY, mustBeRegular);
}

function opened(path: string, flags: number, check: (stat: Stats) => void): number {
  const file = openSync(path, constants.O_RDONLY | flags);
  try {
    check(fstatSync(file));
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function noFolder(stat: Stats): void {
  if (stat.isDirectory()) throw new UnfitFile('directory', 'is a directory, not a file');
}

function mustBeRegular(stat: Stats): void {
  noFolder(stat);
  if (stat.isFile()) return;
  const what = stat.isFIFO() ? 'a named pipe' : stat.isSocket() ? 'a socket' : 'a device';
  throw new UnfitFile('not-regular', `is ${what}, not a file`);
}

function readAll(file: number, size: number, maxBytes: number): Buffer {
  const chunks: Buffer[] = [];
  let done = 0;
  for (;;) {
    // One more than is left, so that a file is read at once; a stream has no size.
    const chunk = Buffer.allocUnsafe(Math.min(Math.max(size - done + 1, 2048), 64 * 1024));
    const read = readSync(file, chunk);
    chunks.push(chunk.subarray(0, read));
    done += read;
    if (done > maxBytes) throw new UnfitFile('too-large', `is larger than ${maxBytes / 1024 / 1024} MB`);
    if (read === 0 || (read < chunk.length && done === size)) return Buffer.concat(chunks);
  }
}
