import { raw } from '../sh/sh.ts';
import type { FactFamily, FactQuery } from './fact.ts';
import { sha256 } from './file.ts';
import { flag, integer, list, oneOf, record, text } from './schema.ts';
import { Unreadable } from './unreadable.ts';

/** What a host is. Templates see these names in `facts.os`. */
export interface Os {
  /** os-release(5) ID: `debian`, `ubuntu`, `rocky`, … */
  readonly id: string;
  readonly id_like: readonly string[];
  /** os-release(5) VERSION_ID; empty if there is none (Debian testing). */
  readonly version: string;
  readonly family: 'debian' | 'redhat' | 'suse' | 'alpine' | 'arch' | 'unknown';
  /** The running kernel's release, `6.1.0-18-amd64`. */
  readonly kernel: string;
  /** uname(1) -m: `x86_64`, `aarch64`, … */
  readonly architecture: string;
  readonly hostname: string;
  /** The uid of the user that the steps run as. */
  readonly uid: number;
  /** Whether systemd is PID 1. */
  readonly systemd: boolean;
  /** A hash of /etc/machine-id, which itself must not be shown (machine-id(5)); undefined if there is none. */
  readonly machine?: string;
}

const family: FactFamily<Os> = {
  name: 'os',
  command: 'uname and id',
  schema: record(
    {
      ...{ id: text, id_like: list(text), version: text, kernel: text, architecture: text, hostname: text },
      ...{ uid: integer, systemd: flag },
      family: oneOf('debian', 'redhat', 'suse', 'alpine', 'arch', 'unknown'),
    },
    { machine: text },
  ),
  query: () =>
    raw(`uname -srmn
id -u
if [ -d /run/systemd/system ]; then echo yes; else echo no; fi
{ read -r id </etc/machine-id; } 2>/dev/null && echo "$id" || echo
cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release`),
  parse: (output) => new Map([['', parseOs(output)]]),
  canonical: (os) => ({ ...os }),
};

export const osFact: FactQuery<Os> = { family, key: '' };

function parseOs(output: string): Os {
  const [uname = '', uid = '', systemd, machine = '', ...release] = output.split('\n');
  const [, hostname = '', kernel = '', architecture = ''] = uname.split(' ');
  if (architecture === '' || !/^\d+$/.test(uid)) throw new Unreadable('no answer from uname or id');
  const values = new Map(release.map(assignment));
  const id = values.get('ID') ?? 'linux';
  const id_like = (values.get('ID_LIKE') ?? '').split(' ').filter((word) => word !== '');
  return {
    id,
    id_like,
    version: values.get('VERSION_ID') ?? '',
    family: familyOf([id, ...id_like]),
    kernel,
    architecture,
    hostname,
    uid: Number(uid),
    systemd: systemd === 'yes',
    ...(machine === '' ? {} : { machine: sha256(machine).slice(0, 16) }),
  };
}

/** os-release(5): shell assignments, quoted where needed. */
function assignment(line: string): [string, string] {
  const at = line.indexOf('=');
  const value = line.slice(at + 1).trim();
  const inner = /^"(.*)"$|^'(.*)'$/.exec(value);
  return [line.slice(0, Math.max(at, 0)), (inner?.[1] ?? inner?.[2] ?? value).replace(/\\(["$`\\])/g, '$1')];
}

function familyOf(ids: readonly string[]): Os['family'] {
  const families = {
    debian: 'debian',
    ubuntu: 'debian',
    rhel: 'redhat',
    fedora: 'redhat',
    centos: 'redhat',
    suse: 'suse',
    alpine: 'alpine',
    arch: 'arch',
  } as const;
  for (const id of ids) {
    const found = id.startsWith('opensuse') ? 'suse' : families[id as keyof typeof families];
    if (found !== undefined) return found;
  }
  return 'unknown';
}
