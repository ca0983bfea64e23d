import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import ssh2, { type ParsedKey } from 'ssh2';
import { RunError } from '../diagnostics/errors.ts';
import { readRegular, UnfitFile } from '../files/read-file.ts';

/** A private key file, as far as it could be read. */
export type KeyFile =
  | { readonly state: 'ready'; readonly path: string; readonly key: PrivateKey }
  /** Encrypted. `publicKey` if the file's format shows it without the passphrase. */
  | { readonly state: 'locked'; readonly path: string; readonly publicKey?: Buffer }
  /** Only the public half: useful if an agent holds the other one. */
  | { readonly state: 'public'; readonly path: string; readonly publicKey: Buffer }
  | {
      readonly state: 'unusable';
      readonly path: string;
      readonly missing: boolean;
      readonly error: RunError;
    };

export interface PrivateKey {
  readonly parsed: ParsedKey;
  /** `hash` is that of SSH's signature algorithm; undefined for the key's own. Throws the errors of crypto. */
  sign(data: Buffer, hash: string | undefined): Buffer;
}

/** Asks the user something without echo. */
export type Ask = (prompt: string) => Promise<string>;

/** Reads each key file once, and asks for each passphrase once, for all hosts of a run. */
export class KeyFiles {
  readonly #ask: Ask | undefined;
  readonly #files = new Map<string, Promise<KeyFile>>();
  readonly #unlocked = new Map<string, Promise<PrivateKey>>();
  /** Questions are asked one after another. */
  #questions: Promise<unknown> = Promise.resolve();

  constructor(ask: Ask | undefined) {
    this.#ask = ask;
  }

  /** Never rejects. A key that has been unlocked in the meantime is `ready`. */
  async read(path: string): Promise<KeyFile> {
    const unlocked = this.#unlocked.get(path);
    const key = await unlocked?.catch(() => undefined);
    if (key) return { state: 'ready', path, key };
    let file = this.#files.get(path);
    if (!file) {
      file = readKeyFile(path);
      this.#files.set(path, file);
    }
    return await file;
  }

  /** Asks for the passphrase, up to three times; rejects with RunError `key-unreadable`. */
  unlock(path: string): Promise<PrivateKey> {
    let key = this.#unlocked.get(path);
    if (!key) {
      key = this.#questions.then(() => this.#askAndParse(path));
      this.#questions = key.catch(() => undefined);
      this.#unlocked.set(path, key);
    }
    return key;
  }

  async #askAndParse(path: string): Promise<PrivateKey> {
    const { content } = readPrivate(path);
    for (let attempt = 1; this.#ask && attempt <= 3; attempt += 1) {
      const again = attempt === 1 ? '' : 'Wrong passphrase. ';
      const passphrase = await this.#ask(`${again}Passphrase of ${path}: `);
      if (passphrase === '') break;
      const parsed = parse(content, passphrase);
      if (!(parsed instanceof Error)) return privateKey(parsed);
    }
    throw new RunError(
      'key-unreadable',
      this.#ask
        ? `${path} is encrypted, and its passphrase was not given`
        : `${path} is encrypted, and there is no terminal to ask on`,
      { hint: `run ssh-add ${path} first, or run this on a terminal` },
    );
  }
}

async function readKeyFile(path: string): Promise<KeyFile> {
  const unusable = (message: string, hint?: string, cause?: unknown): KeyFile => ({
    state: 'unusable',
    path,
    missing: (cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT',
    error: new RunError('key-unreadable', message, { hint, cause }),
  });
  let file: ReturnType<typeof readPrivate>;
  try {
    file = readPrivate(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') {
      return unusable(`there is no key file ${path}`, 'name the private key in identity_file', error);
    }
    if (error instanceof UnfitFile)
      return unusable(`the key file ${path} ${error.message}`, undefined, error);
    return unusable(`can't read the key file ${path}: ${(error as Error).message}`, undefined, error);
  }
  const parsed = parse(file.content);
  if (!(parsed instanceof Error) && !parsed.isPrivateKey()) {
    return { state: 'public', path, publicKey: parsed.getPublicSSH() };
  }
  // ssh(1) refuses the same files: our own that others may read.
  if (file.tooOpen) {
    const mode = file.mode.toString(8).padStart(4, '0');
    return unusable(`others can read the private key ${path} (mode ${mode})`, `chmod 600 ${path}`);
  }
  if (!(parsed instanceof Error)) return { state: 'ready', path, key: privateKey(parsed) };
  if (/no passphrase given/.test(parsed.message)) {
    const publicKey = publicHalf(file.content);
    return { state: 'locked', path, ...(publicKey && { publicKey }) };
  }
  if (/^-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/m.test(file.content)) {
    return unusable(
      `the key ${path} is in PKCS#8 form, which isn't supported`,
      `rewrite it in OpenSSH's form: ssh-keygen -p -f ${path}`,
    );
  }
  return unusable(
    `${path} is not a private key that can be read: ${parsed.message}`,
    'Ed25519, ECDSA and RSA keys in files of ssh-keygen can be used; security keys and certificates cannot',
  );
}

/** Keys are a few kilobytes. */
const maxKeyBytes = 1024 * 1024;

function readPrivate(path: string): { content: string; mode: number; tooOpen: boolean } {
  const { bytes, stat } = readRegular(path, maxKeyBytes);
  const { mode, uid } = stat;
  const tooOpen = uid === process.getuid?.() && (mode & 0o077) !== 0;
  return { content: bytes.toString('latin1'), mode: mode & 0o777, tooOpen };
}

function parse(content: string, passphrase?: string): ParsedKey | Error {
  try {
    // ssh2 returns undefined for a file without any key.
    return ssh2.utils.parseKey(content, passphrase) ?? new Error('it holds no key');
  } catch (error) {
    return error as Error;
  }
}

function privateKey(parsed: ParsedKey): PrivateKey {
  let key: KeyObject | undefined;
  const ownHash: Readonly<Record<string, string>> = {
    'ecdsa-sha2-nistp256': 'sha256',
    'ecdsa-sha2-nistp384': 'sha384',
    'ecdsa-sha2-nistp521': 'sha512',
  };
  return {
    parsed,
    sign(data, hash) {
      // Parsed once for all hosts: ssh2's own sign() parses the PEM each time.
      key ??= createPrivateKey(parsed.getPrivatePEM());
      return sign(hash ?? ownHash[parsed.type], data, key);
    },
  };
}

/** The public key, which OpenSSH's private key format (PROTOCOL.key) has unencrypted. */
function publicHalf(content: string): Buffer | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+)-----END/.exec(content)?.[1];
  if (body === undefined) return undefined;
  const data = Buffer.from(body, 'base64');
  try {
    let offset = 'openssh-key-v1\0'.length;
    // cipher, kdf, kdf options
    for (let field = 0; field < 3; field += 1) offset += 4 + data.readUInt32BE(offset);
    offset += 4; // number of keys
    const length = data.readUInt32BE(offset);
    const key = data.subarray(offset + 4, offset + 4 + length);
    return key.length === length ? key : undefined;
  } catch {
    return undefined;
  }
}
