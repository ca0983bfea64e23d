import { type Interface, interfacesFact } from '../facts/interfaces.ts';
import { lines, raw, sh } from '../sh/sh.ts';
import { addressPart } from './address-parts.ts';
import { type ChangeBase, networkPaths, type Primitive } from './change.ts';

/** An interface gets an address, or loses one. */
export interface AddressChange extends ChangeBase {
  readonly type: 'address';
  readonly link: string;
  /** In the one form that the kernel prints, with its prefix length: `10.11.12.1/24`, `fd00::1/64`. */
  readonly address: string;
  /** What it is before, and what it becomes. */
  readonly before: 'absent' | 'present';
  readonly after: 'absent' | 'present';
}

/** An address that isn't on the interface before and is afterwards, or the other way round. */
export function addressChange(link: string, address: string, after: AddressChange['after']): AddressChange {
  return { type: 'address', link, address, before: after === 'present' ? 'absent' : 'present', after };
}

export const addressPrimitive: Primitive<AddressChange> = {
  type: 'address',
  scope: 'live',
  touches: () => networkPaths,
  risks: [],
  view: ({ link, address, after }) => ({
    action: after === 'present' ? 'create' : 'delete',
    noun: 'address',
    target: link,
    fields: [{ field: 'address', ...(after === 'present' ? { after: address } : { before: address }) }],
  }),
  predict: (change, facts) => {
    if (!facts.knows(interfacesFact)) return facts;
    return facts.with(
      interfacesFact,
      facts.get(interfacesFact).map((link) => (link.name === change.link ? withAddress(link, change) : link)),
    );
  },
  apply: ({ link, address, after }) =>
    after === 'present'
      ? sh`ip address replace ${address} dev ${link}`
      : sh`ip address delete ${address} dev ${link}`,
  undo: ({ link, address, before }) =>
    before === 'present'
      ? lines(
          sh`if ip link show dev ${link} >/dev/null 2>&1; then`,
          sh`  ip address replace ${address} dev ${link}`,
          raw('fi'),
        )
      : lines(
          sh`if ip -o address show dev ${link} 2>/dev/null | grep -qF ${` ${address} `}; then`,
          sh`  ip address delete ${address} dev ${link}`,
          raw('fi'),
        ),
  recheck: {
    queries: () => [interfacesFact],
    parts: ({ link, address }, facts) => addressPart(link, address, facts),
    makes: ({ link }) => [`addresses of ${link}`],
    uses: ({ link }) => [`link ${link}`],
  },
};

function withAddress(link: Interface, { address, after }: AddressChange): Interface {
  const others = link.addresses.filter((a) => a !== address);
  return { ...link, addresses: after === 'present' ? [...others, address] : others };
}
