import type { Change } from '../changes/registry.ts';
import type { FileFact } from '../facts/file.ts';
import { dropInFolder, mainFile } from '../facts/ifupdown.ts';
import { declarationOf } from '../facts/ifupdown-stanzas.ts';
import { coversController, type SshPath } from '../facts/ssh-path.ts';
import { sysctlPath } from '../facts/sysctl.ts';

/** The change, marked where it touches the way that the SSH session takes. Pure; no kind needs to know. */
export function markSshPath(change: Change, path: SshPath): Change {
  return touches(change, path) ? { ...change, risks: [...(change.risks ?? []), 'ssh-path'] } : change;
}

/** The path once the change is applied: what takes in a link of it carries the session, too. */
export function pathAfter(change: Change, path: SshPath): SshPath {
  const on = (name: string) => path.links.includes(name);
  const with_ = (name: string): SshPath => (on(name) ? path : { ...path, links: [...path.links, name] });
  switch (change.type) {
    case 'link': {
      const master = change.after?.master;
      return on(change.link) && typeof master === 'string' ? with_(master) : path;
    }
    case 'ovsdb':
      return change.ports.some(({ name, after }) => after !== null && on(name)) ? with_(change.bridge) : path;
    case 'uplink':
    case 'ovs_uplink': {
      const { link, bridge, after } = change;
      const [source, target] = after.holder === 'bridge' ? [link, bridge] : [bridge, link];
      if (!on(source)) return path;
      return { ...with_(target), interface: path.interface === source ? target : path.interface };
    }
    case 'address':
    case 'docker':
    case 'file':
    case 'package':
    case 'run':
    case 'sysctl':
    case 'unit':
      return path;
  }
}

/** Services without which the session, or what it goes through, is gone. */
const carriers =
  /^(sshd?|networking|systemd-networkd|NetworkManager|network|openvswitch-switch|ovs-vswitchd|ovsdb-server)\.(service|socket)$/;

/** Without a default: a new type of change says here what it touches, or doesn't compile. */
function touches(change: Change, path: SshPath): boolean {
  const on = (name: string | null | undefined) => typeof name === 'string' && path.links.includes(name);
  switch (change.type) {
    case 'link':
      return on(change.link) || on(change.before?.master) || on(change.after?.master);
    case 'address':
      return on(change.link) || coversController(path, change.address);
    case 'ovsdb':
      return on(change.bridge) || change.ports.some(({ name }) => on(name));
    case 'uplink':
    case 'ovs_uplink':
      return on(change.link) || on(change.bridge);
    case 'file':
      return declares(change.path) && redeclares(change.before, change.after?.content ?? '', path);
    case 'sysctl':
      return on(/^\/proc\/sys\/net\/ipv[46]\/(?:conf|neigh)\/([^/]+)\//.exec(sysctlPath(change.name))?.[1]);
    case 'unit':
      return change.after.active !== undefined && carriers.test(change.unit);
    // What they bring about isn't in the change.
    case 'docker':
    case 'package':
    case 'run':
      return false;
  }
}

function declares(file: string): boolean {
  return file === mainFile || file.startsWith(`${dropInFolder}/`);
}

/** Whether ifupdown would bring up a link of the path in another way at the next boot. */
function redeclares(before: FileFact, after: string, { links }: SshPath): boolean {
  const old = before?.kind === 'text' ? before.content : '';
  return links.some((link) => declarationOf(old, link) !== declarationOf(after, link));
}
