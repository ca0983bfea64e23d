import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { RunError } from '../diagnostics/errors.ts';
import { makeFolder } from '../files/make-folder.ts';
import { readRegular, UnfitFile } from '../files/read-file.ts';
import type { Endpoint } from './endpoint.ts';
import {
  fingerprint,
  type HostLines,
  judgeAll,
  type KnownHostsLine,
  keyType,
  knownHostsName,
  linesAbout,
  parseKnownHosts,
} from './known-hosts.ts';

/**
 * Decides whether a host is the right one. Each known_hosts file is read once. A host is trusted only by a listed key
 * that neither the inventory's files nor the user's own contradict; `acceptNew` lists the key of an unknown host, and
 * never replaces one.
 */
export class HostKeys {
  readonly #acceptNew: boolean;
  readonly #tell: (what: string) => void;
  readonly #files = new Map<string, KnownHostsLine[]>();
  /** Searching hashed names costs an HMAC per line. */
  #about = new WeakMap<Endpoint, readonly HostLines[]>();

  /** `tell` reports each key that was listed. */
  constructor(acceptNew: boolean, tell: (what: string) => void) {
    this.#acceptNew = acceptNew;
    this.#tell = tell;
  }

  /** The types of this host's known keys; first those that all sources with this host can compare. */
  storedTypes(endpoint: Endpoint): string[] {
    const known = this.#linesAbout(endpoint)
      .map(({ lines, portless }) =>
        [...lines, ...portless].flatMap((line) => (line.kind === 'key' ? [line.type] : [])),
      )
      .filter((types) => types.length > 0);
    const all = known.flat();
    return [...all.filter((type) => known.every((types) => types.includes(type))), ...all];
  }

  /** Throws RunError `host-key-*` unless this key may be trusted. Synchronous: parallel connects can't race. */
  check(endpoint: Endpoint, key: Buffer): void {
    const verdict = judgeAll(this.#linesAbout(endpoint), key);
    if (verdict.status === 'known') return;
    const name = knownHostsName(endpoint.hostKeyName, endpoint.hostKeyPort);
    const shown = `${keyType(key) ?? 'a key'} ${fingerprint(key)}`;
    const host = endpoint.host;
    switch (verdict.status) {
      case 'unknown':
        if (this.#acceptNew) {
          this.#append(endpoint, name, key);
          this.#tellAdded(endpoint, name, shown);
          return;
        }
        throw new RunError('host-key-unknown', `the host key of ${name} is not known; it showed ${shown}`, {
          host,
          hint: unknownHint(endpoint, key, verdict.authority),
        });
      case 'changed': {
        const { stored } = verdict;
        throw new RunError(
          'host-key-changed',
          `the host key of ${name} has changed: it showed ${shown}, but ${stored.file}:${stored.line} holds ` +
            `${stored.type} ${fingerprint(stored.key)}`,
          {
            host,
            hint:
              'someone may be intercepting the connection; only if you know that the host was reinstalled: ' +
              `ssh-keygen -R '${name}' -f ${stored.file}, then compare and add the new key`,
          },
        );
      }
      case 'revoked':
        throw new RunError(
          'host-key-revoked',
          `the host key of ${name} is revoked by ${verdict.by.file}:${verdict.by.line}: ${shown}`,
          { host, hint: 'give the host a new key (ssh-keygen -A after removing the old one), and list that' },
        );
      case 'unreadable':
        throw new RunError(
          'host-key-unknown',
          `${verdict.at.file}:${verdict.at.line} can't be read and may be about ${name}; it showed ${shown}`,
          { host, hint: `fix or remove line ${verdict.at.line} of ${verdict.at.file}` },
        );
    }
  }

  /** From the user's own files, then from the inventory's. */
  #linesAbout(endpoint: Endpoint): readonly HostLines[] {
    const found = this.#about.get(endpoint);
    if (found) return found;
    const about = [endpoint.knownHosts, endpoint.inventoryKnownHosts].map((files) =>
      linesAbout(
        files.flatMap((file) => this.#read(file, endpoint.host)),
        endpoint.hostKeyName,
        endpoint.hostKeyPort,
      ),
    );
    this.#about.set(endpoint, about);
    return about;
  }

  #read(file: string, host: string): KnownHostsLine[] {
    let lines = this.#files.get(file);
    if (!lines) {
      try {
        lines = parseKnownHosts(readKnownHosts(file), file);
      } catch (error) {
        // An existing file that can't be read might have revoked the key.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
          const why =
            error instanceof UnfitFile
              ? `${file} ${error.message}`
              : `can't read ${file}: ${(error as Error).message}`;
          throw new RunError('host-key-unknown', why, {
            host,
            cause: error,
          });
        }
        lines = [];
      }
      this.#files.set(file, lines);
    }
    return lines;
  }

  /** A jump host may have shown a key of its own, and an inventory names the jump host. */
  #tellAdded({ host, newKeysFile, proxyJump }: Endpoint, name: string, shown: string): void {
    if (newKeysFile === nowhere) return;
    const way = proxyJump === undefined ? '' : ` shown by way of ${proxyJump},`;
    this.#tell(`${host}: the new host key of ${name}, ${shown},${way} was added to ${newKeysFile}`);
  }

  #append(endpoint: Endpoint, name: string, key: Buffer): void {
    const file = endpoint.newKeysFile;
    const type = keyType(key);
    const refuse = (why: string, cause?: unknown) =>
      new RunError('host-key-unknown', `the host key of ${name} can't be stored: ${why}`, {
        host: endpoint.host,
        cause,
      });
    if (file === undefined) throw refuse('no known_hosts file is configured');
    // A name that known_hosts would read as a pattern, a list, a hash or two fields.
    if (type === undefined || /[\s,*?!|#@]/.test(name)) throw refuse('its name has no form in known_hosts');
    const broken = this.#read(file, endpoint.host).find((line) => line.kind === 'broken');
    if (broken !== undefined)
      throw refuse(`${file}:${broken.line} is no line of known_hosts, so the file may be another's`);
    try {
      appendLine(file, `${name} ${type} ${key.toString('base64')}\n`);
    } catch (error) {
      throw refuse((error as Error).message, error);
    }
    this.#files.delete(file);
    this.#about = new WeakMap();
  }
}

