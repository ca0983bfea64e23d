import fc from 'fast-check';
import { type ByHand, handMade } from './by-hand.ts';
import type { Deed, Mishap } from './deeds.ts';
import { type Edit, firstWish, type Wish } from './wish.ts';

/** The parameters of histories: how many hosts, and whether Docker takes part. */
export interface Kind {
  readonly hosts: number;
  readonly docker: boolean;
}

/** Any deed, more often those that find most. A deed that is impossible at a moment is skipped. */
export function deed({ hosts, docker }: Kind): fc.Arbitrary<Deed> {
  const host = fc.integer({ min: 1, max: hosts });
  const apply = (more: Partial<Record<keyof Extract<Deed, { do: 'apply' }>, fc.Arbitrary<unknown>>>) =>
    fc.record(
      { do: fc.constant('apply'), edit: edit(hosts, docker), ...more },
      {
        requiredKeys: ['do', ...Object.keys(more)] as never,
      },
    ) as fc.Arbitrary<Deed>;
  const undo = (run: 'last' | 'oldest' | 'last but one', more = {}) =>
    fc.record({ do: fc.constant('undo'), run: fc.constant(run), ...more }) as fc.Arbitrary<Deed>;
  const hand = (Object.keys(handMade) as ByHand[]).filter((what) => docker || !('docker' in handMade[what]));
  return fc.oneof(
    { weight: 30, arbitrary: apply({}) },
    { weight: 16, arbitrary: apply({ prune: fc.constant(true) }) },
    { weight: 4, arbitrary: apply({ tags: fc.constantFrom('bridges', 'tunnels') }) },
    { weight: 4, arbitrary: apply({ limit: host, peers: fc.constantFrom('along', 'not looked at') }) },
    { weight: 5, arbitrary: apply({ fails: host }) },
    { weight: 3, arbitrary: apply({ fails: host, onFailure: fc.constantFrom('undo_host', 'keep') }) },
    { weight: 3, arbitrary: apply({ unconfirmed: fc.constantFrom('confirmed later', 'left alone') }) },
    { weight: 4, arbitrary: apply({ mishap: mishap(host) }) },
    { weight: 2, arbitrary: apply({ prune: fc.constant(true), mishap: mishap(host) }) },
    { weight: 3, arbitrary: fc.constant<Deed>({ do: 'failing runs', times: 10 }) },
    { weight: 8, arbitrary: undo('last') },
    { weight: 6, arbitrary: undo('oldest') },
    { weight: 3, arbitrary: undo('last but one') },
    { weight: 2, arbitrary: undo('last', { force: fc.constant(true) }) },
    { weight: 2, arbitrary: undo('oldest', { force: fc.constant(true) }) },
    { weight: 2, arbitrary: undo('last', { twice: fc.constant(true) }) },
    { weight: 2, arbitrary: undo('last', { limit: host }) },
    { weight: 2, arbitrary: undo('oldest', { backTo: fc.constant(true) }) },
    { weight: 2, arbitrary: undo('last but one', { backTo: fc.constant(true) }) },
    {
      weight: 14,
      arbitrary: fc.record({ do: fc.constant('by hand' as const), host, what: fc.constantFrom(...hand) }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('reboot' as const), host }) },
  );
}

function edit(hosts: number, docker: boolean): fc.Arbitrary<Edit> {
  const all = Array.from({ length: hosts }, (_, index) => index + 1);
  // At least two: a mesh of one host has no tunnels.
  const some = fc.subarray(all, { minLength: 2 });
  const one = <Key extends keyof Wish>(key: Key, value: fc.Arbitrary<Wish[Key]>): fc.Arbitrary<Edit> =>
    value.map((to) => ({ [key]: to }));
  const single = fc.oneof(
    { weight: 6, arbitrary: one('hosts', some) },
    { weight: 4, arbitrary: one('renamed', fc.subarray(all)) },
    { weight: 2, arbitrary: one('overlay', fc.constantFrom('lab', 'mesh')) },
    { weight: 4, arbitrary: one('cidr', fc.constantFrom('10.11.12.0/24', '10.11.13.0/24', '10.11.12.0/23')) },
    { weight: 2, arbitrary: one('tunnel', fc.constantFrom('gre', 'vxlan', 'geneve')) },
    { weight: 3, arbitrary: one('shape', fc.constantFrom('full_mesh', 'chain', 'hub', 'ring')) },
    { weight: 3, arbitrary: one('key', fc.constantFrom(0, 7)) },
    { weight: 3, arbitrary: one('ovs', fc.constantFrom('ovs_bridge', 'ovs_b2')) },
    { weight: 4, arbitrary: one('bridge', fc.constantFrom('newbridge', 'br-mesh', '')) },
    { weight: 1, arbitrary: one('underlay', fc.constantFrom('own', 'swapped', 'nobody has')) },
    { weight: 2, arbitrary: one('tunnels', fc.constantFrom('present', 'absent')) },
    { weight: 2, arbitrary: one('boot', fc.boolean()) },
    ...(docker ? [{ weight: 6, arbitrary: one('docker', fc.boolean()) }] : []),
  );
  return fc.oneof(
    { weight: 3, arbitrary: single },
    { weight: 2, arbitrary: fc.tuple(single, single).map(([first, second]) => ({ ...first, ...second })) },
    { weight: 1, arbitrary: fc.constant<Edit>({}) },
  );
}

function mishap(host: fc.Arbitrary<number>): fc.Arbitrary<Mishap> {
  return fc.record({
    what: fc.oneof(
      { weight: 4, arbitrary: fc.constant('controller killed' as const) },
      { weight: 2, arbitrary: fc.constant('host cut off' as const) },
      { weight: 2, arbitrary: fc.constant('host rebooted' as const) },
      { weight: 2, arbitrary: fc.constant('disk full' as const) },
    ),
    at: fc.constantFrom('prepare', 'apply', 'verify', 'confirm'),
    host,
  });
}

/** The first deed of every history. */
export function beginning({ hosts, docker }: Kind): Deed {
  const all = Array.from({ length: hosts }, (_, index) => index + 1);
  const edit = { ...(hosts === firstWish.hosts.length ? {} : { hosts: all }), ...(docker ? { docker } : {}) };
  return { do: 'apply', ...(Object.keys(edit).length === 0 ? {} : { edit }) };
}
