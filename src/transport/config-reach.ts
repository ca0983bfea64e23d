import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { matchesWildcard } from './wildcard.ts';

/**
 * What a set of ssh_config files depends on: no option that we read, options that are the same for every host, or
 * options that depend on the host. `ssh -G` costs a process per host; the first two need none, or one for all.
 */
export type ConfigReach = 'none' | 'shared' | 'per-host';

/** The options that we read from ssh_config(5), in lower case. */
export const readOptions: ReadonlySet<string> = new Set([
  'hostkeyalias',
  'user',
  'port',
  'identityfile',
  'identityagent',
  'identitiesonly',
  'userknownhostsfile',
  'globalknownhostsfile',
  'proxyjump',
  'proxycommand',
  'connecttimeout',
  'serveraliveinterval',
]);

/**
 * Reads one file and its includes; relative names are relative to `base` (ssh_config(5): ~/.ssh or /etc/ssh). When in
 * doubt the result is `per-host`, which is only slower.
 */
export function configReach(file: string, base: string, depth = 0): ConfigReach {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'none' : 'per-host';
  }
  let reach: ConfigReach = 'none';
  for (const line of text.split('\n')) {
    reach = widest(reach, lineReach(line.trim(), base, depth));
    if (reach === 'per-host') break;
  }
  return reach;
}

export function widest(a: ConfigReach, b: ConfigReach): ConfigReach {
  const order: readonly ConfigReach[] = ['none', 'shared', 'per-host'];
  return order[Math.max(order.indexOf(a), order.indexOf(b))] ?? 'per-host';
}

function lineReach(line: string, base: string, depth: number): ConfigReach {
  if (line === '' || line.startsWith('#')) return 'none';
  const [, keyword = '', value = ''] = /^"?([A-Za-z0-9]+)"?(?:\s*=\s*|\s+)?(.*)$/.exec(line) ?? [];
  switch (keyword.toLowerCase()) {
    case '':
      return 'per-host';
    case 'host':
      return value === '*' ? 'none' : 'per-host';
    case 'match':
      return value.toLowerCase() === 'all' ? 'none' : 'per-host';
    case 'hostname':
      return 'per-host';
    case 'canonicalizehostname':
      return value.toLowerCase() === 'no' ? 'none' : 'per-host';
    case 'include':
      return includeReach(value, base, depth);
    default:
      if (!readOptions.has(keyword.toLowerCase())) return 'none';
      // %h, %p, %r and the like; ${VAR} is the same for every host.
      return value.includes('%') ? 'per-host' : 'shared';
  }
}

function includeReach(value: string, base: string, depth: number): ConfigReach {
  // ssh(1) follows 16 levels; quotes, variables and ~ are left to it.
  if (depth > 16 || /["'$%\\]/.test(value)) return 'per-host';
  let reach: ConfigReach = 'none';
  for (const word of value.split(/\s+/)) {
    const path = word.startsWith('~') ? undefined : resolve(base, word);
    const folder = path === undefined ? '' : dirname(path);
    if (path === undefined || /[*?[\]{}]/.test(folder) || /[[\]{}]/.test(path)) return 'per-host';
    for (const name of list(folder)) {
      if (matchesWildcard(basename(path), name)) {
        reach = widest(reach, configReach(join(folder, name), base, depth + 1));
      }
    }
  }
  return reach;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
