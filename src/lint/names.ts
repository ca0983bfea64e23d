import { type Diagnostic, error, type SourceRange, warning } from '../diagnostics/diagnostic.ts';
import { type HostThings, namedLinks, placeOf, saidOf } from './things.ts';

/** Names that the kernel, sysctl(8) or Open vSwitch have for something of their own. */
const reserved = new Map([
  ['lo', 'the loopback interface'],
  ['all', "the kernel's settings for all interfaces"],
  ['default', "the kernel's settings for new interfaces"],
  ['ovs-system', "Open vSwitch's kernel datapath"],
  ['ovs-netdev', "Open vSwitch's userspace datapath"],
]);

/** Bridges that are named as something that is there already, or that Docker makes for itself. */
export function nameLints(hosts: readonly HostThings[]): Diagnostic[] {
  return hosts.flatMap((host) => bridgesOf(host).flatMap(lint));
}

interface Bridge {
  readonly name: string;
  readonly at: SourceRange;
  /** A step makes it, as one of Open vSwitch's. */
  readonly madeByOvs: boolean;
}

/** All that the steps name. */
function bridgesOf(host: HostThings): Bridge[] {
  const links = namedLinks(host).filter(({ thing }) => thing.type !== undefined);
  return [
    ...links.map((link) => ({
      name: link.thing.name,
      at: placeOf(link, 'name'),
      madeByOvs: link.thing.type === 'ovs' && link.thing.does === 'makes',
    })),
    ...saidOf(host, 'tunnels').map((tunnels) => ({
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
