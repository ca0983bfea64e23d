import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { RunError } from '../diagnostics/errors.ts';
import { must, run } from './command.ts';

const stillWorks =
  '`meshbook validate` works anywhere, and `plan` and `apply` work from here against hosts of your own';

/** The lab boots hosts as systemd-nspawn containers, which takes root on Linux. */
export function requireLinuxRoot(): void {
  if (process.platform !== 'linux') {
    throw new RunError('state', `the lab needs Linux, and this is ${process.platform}`, { hint: stillWorks });
  }
  if (process.getuid?.() !== 0) {
    throw new RunError('state', 'the lab needs root: it makes network namespaces and boots hosts in them', {
      hint: `run it with sudo; ${stillWorks}`,
    });
  }
}

/** A program that the lab runs, and its Debian package. */
type Need = readonly [program: string, packageName: string];

const needs: readonly Need[] = [
  ['/usr/bin/systemd-nspawn', 'systemd-container'],
  ['/usr/bin/mmdebstrap', 'mmdebstrap'],
  ['/usr/share/keyrings/debian-archive-keyring.gpg', 'debian-archive-keyring'],
  ['/sbin/ip', 'iproute2'],
  ['/sbin/ethtool', 'ethtool'],
  ['/usr/bin/ssh-keygen', 'openssh-client'],
  ['/usr/bin/nsenter', 'util-linux'],
];

export function missingPackages(more: readonly Need[] = []): string[] {
  return [...needs, ...more]
    .filter(([program]) => !existsSync(program))
    .map(([, packageName]) => packageName);
}

/**
 * Makes sure that the lab's programs are there: installs Debian's packages if `install` allows it, otherwise names
 * what is missing.
 */
export async function requirePackages(
  install: boolean,
  onProgress: (line: string) => void,
  more: readonly Need[] = [],
): Promise<void> {
  const missing = missingPackages(more);
  if (missing.length === 0) return;
  const names = missing.join(', ');
  if (!install) {
    throw new RunError('state', `the lab needs Debian packages that are not installed: ${names}`, {
      hint: 'run `meshbook lab up --install`, or install them yourself',
    });
  }
  if (!existsSync('/usr/bin/apt-get')) {
    throw new RunError('state', `the lab can only install packages by apt-get; missing: ${names}`, {
      hint: 'install what provides them on this system',
    });
  }
  onProgress(`Installing ${names}`);
  const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q'];
  const installThem = [...apt, '-y', '--no-install-recommends', 'install', ...missing];
  if ((await run(installThem)).exitCode === 0) return;
  // Old package lists name files that the mirror no longer has. A broken source of another vendor must not stop us.
  await run([...apt, 'update']);
  await must(installThem);
}

/** Open vSwitch in userspace makes its devices through /dev/net/tun. */
export async function requireTun(): Promise<void> {
  if (!existsSync('/dev/net/tun')) await run(['modprobe', 'tun']);
  if (existsSync('/dev/net/tun')) return;
  throw new RunError('state', 'the lab needs /dev/net/tun, and this kernel has none', {
    hint: 'load its `tun` module, or pass the device into the container this runs in',
  });
}

/** Each host's systemd watches files; the kernel's default of 128 instances is enough for about 16 hosts. */
const inotifyLimits = { max_user_instances: 8192, max_user_watches: 1_048_576 };

/** Raises kernel limits that many hosts share, and never lowers one. They stay raised. */
export function raiseLimits(): void {
  for (const [name, wanted] of Object.entries(inotifyLimits)) {
    const path = `/proc/sys/fs/inotify/${name}`;
    if (Number(readFileSync(path, 'utf8')) < wanted) writeFileSync(path, String(wanted));
  }
}
