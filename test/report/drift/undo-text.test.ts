import { describe, expect, it } from 'vitest';
import type { UndoPlan } from '../../../src/plan/undo-plan.ts';
import { isNothingLeft, undoText } from '../../../src/report/drift/undo-text.ts';
import type { StageIndex } from '../../../src/run/stage-item.ts';
import { hostile, isSafe } from '../hostile.ts';

const plain = { color: false, width: 80, packages: false, force: false };

function stage(
  name: StageIndex['name'],
  summaries: readonly string[],
  settles: readonly string[] = [],
): StageIndex {
  return {
    name,
    items: Object.fromEntries([
      ...summaries.map((summary, i) => [`${i + 1}`, { step: i, summary }] as const),
      ...settles.map((action, i) => [`s${i + 1}`, { summary: `settle ${action}` }] as const),
    ]),
  };
}

/** A host that has not changed since. */
function host(name: string, stages: readonly StageIndex[], more: Partial<UndoPlan> = {}) {
  const main = stages.find((one) => one.name === 'main')?.items ?? {};
  const ids = Object.entries(main).flatMap(([id, { step }]) => (step === undefined ? [] : [id]));
  const items = ids.map((id) => ({ id, verdict: 'restore' as const, conflicts: [], neededBy: [] }));
  return { target: { name }, stages, plan: { items, skip: [], left: [], ...more } };
}

function mesh(count: number) {
  const names = Array.from({ length: count }, (_, i) => `docker${i + 1}`);
  return names.map((name, i) =>
    host(name, [
      stage('packages', ['create package openvswitch-switch']),
      stage(
        'main',
        [
          'create OVS bridge ovs_bridge',
          `create address 10.0.0.${i + 1}`,
          'create file /etc/docker.conf',
          'run command x',
        ],
        ['daemon-reload', 'docker', 'docker'],
      ),
    ]),
  );
}

