import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type ServerChannel, type Connection as ServerConnection } from 'ssh2';
import type { HostTarget } from '../../src/transport/transport.ts';
import { keygen } from './sshd.ts';

/** A script that has arrived at a hostile host. */
export interface Arrived {
  /** The channel for its answer. */
  readonly channel: ServerChannel;
  /** The login shell's command, and its input. */
  readonly command: string;
  readonly input: string;
  /** The nonce in the answer's markers. */
  readonly nonce: string;
  readonly connection: ServerConnection;
  /** The number of connections so far, including this one. */
  readonly connections: number;
  /** Resolves when everything written so far has been sent; false if the other side is gone. */
  drained(): Promise<boolean>;
}

export interface HostileHost {
  readonly port: number;
  readonly key: string;
  readonly knownHosts: string;
  /** The number of open connections. */
  readonly open: () => number;
  target(name?: string): HostTarget;
  stop(): Promise<void>;
}

/** An SSH server on loopback that accepts every login, and then answers as it likes. */
export async function hostileHost(answer: (arrived: Arrived) => unknown): Promise<HostileHost> {
  const dir = mkdtempSync(join(tmpdir(), 'meshbook-hostile-'));
  const [own, key] = [keygen(join(dir, 'host')), keygen(join(dir, 'id'))];
  const open = new Set<ServerConnection>();
  let connections = 0;
  const server = new ssh2.Server({ hostKeys: [readFileSync(own)] }, (connection) => {
    open.add(connection);
    connections += 1;
    const number = connections;
    connection.on('authentication', (context) => context.accept());
    connection.on('error', () => {});
    connection.on('close', () => open.delete(connection));
    connection.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, { command }) => {
        const channel = acceptExec();
        channel.on('error', () => {});
        let input = '';
        channel.on('data', (chunk: Buffer) => {
          input += chunk.toString('latin1');
        });
        channel.on('end', () => {
          const [, nonce = ''] = /meshbook-begin %s\\n' (\w+)/.exec(input) ?? [];
          const drained = () =>
            new Promise<boolean>((resolve) => {
              channel.once('drain', () => resolve(true));
              channel.once('close', () => resolve(false));
              connection.once('close', () => resolve(false));
            });
          answer({ channel, command, input, nonce, connection, connections: number, drained });
        });
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const knownHosts = join(dir, 'known_hosts');
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ${readFileSync(`${own}.pub`, 'utf8')}`);
  return {
    port,
    key,
    knownHosts,
    open: () => open.size,
    target: (name = 'hostile') => ({
      name,
      address: '127.0.0.1',
      become: false,
      ssh: { user: 'root', port, identityFiles: [key], knownHosts: [knownHosts], connectTimeout: 30 },
    }),
    stop: async () => {
      for (const connection of open) connection.end();
      await new Promise((resolve) => server.close(resolve));
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Runs the script on this machine, with these programs (name: script) first in the PATH. */
export function honestly(programs: Readonly<Record<string, string>>): {
  answer: (arrived: Arrived) => void;
  remove: () => void;
} {
  const bin = mkdtempSync(join(tmpdir(), 'meshbook-lies-'));
  for (const [name, script] of Object.entries(programs))
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
  return {
    answer: ({ channel, command, input }) => {
      const child = spawn('sh', ['-c', command], { env });
      child.stdout.on('data', (chunk) => channel.write(chunk));
      child.stderr.on('data', (chunk) => channel.stderr.write(chunk));
      child.on('close', (code) => {
        channel.exit(code ?? 255);
        channel.end();
      });
      // Our scripts set their own path.
      const lying = input.replaceAll('\nPATH=', `\nPATH=${bin}:`);
      child.stdin.end(Buffer.from(lying, 'latin1'));
    },
    remove: () => rmSync(bin, { recursive: true, force: true }),
  };
}
