import fc from 'fast-check';

/** Wrong values, by mistake or on purpose. */
const values: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  28,
  70_000,
  16_777_216,
  2 ** 33,
  '',
  ' ',
  'x',
  'all',
  'gre',
  'vxlan',
  'absent',
  'none',
  'sample 3',
  'a b',
  '-x',
  '0640',
  '30s',
  '0s',
  'yes',
  '/etc/x',
  '/etc/',
  '10.0.0.1',
  '10.0.0.0/24',
  '10.0.0.1/24',
  '10.0.0.256',
  '10.0.0.1/33',
  '010.0.0.1',
  'fd00::1',
  'fd00::/64',
  'fd00::1::2',
  '::ffff:1.2.3.4',
  '::ffff:0102:0304',
  '02:42:ac:11:00:02',
  '02-42-ac-11-00-02',
  '02:42-ac:11:00:02',
  'a-very-long-interface-name',
  'host.example.org',
  'host..example.org',
  'host:22',
  'me@host',
  'http://x/y',
  '{{ some_variable }}',
  'a{{ some_variable }}b',
  '{% if some_variable %}x{% endif %}',
  '{# no template #}',
  'some_variable == 1',
  [],
  ['x'],
  ['x', 'x'],
  ['{{ some_variable }}', '{{ some_variable }}'],
  [1],
  [[]],
  ['10.0.0.1/24', '10.0.0.1/24'],
  {},
  { x: 1 },
  { 'not a name': {} },
  { lab: { cidr: '10.0.0.0/24', tunnel: 'vxlan', subnet_prefix: 28, key: 16_777_216 } },
  { web: { hosts: { 'w[1:3]': {} } } },
  { 'a[1:3].x': null, 'b[c:a]': {}, 'c[1': {}, 'd..e': null },
];

type Step = { readonly at: number; readonly what: number; readonly value: unknown; readonly key: string };

/** A document with errors, or only differences, in one to three places. */
export function mutated(seeds: readonly unknown[], keys: readonly string[]): fc.Arbitrary<unknown> {
  const step = fc.record({
    at: fc.nat(10_000),
    what: fc.nat(9),
    value: fc.constantFrom(...values),
    key: fc.constantFrom(...keys),
  });
  return fc
    .record({ seed: fc.constantFrom(...seeds), steps: fc.array(step, { maxLength: 3 }) })
    .map(({ seed, steps }) => steps.reduce(change, structuredClone(seed)));
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}

function change(data: unknown, { at, what, value, key }: Step): unknown {
  const root = { data };
  // The document itself may be replaced, but not be missing.
  const places = placesIn(what === 4 || what === 5 ? data : root);
  const place = places[at % places.length];
  if (place === undefined) return data;
  const old = place.holder[place.key];
  if (what < 4) set(place, structuredClone(value));
  else if (what === 4) remove(place);
  else if (what === 5) rename(place, key);
  else if (what === 6) set(place, [old]);
  else if (what === 7 && Array.isArray(old)) set(place, [...old, ...structuredClone(old)]);
  else if (typeof old === 'object' && old !== null && !Array.isArray(old))
    Object.assign(old, { [key]: structuredClone(value) });
  return root.data;
}

function set({ holder, key }: Place, value: unknown): void {
  holder[key] = value;
}

function remove({ holder, key }: Place): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

function rename(place: Place, name: string): void {
  if (Array.isArray(place.holder)) return;
  const old = place.holder[place.key];
  remove(place);
  set({ ...place, key: name }, old);
}
