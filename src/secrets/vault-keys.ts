import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { SourceRange } from '../diagnostics/diagnostic.ts';
import { readRegular, UnfitFile } from '../files/read-file.ts';
import { secrets } from './masker.ts';
import { SecretUnavailable } from './secret-value.ts';
import { labelOf, openVault } from './vault.ts';

/** A vault password, or the file that holds it; an executable file is run and prints it. */
export type VaultSource = { readonly label: string } & (
  | { readonly password: string }
  | { readonly file: string }
);

interface VaultKey {
  readonly label: string;
  readonly password: string;
}

let sources: readonly VaultSource[] = [];
let keys: readonly VaultKey[] | undefined;

/** Sets the passwords for vaults. Files are read, and programs run, at the first vault. */
export function useVaultSources(given: readonly VaultSource[]): void {
  sources = given;
  keys = undefined;
}

/**
 * The available passwords, in the order given.
 * @throws SecretUnavailable for a file that can't be read, or a program that fails.
 */
export function vaultKeys(): readonly VaultKey[] {
  keys ??= sources.map((source) => {
    const password = 'password' in source ? source.password : passwordOf(source);
    secrets.add(password);
    return { label: source.label, password };
  });
  return keys;
}

/**
 * The content of a vault. The password with the same label is tried first, then all others.
 * @param what names the vault in messages.
 * @throws SecretUnavailable at `range`.
 */
export function unlock(text: string, what: string, range?: SourceRange): Buffer {
  const unavailable = (code: SecretUnavailable['code'], how: string, hint?: string) =>
    new SecretUnavailable(code, `${what} ${how}`, hint, range);
  const all = vaultKeys();
  if (all.length === 0) {
    const hint = 'give --vault-password-file FILE or --ask-vault-pass';
    throw unavailable('vault-no-password', 'is encrypted, and there is no password for it', hint);
  }
  const label = labelOf(text) ?? 'default';
  const inOrder = [...all.filter((key) => key.label === label), ...all.filter((key) => key.label !== label)];
  for (const { password } of inOrder) {
    const opened = openVault(text, password);
    if (opened === 'damaged')
      throw unavailable('vault-damaged', 'is not a readable vault: it is damaged, or of another version');
    if (opened !== 'password') return opened;
  }
  const tried = all.length === 1 ? "the password doesn't" : `none of the ${all.length} passwords does`;
  const hint = label === 'default' ? undefined : `it was encrypted with the password labelled '${label}'`;
  throw unavailable('vault-wrong-password', `can't be opened: ${tried}`, hint);
}

function passwordOf({ label, file }: { label: string; file: string }): string {
  const path = resolve(file);
  const text = isExecutable(path) ? printed(path, label) : read(path);
  const password = text.trim();
  if (password !== '') return password;
  throw unreadable(`the vault password file ${file} gives no password`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const maxPasswordBytes = 1024 * 1024;

function read(path: string): string {
  try {
    return readRegular(path, maxPasswordBytes, { streams: true }).bytes.toString('utf8');
  } catch (error) {
    if (error instanceof UnfitFile) throw unreadable(`the vault password file ${path} ${error.message}`);
    throw unreadable(`can't read the vault password file ${path}: ${(error as Error).message}`);
  }
}

/** Ansible's rule: a program whose name ends in `-client` gets the label of the password as an argument. */
function printed(path: string, label: string): string {
  const args = /-client(\.[^.]*)?$/.test(basename(path)) ? ['--vault-id', label] : [];
  const { status, stdout, error } = spawnSync(path, args, {
    encoding: 'utf8',
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  if (error === undefined && status === 0) return stdout;
  throw unreadable(`the vault password program ${path} failed: ${error?.message ?? `status ${status}`}`);
}

function unreadable(message: string): SecretUnavailable {
  return new SecretUnavailable('vault-password-unreadable', message);
}
