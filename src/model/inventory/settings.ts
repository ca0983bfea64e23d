import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { durationSeconds } from '../schema/duration.ts';
import type { Mapping, RawSettings, RawSsh } from '../schema/raw-inventory.ts';
import type { SshSettings } from '../types.ts';

export interface Settings {
  readonly vars: Mapping;
  readonly ssh: RawSsh;
  readonly become: boolean;
}

/** Merges settings, the later over the earlier: `vars` and `ssh` key by key, other values whole. */
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

/**
 * The same settings with paths that don't depend on the file: `~/` is the user's home folder, other paths are relative
 * to the file.
 */
export function anchored<T extends RawSettings>(settings: T, filePath: string): T {
  const { ssh } = settings;
  if (ssh?.identity_file === undefined && ssh?.known_hosts === undefined) return settings;
  const paths = (value: string | readonly string[]) => [value].flat().map((path) => absolute(path, filePath));
  return {
    ...settings,
    ssh: {
      ...ssh,
      ...(ssh.identity_file === undefined ? {} : { identity_file: paths(ssh.identity_file) }),
      ...(ssh.known_hosts === undefined ? {} : { known_hosts: paths(ssh.known_hosts) }),
    },
  };
}

/** For anchored settings. */
export function readSsh(raw: RawSsh): SshSettings {
  return {
    ...(raw.user === undefined ? {} : { user: raw.user }),
    ...(raw.port === undefined ? {} : { port: raw.port }),
    ...(raw.identity_file === undefined ? {} : { identityFiles: [raw.identity_file].flat() }),
    ...(raw.known_hosts === undefined ? {} : { knownHosts: [raw.known_hosts].flat() }),
    ...(raw.proxy_jump === undefined ? {} : { proxyJump: raw.proxy_jump }),
    ...(raw.connect_timeout === undefined ? {} : { connectTimeout: durationSeconds(raw.connect_timeout) }),
    ...(raw.keepalive === undefined ? {} : { keepalive: durationSeconds(raw.keepalive) }),
  };
}

function absolute(path: string, filePath: string): string {
  if (path === '~' || path.startsWith('~/')) return resolve(homedir(), path.slice(2));
  return resolve(dirname(filePath), path);
}
