import { userInfo } from 'node:os';
import { join } from 'node:path';
import { tidy } from '../json/records.ts';
import type { SshSettings } from '../model/types.ts';
import type { SshConfig, SshOptions } from './ssh-config.ts';

/** Everything that one SSH connection needs, fully resolved. */
export interface Endpoint {
  /** The inventory's name of the host for which we connect. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** The name under which known_hosts has it, without the port. */
  readonly hostKeyName: string;
  /** HostKeyAlias replaces both host and port. */
  readonly hostKeyPort: number;
  readonly identities: readonly { readonly path: string; readonly explicit: boolean }[];
  /** Whether to use only those of the agent's keys that `identities` name. */
  readonly identitiesOnly: boolean;
  /** The agent's socket. */
  readonly agent?: string;
  /** The user's own files of host keys, or the one on the command line, and the system's. */
  readonly knownHosts: readonly string[];
  /** Further files that the inventory names: the user's own files still apply. */
  readonly inventoryKnownHosts: readonly string[];
  /**
   * The file for accepted keys: the user's own, or the one on the command line, never one that an inventory names.
   */
  readonly newKeysFile?: string;
  readonly proxyJump?: string;
  readonly proxyCommand?: string;
  /** Seconds. */
  readonly connectTimeout: number;
  /** Seconds; 0 is off. */
  readonly keepalive: number;
}

/**
 * The inventory takes precedence, then OpenSSH's configuration, then defaults: 15 s to connect, a keepalive every 15
 * s. The system's known_hosts files are always read: they may revoke.
 * @param knownHostsFile from the command line; replaces the user's and the inventory's.
 */
export async function resolveEndpoint(
  host: string,
  address: string,
  settings: SshSettings,
  config: SshConfig,
  knownHostsFile?: string,
): Promise<Endpoint> {
  const me = userInfo();
  const options = await config.lookup(address, tidy({ user: settings.user, port: settings.port }));
  const port = settings.port ?? (positive(first(options, 'port')) || 22);
  const user = settings.user ?? first(options, 'user') ?? me.username;
  const hostname = first(options, 'hostname') ?? address;
  const alias = set(first(options, 'hostkeyalias'));
  const tokens: Tokens = {
    h: hostname,
    n: address,
    p: String(port),
    r: user,
    k: alias ?? address,
    d: me.homedir,
    u: me.username,
    i: String(me.uid),
  };
  const files = (option: string, defaults: readonly string[]) =>
    (options.get(option)?.flatMap((value) => value.split(/\s+/)) ?? defaults)
      .filter((path) => path !== 'none' && path !== '')
      .map((path) => expandPath(path, tokens));
  const own = files('userknownhostsfile', ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']);
  const userKnownHosts = knownHostsFile === undefined ? own : [knownHostsFile];
  const newKeysFile = userKnownHosts[0];
  const agent = agentSocket(options, tokens);
  const proxyJump = settings.proxyJump ?? first(options, 'proxyjump');
  const proxyCommand = settings.proxyJump === undefined ? set(first(options, 'proxycommand')) : undefined;
  return {
    host,
    address: hostname,
    port,
    user,
    hostKeyName: alias ?? hostname,
    hostKeyPort: alias === undefined ? port : 22,
    identities: settings.identityFiles
      ? settings.identityFiles.map((path) => ({ path, explicit: true }))
      : // One value is one path here, even with blanks.
        (options.get('identityfile') ?? ['~/.ssh/id_ed25519', '~/.ssh/id_ecdsa', '~/.ssh/id_rsa'])
          .filter((path) => path !== 'none')
          .map((path) => ({ path: expandPath(path, tokens), explicit: false })),
    identitiesOnly: first(options, 'identitiesonly') === 'yes',
    ...(agent !== undefined && { agent }),
    knownHosts: [
      ...userKnownHosts,
      ...files('globalknownhostsfile', ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']),
    ],
    inventoryKnownHosts: knownHostsFile === undefined ? (settings.knownHosts ?? []) : [],
    ...(newKeysFile !== undefined && { newKeysFile }),
    ...(set(proxyJump) !== undefined && { proxyJump: proxyJump as string }),
    ...(proxyCommand !== undefined && { proxyCommand: expandTokens(proxyCommand, tokens) }),
    connectTimeout: settings.connectTimeout ?? (positive(first(options, 'connecttimeout')) || 15),
    keepalive: settings.keepalive ?? (positive(first(options, 'serveraliveinterval')) || 15),
  };
}

/** The tokens of ssh_config(5) that we support, by letter. */
type Tokens = Readonly<Record<string, string>>;

function expandTokens(text: string, tokens: Tokens): string {
  return text.replace(/%(.)/g, (all, letter: string) => (letter === '%' ? '%' : (tokens[letter] ?? all)));
}

function expandPath(path: string, tokens: Tokens): string {
  const expanded = expandTokens(path, tokens).replace(
    /\$\{(\w+)\}/g,
    (_, name: string) => process.env[name] ?? '',
  );
  return expanded.startsWith('~/') ? join(tokens.d ?? '', expanded.slice(2)) : expanded;
}

function agentSocket(options: SshOptions, tokens: Tokens): string | undefined {
  const value = first(options, 'identityagent') ?? 'SSH_AUTH_SOCK';
  if (value === 'none') return undefined;
  if (value === 'SSH_AUTH_SOCK') return process.env.SSH_AUTH_SOCK || undefined;
  return value.startsWith('$') && !value.startsWith('${')
    ? process.env[value.slice(1)] || undefined
    : expandPath(value, tokens);
}

function first(options: SshOptions, name: string): string | undefined {
  return options.get(name)?.[0];
}

/** `none` means that an option isn't set in ssh_config. */
function set(value: string | undefined): string | undefined {
  return value === undefined || value === '' || value.toLowerCase() === 'none' ? undefined : value;
}

function positive(value: string | undefined): number {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : 0;
}
