import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Code } from '../diagnostics/codes/registry.ts';
import type { Checked, SourceFile } from '../diagnostics/diagnostic.ts';
import { SecretUnavailable } from '../secrets/secret-value.ts';
import { isVault } from '../secrets/vault.ts';
import { unlock } from '../secrets/vault-keys.ts';

/** Far more than any inventory needs; a device or an archive given by mistake ends here. */
export const maxSourceBytes = 16 * 1024 * 1024;

/**
 * Reads a text file: UTF-8, with or without a byte order mark, at most `maxSourceBytes`. Pipes such as
 * a shell's `<(command)` can be read too. What `ansible-vault` has encrypted is decrypted. The diagnostics have no range: there is no text to point at.
 */
export function readSource(path: string): Checked<SourceFile> {
  let bytes: Buffer;
  try {
    const read = readCapped(path);
    if (!Buffer.isBuffer(read)) return failed(read.code, `${path} ${read.what}`);
    bytes = read;
  } catch (error) {
    return unreadable(path, error as NodeJS.ErrnoException);
  }
  let text = decode(bytes);
  const secret = typeof text === 'string' && isVault(text) ? ({ secret: true } as const) : {};
  try {
    if (typeof text === 'string' && isVault(text)) text = decode(unlock(text, path));
  } catch (error) {
    if (!(error instanceof SecretUnavailable)) throw error;
    return failed(error.code, error.message, error.hint);
  }
  if (typeof text === 'string') return { value: { path, text, ...secret }, diagnostics: [] };
  return failed(
    'file-not-text',
    `${path} is not a text file: ${text.why}`,
    'meshbook reads YAML files in UTF-8',
  );
}

function readCapped(path: string): Buffer | { code: Code; what: string } {
  const file = openSync(path, 'r');
  try {
    const stat = fstatSync(file);
    if (stat.isDirectory()) return { code: 'file-is-directory', what: 'is a directory, not a file' };
    const chunks: Buffer[] = [];
    let size = 0;
    for (;;) {
      // One more than is left, so that a file is read at once; a pipe has no size.
      const chunk = Buffer.allocUnsafe(Math.min(Math.max(stat.size - size + 1, 2048), 64 * 1024));
      const read = readSync(file, chunk);
      chunks.push(chunk.subarray(0, read));
      size += read;
      if (size > maxSourceBytes) {
        return { code: 'file-too-large', what: `is larger than ${maxSourceBytes / 1024 / 1024} MB` };
      }
      if (read === 0 || (read < chunk.length && size === stat.size)) return Buffer.concat(chunks);
    }
  } finally {
    closeSync(file);
  }
}

function decode(bytes: Buffer): string | { why: string } {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { why: 'it is UTF-16' };
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) return { why: `a NUL byte on line ${lineOf(bytes, nul)}` };
  try {
    // Takes a byte order mark off, so that columns on the first line are right.
    return utf8.decode(bytes);
  } catch {
    return { why: `line ${lineOf(bytes, firstInvalid(bytes))} is not UTF-8` };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The offset at which UTF-8 ends: where decoding and encoding again first differs. */
function firstInvalid(bytes: Buffer): number {
  const again = Buffer.from(bytes.toString('utf8'), 'utf8');
  let at = 0;
  while (at < bytes.length && bytes[at] === again[at]) at++;
  return at;
}

function lineOf(bytes: Buffer, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at >= 0 && at < offset; at = bytes.indexOf(10, at + 1)) line++;
  return line;
}

function unreadable(path: string, error: NodeJS.ErrnoException): Checked<SourceFile> {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return failed('file-not-found', `there is no file ${path}`);
    case 'EACCES':
    case 'EPERM':
      return failed('file-unreadable', `${path} can't be read: permission denied`);
    case 'EISDIR':
      return failed('file-is-directory', `${path} is a directory, not a file`);
    default:
      return failed('file-unreadable', `${path} can't be read: ${error.message}`);
  }
}

function failed(code: Code, message: string, hint?: string): Checked<SourceFile> {
  return { diagnostics: [{ severity: 'error', code, message, ...(hint === undefined ? {} : { hint }) }] };
}
