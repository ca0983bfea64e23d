import { readFileSync } from 'node:fs';
import { exitCodes, RunError } from '../diagnostics/errors.ts';
import { readRegular, UnfitFile } from '../files/read-file.ts';
import { SecretUnavailable } from '../secrets/secret-value.ts';
import { isVault, makeVault } from '../secrets/vault.ts';
import { unlock, vaultKeys } from '../secrets/vault-keys.ts';
import { maxSourceBytes } from '../source/read-source.ts';
import type { Io } from './output/io.ts';
import type { VaultOptions } from './play/options.ts';

export interface EncryptOptions extends VaultOptions {
  /** A variable's name: the value is printed as it goes into `vars`. */
  readonly name?: string;
}

/**
 * `meshbook vault encrypt`: encrypts a file, standard input, or typed text with the first given password, and prints
 * it for `ansible-vault` and meshbook to decrypt.
 */
export async function encrypt(file: string | undefined, { name }: EncryptOptions, io: Io): Promise<number> {
  const [key] = must(vaultKeys);
  if (key === undefined)
    throw new RunError('state', 'there is no password to encrypt with', {
      hint: 'give --vault-password-file FILE or --ask-vault-pass',
    });
  const content =
    file === undefined && io.interactive ? Buffer.from(await io.askSecret('Value: ')) : bytesOf(file);
  const vault = makeVault(content, key.password, key.label);
  io.out(name === undefined ? vault : `${name}: !vault |\n${vault.replaceAll(/^(?=.)/gm, '  ')}`);
  return exitCodes.done;
}

/** `meshbook vault view`: prints the decrypted content. */
export async function view(file: string, _: VaultOptions, io: Io): Promise<number> {
  const text = bytesOf(file).toString('utf8');
  if (!isVault(text)) throw new RunError('state', `${file} is not encrypted`);
  // Not masked by `out`: this is what the user asked for.
  io.stdout.write(must(() => unlock(text, file)));
  return exitCodes.done;
}

/** The content of a file, or of standard input. */
function bytesOf(file: string | undefined): Buffer {
  try {
    return file === undefined ? readFileSync(0) : readRegular(file, maxSourceBytes, { streams: true }).bytes;
  } catch (cause) {
    if (cause instanceof UnfitFile) throw new RunError('state', `${file} ${cause.message}`, { cause });
    throw new RunError('state', `can't read ${file ?? 'standard input'}: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function must<T>(open: () => T): T {
  try {
    return open();
  } catch (cause) {
    if (!(cause instanceof SecretUnavailable)) throw cause;
    const { message, hint } = cause;
    throw new RunError('state', message, { cause, hint });
  }
}
