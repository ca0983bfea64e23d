import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import { routesFact } from '../facts/routes.ts';
import { type Cidr, formatCidr, networkAround, overlaps, parseCidr } from '../net/cidr.ts';
import type { LintedHost } from './linted-host.ts';
import { live, thingsDescribed } from './things.ts';

/** Networks already on a host, by address or route, that overlap an overlay's range. */
export function hostRangeLints(host: LintedHost): Diagnostic[] {
  const { resolved, facts, predicted, leftOver = [] } = host;
  // The steps' own bridges have addresses of the overlay, and the route that comes with them.
  const made = thingsDescribed(host, 'link').filter(live);
  const own = new Set(made.map(({ thing }) => thing.name));
  // So may bridges that a run made under an earlier name, and those that the plan deletes.
  for (const { part } of leftOver) own.add(part.replace(/^link /, ''));
  const after = predicted.find(interfacesFact);
  for (const { name } of facts.find(interfacesFact) ?? [])
    if (after?.every((link) => link.name !== name)) own.add(name);
  const written = [...byAddress(facts), ...byRoute(facts)].filter(({ dev }) => !own.has(dev));
  return [...resolved.overlays.values()].flatMap(({ name, cidr }) => {
    const range = parseCidr(cidr).value;
    const met = range && firstWithin(range, written);
    if (met === undefined) return [];
    return [
      warning(
        'overlay-over-network',
        `the range ${cidr} of overlay '${name}' overlaps ${formatCidr(met.cidr)}, which the host has ${met.by} ${met.dev}`,
        resolved.host.at,
        `choose another cidr for '${name}', or move the other network`,
      ),
    ];
  });
}

interface Written {
  /** A network, or an address with its prefix length. */
  readonly text: string;
  readonly dev: string;
  readonly by: string;
}

/**
 * The first network that overlaps the range. Networks of the other IP version are skipped: every host has
 * many.
 */
function firstWithin(range: Cidr, written: readonly Written[]): (Written & { cidr: Cidr }) | undefined {
  for (const one of written) {
    if (one.text.includes(':') !== (range.version === 6)) continue;
    const cidr = networkAround(one.text).value;
    if (cidr !== undefined && cidr.prefix > 0 && overlaps(range, cidr)) return { ...one, cidr };
  }
  return undefined;
}

function byAddress(facts: LintedHost['facts']): Written[] {
  return (facts.find(interfacesFact) ?? []).flatMap(({ name, addresses }) =>
    addresses.map((text) => ({ text, dev: name, by: 'on' })),
  );
}

/**
 * A default route or a host route is not a network, nor is one that drops packets (blackhole, unreachable,
 * prohibit).
 */
function byRoute(facts: LintedHost['facts']): Written[] {
  return (facts.find(routesFact) ?? []).flatMap(({ dst, dev, table, type }) =>
    typeof dst !== 'string' ||
    typeof dev !== 'string' ||
    type !== undefined ||
    table === 'local' ||
    !dst.includes('/')
      ? []
      : [{ text: dst, dev, by: 'by a route over' }],
  );
}
