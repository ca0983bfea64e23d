import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { must } from './command.ts';
import type { HostLayout } from './layout.ts';

/** The users that a lab host knows beside root, as the root file system has made them. */
const users = [
  { home: '/root', id: 0 },
  { home: '/home/op', id: 1000 },
  { home: '/home/nopw', id: 1001 },
];

/**
 * Makes a host's own layer over the shared root file system, with all that must differ between hosts:
 * equal machine ids would give equal bridge addresses, and tunnels that fail without a word.
 * Answers with the host's public key.
 */
export async function writeHostFiles(
  host: HostLayout,
  authorizedKey: string,
  docker: boolean,
): Promise<string> {
  const upper = join(host.folder, 'upper');
  for (const folder of ['upper', 'work', 'root', 'docker'])
    mkdirSync(join(host.folder, folder), { recursive: true });
  const write = (path: string, text: string, mode = 0o644) => {
    mkdirSync(join(upper, dirname(path)), { recursive: true, mode: 0o755 });
    writeFileSync(join(upper, path), text, { mode });
  };

  write('/etc/hostname', `${host.name}\n`);
  write('/etc/hosts', `127.0.0.1 localhost\n127.0.1.1 ${host.name}\n`);
  write('/etc/machine-id', `${randomBytes(16).toString('hex')}\n`, 0o444);
  write(
    '/etc/network/interfaces.d/eth0',
    `auto eth0\niface eth0 inet static\n  address ${host.address}/24\n`,
  );
  write('/etc/lab-underlay', `ADDRESS=${host.underlayAddress}/24\n`);
  for (const user of users) {
    write(`${user.home}/.ssh/authorized_keys`, authorizedKey, 0o600);
    for (const path of [user.home, `${user.home}/.ssh`, `${user.home}/.ssh/authorized_keys`]) {
      chownSync(join(upper, path), user.id, user.id);
    }
    chmodSync(join(upper, user.home), 0o700);
    chmodSync(join(upper, user.home, '.ssh'), 0o700);
  }
  if (!docker) await leaveOut(upper, dockerUnits);

  const key = join(upper, '/etc/ssh/ssh_host_ed25519_key');
  mkdirSync(dirname(key), { recursive: true, mode: 0o755 });
  await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', `root@${host.name}`, '-f', key]);
  return (await must(['ssh-keygen', '-y', '-f', key])).trim();
}

/** What starts Docker at boot. */
const dockerUnits = [
  'multi-user.target.wants/docker.service',
  'multi-user.target.wants/containerd.service',
  'sockets.target.wants/docker.socket',
].map((link) => `/etc/systemd/system/${link}`);

/** overlayfs shows a file of the lower layer as deleted where the upper one has a device 0:0. */
async function leaveOut(upper: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    mkdirSync(join(upper, dirname(path)), { recursive: true, mode: 0o755 });
    await must(['mknod', join(upper, path), 'c', '0', '0']);
  }
}
