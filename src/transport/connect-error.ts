import { RunError } from '../diagnostics/errors.ts';
import type { Endpoint } from './endpoint.ts';

/** ssh2's errors have a `level`, Node's a `code`, and a server's disconnect has its reason as `code`. */
export type ClientError = Error & { level?: string; code?: string | number };

/** The host hung up without a message, like sshd while too many are logging in. */
export class TurnedAway extends RunError {}

/** Why there is no connection. `tried`: the keys, once the login had begun. */
export function connectError(
  endpoint: Endpoint,
  error: ClientError,
  tried: readonly string[] | undefined,
): RunError {
  const { host } = endpoint;
  const peer = `${endpoint.address} port ${endpoint.port}`;
  const make = (code: RunError['code'], message: string, hint?: string) =>
    new RunError(code, message, { host, cause: error, hint });
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
  // How sshd refuses a connection without a message.
  const code = /before handshake/.test(error.message) ? 'ECONNRESET' : String(error.code);
  const [message, hint] = reasons[code] ?? [error.message];
  const text = `can't connect to ${peer}: ${message}`;
  if (code === 'ECONNRESET') return new TurnedAway('connect-failed', text, { host, cause: error, hint });
  return make('connect-failed', text, hint);
}