/** Larger than the files of whole companies. */
const maxKnownHostsBytes = 64 * 1024 * 1024;

/** How ssh_config says that there is no such file. */
const nowhere = '/dev/null';

function readKnownHosts(file: string): string {
  return file === nowhere ? '' : readRegular(file, maxKnownHostsBytes).bytes.toString('utf8');
}

/**
 * One write in append mode, so that lines of other processes stay whole; an unterminated last line is terminated
 * first.
 */
function appendLine(file: string, line: string): void {
  if (file === nowhere) return;
  makeFolder(dirname(file), 0o700);
  const handle = openSync(file, 'a+', 0o600);
  try {
    const { size } = fstatSync(handle);
    const last = Buffer.alloc(1);
    const open = size > 0 && readSync(handle, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
    writeSync(handle, open ? `\n${line}` : line);
  } finally {
    closeSync(handle);
  }
}

function unknownHint(
  endpoint: Endpoint,
  key: Buffer,
  authority: { readonly file: string; readonly line: number } | undefined,
): string {
  const short = (keyType(key) ?? '').replace(/^ssh-/, '').replace(/^ecdsa-sha2-.*/, 'ecdsa');
  const port = endpoint.port === 22 ? '' : `-p ${endpoint.port} `;
  const file = endpoint.newKeysFile ?? '~/.ssh/known_hosts';
  const why = authority
    ? `the certificate authority of ${authority.file}:${authority.line} can't vouch for it: certificates aren't supported. `
    : '';
  return (
    `${why}compare with \`ssh-keygen -lf /etc/ssh/ssh_host_${short}_key.pub\` run on the host, then add it: ` +
    `ssh-keyscan -t ${short} ${port}${endpoint.address} >> ${file}; or trust what hosts show now: --accept-new-host-keys`
  );
}
