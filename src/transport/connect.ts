import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type AuthHandlerMiddleware, type Client } from 'ssh2';
import { RunError } from '../diagnostics/errors.ts';
import { offeredAlgorithms } from './algorithms.ts';
import type { Endpoint } from './endpoint.ts';
import { ignoreHostKeyUpdates } from './host-key-updates.ts';
import type { HostKeys } from './host-keys.ts';
import type { Identity } from './identities.ts';

export interface ConnectOptions {
  readonly identities: readonly Identity[];
  /** For the message of a failed login: what else was looked for. */
  readonly notes: readonly string[];
  readonly hostKeys: HostKeys;
  /** Instead of a TCP connection of our own. */
  readonly sock?: Duplex;
  readonly signal?: AbortSignal;
}

/** A client that is logged in. */
export interface Login {
  readonly client: Client;
  /** Seconds since the host was heard, where that is longer than its keepalives are apart; else 0. */
  silentSeconds(): number;
  /** Says goodbye without waiting for an answer; nothing of the connection keeps the process alive. */
  close(): void;
}

/** ssh2's errors carry a `level`, Node's a `code`, and a server's disconnect its reason as `code`. */
type ClientError = Error & { level?: string; code?: string | number };

/** How late the answer to a keepalive may be. */
const graceSeconds = 3;

/** One attempt to connect and log in. Rejects with the RunErrors of `Transport.connect`, or the signal's reason. */
export function connectClient(endpoint: Endpoint, options: ConnectOptions): Promise<Login> {
  const { identities, notes, hostKeys, signal } = options;
  return new Promise((done, fail) => {
    const client = new ssh2.Client();
    // Ours, so that we can end it: ssh2 leaves a connection half open when the other side is dead.
    const sock = options.sock ?? new Socket();
    const tried: string[] = [];
    let refusal: unknown;
    let authenticating = false;
    let settled = false;
    let heardAt = performance.now();

    const reject = (error: unknown) => {
      if (settled) return;
      settled = true;
      signal?.removeEventListener('abort', onAbort);
      sock.destroy();
      fail(error);
    };
    const onAbort = () => reject(signal?.reason);
    if (signal?.aborted) {
      onAbort();
      return;
    }
    signal?.addEventListener('abort', onAbort, { once: true });

    // Stays for good: an error without a listener would end the process.
    client.on('error', (error: ClientError) => {
      if (error.level === 'agent') {
        // ssh2 goes on to the next key.
        tried.push(`(that one could not sign: ${error.message})`);
        return;
      }
      reject(refusal ?? connectError(endpoint, error, authenticating ? [...tried, ...notes] : undefined));
    });
    client.on('close', () =>
      reject(
        refusal ??
          connectError(
            endpoint,
            new Error('the host closed the connection'),
            authenticating ? [...tried, ...notes] : undefined,
          ),
      ),
    );
    client.on('ready', () => {
      if (settled) return;
      settled = true;
      signal?.removeEventListener('abort', onAbort);
      sock.on('data', () => {
        heardAt = performance.now();
      });
      const silentSeconds = () => {
        const seconds = Math.round((performance.now() - heardAt) / 1000);
        return endpoint.keepalive > 0 && seconds > endpoint.keepalive + graceSeconds ? seconds : 0;
      };
      done({ client, silentSeconds, close: () => close(client, sock) });
    });

    let next = 0;
    const authHandler = (methods: readonly string[] | null, partial: boolean | null) => {
      authenticating = true;
      if (partial) tried.push('the host wants a second factor, which is not supported');
      if (partial || (methods && !methods.includes('publickey'))) {
        if (!partial) tried.push(`the host takes no keys, only ${methods?.join(', ')}`);
        return false;
      }
      const identity = identities[next];
      next += 1;
      if (identity) {
        tried.push(identity.label);
        return { type: 'agent', username: endpoint.user, agent: identity.agent };
      }
      // Without any key, hear what the host takes.
      return methods === null ? { type: 'none', username: endpoint.user } : false;
    };

    try {
      client.connect({
        sock,
        username: endpoint.user,
        // From the start of the TCP connection to the end of the login.
        readyTimeout: endpoint.connectTimeout * 1000,
        keepaliveInterval: endpoint.keepalive * 1000,
        keepaliveCountMax: 3,
        algorithms: offeredAlgorithms(hostKeys.storedTypes(endpoint)),
        hostVerifier: (key: Buffer) => {
          try {
            hostKeys.check(endpoint, key);
            return true;
          } catch (error) {
            refusal = error;
            return false;
          }
        },
        // The types know neither `null` on the first call nor `false` for the end.
        authHandler: authHandler as unknown as AuthHandlerMiddleware,
      });
      ignoreHostKeyUpdates(client);
      if (sock instanceof Socket) {
        // Else each exec waits twice 45 ms for a delayed acknowledgement. (connect() ignores its noDelay.)
        sock.setNoDelay(true);
        sock.connect({ host: endpoint.address, port: endpoint.port });
      }
    } catch (error) {
      reject(error);
    }
  });
}

