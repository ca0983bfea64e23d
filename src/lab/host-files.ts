import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { must } from './command.ts';
import { type HostLayout, type LabLayout, mac } from './layout.ts';

/** The users of a lab host besides root, as the root file system has them. */
const users = [
  { home: 'root', id: 0 },
  { home: 'home/op', id: 1000 },
  { home: 'home/nopw', id: 1001 },
];

/**
 * Writes a host's own layer over the shared root file system, with everything that must differ between hosts: equal
 * machine ids would give equal bridge addresses, and tunnels that fail silently. Returns the host's public key.
 */
export async function writeHostFiles(
  lab: LabLayout,
  host: HostLayout,
  authorizedKey: string,
  docker: boolean,
): Promise<string> {
  const upper = join(host.folder, 'upper');
  mkdirSync(host.folder);
  for (const name of ['upper', 'work', 'root', 'docker']) makeFolders(host.folder, name);
  const write = (path: string, text: string, mode = 0o644) => {
    makeFolders(upper, dirname(path));
    writeFileSync(join(upper, path), text);
    chmodSync(join(upper, path), mode);
  };

  write('etc/hostname', `${host.name}\n`);
  write('etc/hosts', `127.0.0.1 localhost\n127.0.1.1 ${host.name}\n`);
  write('etc/machine-id', `${randomBytes(16).toString('hex')}\n`, 0o444);
  write('etc/network/interfaces.d/eth0', `auto eth0\niface eth0 inet static\n  address ${host.address}/24\n`);
  write('etc/lab-underlay', `ADDRESS=${host.underlayAddress}/24\nMAC=${mac(lab, host.ordinal, 'br-phy')}\n`);
  for (const { home, id } of users) {
    write(`${home}/.ssh/authorized_keys`, authorizedKey, 0o600);
    for (const folder of [home, `${home}/.ssh`]) chmodSync(join(upper, folder), 0o700);
    await must(['chown', '-R', `${id}:${id}`, join(upper, home)]);
  }
  if (!docker) for (const link of dockerUnits) await leaveOut(upper, link);

  const key = join(upper, 'etc/ssh/ssh_host_ed25519_key');
  makeFolders(upper, 'etc/ssh');
  await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', `root@${host.name}`, '-f', key]);
  chmodSync(`${key}.pub`, 0o644);
  return (await must(['ssh-keygen', '-y', '-f', key])).trim();
}

/** In an overlay, a folder's mode hides that of the lower one, so it must not depend on the caller's umask. */
function makeFolders(root: string, path: string): void {
  let folder = root;
  for (const name of path.split('/')) {
    folder = join(folder, name);
    if (existsSync(folder)) continue;
    mkdirSync(folder);
    chmodSync(folder, 0o755);
  }
}

/** The units that start Docker at boot. */
const dockerUnits = [
  'multi-user.target.wants/docker.service',
  'multi-user.target.wants/containerd.service',
  'sockets.target.wants/docker.socket',
].map((link) => `etc/systemd/system/${link}`);

/** In overlayfs, a device 0:0 in the upper layer hides a file of the lower one. */
async function leaveOut(upper: string, path: string): Promise<void> {
  makeFolders(upper, dirname(path));
  await must(['mknod', join(upper, path), 'c', '0', '0']);
}