describe('undoText', () => {
  it('goes backwards, shows equal items once, and shows what stays', () => {
    expect(undoText('R1', mesh(3), plain)).toMatchInlineSnapshot(`
      "Undo of run R1, on 3 hosts: docker1, docker2, docker3
       all 3 hosts:
         - undo: run command x
         - undo: create file /etc/docker.conf
       docker1:
         - undo: create address 10.0.0.1
       docker2:
         - undo: create address 10.0.0.2
       docker3:
         - undo: create address 10.0.0.3
       all 3 hosts:
         - undo: create OVS bridge ovs_bridge
         - then once: systemctl daemon-reload, restart Docker
         = stays: create package openvswitch-switch  on all 3 hosts (--packages undoes
           it as well)
      "
    `);
  });

  it('removes packages last, if asked', () => {
    const lines = undoText('R1', mesh(1), { ...plain, packages: true })
      .trimEnd()
      .split('\n');
    expect(lines.at(-1)).toBe('   - undo: create package openvswitch-switch');
    expect(lines.join()).not.toContain('stays');
  });

  it('keeps the order of each host', () => {
    const hosts = [
      host('a', [stage('main', ['one', 'three'])]),
      host('b', [stage('main', ['one', 'two', 'three'])]),
    ];
    const text = undoText('R1', hosts, plain);
    const at = (word: string) => text.indexOf(`undo: ${word}`);
    expect(at('three')).toBeLessThan(at('two'));
    expect(at('two')).toBeLessThan(at('one'));
    expect(text).toContain(' b:\n   - undo: two\n');
  });

  it('shows twice what a host does twice', () => {
    const text = undoText('R1', [host('a', [stage('main', ['same', 'other', 'same'])])], plain);
    expect(text.match(/same|other/g)).toEqual(['same', 'other', 'same']);
  });

  it('sorts ten changes as numbers, not as text', () => {
    const summaries = Array.from({ length: 12 }, (_, i) => `change ${i + 1}`);
    const text = undoText('R1', [host('a', [stage('main', summaries)])], plain);
    expect(text.match(/change \d+/g)).toEqual([...summaries].reverse());
  });

  describe('with conflicts', () => {
    const conflict = { part: 'kernel parameter a.b', before: '0', after: '1', now: '2' };
    const items = (more: object = {}) => [
      { id: '1', verdict: 'needed' as const, conflicts: [], neededBy: ['2'] },
      { id: '2', verdict: 'conflict' as const, conflicts: [{ ...conflict, ...more }], neededBy: [] },
      { id: '3', verdict: 'restore' as const, conflicts: [], neededBy: [] },
      { id: '4', verdict: 'as-before' as const, conflicts: [], neededBy: [] },
    ];
    const stages = [stage('main', ['one', 'two', 'three', 'four'], ['docker', 'daemon-reload'])];
    const two = (more: object = {}) =>
      ['a', 'b'].map((name) =>
        host(name, stages, { items: items(more), skip: ['1', '2', '4', 's1'], left: ['1', '2'] }),
      );

    it('shows what is left alone, why, and what is already restored, once for all hosts', () => {
      expect(undoText('R1', two(), plain)).toMatchInlineSnapshot(`
        "Undo of run R1, on 2 hosts: a, b
         both hosts:
           - undo: three
           - then once: systemctl daemon-reload
           = as before already: four  on both hosts
        Changed since the run, and left alone (--force undoes it as well):
         both hosts:
           ! two
               kernel parameter a.b
                 before the run  0
                 after the run   1
                 now             2
           ! one
               needed by what is left alone: two
        "
      `);
    });

    it('names once what several changes of one name need', () => {
      const alike = [stage('main', ['one', 'address br0', 'address br0'])];
      const plan = {
        items: [
          { id: '1', verdict: 'needed' as const, conflicts: [], neededBy: ['2', '3'] },
          ...['2', '3'].map((id) => ({
            id,
            verdict: 'conflict' as const,
            conflicts: [{ ...conflict, part: `address ${id}` }],
            neededBy: [],
          })),
        ],
        left: ['1', '2', '3'],
      };
      const text = undoText('R1', [host('a', alike, plan)], plain);
      expect(text).toContain('needed by what is left alone: address br0\n');
    });

    it('shows what is undone by force', () => {
      const hosts = two().map((one) => ({ ...one, plan: { ...one.plan, skip: ['4'], left: [] } }));
      expect(undoText('R1', hosts, { ...plain, force: true })).toMatchInlineSnapshot(`
        "Undo of run R1, on 2 hosts: a, b
         both hosts:
           - undo: three
           - undo: two
           - undo: one
           - then once: restart Docker, systemctl daemon-reload
           = as before already: four  on both hosts
        Changed since the run, and undone anyway:
         both hosts:
           ! two
               kernel parameter a.b
                 before the run  0
                 after the run   1
                 now             2
        "
      `);
    });

    it('shows a file as two short diffs, and names the later run', () => {
      const lines = (word: string) => ({
        text: Array.from({ length: 40 }, (_, i) => `${i} ${word}\n`).join(''),
      });
      const file = {
        part: 'file /a',
        before: null,
        after: lines('run'),
        now: { text: `${lines('run').text}mine\n` },
      };
      expect(undoText('R1', two({ ...file, laterRun: 'R2' }).slice(1), plain)).toMatchInlineSnapshot(`
        "Undo of run R1, on 1 host: b
           - undo: three
           - then once: systemctl daemon-reload
           = as before already: four
        Changed since the run, and left alone (--force undoes it as well):
           ! two
               file /a
                 by the run: made, 40 lines
                 since then:
                   @@ -38,3 +38,4 @@
                    37 run
                    38 run
                    39 run
                   +mine
                 run R2 set it later: undo that one first
           ! one
               needed by what is left alone: two
        "
      `);
      const rewritten = undoText('R1', two({ ...file, before: lines('old') }), plain);
      expect(rewritten).toContain('(69 more lines)');
    });

    it('shows no secret, and says what is unknown', () => {
      const secret = undoText(
        'R1',
        two({ before: null, after: { hidden: 'aa11' }, now: { hidden: 'bb22' } }),
        plain,
      );
      expect(secret).not.toMatch(/aa11|bb22/);
      expect(secret).toContain('after the run   (secret)\n');
      expect(undoText('R1', two({ now: undefined, unknown: 'it sleeps' }), plain)).toContain(
        'not known: it sleeps',
      );
    });

    it('escapes control characters', () => {
      for (const now of [hostile, { text: `${hostile}\n` }]) {
        const text = undoText(
          hostile,
          two({ part: hostile, before: hostile, after: { text: 'x' }, now, laterRun: hostile }),
          plain,
        );
        expect(isSafe(text)).toBe(true);
      }
      expect(isSafe(undoText('R1', two({ unknown: hostile }), plain))).toBe(true);
    });
  });

  it('says if there is nothing to do', () => {
    expect(undoText('R1', [], plain)).toBe('Undo of run R1, on 0 hosts\nThere is nothing to undo.\n');
  });

  it('escapes control characters', () => {
    const hosts = [hostile, `${hostile}2`].map((name) =>
      host(name, [stage('packages', [hostile]), stage('main', [hostile + name], [`restart:${hostile}`])]),
    );
    for (const packages of [true, false])
      expect(isSafe(undoText(hostile, hosts, { ...plain, packages }))).toBe(true);
  });

  it('says that commands without an undo stay', () => {
    const main: StageIndex = {
      name: 'main',
      items: {
        1: { step: 0, summary: 'create file /a' },
        2: { step: 1, summary: 'run command touch /b', stays: true },
      },
    };
    const lines = undoText('R1', [host('a', [main])], plain).split('\n');
    expect(lines.slice(1)).toEqual([
      '   - undo: create file /a',
      '   = stays: run command touch /b (it has no undo)',
      '',
    ]);
    const only = { name: 'main', items: { 2: main.items[2] } } as StageIndex;
    expect(undoText('R1', [host('a', [only])], plain)).toContain('There is nothing that can be undone.');
  });
});

it('needs no question if nothing is left to undo', () => {
  const stages = [stage('packages', ['create package x']), stage('main', ['create file /etc/a'])];
  const items = [{ id: '1', verdict: 'as-before' as const, conflicts: [], neededBy: [] }];
  const before = host('a', stages, { items });
  expect(undoText('R', [before], plain)).toContain('There is nothing left to undo.');
  expect(isNothingLeft([before], plain)).toBe(true);
  expect(isNothingLeft([before], { ...plain, packages: true })).toBe(false);
  expect(isNothingLeft([before, host('b', stages)], plain)).toBe(false);
  expect(isNothingLeft([host('a', stages, { items, left: ['1'] })], plain)).toBe(false);
  const stays: StageIndex = { name: 'main', items: { '1': { step: 0, summary: 'run x', stays: true } } };
  expect(isNothingLeft([host('a', [stays])], plain)).toBe(false);
});
