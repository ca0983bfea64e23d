import { type Diagnostic, error, type SourceRange, warning } from '../diagnostics/diagnostic.ts';
import { type HostThings, namedLinks, placeOf, thingsDescribed } from './things.ts';

/** Names that the kernel, sysctl(8) or Open vSwitch use themselves. */
const reserved = new Map([
  ['lo', 'the loopback interface'],
  ['all', "the kernel's settings for all interfaces"],
  ['default', "the kernel's settings for new interfaces"],
  ['ovs-system', "Open vSwitch's kernel datapath"],
  ['ovs-netdev', "Open vSwitch's userspace datapath"],
]);

/** Bridges with a reserved name, or with the name of Docker's default bridge. */
export function nameLints(hosts: readonly HostThings[]): Diagnostic[] {
  return hosts.flatMap((host) => bridgesOf(host).flatMap(lint));
}

interface Bridge {
  readonly name: string;
  readonly at: SourceRange;
  /** A step makes it as an Open vSwitch bridge. */
  readonly madeByOvs: boolean;
}

/** All bridges that the steps name. */
function bridgesOf(host: HostThings): Bridge[] {
  const links = namedLinks(host).filter(({ thing }) => thing.type !== undefined);
  return [
    ...links.map((link) => ({
      name: link.thing.name,
      at: placeOf(link, 'name'),
      madeByOvs: link.thing.type === 'ovs' && link.thing.does === 'makes',
    })),
    ...thingsDescribed(host, 'tunnels').map((tunnels) => ({
      name: tunnels.thing.bridge,
      at: placeOf(tunnels, 'bridge'),
      madeByOvs: false,
    })),
  ];
}

function lint({ name, at, madeByOvs }: Bridge): Diagnostic[] {
  const owner = reserved.get(name);
  if (owner !== undefined) {
    const message = `a bridge can't be named ${name}, which is ${owner}`;
    return [error('reserved-name', message, at, 'choose another name')];
  }
  if (name !== 'docker0' || !madeByOvs) return [];
  const message = 'docker0 is the bridge that Docker makes for itself, as a Linux bridge';
  return [warning('reserved-name', message, at, 'choose another name')];
}
