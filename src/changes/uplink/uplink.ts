import { interfacesFact } from '../../facts/interfaces.ts';
import type { LinkAddress } from '../../facts/link-address.ts';
import { ovsFact } from '../../facts/ovs/ovs.ts';
import { lines, raw, type Sh, sh } from '../../sh/sh.ts';
import { type FieldDiff, none, type Primitive } from '../change.ts';
import { diffField } from '../fields.ts';
import { addBridge, ifBridge, ifThere } from '../link/commands.ts';
import { mustBeSetUp, ovsVsctl } from '../ovsdb/vsctl.ts';
import type { Scope } from '../scope.ts';
import { thing } from '../thing.ts';
import type { UplinkChange, UplinkRoute, UplinkState } from './change.ts';
import { uplinkParts } from './parts.ts';
import { predictUplink } from './predict.ts';
import { uplinkSchema } from './schema.ts';

export const uplinkPrimitive: Primitive<UplinkChange> = primitive('uplink', 'live');
export const ovsUplinkPrimitive: Primitive<UplinkChange> = primitive('ovs_uplink', 'ovsdb');

function primitive(type: UplinkChange['type'], scope: Scope): Primitive<UplinkChange> {
  return {
    type,
    schema: uplinkSchema(type),
    scope,
    risks: ['drops-traffic'],
    stage: 'main',
    needsSettled: false,
    touches: ({ link, bridge }) => [thing.link(link), thing.link(bridge)],
    moves: ({ link, bridge, after }) =>
      after.holder === 'bridge'
        ? [{ link, through: bridge, addresses: true }]
        : [{ link: bridge, through: link, addresses: true }],
    tunnelEnds: none,
    gives: none,
    takes: none,
    limit: () => undefined,
    verifiable: () => true,
    undoable: () => true,
    conditional: () => false,
    marks: 'no marks',
    title: ({ link, bridge }) => ({
      action: 'update',
      noun: type === 'uplink' ? 'uplink of Linux bridge' : 'uplink of OVS bridge',
      target: `${bridge} ${link}`,
    }),
    fields,
    predict: predictUplink,
    recheck: {
      queries: () => [interfacesFact, ...(type === 'ovs_uplink' ? [ovsFact] : [])],
      parts: uplinkParts,
      makes: ({ bridge, before }) =>
        before.bridge === null ? [thing.link(bridge), thing.addresses(bridge), thing.settings(bridge)] : [],
      uses: ({ link, bridge, before }) => [
        thing.link(link),
        ...(before.bridge === null ? [] : [thing.link(bridge)]),
      ],
      leaves: ({ bridge }) => [
        {
          thing: thing.link(bridge),
          part: `link ${bridge}`,
          detail: 'the bridge of an uplink',
          namedBy: [bridge],
          carriesHost: true,
        },
      ],
    },
    apply: (change) => into(change, 'apply'),
    undo: (change) => lines(type === 'uplink' ? undefined : atBoot(change), into(change, 'undo')),
  };
}

function fields({ link, bridge, addresses, routes, before, after }: UplinkChange): FieldDiff[] {
  const name = (holder: UplinkState['holder']) => (holder === 'link' ? link : bridge);
  const [from, to] = [name(before.holder), name(after.holder)];
  const moved = [
    ...addresses.map(({ address }) => `address ${address}`),
    ...routes.map(({ words }) => `route ${words.join(' ')}`),
  ];
  return [
    ...diffField('member of', memberOf(before, bridge), memberOf(after, bridge)),
    ...diffField(`${bridge} mac`, before.bridge?.mac, after.bridge?.mac),
    ...diffField(`${bridge} up`, before.bridge?.up, after.bridge?.up),
    ...(from === to ? [] : moved.map((field) => ({ field, before: `on ${from}`, after: `on ${to}` }))),
  ];
}

function memberOf(state: UplinkState, bridge: string): string | undefined {
  return state.member ? bridge : undefined;
}

/** Wraps one command. */
type Attempt = (command: Sh) => Sh;

