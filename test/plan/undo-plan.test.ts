import { describe, expect, it } from 'vitest';
import { addressChange } from '../../src/changes/address/address.ts';
import type { Change } from '../../src/changes/registry.ts';
import type { SettleAction } from '../../src/changes/settle/action.ts';
import { dockerFact } from '../../src/facts/docker/docker.ts';
import { Facts } from '../../src/facts/fact.ts';
import { fileFact, fileHashFact } from '../../src/facts/file.ts';
import { type Interface, interfacesFact } from '../../src/facts/interfaces.ts';
import { ovsFact } from '../../src/facts/ovs/ovs.ts';
import { sysctlFact } from '../../src/facts/sysctl.ts';
import { recordStage } from '../../src/plan/recorded-stage.ts';
import {
  planUndo,
  restoredParts,
  type UndoPlan,
  type UndoQuestion,
  undoQueries,
} from '../../src/plan/undo-plan.ts';
import { stagedEffects, stagesOf } from '../../src/transaction/stage.ts';
import { file, text } from './files.ts';

const a = fileFact('/etc/a');
const sysctl = (name: string, before: string, after: string): Change => ({
  type: 'sysctl',
  name,
  before,
  after,
});
const command: Change = { type: 'run', command: 'true', timeout: 10, always: true };
const br0: Change = { type: 'link', link: 'br0', before: null, after: { up: true } };
const link = (name: string, more: Partial<Interface> = {}): Interface => ({
  name,
  mtu: 1500,
  up: true,
  addresses: [],
  ...more,
});

function stageOf(changes: readonly Change[], settle: readonly SettleAction[]) {
  const [stage] = stagesOf({
    host: 'here',
    steps: [{ index: 0, name: 's', kind: 'k', changes, settle, unknowns: [] }],
  });
  if (stage === undefined) throw new Error('no stage');
  return stage;
}

function keep(changes: readonly Change[], before: Facts, settle: readonly SettleAction[] = []) {
  const kept = recordStage(stagedEffects(stageOf(changes, settle)), before);
  // As after writing and reading.
  return JSON.parse(JSON.stringify(kept)) as UndoQuestion['kept'];
}

/** What an undo does with changes that a run made on a host with facts `before`, now that they are `now`. */
function undo(
  changes: readonly Change[],
  before: Facts,
  now: Facts,
  more: Partial<UndoQuestion> = {},
): UndoPlan & { verdicts: string[] } {
  const { kept = keep(changes, before) } = more;
  const ids = changes.map((_, i) => `${i + 1}`);
  const plan = planUndo(
    { ids, others: [], unsure: new Set(), later: new Map(), force: false, ...more, kept },
    now,
  );
  return { ...plan, verdicts: plan.items.map(({ verdict }) => verdict) };
}

