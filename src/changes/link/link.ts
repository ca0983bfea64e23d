import { type Interface, interfacesFact, interfacesIn } from '../../facts/interfaces.ts';
import { routesIn } from '../../facts/routes.ts';
import { argument, either, flag, integer, nothing, recordOf } from '../../facts/schema.ts';
import { derivedMac } from '../../net/mac.ts';
import { lines, type Sh, sh } from '../../sh/sh.ts';
import { changeSchema, networkPaths, none, type Primitive } from '../change.ts';
import { actionBetween, diffField } from '../fields.ts';
import { applyIn, containerName, inWords, namespaceOf, saveIn, undoIn } from '../namespace.ts';
import { thing } from '../thing.ts';
import type { LinkChange, LinkSettings } from './change.ts';
import { announce, ifBridge, ifThere } from './commands.ts';
import {
  addLink,
  applyKind,
  ifOurs,
  kindFields,
  kindNoun,
  kindTrace,
  type LinkKind,
  linkKindSchema,
  type Peer,
  peerOf,
  saveKind,
  undoKind,
} from './kinds.ts';
import { linkParts, otherEndPart } from './parts.ts';

/**
 * The MAC that a host's bridge gets unless its step names one. systemd derives bridges' MACs from
 * /etc/machine-id, so that hosts cloned from one image would get the same ones.
 */
export function bridgeMac(host: string, bridge: string): string {
  return derivedMac(`${host} ${bridge}`);
}

const settings = either(
  recordOf<LinkSettings>(
    {},
    { mac: argument, mtu: integer, stp: flag, master: either(argument, nothing), up: flag },
  ),
  nothing,
);

const settingNames = ['mac', 'mtu', 'stp', 'master', 'up'] as const;

/** What a change makes or deletes. */
function kindOf({ linkKind }: LinkChange): LinkKind {
  return linkKind ?? { is: 'bridge' };
}

/** The other end of what a change makes or deletes. */
function peerIn(change: LinkChange): Peer | undefined {
  return change.before !== null && change.after !== null ? undefined : peerOf(kindOf(change));
}

/** The container whose namespace a change has to do with. */
function containerIn(change: LinkChange): string | undefined {
  return change.in ?? peerIn(change)?.in;
}

export const linkPrimitive: Primitive<LinkChange> = {
  type: 'link',
  schema: changeSchema<LinkChange>(
    'link',
    { link: argument, before: settings, after: settings },
    { in: containerName, linkKind: linkKindSchema },
  ),
  scope: 'live',
  paths: () => networkPaths,
  risks: [],
  stage: 'main',
  needsSettled: false,
  touches: (change) => {
    const { link, before, after, in: container } = change;
    const peer = peerIn(change);
    return [
      ...[link, before?.master, after?.master].flatMap((name) =>
        name == null ? [] : [thing.link(name, container)],
      ),
      ...(peer === undefined ? [] : [thing.link(peer.name, peer.in)]),
      ...namespaceOf(containerIn(change)),
    ];
  },
  moves: ({ link, after }) => (typeof after?.master === 'string' ? [{ link, through: after.master }] : []),
  tunnelEnds: none,
  gives: none,
  takes: none,
  limit: () => undefined,
  verifiable: () => true,
  undoable: () => true,
  conditional: () => false,
  marks: 'no marks',
  title: (change) => ({
    action: actionBetween(change.before, change.after),
    noun: change.before === null || change.after === null ? kindNoun(kindOf(change)) : 'link',
    target: inWords(change.link, change.in),
  }),
  fields: (change) => {
    const { before, after } = change;
    const own = before !== null && after !== null ? [] : kindFields(kindOf(change));
    return [
      ...own.flatMap(({ field, after: value }) =>
        before === null ? diffField(field, undefined, value) : diffField(field, value, undefined),
      ),
      ...settingNames.flatMap((name) =>
        diffField(name, before?.[name] ?? undefined, after?.[name] ?? undefined),
      ),
    ];
  },
  predict: (change, facts) => {
    const peer = peerIn(change);
    const next = facts.update(interfacesIn(change.in), (links) => predicted(change, links));
    if (peer === undefined) return next;
    return next
      .update(interfacesIn(peer.in), (links) => withPeer(change, peer, links))
      .update(routesIn(peer.in), (routes) => routes.filter(({ dev }) => dev !== peer.name));
  },
  save: (change) => {
    if (change.in !== undefined) return saveIn(change.in);
    return change.before !== null && change.after !== null ? undefined : saveKind(kindOf(change));
  },
  apply: (change) => {
    const { link, before, after } = change;
    if (after === null) return sh`ip link delete dev ${link}`;
    if (before !== null) return applyIn(change.in, lines(set(link, after), announceMac(link, after)));
    const kind = kindOf(change);
    return applyKind(
      kind,
      lines(
        addLink(link, kind, after.mac),
        kind.is === 'bridge' ? pinMtu(link, after) : undefined,
        set(link, after),
      ),
    );
  },
  undo: (change) => {
    const { link, before, after } = change;
    const kind = kindOf(change);
    if (before === null) return undoKind(kind, ifOurs(link, kind, sh`ip link delete dev ${link}`));
    if (after !== null)
      return undoIn(change.in, ifThere(link, lines(setBack(link, before), announceMac(link, before))));
    return undoKind(
      kind,
      lines(
        sh`if ! ip link show dev ${link} >/dev/null 2>&1; then ${addLink(link, kind, before.mac)}; fi`,
        setBack(link, before),
      ),
    );
  },
  recheck: {
    queries: (change) => {
      const container = containerIn(change);
      return [
        ...(change.in === undefined ? [interfacesFact] : []),
        ...(container === undefined ? [] : [interfacesIn(container)]),
      ];
    },
    parts: (change, facts) => linkParts(change, peerIn(change), facts),
    makes: (change) => {
      const { link, before, in: container } = change;
      const peer = peerIn(change);
      return [
        ...(before === null ? [thing.link(link)] : []),
        ...(before === null && peer !== undefined ? [thing.link(peer.name, peer.in)] : []),
        thing.settings(link, container),
      ];
    },
    uses: (change) => {
      const { link, after, in: container } = change;
      return [
        thing.link(link, container),
        ...(after?.master == null ? [] : [thing.link(after.master)]),
        ...namespaceOf(containerIn(change)),
      ];
    },
    within: otherEndPart,
    leaves: (change) => {
      const { link, before, in: container } = change;
      if (before !== null || container !== undefined) return [];
      return [{ thing: thing.link(link), part: `link ${link}`, ...kindTrace(link, kindOf(change)) }];
    },
  },
};

