import type { UplinkBridge, UplinkState } from '../../changes/uplink/change.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import type { Facts } from '../../facts/fact.ts';
import { type Interface, interfacesFact } from '../../facts/interfaces.ts';
import { type OvsDatabase, ovsFact } from '../../facts/ovs/ovs.ts';
import { entry } from '../../json/records.ts';
import type { Problem } from '../define-kind.ts';
import { problem } from './problem.ts';

/** A `bridge_uplink` step's params with their defaults. */
export interface UplinkParams {
  readonly link: string;
  readonly bridge: string;
  readonly type: 'linux' | 'ovs';
  readonly datapath: string;
}

/** The present bridge and interface. */
export interface Found {
  readonly nic: Interface;
  readonly state: UplinkState;
}

/**
 * What has to change, or why that is impossible. `database` reads Open vSwitch's rows, for a bridge of its own.
 * @throws UnknownFact
 */
export function find(
  wanted: UplinkParams,
  facts: Facts,
  database: ((facts: Facts) => OvsDatabase | Problem) | undefined,
): Found | Problem {
  const { link, bridge, type } = wanted;
  const links = new Map(facts.get(interfacesFact).map((one) => [one.name, one]));
  const nic = links.get(link);
  if (nic === undefined) {
    const hint = didYouMean(link, links.keys()) ?? `it has: ${[...links.keys()].sort().join(', ')}`;
    return problem('unknown-interface', `the host has no interface named ${link}`, ['interface'], hint);
  }
  if (nic.kind === 'bridge' || link === 'lo') {
    return problem('no-uplink', `${link} can't be a member of a bridge`, ['interface']);
  }
  const device = links.get(bridge);
  const rows = database?.(facts);
  if (rows !== undefined && 'code' in rows) return rows;
  const row = rows && entry(rows.bridges, bridge);
  if (
    type === 'linux'
      ? device !== undefined && device.kind !== 'bridge'
      : device !== undefined && row === undefined
  ) {
    const what = type === 'linux' ? 'a Linux bridge' : 'an Open vSwitch bridge';
    return problem('name-taken', `${bridge} exists and is not ${what}`, ['bridge'], 'choose another name');
  }
  const member = row === undefined ? nic.master === bridge : row.ports[link] !== undefined;
  const other = member ? undefined : (otherSwitch(link, rows, bridge) ?? nic.master);
  if (other !== undefined) {
    return problem(
      'already-member',
      `${link} is a member of ${other}`,
      ['interface'],
      'remove it from there first',
    );
  }
  const own: UplinkBridge | null =
    row === undefined
      ? device === undefined || type === 'ovs'
        ? null
        : { ...(device.mac === undefined ? {} : { mac: device.mac }), up: device.up }
      : {
          ...(row.otherConfig?.hwaddr === undefined ? {} : { mac: row.otherConfig.hwaddr }),
          up: device?.up ?? false,
          ...(row.datapathType === undefined ? {} : { datapathType: row.datapathType }),
        };
  return { nic, state: { bridge: own, member, linkUp: nic.up, holder: 'link' } };
}

function otherSwitch(link: string, rows: OvsDatabase | undefined, bridge: string): string | undefined {
  return Object.entries(rows?.bridges ?? {}).find(
    ([name, { ports }]) => name !== bridge && ports[link] !== undefined,
  )?.[0];
}

/** The other members of the bridge. */
export function otherMembers({ link, bridge, type }: UplinkParams, facts: Facts): string[] {
  if (type === 'linux') {
    return facts
      .get(interfacesFact)
      .filter(({ name, master }) => master === bridge && name !== link)
      .map(({ name }) => name);
  }
  const rows = facts.get(ovsFact);
  const ports = typeof rows === 'string' ? {} : (entry(rows.bridges, bridge)?.ports ?? {});
  return Object.keys(ports).filter((name) => name !== link && name !== bridge);
}

/** What a bridge has that undoing its deletion would not restore. */
export function cannotRestore({ link, bridge, type }: UplinkParams, facts: Facts): string[] {
  if (type === 'linux') {
    const stp = facts.get(interfacesFact).some(({ name, stp }) => name === bridge && stp === true);
    return stp ? ['the spanning tree protocol'] : [];
  }
  const rows = facts.get(ovsFact);
  const row = typeof rows === 'string' ? undefined : entry(rows.bridges, bridge);
  const { datapathType: _, externalIds: __, otherConfig = {}, ports = {}, other, ...settings } = row ?? {};
  const port = entry(ports, link) ?? {};
  const { type: ___, error: ____, ...own } = port;
  return [
    ...Object.keys(settings),
    ...Object.keys(other ?? {}),
    ...Object.keys(otherConfig)
      .filter((key) => key !== 'hwaddr')
      .map((key) => `other_config:${key}`),
    ...Object.keys(own).map((key) => `${key} on ${link}`),
  ];
}
