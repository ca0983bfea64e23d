import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';

/**
 * Writes a file that the user has named, whole or not at all: the old one is kept until the new one is complete. A
 * link is followed; what isn't a regular file, such as /dev/stdout or a pipe, is written to and stays what it is.
 * @param mode of a new file, before the umask.
 * @throws the system's error.
 */
export function writeWhole(path: string, pieces: Iterable<string>, mode = 0o666): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) {
    write(openSync(path, 'w'), pieces);
    return;
  }
  const target = there === undefined ? path : realpathSync.native(path);
  const part = `${target}.${randomBytes(6).toString('hex')}`;
  const file = openSync(part, 'wx', mode);
  try {
    write(file, pieces, fsyncSync);
    renameSync(part, target);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

function write(file: number, pieces: Iterable<string>, finish: (file: number) => void = () => {}): void {
  try {
    for (const text of pieces) writeAll(file, Buffer.from(text));
    finish(file);
  } finally {
    closeSync(file);
  }
}

/** A write may be partial. */
function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
