import type { FieldDiff } from '../changes/change.ts';
import { escapeControl } from '../diagnostics/escape.ts';
import { naturalOrder } from '../ipam/natural-order.ts';
import { groupBy, hostsOf, type Seen, type Shape } from './fold.ts';
import { hostNames, hostsAmong } from './host-names.ts';

/** Rows under a header; the titles are empty where the rows speak for themselves. Escaped. */
export interface FacetTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** An object's name or one of its fields, with its value wherever it has one. */
interface Facet {
  readonly name: string;
  readonly values: ReadonlyMap<Seen, string>;
}

/**
 * What a shape's names and fields are, all but whole texts: first what is the same everywhere, then what only
 * some hosts have, what differs between objects, and what differs between hosts.
 */
export function facetsOf(shape: Shape): FacetTable[] {
  const same: Facet[] = [];
  const scattered: Facet[] = [];
  const byObject: Facet[] = [];
  const byHost: Facet[] = [];
  const oneEach = hostsOf(shape).size === shape.length;
  const target = targetFacet(shape);
  for (const facet of [...(differs(target) ? [target] : []), ...fieldFacets(shape)]) {
    const everywhere = facet.values.size === shape.length;
    if (everywhere && !differs(facet)) same.push(facet);
    else if (!everywhere && oneEach) scattered.push(facet);
    else if (everywhere && isOnePerHost(shape, facet)) byHost.push(facet);
    else byObject.push(facet);
  }
  const tables = [sameTable(same), scatteredTable(scattered), objectTable(shape, byObject), hostTable(shape, byHost)];
  return tables.filter(({ rows }) => rows.length > 0);
}

function differs({ values }: Facet): boolean {
  return new Set(values.values()).size > 1;
}

function targetFacet(shape: Shape): Facet {
  const values = new Map(shape.map((seen) => [seen, escapeControl(seen.change.target)]));
  return { name: escapeControl(shape[0].change.noun), values };
}

function fieldFacets(shape: Shape): Facet[] {
  const fields = new Map<string, Map<Seen, string>>();
  for (const seen of shape) {
    for (const field of seen.change.fields) {
      if (field.text) continue;
      const values = fields.get(field.field) ?? new Map<Seen, string>();
      fields.set(field.field, values.set(seen, fieldText(field, seen.change.action)));
    }
  }
  return [...fields].map(([name, values]) => ({ name: escapeControl(name), values }));
}

function isOnePerHost(shape: Shape, { values }: Facet): boolean {
  return groupBy(shape, ({ host }) => host).every((seen) => new Set(seen.map((s) => values.get(s))).size === 1);
}

function sameTable(facets: readonly Facet[]): FacetTable {
  return { header: ['', ''], rows: facets.map(({ name, values }) => [name, [...values.values()][0] ?? '']) };
}

/** Rows of hosts: `docker1  10.98.0.11`. Hosts with equal values share one. */
function hostTable(shape: Shape, facets: readonly Facet[]): FacetTable {
  if (facets.length === 0) return { header: [], rows: [] };
  const hosts = groupBy(shape, ({ host }) => host).map(([seen]) => seen);
  const cells = (seen: Seen) => facets.map(({ values }) => values.get(seen) ?? '');
  const rows = groupBy(hosts, (seen) => JSON.stringify(cells(seen))).map((equal) => [
    hostNames(equal.map(({ host }) => host)),
    ...cells(equal[0]),
  ]);
  return { header: ['host', ...facets.map(({ name }) => name)], rows };
}

/** Rows of objects, with the hosts that they are on where those differ. */
function objectTable(shape: Shape, facets: readonly Facet[]): FacetTable {
  if (facets.length === 0) return { header: [], rows: [] };
  const all = [...hostsOf(shape)];
  const cells = (seen: Seen) => facets.map(({ values }) => values.get(seen) ?? '');
  const rows = groupBy(shape, (seen) => JSON.stringify(cells(seen))).map((equal) => [
    ...cells(equal[0]),
    hostsAmong(new Set(equal.map(({ host }) => host)), all),
  ]);
  const sorted = naturally(rows, ([name = '']) => name);
  const needsHosts = all.length > 1;
  return {
    header: [...facets.map(({ name }) => name), ...(needsHosts ? ['on'] : [])],
    rows: needsHosts ? sorted : sorted.map((row) => row.slice(0, -1)),
  };
}

/** Rows of fields that only some hosts have, such as ports to peers. */
function scatteredTable(facets: readonly Facet[]): FacetTable {
  const rows = facets.flatMap(({ name, values }) =>
    groupBy([...values], ([, value]) => value).map((equal) => ({
      name,
      value: equal[0][1],
      hosts: new Set(equal.map(([{ host }]) => host)),
    })),
  );
  return {
    header: ['', '', 'on'],
    rows: naturally(rows, ({ name }) => name).map(({ name, value, hosts }) => [name, value, hostNames(hosts)]),
  };
}

function naturally<T>(items: readonly T[], name: (item: T) => string): T[] {
  const order = new Map(naturalOrder(new Set(items.map(name))).map((text, i) => [text, i]));
  return [...items].sort((a, b) => (order.get(name(a)) ?? 0) - (order.get(name(b)) ?? 0));
}

/** `before → after`; only the one that there is where a whole object comes or goes. */
function fieldText({ before, after }: FieldDiff, action: string): string {
  if (action !== 'update') return valueText(after ?? before);
  return `${valueText(before)} → ${valueText(after)}`;
}

function valueText(value: FieldDiff['before']): string {
  if (value === undefined) return '(none)';
  const text = escapeControl(String(value));
  return text === '' || text !== text.trim() ? `"${text}"` : text;
}
