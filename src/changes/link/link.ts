import { type Interface, interfacesFact } from '../../facts/interfaces.ts';
import { argument, either, flag, integer, nothing, recordOf } from '../../facts/schema.ts';
import { derivedMac } from '../../net/mac.ts';
import { lines, type Sh, sh } from '../../sh/sh.ts';
import { changeSchema, networkPaths, none, type Primitive } from '../change.ts';
import { actionBetween, diffField } from '../fields.ts';
import { thing } from '../thing.ts';
import type { LinkChange, LinkSettings } from './change.ts';
import { addBridge, announce, ifBridge, ifThere } from './commands.ts';
import { linkParts } from './parts.ts';

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

export const linkPrimitive: Primitive<LinkChange> = {
  type: 'link',
  schema: changeSchema<LinkChange>('link', { link: argument, before: settings, after: settings }),
  scope: 'live',
  paths: () => networkPaths,
  risks: [],
  stage: 'main',
  needsSettled: false,
  touches: ({ link, before, after }) =>
    [link, before?.master, after?.master].flatMap((name) => (name == null ? [] : [thing.link(name)])),
  moves: ({ link, after }) => (typeof after?.master === 'string' ? [{ link, through: after.master }] : []),
  tunnelEnds: none,
  gives: none,
  takes: none,
  limit: () => undefined,
  verifiable: () => true,
  undoable: () => true,
  conditional: () => false,
  marks: 'no marks',
  title: ({ link, before, after }) => ({
    action: actionBetween(before, after),
    noun: before === null || after === null ? 'bridge' : 'link',
    target: link,
  }),
  fields: ({ before, after }) =>
    settingNames.flatMap((name) => diffField(name, before?.[name] ?? undefined, after?.[name] ?? undefined)),
  predict: (change, facts) => facts.update(interfacesFact, (links) => predicted(change, links)),
  apply: ({ link, before, after }) => {
    if (after === null) return sh`ip link delete dev ${link}`;
    if (before !== null) return lines(set(link, after), announceMac(link, after));
    return lines(addBridge(link, after.mac), pinMtu(link, after), set(link, after));
  },
  undo: ({ link, before, after }) => {
    if (before === null) return ifBridge(link, sh`ip link delete dev ${link}`);
    if (after !== null) return ifThere(link, lines(setBack(link, before), announceMac(link, before)));
    return lines(
      sh`if ! ip link show dev ${link} >/dev/null 2>&1; then ${addBridge(link, before.mac)}; fi`,
      setBack(link, before),
    );
  },
  recheck: {
    queries: () => [interfacesFact],
    parts: linkParts,
    makes: ({ link, before }) => [...(before === null ? [thing.link(link)] : []), thing.settings(link)],
    uses: ({ link, after }) => [
      thing.link(link),
      ...(after?.master == null ? [] : [thing.link(after.master)]),
    ],
    leaves: ({ link, before }) =>
      before !== null
        ? []
        : [
            {
              thing: thing.link(link),
              part: `link ${link}`,
              detail: 'a Linux bridge',
              namedBy: [link],
              removable: { is: 'link', name: link, type: 'linux' },
            },
          ],
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

function predicted({ link, before, after }: LinkChange, links: readonly Interface[]): Interface[] {
  if (after === null) {
    return links
      .filter(({ name }) => name !== link)
      .map((l) => (l.master === link ? withSettings(l, { master: null }) : l));
  }
  if (before !== null) return links.map((l) => (l.name === link ? withSettings(l, after) : l));
  return [...links, withSettings({ name: link, kind: 'bridge', mtu: 1500, up: false, addresses: [] }, after)];
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
