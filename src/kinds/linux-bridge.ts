import { addressChange } from '../changes/address/address.ts';
import type { LinkChange, LinkSettings } from '../changes/link/change.ts';
import type { Change } from '../changes/registry.ts';
import { withdrawAddresses } from '../changes/withdraw.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { type Interface, interfacesFact } from '../facts/interfaces.ts';
import { formatInterfaceAddress, parseInterfaceAddress } from '../net/interface-address.ts';
import { defineKind, type Problem, type View } from './define-kind.ts';
import {
  addressTexts,
  bridgeParams,
  bridgeProblems,
  bridgeSettings,
  macOrDefault,
  membersParam,
  overlayMtu,
} from './shared/bridge.ts';

export default defineKind({
  name: 'linux_bridge',
  summary: 'A Linux bridge is up, with these addresses and these interfaces as members.',
  description: `Makes the bridge, or changes what differs on an existing one. Addresses and members that others have added stay. An
address that meshbook gave the bridge, and that the step no longer has, is removed once the new one is there: the
address of a replaced lease, one given by a recorded run of this playbook, or the step's own with another prefix
length. Members are set up. What they carried before (their own addresses, another bridge) doesn't work while they are
members; the plan shows this as a risk.

If the bridge uses the spanning tree protocol (STP), a new member forwards nothing for its forwarding delay, about
30 seconds: the plan warns of it, and the run's checks are retried for at least 60 seconds.

The bridge gets its own MAC address, derived from the names of host and bridge. systemd would derive one from
/etc/machine-id, which is the same on hosts cloned from one image, and two bridges with the same MAC can't reach each
other. A bridge follows its members' lowest MTU; with \`mtu\`, or an address in an overlay's range, it is fixed.

All of this is gone after a reboot; \`interfaces_file\` makes it permanent. Undo deletes a bridge that the run made, and
restores the members. With \`state: absent\` the bridge is deleted; undo makes it again with its MAC, MTU, addresses and
members, but not routes through gateways behind it.`,
  params: {
    type: 'object',
    properties: {
      name: {
        type: 'string',
        format: 'interface-name',
        description: "The bridge's name, at most 15 characters.",
      },
      ...bridgeParams,
      members: {
        ...membersParam,
        description: 'Interfaces that become members; they must exist when the step runs. Default: none.',
      },
      state: {
        enum: ['present', 'absent'],
        description: 'Whether the bridge exists. Default: `present`.',
      },
    },
    required: ['name'],
    additionalProperties: false,
  },
  examples: [
    {
      title: 'A bridge for containers, joined to an Open vSwitch bridge',
      params: { name: 'newbridge', address: '10.11.12.1/24', members: ['ovs_bridge'] },
    },
    {
      title: 'A bridge with two addresses',
      params: { name: 'br0', address: ['10.0.0.1/24', 'fd00::1/64'], mtu: 1400 },
    },
    { title: 'No such bridge', params: { name: 'newbridge', state: 'absent' } },
  ],
  check: (params) => bridgeProblems(params.name, params),
  describes: ({ name, state, ...bridge }) =>
    state === 'absent'
      ? [{ is: 'link', does: 'removes', name, type: 'linux' }]
      : [{ is: 'link', does: 'makes', name, ...bridgeSettings(bridge) }],
  takesAway: (thing) =>
    thing.is === 'link' && thing.type === 'linux' ? { name: thing.name, state: 'absent' } : undefined,
  facts: () => [interfacesFact],
  plan: (params, facts, view) => {
    const links = new Map(facts.get(interfacesFact).map((link) => [link.name, link]));
    const bridge = links.get(params.name);
    if (params.state === 'absent')
      return { changes: bridge?.kind === 'bridge' ? deletion(bridge, links) : [] };
    const problems = [...notABridge(bridge), ...badMembers(params.members ?? [], links)];
    if (problems.length > 0) return { changes: [], problems };
    const addresses = addressesOf(params.address);
    const mtu = params.mtu ?? overlayMtu(addresses, view);
    const wanted = {
      mac: macOrDefault(params.mac, params.name, view),
      ...(mtu === undefined ? {} : { mtu }),
      ...(params.stp === undefined ? {} : { stp: params.stp }),
      up: true,
    };
    return {
      changes: [
        ...bridgeChanges(params.name, bridge, wanted),
        ...(params.members ?? []).flatMap((member) => memberChanges(params.name, links.get(member))),
        ...addresses
          .filter((address) => bridge?.addresses.includes(address) !== true)
          .map((address) => addressChange(params.name, address, 'present')),
        ...noLongerSaid(bridge, addresses, view),
      ],
    };
  },
});

