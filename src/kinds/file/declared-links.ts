import { backends } from '../../persistence/registry.ts';
import type { DescribedLink } from '../described.ts';

/**
 * What a network manager makes at boot from a file whose text is in one of these params, if it is one of its files.
 */
export function declaredBy(
  path: string,
  texts: Readonly<Record<string, string | undefined>>,
): readonly DescribedLink[] {
  const [param, text] = Object.entries(texts).find(([, one]) => one !== undefined) ?? [];
  if (param === undefined || text === undefined) return [];
  return backends.flatMap(({ name: manager, declares }) =>
    declares(path, text).map(({ name, type, addresses, members, mtu, mac, stp }) => ({
      is: 'link',
      // Only a part of such a file is understood.
      does: 'uses',
      when: 'boot',
      manager,
      name,
      type,
      address: addresses,
      members,
      mtu,
      mac,
      stp,
      params: param,
    })),
  );
}
