import type { Facts } from '../../facts/fact.ts';
import { interfacesFact, isLinkLocal } from '../../facts/interfaces.ts';
import { linkAddressesFact } from '../../facts/link-addresses.ts';

/** The facts in which what is known of links' addresses one by one agrees with the interfaces: a new one is plain. */
export function withAddressDetails(links: readonly string[], facts: Facts): Facts {
  const interfaces = facts.find(interfacesFact);
  if (interfaces === undefined) return facts;
  return links.reduce((now, link) => {
    const addresses = interfaces.find(({ name }) => name === link)?.addresses ?? [];
    return now.update(linkAddressesFact(link), (known) =>
      addresses
        .filter((address) => !isLinkLocal(address))
        .map((address) => known.find((one) => one.address === address) ?? { address }),
    );
  }, facts);
}