describe('the plan of an undo', () => {
  const one = file('/etc/a', 'old\n', 'new\n');
  const was = new Facts().with(a, text('old\n'));

  it('restores what is still in place', () => {
    expect(undo([one], was, was.with(a, text('new\n')))).toMatchObject({
      verdicts: ['restore'],
      skip: [],
      left: [],
    });
  });

  it('skips what is already restored', () => {
    expect(undo([one], was, was)).toMatchObject({ verdicts: ['as-before'], skip: ['1'], left: [] });
  });

  it('leaves alone what someone has changed, with its three values', () => {
    const plan = undo([one], was, was.with(a, text('mine\n')));
    expect(plan).toMatchObject({ verdicts: ['conflict'], skip: ['1'], left: ['1'] });
    expect(plan.items[0]?.conflicts).toEqual([
      { part: 'file /etc/a', before: { text: 'old\n' }, after: { text: 'new\n' }, now: { text: 'mine\n' } },
    ]);
  });

  it('leaves a file alone whose owner someone has changed', () => {
    const plan = undo([one], was, was.with(a, { ...text('new\n'), owner: 'me' }));
    expect(plan.items[0]?.conflicts).toEqual([
      { part: 'file /etc/a owner', before: 'root:root', after: 'root:root', now: 'me:root' },
    ]);
  });

  it('restores everything by force, and still names the conflicts', () => {
    const plan = undo([one], was, was.with(a, text('mine\n')), { force: true });
    expect(plan).toMatchObject({ verdicts: ['conflict'], skip: [], left: [] });
    expect(plan.items[0]?.conflicts).toHaveLength(1);
  });

  it('leaves alone what is unknown, and says why', () => {
    const plan = undo([one], was, was.without(a, 'the disk is on fire'));
    expect(plan.left).toEqual(['1']);
    expect(plan.items[0]?.conflicts[0]).toMatchObject({
      part: 'file /etc/a',
      unknown: 'the disk is on fire',
    });
  });

  it("compares with the result of the run's last change to a thing", () => {
    const changes = [one, file('/etc/a', 'new\n', 'newest\n')];
    expect(undo(changes, was, was.with(a, text('newest\n'))).verdicts).toEqual(['restore', 'restore']);
    expect(undo(changes, was, was.with(a, text('new\n'))).left).toEqual(['1', '2']);
    expect(undo(changes, was, was).verdicts).toEqual(['as-before', 'as-before']);
  });

  it('does not judge what was left half done, nor what has no recheck', () => {
    const changes = [command, one];
    const half = was.with(a, text('ne'));
    expect(undo(changes, was, half, { unsure: new Set(['2']) }).verdicts).toEqual(['restore', 'restore']);
    expect(undo(changes, was, half).verdicts).toEqual(['restore', 'conflict']);
  });

  it('does not judge what was unknown when the run began', () => {
    expect(undo([one], new Facts(), was.with(a, text('new\n'))).verdicts).toEqual(['restore']);
    // Unknown before, but the run has set it.
    expect(undo([one], new Facts(), was.with(a, text('mine\n'))).verdicts).toEqual(['conflict']);
  });

  it('goes on with everything else', () => {
    const changes = [one, sysctl('vm.swappiness', '60', '10')];
    const before = was.with(sysctlFact('vm.swappiness'), '60');
    const now = before.with(sysctlFact('vm.swappiness'), '10').with(a, text('mine\n'));
    expect(undo(changes, before, now)).toMatchObject({ verdicts: ['conflict', 'restore'], skip: ['1'] });
  });

  it('skips what no longer concerns it, and needs no settle action for it', () => {
    const changes = [
      file('/etc/a', 'old\n', 'new\n', { settle: [{ type: 'docker-restart' }] }),
      file('/etc/b', null, 'b\n', { settle: [{ type: 'daemon-reload' }] }),
    ];
    const before = was.with(fileFact('/etc/b'), null);
    const now = before.with(a, text('new\n')).with(fileFact('/etc/b'), text('b\n'));
    expect(undo(changes, before, now, { ids: ['2'], others: ['1'] })).toMatchObject({
      verdicts: ['restore'],
      skip: ['1', 's2'],
      left: [],
    });
    expect(undo(changes, before, now.with(fileFact('/etc/b'), text('mine\n'))).skip).toEqual(['2', 's1']);
  });

  describe('of a restart of Docker that a step asked for', () => {
    const docker = (bridge: string, mtu = '1500') =>
      new Facts().with(dockerFact, {
        installed: true,
        active: 'active',
        enabled: true,
        units: [],
        environment: [],
        daemon: {
          argv: [],
          liveRestore: false,
          containers: [],
          networks: [
            {
              name: 'bridge',
              driver: 'bridge',
              options: {
                'com.docker.network.bridge.name': bridge,
                'com.docker.network.driver.mtu': mtu,
              },
            },
          ],
        },
      });
    const restart: SettleAction = {
      type: 'docker-restart',
      brings: { before: { bridge: 'docker0' }, after: { bridge: 'br1' }, restarted: [], deleted: [] },
    };
    const before = docker('docker0');
    const plan = (now: Facts, changes: readonly Change[] = [], ids = ['s1'], from = before) =>
      undo(changes, from, now, { kept: keep(changes, from, [restart]), ids });

    it('runs it again, even if there is no change to undo', () => {
      expect(keep([], before, [restart])).toEqual({
        changes: {
          s1: {
            change: restart,
            before: { "Docker's bridge": 'docker0' },
            after: { "Docker's bridge": 'br1' },
          },
        },
        settles: { s1: ['s1'] },
      });
      expect(plan(docker('br1'))).toMatchObject({ verdicts: ['restore'], skip: [], left: [] });
    });

    it('skips it if Docker is already restored, and leaves it alone if someone has changed Docker since', () => {
      expect(plan(before)).toMatchObject({ verdicts: ['as-before'], skip: ['s1'], left: [] });
      expect(plan(docker('br2'))).toMatchObject({ verdicts: ['conflict'], skip: ['s1'], left: ['s1'] });
    });

    it('runs it for a file that is undone, even if the options are left alone', () => {
      const options = file('/etc/a', 'old\n', 'new\n', { settle: [{ type: 'docker-restart' }] });
      const written = (facts: Facts, content: string) => facts.with(a, text(content));
      const from = written(before, 'old\n');
      expect(keep([options], from, [restart]).settles).toEqual({ s1: ['1', 's1'] });
      const now = (bridge: string, content: string) =>
        plan(written(docker(bridge), content), [options], ['1', 's1'], from);
      expect(now('docker0', 'new\n')).toMatchObject({ verdicts: ['restore', 'as-before'], skip: [] });
      expect(now('br2', 'new\n')).toMatchObject({
        verdicts: ['restore', 'conflict'],
        skip: [],
        left: ['s1'],
      });
      // The options are the file's.
      expect(now('br1', 'mine\n')).toMatchObject({ verdicts: ['conflict', 'needed'], skip: ['1', 's1'] });
    });
  });

  describe('of a bridge that the run made', () => {
    const changes = [br0, addressChange('br0', '10.0.0.1/24', 'present')];
    const before = new Facts().with(interfacesFact, [link('eth1')]);
    const made = [link('eth1'), link('br0', { kind: 'bridge', addresses: ['10.0.0.1/24'] })];
    const now = (...links: Interface[]) => before.with(interfacesFact, links);

    it('deletes it', () => {
      expect(undo(changes, before, now(...made)).verdicts).toEqual(['restore', 'restore']);
    });

    it('leaves it alone if someone has given it a member', () => {
      const plan = undo(changes, before, now(link('eth1', { master: 'br0' }), made[1] as Interface));
      expect(plan.verdicts).toEqual(['conflict', 'restore']);
      expect(plan.items[0]?.conflicts).toEqual([
        { part: 'link eth1 master', before: null, after: null, now: 'br0' },
      ]);
    });

    it('leaves it alone if someone has given it an address', () => {
      const other = link('br0', { addresses: ['10.0.0.1/24', '192.0.2.1/24'] });
      expect(undo(changes, before, now(link('eth1'), other)).verdicts).toEqual(['conflict', 'restore']);
    });

    it('deletes it if its address is already gone', () => {
      expect(undo(changes, before, now(link('eth1'), link('br0'))).verdicts).toEqual([
        'restore',
        'as-before',
      ]);
    });

    it('keeps it while something on it is left alone', () => {
      const name = 'net.ipv4.conf.br0.rp_filter';
      const with_ = [...changes, sysctl(name, '0', '1')];
      const plan = undo(with_, before.with(sysctlFact(name), null), now(...made).with(sysctlFact(name), '2'));
      expect(plan.verdicts).toEqual(['needed', 'restore', 'conflict']);
      expect(plan.items[0]?.neededBy).toEqual(['3']);
      expect(plan.left).toEqual(['1', '3']);
    });
  });

  describe('after an earlier run was undone', () => {
    const none = new Facts().with(a, null);
    const [first, second] = [none.with(a, text('1\n')), none.with(a, text('2\n'))];
    const third = second.with(a, text('3\n'));
    const earlier = (...runs: readonly [Change, Facts, 'undone' | 'stands'][]) =>
      runs.map(([change, before, state]) => ({
        kept: keep([change], before),
        undone: new Set(state === 'undone' ? ['1'] : []),
      }));
    const make = file('/etc/a', null, '1\n');
    const update = file('/etc/a', '1\n', '2\n');
    const again = file('/etc/a', '2\n', '3\n');

    it('does not restore what that run had made, not even by force', () => {
      const plan = undo([update], first, none, { earlier: earlier([make, none, 'undone']), force: true });
      expect(plan).toMatchObject({ verdicts: ['as-before'], skip: ['1'], left: [] });
    });

    it('does not restore it either if runs in between are still in force', () => {
      const runs = earlier([update, first, 'stands'], [make, none, 'undone']);
      expect(undo([again], second, none, { earlier: runs }).verdicts).toEqual(['as-before']);
    });

    it('does not restore a bridge that the other run had made and this one deleted', () => {
      const there = { mac: '02:00:00:00:00:01', mtu: 1462, up: true };
      const noLinks = none.with(interfacesFact, []);
      const links = noLinks.with(interfacesFact, [link('br0', { kind: 'bridge', ...there })]);
      const deletes: Change = { type: 'link', link: 'br0', before: there, after: null };
      const made = (state: 'undone' | 'stands') => ({ earlier: earlier([br0, noLinks, state]) });
      expect(undo([deletes], links, noLinks, made('undone')).verdicts).toEqual(['as-before']);
      expect(undo([deletes], links, noLinks, made('stands')).verdicts).toEqual(['restore']);
    });

    it('goes back only as far as runs were undone', () => {
      const runs = earlier([update, first, 'undone'], [make, none, 'stands']);
      expect(undo([again], second, none, { earlier: runs }).verdicts).toEqual(['conflict']);
      expect(undo([again], second, first, { earlier: runs }).verdicts).toEqual(['as-before']);
      expect(undo([again], second, third, { earlier: runs }).verdicts).toEqual(['restore']);
    });

    it('recognises that someone else has deleted the file, or had written it before', () => {
      expect(undo([update], first, none, { earlier: earlier([make, none, 'stands']) }).verdicts).toEqual([
        'conflict',
      ]);
      const mine = none.with(a, text('mine\n'));
      expect(
        undo([file('/etc/a', 'mine\n', '2\n')], mine, none, { earlier: earlier([make, none, 'undone']) })
          .verdicts,
      ).toEqual(['conflict']);
    });
  });

  describe('after a later run', () => {
    const later = (changes: readonly Change[], before: Facts) => new Map([['R2', keep(changes, before)]]);
    const now = was.with(a, text('new\n'));

    it('names the run that changed the same file', () => {
      const plan = undo([one], was, was.with(a, text('third\n')), {
        later: later([file('/etc/a', 'new\n', 'third\n')], now),
      });
      expect(plan.items[0]?.conflicts[0]?.laterRun).toBe('R2');
    });

    it('leaves alone what that run has made again, although it is as this run left it', () => {
      const plan = undo([one], was, now, {
        later: later([file('/etc/a', 'mine\n', 'new\n')], was.with(a, text('mine\n'))),
      });
      expect(plan.left).toEqual(['1']);
      expect(plan.items[0]?.conflicts[0]?.laterRun).toBe('R2');
    });

    it('names the run that built on a bridge', () => {
      const before = new Facts().with(ovsFact, { bridges: {} });
      const bridge: Change = { type: 'ovsdb', bridge: 'b', before: null, after: {}, ports: [] };
      const ports: Change = {
        type: 'ovsdb',
        bridge: 'b',
        before: {},
        after: {},
        ports: [{ name: 'p', before: null, after: {} }],
      };
      const between = before.with(ovsFact, { bridges: { b: { ports: { b: { type: 'internal' } } } } });
      const built = before.with(ovsFact, { bridges: { b: { ports: { b: { type: 'internal' }, p: {} } } } });
      const plan = undo([bridge], before, built, { later: later([ports], between) });
      expect(plan.items[0]?.conflicts).toEqual([
        { part: 'OVS port p', before: null, after: null, now: 'on b', laterRun: 'R2' },
      ]);
    });

    it('leaves alone what a later run used and gave up again, although it is as this run left it', () => {
      const row = (...ports: string[]) => ({
        bridges: {
          b: { ports: Object.fromEntries(['b', ...ports].map((name) => [name, { type: 'internal' }])) },
        },
      });
      const bridge: Change = { type: 'ovsdb', bridge: 'b', before: null, after: {}, ports: [] };
      const change = (before: object | null, after: object | null): Change =>
        ({
          type: 'ovsdb',
          bridge: 'b',
          before: {},
          after: {},
          ports: [{ name: 'p', before, after }],
        }) as Change;
      const none = new Facts().with(ovsFact, { bridges: {} });
      const [made, grown] = [none.with(ovsFact, row()), none.with(ovsFact, row('p'))];
      const runs = new Map([
        ['R2', keep([change(null, { type: 'internal' })], made)],
        ['R3', keep([change({ type: 'internal' }, null)], grown)],
      ]);
      const plan = undo([bridge], none, made, { later: runs });
      expect(plan).toMatchObject({ verdicts: ['conflict'], left: ['1'] });
      expect(plan.items[0]?.conflicts).toEqual([
        { part: 'OVS bridge b', before: null, after: 'there', now: 'there', laterUse: 'R3' },
      ]);
      expect(undo([bridge], none, made, { later: runs, force: true }).left).toEqual([]);
      // Once it is gone, nobody needs it.
      expect(undo([bridge], none, none, { later: runs }).verdicts).toEqual(['as-before']);
      // Without the later runs nobody needs it.
      expect(undo([bridge], none, made).verdicts).toEqual(['restore']);
    });

    it("leaves alone a bridge of a later run's Docker", () => {
      const docker: SettleAction = {
        type: 'docker-restart',
        brings: { before: {}, after: { bridge: 'br0' }, restarted: [], deleted: [] },
      };
      const before = new Facts().with(interfacesFact, []);
      const made = before.with(interfacesFact, [link('br0', { kind: 'bridge', addresses: ['10.0.0.1/24'] })]);
      const plan = undo([br0, addressChange('br0', '10.0.0.1/24', 'present')], before, made, {
        later: new Map([['R2', { changes: { s1: { change: docker } }, settles: {} }]]),
      });
      expect(plan.left).toEqual(['1', '2']);
      expect(plan.items[0]?.conflicts).toMatchObject([{ part: 'link br0', laterUse: 'R2' }]);
    });

    it('waits for a later run that has reset it, since undoing that run would bring it back', () => {
      const plan = undo([one], was, was, { later: later([file('/etc/a', 'new\n', 'old\n')], now) });
      expect(plan).toMatchObject({ verdicts: ['conflict'], left: ['1'] });
      expect(plan.items[0]?.conflicts[0]).toMatchObject({ laterRun: 'R2', now: { text: 'old\n' } });
    });

    it('is asked about even if the state that this run left is unknown', () => {
      const plan = undo([one], was, was.with(a, text('ne')), {
        unsure: new Set(['1']),
        later: later([file('/etc/a', 'ne', 'newest\n')], was.with(a, text('ne'))),
      });
      expect(plan.left).toEqual(['1']);
      expect(plan.items[0]?.conflicts[0]?.laterRun).toBe('R2');
    });

    it('that is undone first, is compared with what that will have restored', () => {
      const newer = [file('/etc/a', 'new\n', 'newest\n')];
      const newest = was.with(a, text('newest\n'));
      const question = {
        kept: keep(newer, now),
        ids: ['1'],
        others: [],
        unsure: new Set<string>(),
        later: new Map(),
        force: false,
      };
      const expected = restoredParts(question, planUndo(question, newest));
      expect(expected.get('file /etc/a')).toEqual({ text: 'new\n' });
      expect(undo([one], was, newest).verdicts).toEqual(['conflict']);
      expect(undo([one], was, newest, { expected }).verdicts).toEqual(['restore']);
      // A conflict of the newer run isn't undone, so its earlier state will not come back.
      const edited = was.with(a, text('mine\n'));
      expect(restoredParts(question, planUndo(question, edited)).size).toBe(0);
      expect(restoredParts({ ...question, force: true }, planUndo(question, edited)).size).toBeGreaterThan(0);
    });

    it('that is undone first, may have moved a member of a bridge that this one had replaced', () => {
      const set = (before: string | null, after: string | null): Change => ({
        type: 'link',
        link: 'ovs',
        before: { master: before },
        after: { master: after },
      });
      const br1: Change = { type: 'link', link: 'br1', before: null, after: { up: true } };
      const noBr0: Change = { type: 'link', link: 'br0', before: { up: true }, after: null };
      const first = new Facts().with(interfacesFact, [
        link('br0', { kind: 'bridge' }),
        link('ovs', { master: 'br0' }),
      ]);
      const changes = [set('br0', null), noBr0, br1, set(null, 'br1')];
      const moved = first.with(interfacesFact, [
        link('br1', { kind: 'bridge' }),
        link('ovs', { master: 'br1' }),
      ]);
      const expected = new Map([['link ovs master', 'br1']]);
      const now = moved.with(interfacesFact, [link('br1', { kind: 'bridge' })]);
      expect(undo(changes, first, now, { expected }).verdicts).toEqual(changes.map(() => 'restore'));
      expect(undo(changes, first, moved).verdicts).toEqual(changes.map(() => 'restore'));
      const others = new Map([['link ovs master', 'br9']]);
      expect(undo(changes, first, now, { expected: others }).verdicts).toContain('conflict');
    });

    it('that is undone first, may have replaced an address of a bridge that this one made', () => {
      const [old, address] = ['10.0.0.1/24', '10.0.0.9/24'];
      const withAddress = (...addresses: string[]) =>
        new Facts().with(interfacesFact, [link('br0', { kind: 'bridge', addresses })]);
      const renumbered = [addressChange('br0', address, 'present'), addressChange('br0', old, 'absent')];
      const kept = keep(renumbered, withAddress(old));
      const question = {
        kept,
        ids: ['1', '2'],
        others: [],
        unsure: new Set<string>(),
        later: new Map(),
        force: false,
      };
      const newest = withAddress(address);
      const expected = restoredParts(question, planUndo(question, newest));
      const made = [br0, addressChange('br0', old, 'present')];
      const none = new Facts().with(interfacesFact, []);
      expect(undo(made, none, newest, { expected }).verdicts).toEqual(['restore', 'restore']);
      expect(undo(made, none, newest).verdicts).toContain('conflict');
      // What someone else has added stays a conflict.
      const another = withAddress(address, '192.0.2.1/24');
      expect(undo(made, none, another, { expected }).verdicts).toContain('conflict');
    });

    it('is not affected by one that did something else', () => {
      const other = later([file('/etc/b', null, 'b\n')], now.with(fileFact('/etc/b'), null));
      expect(undo([one], was, now, { later: other }).verdicts).toEqual(['restore']);
    });
  });

  it('saves no secret, and still detects that one was changed', () => {
    const change = file('/etc/a', null, 'the new password', { secret: true });
    const before = new Facts().with(fileHashFact('/etc/a'), null);
    expect(JSON.stringify(keep([change], before))).not.toContain('password');
    const opaque = (sha256: string) =>
      ({ kind: 'opaque', sha256, mode: '0644', owner: 'root', group: 'root' }) as const;
    const sum = '6d1f2a8ad9a9d0ef0d5b8c2a6df3e4a4b5';
    expect(undo([change], before, before.with(fileHashFact('/etc/a'), opaque(sum))).verdicts).toEqual([
      'conflict',
    ]);
    const stands = (keep([change], before).changes['1']?.after?.['file /etc/a'] ?? { hidden: '' }) as {
      hidden: string;
    };
    expect(
      undo([change], before, before.with(fileHashFact('/etc/a'), opaque(stands.hidden))).verdicts,
    ).toEqual(['restore']);
  });

  it('asks only about what is left to undo', () => {
    const kept = keep(
      [one, sysctl('vm.swappiness', '60', '10')],
      was.with(sysctlFact('vm.swappiness'), '60'),
    );
    expect(undoQueries(kept, ['2']).map(({ family, key }) => `${family.name} ${key}`)).toEqual([
      'sysctl vm.swappiness',
    ]);
  });
});
