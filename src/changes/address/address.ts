import { type ContainerAddresses, containerAddressesFact } from '../../facts/docker/container-addresses.ts';
import { type Interface, interfacesIn, withAddresses } from '../../facts/interfaces.ts';
import { argument } from '../../facts/schema.ts';
import { indent, lines, raw, type Sh, sh } from '../../sh/sh.ts';
import { type ChangeBase, changeSchema, networkPaths, none, type Primitive, presence } from '../change.ts';
import { announce } from '../link/commands.ts';
import { applyIn, containerName, inWords, namespaceOf, saveIn, undoIn } from '../namespace.ts';
import { thing } from '../thing.ts';
import { addressesWith, addressesWithout } from './order.ts';
import { addressPart, addressPartName } from './parts.ts';

/** An interface gets an address, or loses one. */
export interface AddressChange extends ChangeBase {
  readonly type: 'address';
  readonly link: string;
  /** The container in whose namespace the link is. Left out: the host's own. */
  readonly in?: string;
  /** In the kernel's notation, with prefix length: `10.11.12.1/24`, `fd00::1/64`. */
  readonly address: string;
  /** The state before and after. */
  readonly before: 'absent' | 'present';
  readonly after: 'absent' | 'present';
}

/** Adds an address that the interface doesn't have, or removes one that it has. */
export function addressChange(
  link: string,
  address: string,
  after: AddressChange['after'],
  container?: string,
): AddressChange {
  return {
    type: 'address',
    link,
    ...(container === undefined ? {} : { in: container }),
    address,
    before: after === 'present' ? 'absent' : 'present',
    after,
  };
}

export const addressPrimitive: Primitive<AddressChange> = {
  type: 'address',
  schema: changeSchema<AddressChange>(
    'address',
    { link: argument, address: argument, before: presence, after: presence },
    { in: containerName },
  ),
  scope: 'live',
  paths: () => networkPaths,
  risks: [],
  stage: 'main',
  needsSettled: false,
  touches: ({ link, address, in: container }) => [
    thing.address(link, address, container),
    ...namespaceOf(container),
  ],
  moves: none,
  tunnelEnds: none,
  gives: none,
  takes: none,
  limit: () => undefined,
  verifiable: () => true,
  undoable: () => true,
  conditional: () => false,
  marks: 'no marks',
  title: ({ link, in: container, after }) => ({
    action: after === 'present' ? 'create' : 'delete',
    noun: 'address',
    target: inWords(link, container),
  }),
  fields: ({ address, after }) => [
    { field: 'address', ...(after === 'present' ? { after: address } : { before: address }) },
  ],
  predict: (change, facts) => {
    const next = facts.update(interfacesIn(change.in), (links) =>
      links.map((link) => (link.name === change.link ? withAddress(link, change) : link)),
    );
    return change.in === undefined
      ? next
      : next.update(containerAddressesFact, (all) => withGiven(change.in ?? '', change, all));
  },
  apply: ({ link, address, after, in: container }) =>
    applyIn(
      container,
      lines(
        after === 'present' ? sh`ip address replace ${address} dev ${link}` : deleteAddress(link, address),
        announceIpv4(link, address),
      ),
    ),
  undo: (change) => undoIn(change.in, undo(change)),
  save: ({ link, address, after, in: container }) => {
    if (after === 'present' || address.includes(':'))
      return container === undefined ? raw(':') : saveIn(container);
    const addresses = sh`ip -4 -o address show dev ${link} >"$before/addresses" 2>/dev/null || :`;
    return container === undefined ? addresses : saveIn(container, addresses);
  },
  recheck: {
    queries: ({ in: container }) => [interfacesIn(container)],
    parts: addressPart,
    makes: ({ link, in: container }) => [thing.addresses(link, container)],
    uses: ({ link, in: container }) => [thing.link(link, container), ...namespaceOf(container)],
    // What is in a container goes with the interface there.
    leaves: ({ link, address, after, in: container }) =>
      after === 'absent' || container !== undefined
        ? []
        : [
            {
              thing: thing.address(link, address),
              part: addressPartName(link, address),
              detail: 'an address',
              // The step that names the link also decides about its addresses.
              namedBy: [link],
              goesWith: `link ${link}`,
            },
          ],
  },
};