function close(client: Client, sock: Duplex): void {
  client.end();
  if (sock instanceof Socket) sock.destroySoon();
  else sock.destroy();
}

/** The host hung up before it said a word, as sshd does to those who come while too many are logging in. */
export class TurnedAway extends RunError {}

function connectError(
  endpoint: Endpoint,
  error: ClientError,
  tried: readonly string[] | undefined,
): RunError {
  const { host } = endpoint;
  const peer = `${endpoint.address} port ${endpoint.port}`;
  const make = (code: RunError['code'], message: string, hint?: string) =>
    new RunError(code, message, { host, cause: error, ...(hint !== undefined && { hint }) });
  if (error.level === 'client-timeout' || error.code === 'ETIMEDOUT') {
    return make(
      'connect-timeout',
      `no answer from ${peer} within ${endpoint.connectTimeout} s`,
      'is the host up, and does a firewall let SSH through? (ssh: connect_timeout)',
    );
  }
  if (tried !== undefined && /too many authentication failures/i.test(error.message)) {
    return make(
      'auth-failed',
      `${peer} hung up after ${tried.length} keys: Too many authentication failures; tried: ${tried.join('; ')}`,
      'name the key in the inventory (ssh: { identity_file: … }), so that it is tried first, or in ~/.ssh/config with IdentityFile and IdentitiesOnly yes; or take keys out of the agent (ssh-add -d)',
    );
  }
  if (tried !== undefined && error.level !== 'client-socket') {
    const list = tried.length > 0 ? tried.join('; ') : 'nothing: there is no key';
    const why = error.level === 'client-authentication' ? '' : ` (${error.message})`;
    return make(
      'auth-failed',
      `${peer} did not let ${endpoint.user} in${why}; tried: ${list}`,
      `put a public key into ~${endpoint.user}/.ssh/authorized_keys on the host, and name its private key in ssh: identity_file or load it with ssh-add`,
    );
  }
  const reasons: Readonly<Record<string, readonly [message: string, hint?: string]>> = {
    ECONNREFUSED: ['nothing listens there', 'is sshd running on the host, and on this port?'],
    EHOSTUNREACH: ['the host is unreachable'],
    ENETUNREACH: ['there is no route to its network'],
    ECONNRESET: [
      'the host closed the connection',
      'sshd rejects connections when too many logins are in progress (MaxStartups): use fewer --forks, or raise it on the host',
    ],
    ENOTFOUND: ['the name is not known', 'correct the address in the inventory'],
    EAI_AGAIN: ['the name server does not answer'],
  };
  // What sshd does to us before it has said a word.
  const code = /before handshake/.test(error.message) ? 'ECONNRESET' : String(error.code);
  const [message, hint] = reasons[code] ?? [error.message];
  const text = `can't connect to ${peer}: ${message}`;
  if (code === 'ECONNRESET')
    return new TurnedAway('connect-failed', text, {
      host,
      cause: error,
      ...(hint === undefined ? {} : { hint }),
    });
  return make('connect-failed', text, hint);
}