function bridgeChanges(name: string, bridge: Interface | undefined, wanted: LinkSettings): LinkChange[] {
  if (bridge === undefined) return [{ type: 'link', link: name, before: null, after: wanted }];
  const { before, after } = differing(settingsOf(bridge), wanted);
  return Object.keys(after).length === 0 ? [] : [{ type: 'link', link: name, before, after }];
}

function memberChanges(bridge: string, member: Interface | undefined): LinkChange[] {
  if (member === undefined) return [];
  const { before, after } = differing(
    { master: member.master ?? null, up: member.up },
    { master: bridge, up: true },
  );
  if (Object.keys(after).length === 0) return [];
  const moves = member.master !== undefined && member.master !== bridge;
  return [{ type: 'link', link: member.name, before, after, ...(moves ? { risks: ['drops-traffic'] } : {}) }];
}

/**
 * Removes, after adding the new addresses, those that meshbook gave to the bridge and the step doesn't set any more:
 * known by a run's record, by a replaced lease, or because the step has them with another prefix length. In this order
 * the bridge is never without an address.
 */
function noLongerSaid(bridge: Interface | undefined, wanted: readonly string[], view: View): Change[] {
  if (bridge === undefined) return [];
  const replaced = [...view.overlays.values()]
    .filter(({ bridgeAddress }) => wanted.includes(bridgeAddress))
    .flatMap((overlay) => overlay.replaced ?? []);
  const ours = new Set([...replaced, ...wanted.map(withoutPrefix)]);
  return bridge.addresses
    .filter(
      (address) =>
        !wanted.includes(address) &&
        (ours.has(withoutPrefix(address)) ||
          view.given?.some((given) => given.link === bridge.name && given.address === address)),
    )
    .map((address) => addressChange(bridge.name, address, 'absent'));
}

function withoutPrefix(address: string): string {
  return address.replace(/\/.*$/, '');
}

/** The wanted settings that differ, and their present values. */
function differing(is: LinkSettings, wanted: LinkSettings): { before: LinkSettings; after: LinkSettings } {
  const keys = (Object.keys(wanted) as (keyof LinkSettings)[]).filter((key) => wanted[key] !== is[key]);
  const pick = (from: LinkSettings): LinkSettings => Object.fromEntries(keys.map((key) => [key, from[key]]));
  return { before: pick(is), after: pick(wanted) };
}

function settingsOf({ mac, mtu, stp, up }: Interface): LinkSettings {
  return { ...(mac === undefined ? {} : { mac }), mtu, stp: stp === true, up };
}

/** Before the deletion, removes everything that it would remove, so that the undo restores it. */
function deletion(bridge: Interface, links: ReadonlyMap<string, Interface>): Change[] {
  const members = [...links.values()].filter((link) => link.master === bridge.name);
  return [
    ...withdrawAddresses(bridge),
    ...members.map(
      ({ name }): Change => ({
        type: 'link',
        link: name,
        before: { master: bridge.name },
        after: { master: null },
      }),
    ),
    { type: 'link', link: bridge.name, before: settingsOf(bridge), after: null, risks: ['drops-traffic'] },
  ];
}

function notABridge(bridge: Interface | undefined): Problem[] {
  if (bridge === undefined || bridge.kind === 'bridge') return [];
  const what = bridge.kind === undefined ? 'a network device' : `an interface of kind ${bridge.kind}`;
  return [
    {
      code: 'name-taken',
      message: `${bridge.name} exists and is ${what}, not a Linux bridge`,
      path: ['name'],
      hint: 'choose another name for the bridge',
    },
  ];
}

function badMembers(members: readonly string[], links: ReadonlyMap<string, Interface>): Problem[] {
  return members.flatMap((member, index): Problem[] => {
    const path = ['members', index];
    const link = links.get(member);
    if (link?.kind === 'bridge') {
      return [
        {
          code: 'bridge-in-bridge',
          message: `${member} is a Linux bridge, which cannot be a member of another`,
          path,
        },
      ];
    }
    if (link !== undefined) return [];
    const hint = didYouMean(member, links.keys()) ?? `it has: ${[...links.keys()].sort().join(', ')}`;
    return [{ code: 'unknown-interface', message: `the host has no interface named ${member}`, path, hint }];
  });
}

/** In the kernel's notation. */
function addressesOf(address: string | readonly string[] | undefined): string[] {
  return addressTexts(address).flatMap((text) => {
    const parsed = parseInterfaceAddress(text).value;
    return parsed === undefined ? [] : formatInterfaceAddress(parsed);
  });
}
