import { type Change, primitiveOf } from '../changes/registry.ts';
import type { Thing } from '../changes/thing.ts';
import { coversController, type SshPath } from '../facts/ssh-path.ts';

/** The change, marked if it is on the SSH path. Pure; no kind needs to know. */
export function markSshPath(change: Change, path: SshPath): Change {
  const touched = primitiveOf(change).touches(change);
  if (!touched.some((one) => isOf(path, one))) return change;
  return { ...change, risks: [...(change.risks ?? []), 'ssh-path'] };
}

/** The path after the change: a bridge that gets a link of it carries the session as well. */
export function pathAfter(change: Change, path: SshPath): SshPath {
  let { links, interface: way } = path;
  for (const { link, through, addresses } of primitiveOf(change).moves(change)) {
    if (!links.includes(link)) continue;
    if (!links.includes(through)) links = [...links, through];
    if (addresses && way === link) way = through;
  }
  return { ...path, links, interface: way };
}

/** Services without which the session, or what it passes through, is gone. */
const carriers =
  /^(sshd?|networking|systemd-networkd|NetworkManager|network|openvswitch-switch|ovs-vswitchd|ovsdb-server)\.(service|socket)$/;

function isOf(path: SshPath, one: Thing): boolean {
  // What is in a container is reached through the host, not the other way round.
  if ('in' in one && one.in !== undefined) return false;
  switch (one.is) {
    case 'link':
    case 'ovs-bridge':
      return path.links.includes(one.name);
    case 'settings':
    case 'boot':
      return path.links.includes(one.of);
    case 'addresses':
      return (
        path.links.includes(one.of) || (one.address !== undefined && coversController(path, one.address))
      );
    case 'unit':
      return carriers.test(one.name);
    case 'container-namespace':
    case 'docker':
    case 'docker-network':
    case 'file':
    case 'kernel-parameter':
    case 'unit-at-boot':
      return false;
  }
}
