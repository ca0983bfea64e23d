import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { durationSeconds } from './duration.ts';
import type { Mapping, RawSettings, RawSsh } from './raw-inventory.ts';
import type { SshSettings } from './types.ts';

export interface Settings {
  readonly vars: Mapping;
  readonly ssh: RawSsh;
  readonly become: boolean;
}

/** Lays settings over each other, the later over the earlier: `vars` and `ssh` key by key, a key's value whole. */
export function mergeSettings(layers: Iterable<RawSettings>): Settings {
  const vars: Record<string, unknown> = {};
  const ssh: Record<string, unknown> = {};
  let become = false;
  for (const layer of layers) {
    Object.assign(vars, layer.vars);
    Object.assign(ssh, layer.ssh);
    become = layer.become ?? become;
  }
  return { vars, ssh, become };
}

/** Paths become absolute: `~/` is the user's home folder, others are relative to the inventory's folder. */
export function readSsh(raw: RawSsh, inventoryPath: string): SshSettings {
  const paths = (value: string | readonly string[]) =>
    [value].flat().map((path) => absolute(path, inventoryPath));
  return {
    ...(raw.user === undefined ? {} : { user: raw.user }),
    ...(raw.port === undefined ? {} : { port: raw.port }),
    ...(raw.identity_file === undefined ? {} : { identityFiles: paths(raw.identity_file) }),
    ...(raw.known_hosts === undefined ? {} : { knownHosts: paths(raw.known_hosts) }),
    ...(raw.proxy_jump === undefined ? {} : { proxyJump: raw.proxy_jump }),
    ...(raw.connect_timeout === undefined ? {} : { connectTimeout: durationSeconds(raw.connect_timeout) }),
    ...(raw.keepalive === undefined ? {} : { keepalive: durationSeconds(raw.keepalive) }),
  };
}

function absolute(path: string, inventoryPath: string): string {
  if (path === '~' || path.startsWith('~/')) return resolve(homedir(), path.slice(2));
  return resolve(dirname(inventoryPath), path);
}
