import { argument, flag, integer, oneOf, record, recordOf, type Schema } from '../../facts/schema.ts';
import { indent, lines, raw, type Sh, sh } from '../../sh/sh.ts';
import type { FieldDiff } from '../change.ts';
import { containerName, ifContainerRuns, inNamespace, inWords, saveIn, withContainer } from '../namespace.ts';
import type { Trace } from '../trace.ts';
import { ifBridge } from './commands.ts';

/** The other end of a veth pair, as it is made. */
export interface Peer {
  readonly name: string;
  /** The container whose namespace it is in. */
  readonly in: string;
  readonly mac: string;
  /** Bytes. */
  readonly mtu: number;
  readonly up: boolean;
}

/** What each kind of link that can be made or deleted has besides settings. */
interface Kinds {
  bridge: object;
  veth: { readonly peer: Peer };
}

type KindName = keyof Kinds;
type KindOf<K extends KindName> = { [P in K]: { readonly is: P } & Kinds[P] }[K];

/** A kind of link, by the name that ip-link(8) has for it. */
export type LinkKind = KindOf<KindName>;

interface KindSays<K extends KindName> {
  readonly noun: string;
  readonly schema: Schema;
  fields(kind: KindOf<K>): readonly Pick<FieldDiff, 'field' | 'after'>[];
  /** What follows `type` in `ip link add`, with `$pid` where a container is needed. */
  words(kind: KindOf<K>): readonly (string | number | Sh)[];
  /** The other end, in the namespace of a container that must run. */
  peer?(kind: KindOf<K>): Peer;
  /** What is left over of it. */
  trace(link: string, kind: KindOf<K>): Pick<Trace, 'detail' | 'namedBy' | 'removable'>;
  /** A fragment of an undo, only where the link of that name is the one that was made. */
  ifOurs(link: string, kind: KindOf<K>, fragment: Sh): Sh;
}

/** A kind each; one that is missing doesn't compile. */
const kinds: { readonly [K in KindName]: KindSays<K> } = {
  bridge: {
    noun: 'bridge',
    schema: record({ is: oneOf('bridge') }),
    fields: () => [],
    words: () => ['bridge'],
    trace: (link) => ({
      detail: 'a Linux bridge',
      namedBy: [link],
      removable: { is: 'link', name: link, type: 'linux' },
    }),
    ifOurs: (link, _, fragment) => ifBridge(link, fragment),
  },
  veth: {
    noun: 'veth pair',
    schema: record({
      is: oneOf('veth'),
      peer: recordOf<Peer>({ name: argument, in: containerName, mac: argument, mtu: integer, up: flag }),
    }),
    fields: ({ peer }) => [
      { field: 'peer', after: inWords(peer.name, peer.in) },
      { field: 'peer mac', after: peer.mac },
      { field: 'peer mtu', after: peer.mtu },
      { field: 'peer up', after: peer.up },
    ],
    words: ({ peer }) => [
      ...['veth', 'peer', 'name', peer.name, 'address', peer.mac, 'mtu', peer.mtu],
      ...['netns', raw('"$pid"')],
    ],
    peer: ({ peer }) => peer,
    // A step need not name the interface.
    trace: (_, { peer }) => ({
      detail: `the host's end of ${peer.name} in container ${peer.in}`,
      namedBy: [peer.in],
      removable: { is: 'container-link', container: peer.in, name: peer.name },
    }),
    ifOurs: (link, { peer }, fragment) => ifPair(link, peer.name, fragment),
  },
};

export const linkKindSchema: Schema = { anyOf: Object.values(kinds).map(({ schema }) => schema) };

export function kindNoun({ is }: LinkKind): string {
  return kinds[is].noun;
}

export function kindFields<K extends KindName>(
  kind: KindOf<K>,
): readonly Pick<FieldDiff, 'field' | 'after'>[] {
  return kinds[kind.is].fields(kind);
}

/** The other end, in a container's namespace, without which there is no such link; undefined: there is none. */
export function peerOf<K extends KindName>(kind: KindOf<K>): Peer | undefined {
  return kinds[kind.is].peer?.(kind);
}

/** What is left over of a link once no step names it. */
export function kindTrace<K extends KindName>(
  link: string,
  kind: KindOf<K>,
): Pick<Trace, 'detail' | 'namedBy' | 'removable'> {
  return kinds[kind.is].trace(link, kind);
}

/** Makes a link, with its MAC from the start (see `addBridge`), and its other end as that is to be. One line. */
export function addLink<K extends KindName>(link: string, kind: KindOf<K>, mac: string | undefined): Sh {
  const words = ['name', link, ...(mac === undefined ? [] : ['address', mac]), 'type'];
  const add = sh`ip link add ${[...words, ...kinds[kind.is].words(kind)]}`;
  const peer = peerOf(kind);
  return peer?.up ? sh`${add}; ${inNamespace(sh`ip link set dev ${peer.name} up`)}` : add;
}

/** A fragment of an undo, only where the link is the one that was made. */
export function ifOurs<K extends KindName>(link: string, kind: KindOf<K>, fragment: Sh): Sh {
  return kinds[kind.is].ifOurs(link, kind, fragment);
}

/** What an undo needs to know of the container that the kind needs. */
export function saveKind(kind: LinkKind): Sh | undefined {
  const peer = peerOf(kind);
  return peer && saveIn(peer.in);
}

/** An apply that finds the container that the kind needs. */
export function applyKind(kind: LinkKind, fragment: Sh): Sh {
  const peer = peerOf(kind);
  return peer === undefined ? fragment : withContainer(peer.in, fragment);
}

/** An undo: what goes with a container's namespace is gone with it. */
export function undoKind(kind: LinkKind, fragment: Sh): Sh {
  return peerOf(kind) === undefined ? fragment : ifContainerRuns(fragment);
}

/** Two ends that name each other's numbers, which are those of a namespace each. */
function ifPair(link: string, peer: string, fragment: Sh): Sh {
  const shown = inNamespace(sh`ip -o link show dev ${peer} type veth 2>/dev/null || :`);
  return lines(
    sh`index=$(cat ${`/sys/class/net/${link}/ifindex`} 2>/dev/null) || index=none`,
    sh`case $(${shown}) in`,
    sh`*": "${peer}"@if$index: "*)`,
    raw(indent(fragment)),
    raw('  ;;'),
    raw('esac'),
  );
}
