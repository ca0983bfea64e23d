import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';

/**
 * Why a file is refused although the system would allow reading it. The message is a predicate: `is a directory, …`.
 */
export class UnfitFile extends Error {
  readonly why: 'directory' | 'not-regular' | 'too-large';

  constructor(why: UnfitFile['why'], message: string) {
    super(message);
    this.name = 'UnfitFile';
    this.why = why;
  }
}

/** A file's content and state when it was read. */
export interface FileBytes {
  readonly bytes: Buffer;
  readonly stat: Stats;
}

/**
 * Reads a whole file without ever blocking: a directory, a pipe, a socket and a device are refused. Opening a pipe
 * without a writer would block for ever, and opening a device may have effects.
 * @param maxBytes the most that is read.
 * @param streams whether the file may be a stream that the shell has opened: `<(command)`, which is `/dev/fd/63`, and
 * `/dev/stdin`. Only for paths that the user has typed.
 * @throws UnfitFile, or the system's error.
 */
export function readRegular(path: string, maxBytes: number, { streams = false } = {}): FileBytes {
  const file = openRegular(path, streams);
  try {
    return readOpen(file, maxBytes);
  } finally {
    closeSync(file);
  }
}

/** Reads the rest of an open file. @throws UnfitFile if it is larger than `maxBytes`. */
export function readOpen(file: number, maxBytes: number): FileBytes {
  const stat = fstatSync(file);
  return { bytes: readAll(file, stat.size, maxBytes), stat };
}

/** A descriptor for reading a regular file or, with `streams`, an open stream. @throws as `readRegular`. */
export function openRegular(path: string, streams = false): number {
  if (streams && /^\/(dev\/(stdin|fd\/\d+)|proc\/self\/fd\/\d+)$/.test(path))
    return opened(path, 0, noFolder);
  mustBeRegular(statSync(path));
  // The file may have been replaced in the meantime.
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
    // One byte more than is left, so that a file is read at once; a stream has no size.
    const chunk = Buffer.allocUnsafe(Math.min(Math.max(size - done + 1, 2048), 64 * 1024));
    const read = readSync(file, chunk);
    chunks.push(chunk.subarray(0, read));
    done += read;
    if (done > maxBytes) throw new UnfitFile('too-large', `is larger than ${maxBytes / 1024 / 1024} MB`);
    if (read === 0 || (read < chunk.length && done === size)) return Buffer.concat(chunks);
  }
}