function undo({ link, address, before }: AddressChange): Sh {
  return before === 'present'
    ? lines(
        sh`if ip link show dev ${link} >/dev/null 2>&1; then`,
        sh`  ip address replace ${address} dev ${link}`,
        ...(address.includes(':') ? [] : [raw(indent(primaryAgain(link, address)))]),
        raw('fi'),
        announceIpv4(link, address),
      )
    : lines(
        sh`if ip -o address show dev ${link} 2>/dev/null | grep -qF ${` ${address} `}; then`,
        raw(indent(deleteAddress(link, address))),
        raw('fi'),
        announceIpv4(link, address),
      );
}

/** After each change: neighbours aren't told about an address while another of its network precedes it. */
function announceIpv4(link: string, address: string): Sh | undefined {
  return address.includes(':') ? undefined : announce(link);
}

/**
 * Deletes one address only. Unless the kernel promotes secondary addresses, it deletes with a primary address all
 * secondary ones of its network (ip-sysctl.txt, promote_secondaries).
 */
function deleteAddress(link: string, address: string): Sh {
  return address.includes(':')
    ? sh`ip address delete ${address} dev ${link}`
    : deleteIpv4(link, sh`${address}`);
}

function deleteIpv4(link: string, address: Sh): Sh {
  return lines(
    sh`promote=${`/proc/sys/net/ipv4/conf/${link}/promote_secondaries`}`,
    raw('was=$(cat "$promote")'),
    raw('echo 1 >"$promote"'),
    raw('status=0'),
    sh`ip address delete ${address} dev ${link} || status=$?`,
    raw('echo "$was" >"$promote"'),
    raw('[ "$status" = 0 ]'),
  );
}

/**
 * An address that is added again is secondary if another of its network is there by now. If it was primary before, the
 * others are added again after it, one by one, each with its broadcast address and label.
 */
function primaryAgain(link: string, address: string): Sh {
  const other = raw('"$other"');
  return lines(
    sh`address=${address}`,
    raw(
      'if [ -s "$before/addresses" ] && ! grep -F " $address " "$before/addresses" | grep -q " secondary "; then',
    ),
    raw('  for try in 1 2 3 4 5 6 7 8 9; do'),
    sh`    ip -4 -o address show dev ${link} secondary | grep -qF " $address " || break`,
    sh`    set -- $(ip -4 -o address show dev ${link} to "$address" primary | head -n 1 | sed ${'s/\\\\.*//'})`,
    raw('    other=$4'),
    raw('    broadcast='),
    raw('    if [ "$5" = brd ]; then broadcast="broadcast $6"; fi'),
    raw('    for label; do :; done'),
    raw(
      indent(
        lines(
          raw(indent(deleteIpv4(link, other))),
          sh`  ip address add ${other} $broadcast label "$label" dev ${link}`,
        ),
      ),
    ),
    raw('  done'),
    raw('fi'),
  );
}

function withAddress(link: Interface, { address, after }: AddressChange): Interface {
  const { addresses } = link;
  return withAddresses(
    link,
    after === 'present' ? addressesWith(addresses, address) : addressesWithout(addresses, address),
  );
}

/** What is known of all containers' addresses agrees. */
function withGiven(
  container: string,
  { address, after }: AddressChange,
  all: readonly ContainerAddresses[],
): readonly ContainerAddresses[] {
  if (address.includes(':')) return all;
  return all.map((one) => {
    if (!one.containers.includes(container)) return one;
    const others = one.addresses.filter((other) => other !== address);
    return { ...one, addresses: after === 'present' ? [...others, address] : others };
  });
}
