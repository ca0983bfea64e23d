import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunError } from '../diagnostics/errors.ts';
import type { SshSettings } from '../model/types.ts';
import { connectClient, type Login } from './connect.ts';
import { TurnedAway } from './connect-error.ts';
import { SshConnection } from './connection.ts';
import { type Endpoint, resolveEndpoint } from './endpoint.ts';
import { forHost } from './for-host.ts';
import { HostKeys } from './host-keys.ts';
import { fileIdentity, IdentityFinder } from './identities.ts';
import { type Ask, KeyFiles } from './key-files.ts';
import { forward, hopSettings, parseProxyJump, proxyCommand, wakeJump } from './proxy.ts';
import { SshConfig } from './ssh-config.ts';
import type { HostTarget, Transport } from './transport.ts';

export interface SshTransportOptions {
  /** Whether to add the key of a host that is not in known_hosts; a changed or revoked key is still refused. */
  readonly acceptNewHostKeys?: boolean;
  /** Called with a sentence for each added key. */
  readonly tell?: (what: string) => void;
  /** The file for looking up and adding host keys, whatever ssh's configuration and the inventory say. */
  readonly knownHostsFile?: string;
  /** Asks for a key's passphrase, without echo. Undefined if there is nobody to ask. */
  readonly ask?: Ask;
  /** The password for sudo; called at most once, and only if a host needs it. Undefined: sudo must not need one. */
  readonly becomePassword?: () => Promise<string>;
  /** Read instead of ~/.ssh/config and /etc/ssh/ssh_config, like `ssh -F`. */
  readonly configFile?: string;
}

/** SSH with ssh2. Keys, agent, known_hosts and configuration are read once and shared by all hosts. */
export function createSshTransport(options: SshTransportOptions = {}): Transport {
  return new SshTransport(options);
}

/** A chain of configurations in which each jump host names another must end. */
const maxJumps = 8;

/** Pauses before retrying a host that refuses connections: each is twice the previous one, on average. */
const firstPauseMs = 250;
const lastPauseMs = 2000;

class SshTransport implements Transport {
  readonly #config: SshConfig;
  readonly #hostKeys: HostKeys;
  readonly #knownHostsFile: string | undefined;
  readonly #keyFiles: KeyFiles;
  readonly #identities: IdentityFinder;
  readonly #becomePassword: (() => Promise<string>) | undefined;
  /** One connection per jump host, however many hosts are behind it. */
  readonly #jumps = new Map<string, Promise<Login>>();
  readonly #connections = new Set<SshConnection>();

  constructor(options: SshTransportOptions) {
    this.#config = new SshConfig(options.configFile === undefined ? {} : { file: options.configFile });
    this.#knownHostsFile = options.knownHostsFile;
    this.#hostKeys = new HostKeys(options.acceptNewHostKeys ?? false, options.tell ?? (() => {}));
    this.#keyFiles = new KeyFiles(options.ask);
    this.#identities = new IdentityFinder(this.#keyFiles);
    this.#becomePassword = options.becomePassword && once(options.becomePassword);
  }