/**
 * Reaches one state from any other, even a half-done change. An apply stops at the first failure; an undo goes on to
 * the end, so that an unresponsive switch, for example, can't prevent the addresses from being restored.
 */
function into(change: UplinkChange, direction: 'apply' | 'undo'): Sh {
  const { link, bridge, type } = change;
  const [from, to] = states(change, direction);
  const [source, target] = to.holder === 'bridge' ? [link, bridge] : [bridge, link];
  const undo = direction === 'undo';
  const attempt: Attempt = (command) => (undo ? sh`${command} || status=$?` : command);
  // What is gone by the time of an undo can't be restored.
  const where = (name: string, fragment: Sh | undefined) =>
    undo && fragment !== undefined ? ifThere(name, fragment) : fragment;
  return lines(
    undo ? raw('status=0') : undefined,
    type === 'uplink'
      ? where(link, linuxMembership(change, to, attempt))
      : ovsMembership(change, direction, attempt),
    where(link, attempt(sh`ip link set dev ${link} up`)),
    from.holder === to.holder ? undefined : where(target, move(change, source, target, attempt)),
    from.holder === to.holder ? undefined : known(source, target),
    to.linkUp ? undefined : where(link, attempt(sh`ip link set dev ${link} down`)),
    type === 'uplink' && to.bridge === null
      ? ifBridge(bridge, attempt(sh`ip link delete dev ${bridge}`))
      : undefined,
    undo ? raw('exit "$status"') : undefined,
  );
}

function states(
  { before, after }: UplinkChange,
  direction: 'apply' | 'undo',
): [from: UplinkState, to: UplinkState] {
  return direction === 'apply' ? [before, after] : [after, before];
}

function linuxMembership(
  { link, bridge }: UplinkChange,
  { bridge: settings, member }: UplinkState,
  attempt: Attempt,
): Sh {
  const join = attempt(
    member ? sh`ip link set dev ${link} master ${bridge}` : sh`ip link set dev ${link} nomaster`,
  );
  if (settings === null) return join;
  const mac = settings.mac === undefined ? [] : ['address', settings.mac];
  return lines(
    sh`if ! ip link show dev ${bridge} >/dev/null 2>&1; then`,
    sh`  ${attempt(addBridge(bridge, settings.mac))}`,
    raw('fi'),
    join,
    attempt(sh`ip link set dev ${bridge} ${mac} ${settings.up ? 'up' : 'down'}`),
  );
}

function ovsMembership(change: UplinkChange, direction: 'apply' | 'undo', attempt: Attempt): Sh {
  const { link, bridge } = change;
  const [from, to] = states(change, direction);
  const rows = ovsVsctl(direction, 20, ovsCommands(change, direction), attempt);
  const up =
    to.bridge === null
      ? undefined
      : ifThere(bridge, attempt(sh`ip link set dev ${bridge} ${to.bridge.up ? 'up' : 'down'}`));
  const made =
    from.bridge === null && to.bridge !== null ? { bridge, datapathType: to.bridge.datapathType } : undefined;
  const checked = to.member ? mustBeSetUp([bridge, link], made, attempt(raw('false'))) : undefined;
  return lines(rows, direction === 'undo' && checked !== undefined ? ifThere(link, checked) : checked, up);
}

/** One transaction; removals tolerate missing rows. */
function ovsCommands(change: UplinkChange, direction: 'apply' | 'undo'): string[] {
  const { link, bridge } = change;
  const [from, to] = states(change, direction);
  const leave = ['--', '--if-exists', 'del-port', bridge, link];
  if (to.bridge === null) return [...leave, '--', '--if-exists', 'del-br', bridge];
  const { mac, datapathType = '' } = to.bridge;
  const hwaddr = mac === undefined ? [] : [`other_config:hwaddr=${JSON.stringify(mac)}`];
  // An undo that puts the interface back into a bridge may find the bridge gone.
  const anew = from.bridge === null || (direction === 'undo' && to.member);
  const settings = [
    ...hwaddr,
    ...(anew ? [`datapath_type=${datapathType || '""'}`] : []),
    ...(from.bridge === null ? ['external_ids:meshbook=bridge_uplink'] : []),
  ];
  const lenient = direction === 'undo' ? ['--if-exists'] : [];
  return [
    ...(anew ? ['--', '--may-exist', 'add-br', bridge] : []),
    ...(settings.length === 0 ? [] : ['--', ...lenient, 'set', 'Bridge', bridge, ...settings]),
    ...(mac === undefined ? ['--', '--if-exists', 'remove', 'Bridge', bridge, 'other_config', 'hwaddr'] : []),
    ...(to.member ? ['--', '--may-exist', 'add-port', bridge, link] : leave),
  ];
}

