import type { FieldDiff } from '../changes/change.ts';
import { escapeControl } from '../diagnostics/escape.ts';
import { naturalOrder } from '../ipam/natural-order.ts';
import { groupBy, hostsOf, type Seen, type Shape } from './fold.ts';
import { hostNames, hostsAmong } from './host-names.ts';
import { manyFieldsRows } from './many-fields-table.ts';

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
  const target = targetFacet(shape);
  const { same, scattered, byObject, byHost } = sort(shape, [
    ...(differs(target) ? [target] : []),
    ...fieldFacets(shape),
  ]);
  // A command's words must stay in their order.
  const members =
    shape[0].change.action === 'run'
      ? []
      : [...scattered, ...byHost].filter((f) => f !== target && isCompound(f));
  const [first, ...more] = members.flatMap(toObjects);
  const single = (facet: Facet) => !members.includes(facet);
  return [
    sameTable(same),
    scatteredTable(shape, scattered.filter(single)),
    ...(first === undefined ? [] : memberTables([first, ...more])),
    { header: ['', ''], rows: manyFieldsRows(shape) },
    objectTable(shape, byObject),
    hostTable(shape, byHost.filter(single)),
  ].filter(({ rows }) => rows.length > 0);
}

function sort(shape: Shape, facets: readonly Facet[]) {
  const sorted = {
    same: [] as Facet[],
    scattered: [] as Facet[],
    byObject: [] as Facet[],
    byHost: [] as Facet[],
  };
  const oneEach = hostsOf(shape).size === shape.length;
  for (const facet of facets) {
    const everywhere = facet.values.size === shape.length;
    if (everywhere && !differs(facet)) sorted.same.push(facet);
    else if (!everywhere && oneEach) sorted.scattered.push(facet);
    else if (everywhere && isOnePerHost(shape, facet)) sorted.byHost.push(facet);
    else sorted.byObject.push(facet);
  }
  return sorted;
}

/** Whether a field stands for an object with settings of its own, such as a bridge's port: `gre remote_ip=…`. */
function isCompound({ values }: Facet): boolean {
  return [...values.values()].every((value) => (settingsIn(value)?.size ?? 0) > 1);
}

/** A value's settings by name, its bare words together under an empty one; undefined when a name comes twice. */
function settingsIn(value: string): Map<string, string> | undefined {
  const settings = new Map<string, string>();
  for (const word of value.split(' ')) {
    const [, name = '', text = word] = /^([\w:.-]+)=(.*)$/s.exec(word) ?? [];
    const bare = settings.get('');
    if (name !== '' && settings.has(name)) return undefined;
    settings.set(name, name === '' && bare !== undefined ? `${bare} ${text}` : text);
  }
  return settings;
}

/** A compound field as objects of their own, so that what their settings share is said once. */
function toObjects({ name, values }: Facet): Seen[] {
  return [...values].map(([{ host }, value]) => {
    const fields = [...(settingsIn(value) ?? [])].map(([field, after]) => ({ field, after }));
    return { host, change: { action: 'create', noun: '', target: name, fields, risks: [], settle: [] } };
  });
}

function memberTables(members: Shape): FacetTable[] {
  const { same, scattered, byObject, byHost } = sort(members, [
    targetFacet(members),
    ...fieldFacets(members),
  ]);
  const common = same.map(({ name, values }) => `${name === '' ? '' : `${name}=`}${[...values.values()][0]}`);
  return [
    { header: ['', ''], rows: common.length > 0 ? [['each', common.join(' ')]] : [] },
    scatteredTable(members, scattered),
    objectTable(members, byObject),
    hostTable(members, byHost),
  ];
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
  return groupBy(shape, ({ host }) => host).every(
    (seen) => new Set(seen.map((s) => values.get(s))).size === 1,
  );
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
  return {
    header: ['host', ...facets.map(({ name }) => name)],
    rows: naturally(rows, ([host = '']) => host),
  };
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
function scatteredTable(shape: Shape, facets: readonly Facet[]): FacetTable {
  const all = [...hostsOf(shape)];
  const rows = facets.flatMap(({ name, values }) =>
    groupBy([...values], ([, value]) => value).map((equal) => ({
      name,
      value: equal[0][1],
      hosts: new Set(equal.map(([{ host }]) => host)),
    })),
  );
  return {
    header: ['', '', 'on'],
    rows: naturally(rows, ({ name }) => name).map(({ name, value, hosts }) => [
      name,
      value,
      hostsAmong(hosts, all),
    ]),
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
