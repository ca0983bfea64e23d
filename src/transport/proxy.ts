import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { RunError } from '../diagnostics/errors.ts';
import type { SshSettings } from '../model/types.ts';
import type { Endpoint } from './endpoint.ts';

export interface Hop {
  readonly address: string;
  readonly user?: string;
  readonly port?: number;
}

/** Parses `[user@]host[:port]` or an `ssh://` URI, comma-separated: ssh_config(5), ProxyJump. First hop first. */
export function parseProxyJump(text: string, host: string): Hop[] {
  return text.split(',').map((part) => {
    const match = /^(?:ssh:\/\/)?(?:([^@\s]+)@)?(\[[^\]\s]+\]|[^:\s[\]]+)(?::(\d+))?\/?$/.exec(part.trim());
    const port = match?.[3] === undefined ? undefined : Number(match[3]);
    if (!match || (port !== undefined && (port < 1 || port > 65535))) {
      throw new RunError('connect-failed', `can't read the jump host '${part}'`, {
        host,
        hint: 'write it as [user@]host[:port], several with commas between',
      });
    }
    return {
      address: (match[2] ?? '').replace(/^\[|\]$/g, ''),
      ...(match[1] !== undefined && { user: match[1] }),
      ...(port !== undefined && { port }),
    };
  });
}

/**
 * The settings of a jump host: its own user and port. The inventory has no other place for a jump host's keys and
 * known_hosts, so those of the host behind it apply, if given.
 */
export function hopSettings(hop: Hop, target: SshSettings, before: readonly string[]): SshSettings {
  return {
    ...(hop.user !== undefined && { user: hop.user }),
    ...(hop.port !== undefined && { port: hop.port }),
    ...(target.identityFiles && { identityFiles: target.identityFiles }),
    ...(target.knownHosts && { knownHosts: target.knownHosts }),
    ...(target.connectTimeout !== undefined && { connectTimeout: target.connectTimeout }),
    ...(target.keepalive !== undefined && { keepalive: target.keepalive }),
    ...(before.length > 0 && { proxyJump: before.join(',') }),
  };
}

/** A stream through a jump host to a host behind it. */
export function forward(jump: Client, through: string, endpoint: Endpoint): Promise<Duplex> {
  return new Promise((done, fail) => {
    const refuse = (error: Error) =>
      fail(
        new RunError(
          'connect-failed',
          `the jump host ${through} can't reach ${endpoint.address} port ${endpoint.port}: ${error.message}`,
          {
            host: endpoint.host,
            cause: error,
            hint: 'sshd there must allow it (AllowTcpForwarding), and the host be up',
          },
        ),
      );
    try {
      jump.forwardOut('127.0.0.1', 0, endpoint.address, endpoint.port, (error, channel) =>
        error ? refuse(error) : done(channel),
      );
    } catch (error) {
      refuse(error as Error);
    }
  });
}

/**
 * Makes the jump host's sshd turn off Nagle's algorithm, which it does when the first session starts: without it each
 * exec through the jump host takes 44 ms. A jump host that runs no commands works as well, only slower.
 */
export function wakeJump(jump: Client): Promise<void> {
  return new Promise((done) => {
    jump.exec('true', (error, channel) => {
      if (error) return done();
      channel.on('close', () => done()).resume();
      channel.stderr.resume();
      channel.end();
    });
  });
}

/** A stream through a ProxyCommand, which the shell runs as ssh(1) would. */
export function proxyCommand(endpoint: Endpoint, command: string): Duplex {
  // The command is from the user's own file, but the address and user inserted into it are from the inventory.
  if (/[^\w.:%@-]/.test(endpoint.address) || /[^\w.@-]/.test(endpoint.user)) {
    throw new RunError('connect-failed', `address or user has characters that a ProxyCommand must not see`, {
      host: endpoint.host,
    });
  }
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], { stdio: ['pipe', 'pipe', 'ignore'] });
  const stream = Duplex.from({ writable: child.stdin, readable: child.stdout });
  child.on('error', (error) => stream.destroy(error));
  stream.on('close', () => child.kill());
  return stream;
}
