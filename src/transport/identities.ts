import ssh2, { type ParsedKey } from 'ssh2';
import type { Endpoint } from './endpoint.ts';
import { forHost } from './for-host.ts';
import type { KeyFile, KeyFiles, PrivateKey } from './key-files.ts';

const { BaseAgent, OpenSSHAgent } = ssh2;

/** One key to log in with, wherever its private half is. */
export interface Identity {
  /** For messages: its source. */
  readonly label: string;
  /** In the form for ssh2: an agent with this one key. */
  readonly agent: InstanceType<typeof BaseAgent>;
}

export interface Identities {
  /** To try in this order. */
  readonly ready: readonly Identity[];
  /** Encrypted key files that no agent holds, to unlock only if nothing else is accepted. */
  readonly locked: readonly string[];
  /** Further findings, for the message of a failed login. */
  readonly notes: readonly string[];
}

/** Finds keys; asks each agent once for all hosts of a run. */
export class IdentityFinder {
  readonly #files: KeyFiles;
  readonly #agents = new Map<string, Promise<AgentKeys>>();

  constructor(files: KeyFiles) {
    this.#files = files;
  }

  /**
   * Keys that the inventory names come first (from the agent if it holds them), then the agent's others, then the
   * default files: a server allows few attempts, and each costs a round trip. Rejects with RunError `key-unreadable`
   * for an unusable key that the inventory names; unusable default files are only noted, and missing ones skipped.
   */
  async find(endpoint: Endpoint): Promise<Identities> {
    const files = await Promise.all(endpoint.identities.map(({ path }) => this.#files.read(path)));
    const agent = await this.#agentKeys(endpoint.agent);
    const notes = agent.note === undefined ? [] : [agent.note];
    const locked: string[] = [];
    const groups = { named: [] as Identity[], agent: [] as Identity[], files: [] as Identity[] };
    const taken = new Set<ParsedKey>();
    for (const [index, file] of files.entries()) {
      const explicit = endpoint.identities[index]?.explicit ?? false;
      const held = agent.keys.find((key) => publicKeyOf(file)?.equals(key.getPublicSSH()));
      if (held && taken.has(held)) continue;
      if (held && endpoint.agent !== undefined) {
        taken.add(held);
        groups[explicit ? 'named' : 'agent'].push(agentIdentity(endpoint.agent, held, file.path));
      } else if (file.state === 'ready') {
        groups[explicit ? 'named' : 'files'].push(fileIdentity(file.path, file.key));
      } else if (file.state === 'locked') {
        locked.push(file.path);
      } else if (file.state === 'public') {
        notes.push(`${file.path}: only a public key, and no agent holds the private one`);
      } else if (explicit) {
        throw forHost(file.error, endpoint.host);
      } else if (!file.missing) {
        notes.push(file.error.hint ? `${file.error.message} (${file.error.hint})` : file.error.message);
      }
    }
    if (!endpoint.identitiesOnly && endpoint.agent !== undefined) {
      for (const key of agent.keys) {
        if (!taken.has(key)) groups.agent.push(agentIdentity(endpoint.agent, key, key.comment));
      }
    }
    return { ready: [...groups.named, ...groups.agent, ...groups.files], locked, notes };
  }

  #agentKeys(socket: string | undefined): Promise<AgentKeys> {
    if (socket === undefined)
      return Promise.resolve({ keys: [], note: 'no agent (SSH_AUTH_SOCK is not set)' });
    let keys = this.#agents.get(socket);
    if (!keys) {
      keys = listAgent(socket);
      this.#agents.set(socket, keys);
    }
    return keys;
  }
}

interface AgentKeys {
  readonly keys: readonly ParsedKey[];
  readonly note?: string;
}

function listAgent(socket: string): Promise<AgentKeys> {
  return new Promise((done) => {
    new OpenSSHAgent(socket).getIdentities((error, keys) => {
      if (error) done({ keys: [], note: `the agent at ${socket} doesn't answer: ${error.message}` });
      else {
        const parsed = (keys ?? []).map((key) => ssh2.utils.parseKey(key as ParsedKey));
        const usable = parsed.filter((key): key is ParsedKey => !(key instanceof Error));
        done(
          usable.length > 0 ? { keys: usable } : { keys: [], note: `the agent at ${socket} holds no keys` },
        );
      }
    });
  });
}

function publicKeyOf(file: KeyFile): Buffer | undefined {
  if (file.state === 'ready') return file.key.parsed.getPublicSSH();
  return file.state === 'unusable' ? undefined : file.publicKey;
}

function agentIdentity(socket: string, key: ParsedKey, name: string): Identity {
  const agent = new OpenSSHAgent(socket);
  const sign: Sign = (data, hash, done) =>
    agent.sign(key, data, hash === undefined ? {} : { hash: hash as 'sha256' }, done);
  return { label: `agent: ${name || key.type}`, agent: new OneKey(key, sign) };
}

export function fileIdentity(path: string, key: PrivateKey): Identity {
  const sign: Sign = (data, hash, done) => {
    try {
      done(null, key.sign(data, hash));
    } catch (error) {
      done(error as Error);
    }
  };
  return { label: path, agent: new OneKey(key.parsed, sign) };
}

type Sign = (
  data: Buffer,
  hash: string | undefined,
  done: (error?: Error | null, signature?: Buffer) => void,
) => void;

/** ssh2 accepts keys one by one only as agents. */
class OneKey extends BaseAgent {
  readonly #key: ParsedKey;
  readonly #sign: Sign;

  constructor(key: ParsedKey, sign: Sign) {
    super();
    this.#key = key;
    this.#sign = sign;
  }

  override getIdentities(done: (error: Error | null, keys?: ParsedKey[]) => void): void {
    done(null, [this.#key]);
  }

  override sign(_key: unknown, data: Buffer, options: unknown, done?: unknown): void {
    const hash = (options as { hash?: string } | null)?.hash;
    const answer = (typeof options === 'function' ? options : done) as Parameters<Sign>[2];
    // ssh2 falls back to SHA-1 for an RSA key if a server names no better algorithm.
    if (hash === 'sha1') answer(new Error('the host accepts RSA keys only with SHA-1'));
    else this.#sign(data, hash, answer);
  }
}
