import type { Code } from '../diagnostics/codes/registry.ts';
import type { Checked, SourceFile } from '../diagnostics/diagnostic.ts';
import { OutsideProject } from '../files/project.ts';
import { readRegular, UnfitFile } from '../files/read-file.ts';
import { tidy } from '../json/records.ts';
import { SecretUnavailable } from '../secrets/secret-value.ts';
import { isVault } from '../secrets/vault.ts';
import { unlock } from '../secrets/vault-keys.ts';

/** Far more than any inventory needs; stops devices and archives that are given by mistake. */
export const maxSourceBytes = 16 * 1024 * 1024;

/**
 * Reads a text file: UTF-8, with or without a byte order mark, at most `maxSourceBytes`. What `ansible-vault` has
 * encrypted is decrypted. The diagnostics have no range: there is no text to point at.
 * @param read reads its bytes. By default the user has typed the path: links are followed, and a stream that the shell
 * has opened, such as `<(command)`, can be read, too.
 * @throws OutsideProject if `read` does.
 */
export function readSource(path: string, read = () => readTyped(path)): Checked<SourceFile> {
  let bytes: Buffer;
  try {
    bytes = read();
  } catch (error) {
    if (error instanceof OutsideProject) throw error;
    return unreadable(path, error as Error);
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

function readTyped(path: string): Buffer {
  return readRegular(path, maxSourceBytes, { streams: true }).bytes;
}

function decode(bytes: Buffer): string | { why: string } {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { why: 'it is UTF-16' };
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) return { why: `a NUL byte on line ${lineOf(bytes, nul)}` };
  try {
    // Strips a byte order mark, so that columns on the first line are right.
    return utf8.decode(bytes);
  } catch {
    return { why: `line ${lineOf(bytes, firstInvalid(bytes))} is not UTF-8` };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The offset of the first invalid UTF-8: where decoding and encoding first differs. */
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

const unfit = {
  directory: 'file-is-directory',
  'not-regular': 'file-not-regular',
  'too-large': 'file-too-large',
} as const;

/** The diagnostic for a file that can't be read. */
function unreadable(path: string, error: Error): Checked<never> {
  if (error instanceof UnfitFile) return failed(unfit[error.why], `${path} ${error.message}`);
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return failed('file-not-found', `there is no file ${path}`);
    case 'EACCES':
    case 'EPERM':
      return failed('file-unreadable', `${path} can't be read: permission denied`);
    default:
      return failed('file-unreadable', `${path} can't be read: ${error.message}`);
  }
}

export function failed(code: Code, message: string, hint?: string): Checked<never> {
  return { diagnostics: [tidy({ severity: 'error', code, message, hint })] };
}