  async connect(target: HostTarget, options: { readonly signal?: AbortSignal } = {}): Promise<SshConnection> {
    options.signal?.throwIfAborted();
    const endpoint = await this.#endpoint(target.name, target.address, target.ssh);
    const login = await this.#login(endpoint, target.ssh, 0, options.signal);
    const connection = new SshConnection(login, {
      host: target.name,
      peer: `${endpoint.address} port ${endpoint.port}`,
      user: endpoint.user,
      become: target.become && endpoint.user !== 'root',
      ...(this.#becomePassword && { becomePassword: this.#becomePassword }),
      again: () => this.connect(target),
    });
    this.#connections.add(connection);
    login.client.on('close', () => this.#connections.delete(connection));
    return connection;
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
    this.#connections.clear();
    for (const jump of this.#jumps.values()) jump.then((login) => login.close()).catch(() => undefined);
    this.#jumps.clear();
  }

  #endpoint(host: string, address: string, settings: SshSettings): Promise<Endpoint> {
    return resolveEndpoint(host, address, settings, this.#config, this.#knownHostsFile);
  }

  /** Tries the available keys; only if they fail, asks for passphrases and tries again. */
  async #login(
    endpoint: Endpoint,
    settings: SshSettings,
    depth: number,
    signal?: AbortSignal,
  ): Promise<Login> {
    const { ready, locked, notes } = await this.#identities.find(endpoint);
    const once = async (identities: typeof ready) => {
      const sock = await this.#path(endpoint, settings, depth, signal);
      return await connectClient(endpoint, {
        identities,
        notes,
        hostKeys: this.#hostKeys,
        ...(sock && { sock }),
        ...(signal && { signal }),
      });
    };
    const end = performance.now() + endpoint.connectTimeout * 1000;
    const attempt = async (identities: typeof ready): Promise<Login> => {
      for (let wait = firstPauseMs; ; wait *= 2) {
        try {
          return await once(identities);
        } catch (error) {
          // Not all at the same time: those refused together would be refused again.
          const pause = wait * (0.5 + Math.random());
          const isLast = wait > lastPauseMs || performance.now() + pause > end;
          if (!(error instanceof TurnedAway) || isLast) throw error;
          await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() =>
            signal?.throwIfAborted(),
          );
        }
      }
    };
    if (locked.length === 0) return await attempt(ready);
    try {
      if (ready.length > 0) return await attempt(ready);
    } catch (error) {
      if (!(error instanceof RunError) || error.code !== 'auth-failed') throw error;
    }
    const unlocked = [];
    for (const path of locked) {
      try {
        unlocked.push(fileIdentity(path, await this.#keyFiles.unlock(path)));
      } catch (error) {
        throw forHost(error, endpoint.host);
      }
    }
    return await attempt(unlocked);
  }

  /** The path to a host that isn't reached by our own TCP connection. */
  async #path(
    endpoint: Endpoint,
    settings: SshSettings,
    depth: number,
    signal?: AbortSignal,
  ): Promise<Duplex | undefined> {
    if (endpoint.proxyJump !== undefined) {
      if (depth >= maxJumps) {
        throw new RunError('connect-failed', `more than ${maxJumps} jump hosts, each behind another`, {
          host: endpoint.host,
        });
      }
      const jump = await this.#jump(endpoint, endpoint.proxyJump, settings, depth);
      signal?.throwIfAborted();
      return await forward(jump.client, endpoint.proxyJump, endpoint);
    }
    return endpoint.proxyCommand === undefined ? undefined : proxyCommand(endpoint, endpoint.proxyCommand);
  }

  async #jump(endpoint: Endpoint, proxyJump: string, target: SshSettings, depth: number): Promise<Login> {
    const before = proxyJump.split(',');
    const last = before.pop() ?? '';
    const [hop] = parseProxyJump(last, endpoint.host);
    if (!hop) throw new RunError('connect-failed', 'no jump host is named', { host: endpoint.host });
    const settings = hopSettings(hop, target, before);
    const key = JSON.stringify([hop.address, settings]);
    let jump = this.#jumps.get(key);
    if (!jump) {
      jump = this.#openJump(endpoint.host, hop.address, settings, depth);
      this.#jumps.set(key, jump);
      const forget = () => {
        if (this.#jumps.get(key) === jump) this.#jumps.delete(key);
      };
      jump.then(({ client }) => client.on('close', forget), forget);
    }
    try {
      return await jump;
    } catch (error) {
      throw forHost(error, endpoint.host, `by way of ${last}: `);
    }
  }

  /** Without the caller's signal: other hosts may wait for the same jump host. */
  async #openJump(host: string, address: string, settings: SshSettings, depth: number): Promise<Login> {
    const endpoint = await this.#endpoint(host, address, settings);
    const login = await this.#login(endpoint, settings, depth + 1);
    await wakeJump(login.client);
    return login;
  }
}

function once<T>(produce: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= produce();
    return result;
  };
}
