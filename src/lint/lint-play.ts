import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { foldHosts } from '../diagnostics/fold-hosts.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import { containerAddressLints } from './container-addresses.ts';
import { containerOrderLints } from './container-order.ts';
import { macLints } from './macs.ts';
import { mtuLints } from './mtu.ts';
import { nameLints } from './names.ts';
import { overlayRangeLints } from './overlay-ranges.ts';
import { ownerLints } from './owners.ts';
import { packageLints } from './packages.ts';
import { persistenceLints } from './persistence.ts';
import { rangeLints } from './ranges.ts';
import { withThings } from './things.ts';
import { tunnelLints } from './tunnels.ts';

/**
 * Errors in networks that show from the resolved steps of all hosts alone. Pure; near-linear in the number of
 * steps.
 */
export function lintPlay(hosts: readonly ResolvedHost[]): Diagnostic[] {
  const described = hosts.map((resolved) => withThings({ resolved }));
  const found = [
    ...rangeLints(described),
    ...containerAddressLints(described),
    ...containerOrderLints(described),
    ...mtuLints(described),
    ...tunnelLints(described),
    ...macLints(described),
    ...nameLints(described),
    ...ownerLints(described),
    ...persistenceLints(described),
    ...overlayRangeLints(described),
    ...packageLints(described),
  ];
  return foldHosts(
    found,
    hosts.map(({ host }) => host),
  );
}
