import type { FieldDiff } from '../../changes/change.ts';
import { escapeControl } from '../../diagnostics/escape.ts';
import { naturalOrder } from '../../ipam/natural-order.ts';
import { groupBy } from '../text/group.ts';
import { hostNames, hostsAmong } from '../text/host-names.ts';
import type { FacetTable } from './facet-table.ts';
import { hostsOf, type Seen, type Shape } from './fold.ts';
import { manyFieldsRows } from './many-fields-table.ts';

/** An object's name or one of its fields: the indexes in the shape that have a value, and those values. */
interface Facet {
  readonly name: string;
  readonly places: readonly number[];
  readonly values: readonly string[];
}

/**
 * A shape's names and fields, without whole texts: first what is the same everywhere, then what only some hosts have,
 * what differs between objects, and what differs between hosts.
 */
export function facetsOf(shape: Shape): FacetTable[] {
  const target = targetFacet(shape);
  const { same, scattered, byObject, byHost } = sort(shape, [
    ...(differs(target) ? [target] : []),
    ...fieldFacets(shape),
  ]);
  // The words of a command must keep their order.
  const members = new Set(
    shape[0].change.action === 'run'
      ? []
      : [...scattered, ...byHost].filter((f) => f !== target && isCompound(f)),
  );
  const [first, ...more] = [...members].flatMap((facet) => toObjects(shape, facet));
  const single = (facet: Facet) => !members.has(facet);
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
    const everywhere = facet.places.length === shape.length;
    if (everywhere && !differs(facet)) sorted.same.push(facet);
    else if (!everywhere && oneEach) sorted.scattered.push(facet);
    else if (everywhere && (oneEach || isOnePerHost(shape, facet))) sorted.byHost.push(facet);
    else sorted.byObject.push(facet);
  }
  return sorted;
}

/** Whether a field is an object with settings of its own, such as a bridge's port: `gre remote_ip=…`. */
function isCompound({ values }: Facet): boolean {
  return values.every((value) => (settingsIn(value)?.size ?? 0) > 1);
}

/** A value's settings by name, its bare words under an empty name; undefined if a name occurs twice. */
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

/** A compound field as separate objects, so that their common settings are shown once. */
function toObjects(shape: Shape, { name, places, values }: Facet): Seen[] {
  return values.map((value, i) => {
    const fields = [...(settingsIn(value) ?? [])].map(([field, after]) => ({ field, after }));
    const change = { action: 'create', noun: '', target: name, fields, risks: [], settle: [] } as const;
    return { host: hostAt(shape, places[i]), change };
  });
}

function memberTables(members: Shape): FacetTable[] {
  const { same, scattered, byObject, byHost } = sort(members, [
    targetFacet(members),
    ...fieldFacets(members),
  ]);
  const common = same.map(({ name, values }) => `${name === '' ? '' : `${name}=`}${values[0]}`);
  return [
    { header: ['', ''], rows: common.length > 0 ? [['each', common.join(' ')]] : [] },
    scatteredTable(members, scattered),
    objectTable(members, byObject),
    hostTable(members, byHost),
  ];
}

function differs({ values }: Facet): boolean {
  return values.some((value) => value !== values[0]);
}

function targetFacet(shape: Shape): Facet {
  const values = shape.map(({ change }) => escapeControl(change.target));
  return { name: escapeControl(shape[0].change.noun), places: [...shape.keys()], values };
}

function fieldFacets(shape: Shape): Facet[] {
  const facets = new Map<string, { name: string; places: number[]; values: string[] }>();
  for (const [i, { change }] of shape.entries()) {
    for (const field of change.fields) {
      if (field.text) continue;
      const facet = facets.get(field.field) ?? { name: escapeControl(field.field), places: [], values: [] };
      if (facet.places.length === 0) facets.set(field.field, facet);
      facet.places.push(i);
      facet.values.push(fieldText(field, change.action));
    }
  }
  return [...facets.values()];
}

/** For a facet with a value everywhere. */
function isOnePerHost(shape: Shape, { values }: Facet): boolean {
  const ofHost = new Map<string, string | undefined>();
  return shape.every(({ host }, i) => {
    if (!ofHost.has(host)) ofHost.set(host, values[i]);
    return ofHost.get(host) === values[i];
  });
}

function sameTable(facets: readonly Facet[]): FacetTable {
  return { header: ['', ''], rows: facets.map(({ name, values }) => [name, values[0] ?? '']) };
}

function valueAt({ places, values }: Facet): (place: number) => string | undefined {
  if (places.at(-1) === places.length - 1) return (place) => values[place];
  const byPlace = new Map(places.map((place, i) => [place, values[i]]));
  return (place) => byPlace.get(place);
}

/** The indexes of a shape, grouped by equal rows. */
function equalRows(
  places: readonly number[],
  facets: readonly Facet[],
): { cells: string[]; places: number[] }[] {
  const columns = facets.map(valueAt);
  const cells = (place: number) => columns.map((at) => at(place) ?? '');
  return groupBy(places, (i) => JSON.stringify(cells(i))).map((equal) => ({
    cells: cells(equal[0]),
    places: equal,
  }));
}

/** Rows of hosts: `docker1  10.98.0.11`. Hosts with equal values share one. */
function hostTable(shape: Shape, facets: readonly Facet[]): FacetTable {
  if (facets.length === 0) return { header: [], rows: [] };
  // Any of a host's values: they are equal.
  const places = new Map(shape.map(({ host }, i) => [host, i]));
  const rows = equalRows([...places.values()], facets).map((equal) => [
    hostNames(hostsAt(shape, equal.places)),
    ...equal.cells,
  ]);
  return {
    header: ['host', ...facets.map(({ name }) => name)],
    rows: naturally(rows, ([host = '']) => host),
  };
}

/** Rows of objects, with their hosts if those differ. */
function objectTable(shape: Shape, facets: readonly Facet[]): FacetTable {
  if (facets.length === 0) return { header: [], rows: [] };
  const all = [...hostsOf(shape)];
  const rows = equalRows([...shape.keys()], facets).map((equal) => [
    ...equal.cells,
    hostsAmong(hostsAt(shape, equal.places), all),
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
  const rows = facets.flatMap((facet) =>
    equalRows(facet.places, [facet]).map(({ cells: [value = ''], places }) => ({
      name: facet.name,
      value,
      hosts: hostsAt(shape, places),
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

function hostAt(shape: Shape, place = 0): string {
  return (shape[place] ?? shape[0]).host;
}

function hostsAt(shape: Shape, places: readonly number[]): Set<string> {
  return new Set(places.map((place) => hostAt(shape, place)));
}

function naturally<T>(items: readonly T[], name: (item: T) => string): T[] {
  const byName = new Map(groupBy(items, name).map((same) => [name(same[0]), same]));
  return naturalOrder(byName.keys()).flatMap((text) => byName.get(text) ?? []);
}

/** `before → after`; only one of them if a whole object is created or deleted. */
function fieldText({ before, after }: FieldDiff, action: string): string {
  if (action !== 'update') return valueText(after ?? before);
  return `${valueText(before)} → ${valueText(after)}`;
}

function valueText(value: FieldDiff['before']): string {
  if (value === undefined) return '(none)';
  const text = escapeControl(String(value));
  return text === '' || text !== text.trim() ? `"${text}"` : text;
}
