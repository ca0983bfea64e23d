import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type AuthHandlerMiddleware, type Client } from 'ssh2';
import { offeredAlgorithms } from './algorithms.ts';
import { type ClientError, connectError } from './connect-error.ts';
import type { Endpoint } from './endpoint.ts';
import { ignoreHostKeyUpdates } from './host-key-updates.ts';
import type { HostKeys } from './host-keys.ts';
import type { Identity } from './identities.ts';

export interface ConnectOptions {
  readonly identities: readonly Identity[];
  /** For the message of a failed login: what else was looked for. */
  readonly notes: readonly string[];
  readonly hostKeys: HostKeys;
  /** Replaces our own TCP connection. */
  readonly sock?: Duplex;
  readonly signal?: AbortSignal;
}

/** A logged-in client. */
export interface Login {
  readonly client: Client;
  /** Seconds since the host was last heard, if that is longer than its keepalive interval; otherwise 0. */
  silentSeconds(): number;
  /** Disconnects without waiting for an answer; nothing of the connection keeps the process alive. */
  close(): void;
}

/** How late the answer to a keepalive may be. */
const graceSeconds = 3;

/** Offers the host one key after the other, and remembers which. */
class Offers {
  readonly #user: string;
  readonly #identities: readonly Identity[];
  readonly #tried: string[] = [];
  #next = 0;
  #asked = false;

  constructor(user: string, identities: readonly Identity[]) {
    this.#user = user;
    this.#identities = identities;
  }

  /** What was offered, for messages; undefined before the host has asked for a key. */
  get tried(): readonly string[] | undefined {
    return this.#asked ? this.#tried : undefined;
  }

  /** The last one could not sign. */
  couldNotSign(reason: string): void {
    this.#tried.push(`(that one could not sign: ${reason})`);
  }

  /** How ssh2 asks for the next authentication method. False: there is none. */
  next(methods: readonly string[] | null, partial: boolean | null) {
    this.#asked = true;
    if (partial) this.#tried.push('the host wants a second factor, which is not supported');
    if (partial || (methods && !methods.includes('publickey'))) {
      if (!partial) this.#tried.push(`the host takes no keys, only ${methods?.join(', ')}`);
      return false;
    }
    const identity = this.#identities[this.#next];
    this.#next += 1;
    if (identity) {
      this.#tried.push(identity.label);
      return { type: 'agent', username: this.#user, agent: identity.agent };
    }
    // Without any key, ask which methods the host accepts.
    return methods === null ? { type: 'none', username: this.#user } : false;
  }
}

/** One attempt to connect and log in. Rejects with the RunErrors of `Transport.connect`, or the signal's reason. */
export function connectClient(endpoint: Endpoint, options: ConnectOptions): Promise<Login> {
  const { identities, notes, hostKeys, signal } = options;
  return new Promise((done, fail) => {
    const client = new ssh2.Client();
    // Our own, so that we can end it: ssh2 leaves a connection half open if the other side is dead.
    const sock = options.sock ?? new Socket();
    const offers = new Offers(endpoint.user, identities);
    let refusal: unknown;
    let settled = false;

    const settle = (how: () => void) => {
      if (settled) return;
      settled = true;
      signal?.removeEventListener('abort', onAbort);
      how();
    };
    const reject = (error: unknown) =>
      settle(() => {
        sock.destroy();
        fail(error);
      });
    const failed = (error: ClientError) =>
      reject(refusal ?? connectError(endpoint, error, offers.tried && [...offers.tried, ...notes]));
    const onAbort = () => reject(signal?.reason);
    if (signal?.aborted) {
      onAbort();
      return;
    }
    signal?.addEventListener('abort', onAbort, { once: true });

    // Never removed: an error without a listener would end the process.
    client.on('error', (error: ClientError) => {
      // ssh2 continues with the next key.
      if (error.level === 'agent') offers.couldNotSign(error.message);
      else failed(error);
    });
    client.on('close', () => failed(new Error('the host closed the connection')));
    client.on('ready', () => settle(() => done(loginOf(client, sock, endpoint))));

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
        // The types lack `null` for the first call and `false` for the end.
        authHandler: offers.next.bind(offers) as unknown as AuthHandlerMiddleware,
      });
      ignoreHostKeyUpdates(client);
      if (sock instanceof Socket) {
        // Otherwise each exec waits twice 45 ms for a delayed acknowledgement. (connect() ignores its noDelay.)
        sock.setNoDelay(true);
        sock.connect({ host: endpoint.address, port: endpoint.port });
      }
    } catch (error) {
      reject(error);
    }
  });
}

function loginOf(client: Client, sock: Duplex, { keepalive }: Endpoint): Login {
  let heardAt = performance.now();
  sock.on('data', () => {
    heardAt = performance.now();
  });
  return {
    client,
    silentSeconds: () => {
      const seconds = Math.round((performance.now() - heardAt) / 1000);
      return keepalive > 0 && seconds > keepalive + graceSeconds ? seconds : 0;
    },
    close: () => close(client, sock),
  };
}

function close(client: Client, sock: Duplex): void {
  client.end();
  if (sock instanceof Socket) sock.destroySoon();
  else sock.destroy();
}
