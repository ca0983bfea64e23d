import type { AddressChange } from '../changes/address/address.ts';
import type { ChangeBase } from '../changes/change.ts';
import type { FileChange } from '../changes/file/file.ts';
import type { LinkChange } from '../changes/link/change.ts';
import type { OvsdbChange } from '../changes/ovsdb/change.ts';
import type { UplinkChange } from '../changes/uplink/change.ts';
import type { Facts } from '../facts/fact.ts';
import { bridgeTag, overlayTag, peerTag } from '../facts/ovs/tags.ts';
import type { LeftOverQuestion } from './left-over-types.ts';
import { bridgesOf } from './owner.ts';
import { type Removal, removalOf } from './removal.ts';
import type { Said } from './said.ts';

/** Something that meshbook made and no step names. */
export interface Unsaid {
  readonly part: string;
  readonly detail: string;
  /** The change that made it, or one like it: it tells what belongs to it. */
  readonly change: ChangeBase;
  /** Left out where no step can remove this type of object. */
  readonly removal?: Removal;
}

/**
 * What runs of the playbook made and no step names, by their records; `marks` says whether Open vSwitch's rows are
 * among it, which are found by their marks.
 */
export function unsaidOnRecord(
  { runs, playbook }: LeftOverQuestion,
  said: Said,
): { found: Unsaid[]; marks: boolean } {
  const found = new Map<string, Unsaid>();
  let marks = false;
  for (const run of runs) {
    if (run.playbook !== playbook) continue;
    const kept = Object.values(run.kept.changes);
    const uplink = kept.some(({ change }) => isUnsaidUplink(change, said));
    for (const { change, before, after } of kept) {
      marks ||= change.type === 'ovsdb' && isUnsaidRow(change as OvsdbChange, said);
      const one = recorded(change, said);
      if (one === undefined || before === undefined) continue;
      if ((before[one.part] ?? null) === null && after?.[one.part] != null)
        found.set(one.part, uplink ? withoutNetwork(one) : one);
    }
  }
  const links = new Set([...found.values()].map(({ part }) => part));
  // An address goes with its bridge.
  const alone = ({ change }: Unsaid) =>
    change.type !== 'address' || !links.has(`link ${(change as AddressChange).link}`);
  return { found: [...found.values()].filter(alone), marks };
}

function recorded(change: ChangeBase, said: Said): Unsaid | undefined {
  switch (change.type) {
    case 'file': {
      const { path, secret } = change as FileChange;
      if (said.file(path)) return undefined;
      const removal = removalOf({ is: 'file', does: 'removes', path, secret });
      return { part: `file ${path}`, detail: 'a file', change, ...removal };
    }
    case 'link': {
      const { link, before } = change as LinkChange;
      if (before !== null || said.names(link)) return undefined;
      const removal = removalOf({ is: 'link', does: 'removes', name: link, type: 'linux' });
      return { part: `link ${link}`, detail: 'a Linux bridge', change, ...removal };
    }
    case 'address': {
      const { link, address, after } = change as AddressChange;
      // Of a bridge that a step names, the step itself takes it away.
      if (after === 'absent' || said.names(link)) return undefined;
      return { part: `address ${address} on ${link}`, detail: 'an address', change };
    }
    default:
      return undefined;
  }
}

function isUnsaidUplink(change: ChangeBase, said: Said): boolean {
  return /^(ovs_)?uplink$/.test(change.type) && !said.names((change as UplinkChange).bridge);
}

/** What brings up the host's own network at boot goes only with the uplink itself, by an undo. */
function withoutNetwork({ removal, ...one }: Unsaid): Unsaid {
  return removal === undefined || one.part.startsWith('file /etc/network/') ? one : { ...one, removal };
}

function isUnsaidRow({ bridge, ports }: OvsdbChange, said: Said): boolean {
  if (!said.names(bridge)) return true;
  return ports.some(({ after }) => {
    const overlay = after?.externalIds?.[overlayTag];
    return overlay !== undefined && !said.names(bridge, overlay);
  });
}

/** Bridges and ports of Open vSwitch that bear meshbook's mark and that no step names. */
export function unsaidWithMark(facts: Facts, said: Said): Unsaid[] {
  const found: Unsaid[] = [];
  for (const [bridge, { externalIds = {}, ports }] of byName(bridgesOf(facts))) {
    const kind = externalIds[bridgeTag];
    if (kind !== undefined && !said.names(bridge)) {
      const change: OvsdbChange = { type: 'ovsdb', bridge, before: null, after: {}, ports: [] };
      const removal = removalOf({ is: 'link', does: 'removes', name: bridge, type: 'ovs' });
      found.push({ part: `OVS bridge ${bridge}`, detail: `of kind ${kind}`, change, ...removal });
    }
    for (const [name, { externalIds: tags = {} }] of byName(ports)) {
      const overlay = tags[overlayTag];
      if (overlay === undefined || said.names(bridge, overlay)) continue;
      const made = { name, before: null, after: {} };
      const change: OvsdbChange = { type: 'ovsdb', bridge, before: {}, after: {}, ports: [made] };
      const detail = `on ${bridge}, of overlay ${overlay}, to ${tags[peerTag] ?? 'nobody'}`;
      const removal = removalOf({ is: 'tunnels', does: 'removes', bridge, overlay });
      found.push({ part: `OVS port ${name}`, detail, change, ...removal });
    }
  }
  return found;
}

/** Open vSwitch lists its rows in no order. */
export function byName<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