/**
 * A bridge follows its members' lowest MTU until somebody changes its own. Setting the MTU that it has
 * changes nothing, so a new bridge that shall keep 1500 needs another one first.
 */
function pinMtu(link: string, { mtu }: LinkSettings): Sh | undefined {
  return mtu === 1500 ? sh`ip link set dev ${link} mtu 1499` : undefined;
}

/** The same for an undo: by now the bridge that it was in may be gone, and it may be no bridge any more. */
function setBack(link: string, { stp, master, up, ...settings }: LinkSettings): Sh {
  const join = master == null ? set(link, { master }) : ifBridge(master, set(link, { master }));
  return lines(
    stp === undefined ? undefined : ifBridge(link, set(link, { stp })),
    set(link, settings),
    join,
    set(link, { up }),
  );
}

function announceMac(link: string, { mac }: LinkSettings): Sh | undefined {
  return mac === undefined ? undefined : announce(link);
}

/** One `ip link set` for what all links have, then what has a word of its own. */
function set(link: string, settings: LinkSettings): Sh {
  const { mac, mtu, stp, master, up } = settings;
  const words = [
    ...(mac === undefined ? [] : ['address', mac]),
    ...(mtu === undefined ? [] : ['mtu', mtu]),
    ...(master === undefined ? [] : master === null ? ['nomaster'] : ['master', master]),
    ...(up === undefined ? [] : [up ? 'up' : 'down']),
  ];
  return lines(
    stp === undefined ? undefined : sh`ip link set dev ${link} type bridge stp_state ${stp ? 1 : 0}`,
    words.length === 0 ? undefined : sh`ip link set dev ${link} ${words}`,
  );
}

function predicted(change: LinkChange, links: readonly Interface[]): Interface[] {
  const { link, before, after } = change;
  if (after === null) {
    return links
      .filter(({ name }) => name !== link)
      .map((l) => (l.master === link ? withSettings(l, { master: null }) : l));
  }
  if (before !== null) return links.map((l) => (l.name === link ? withSettings(l, after) : l));
  const made: Interface = { name: link, kind: kindOf(change).is, mtu: 1500, up: false, addresses: [] };
  return [...links, withSettings(made, after)];
}

/** The other end comes and goes with the link. */
function withPeer(
  { link, after }: LinkChange,
  { name, mac, mtu, up }: Peer,
  links: readonly Interface[],
): Interface[] {
  const others = links.filter((one) => one.name !== name);
  if (after === null) return others;
  return [...others, { name, kind: 'veth', mac, mtu, up, peer: link, addresses: [] }];
}

function withSettings(link: Interface, { master, stp, ...settings }: LinkSettings): Interface {
  const { master: oldMaster, stp: oldStp, ...rest } = link;
  const newMaster = master === undefined ? oldMaster : (master ?? undefined);
  return {
    ...rest,
    ...settings,
    ...(newMaster === undefined ? {} : { master: newMaster }),
    ...((stp ?? oldStp) ? { stp: true as const } : {}),
  };
}