/** At boot only the rows are left, and ovs-vswitchd, which would apply them, doesn't run yet. */
function atBoot(change: UplinkChange): Sh {
  return lines(
    raw('if [ "${MESHBOOK_SCOPES:-}" = ovsdb ]; then'),
    sh`  ovs-vsctl --timeout=20 --no-wait ${ovsCommands(change, 'undo')}`,
    raw('  exit 0\nfi'),
  );
}

/**
 * Adds addresses to the one before removing them from the other: the kernel deletes routes whose source address is
 * nowhere. Without duplicate address detection, which would silence IPv6 for a second.
 */
function move(
  { addresses, routes }: UplinkChange,
  source: string,
  target: string,
  attempt: Attempt,
): Sh | undefined {
  if (addresses.length === 0 && routes.length === 0) return undefined;
  return lines(
    ...addresses.map((address) => attempt(sh`ip address replace ${addressWords(address, target)}`)),
    ...routes.map(({ family, words }) =>
      attempt(sh`ip ${familyOption(family)} route replace ${words} dev ${target}`),
    ),
    ifThere(
      source,
      lines(
        ...routes.map(
          ({ family, words }) =>
            sh`ip ${familyOption(family)} route delete ${words} dev ${source} 2>/dev/null || :`,
        ),
        ...addresses.map((a) => sh`ip address delete ${endsOf(a)} dev ${source} 2>/dev/null || :`),
      ),
    ),
  );
}

/**
 * ifupdown records in /run/network which interfaces are up: in a file for each, and in `ifstate` for all. A restart of
 * networking takes those down first, and then brings up the others: it would fail at addresses that are already there.
 */
function known(source: string, target: string): Sh {
  const noted = (name: string) => `/run/network/ifstate.${name}`;
  return lines(
    sh`if [ -s ${noted(source)} ]; then`,
    sh`  echo ${target} >${noted(target)}`,
    sh`  : >${noted(source)}`,
    sh`  awk -F = -v source=${source} -v target=${target} '$1 != source && $1 != target; END { print target "=" target }' /run/network/ifstate >/run/network/ifstate.new`,
    raw('  mv /run/network/ifstate.new /run/network/ifstate'),
    raw('fi'),
  );
}

function familyOption(family: UplinkRoute['family']): string {
  return family === 'inet' ? '-4' : '-6';
}

function endsOf({ address, peer }: LinkAddress): string[] {
  const slash = address.lastIndexOf('/');
  return peer === undefined ? [address] : [address.slice(0, slash), 'peer', `${peer}${address.slice(slash)}`];
}

function addressWords(a: LinkAddress, link: string): string[] {
  const label = `${link}:${a.alias}`;
  return [
    ...endsOf(a),
    ...(a.broadcast === undefined ? [] : ['broadcast', a.broadcast]),
    // A label has at most 15 characters (IFNAMSIZ).
    ...(a.alias === undefined || label.length > 15 ? [] : ['label', label]),
    ...(a.scope === undefined ? [] : ['scope', a.scope]),
    ...['dev', link],
    ...(a.metric === undefined ? [] : ['metric', `${a.metric}`]),
    ...(a.deprecated ? ['preferred_lft', '0'] : []),
    ...(a.noPrefixRoute ? ['noprefixroute'] : []),
    ...(a.address.includes(':') ? ['nodad'] : []),
  ];
}
