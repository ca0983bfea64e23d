import { describe, expect, it } from 'vitest';
import { undoText } from '../../src/report/undo-text.ts';
import type { StageIndex } from '../../src/run/program-run.ts';
import { hostile, isSafe } from './hostile.ts';

const plain = { color: false, width: 80, packages: false };

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

function mesh(count: number) {
  const names = Array.from({ length: count }, (_, i) => `docker${i + 1}`);
  return names.map((name, i) => ({
    target: { name },
    stages: [
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
    ],
  }));
}

describe('undoText', () => {
  it('goes backwards, says once what is the same, and what stays', () => {
    expect(undoText('R1', mesh(3), plain)).toMatchInlineSnapshot(`
      "Undo of run R1, on 3 hosts: docker1, docker2, docker3
       all 3 hosts:
         - take back: run command x
         - take back: create file /etc/docker.conf
       docker1:
         - take back: create address 10.0.0.1
       docker2:
         - take back: create address 10.0.0.2
       docker3:
         - take back: create address 10.0.0.3
       all 3 hosts:
         - take back: create OVS bridge ovs_bridge
         - then once: systemctl daemon-reload, restart Docker
         = stays: create package openvswitch-switch  on all 3 hosts (--packages takes
           it back, too)
      "
    `);
  });

  it('takes packages back last, when told to', () => {
    const lines = undoText('R1', mesh(1), { ...plain, packages: true })
      .trimEnd()
      .split('\n');
    expect(lines.at(-1)).toBe('   - take back: create package openvswitch-switch');
    expect(lines.join()).not.toContain('stays');
  });

  it('keeps every host’s own order', () => {
    const hosts = [
      { target: { name: 'a' }, stages: [stage('main', ['one', 'three'])] },
      { target: { name: 'b' }, stages: [stage('main', ['one', 'two', 'three'])] },
    ];
    const text = undoText('R1', hosts, plain);
    const at = (word: string) => text.indexOf(`take back: ${word}`);
    expect(at('three')).toBeLessThan(at('two'));
    expect(at('two')).toBeLessThan(at('one'));
    expect(text).toContain(' b:\n   - take back: two\n');
  });

  it('says twice what is done twice', () => {
    const text = undoText(
      'R1',
      [{ target: { name: 'a' }, stages: [stage('main', ['same', 'other', 'same'])] }],
      plain,
    );
    expect(text.match(/same|other/g)).toEqual(['same', 'other', 'same']);
  });

  it('counts ten changes as ten, not as text', () => {
    const summaries = Array.from({ length: 12 }, (_, i) => `change ${i + 1}`);
    const text = undoText('R1', [{ target: { name: 'a' }, stages: [stage('main', summaries)] }], plain);
    expect(text.match(/change \d+/g)).toEqual([...summaries].reverse());
  });

  it('says so when there is nothing', () => {
    expect(undoText('R1', [], plain)).toBe('Undo of run R1, on 0 hosts\nThere is nothing to undo.\n');
  });

  it('lets no control character through', () => {
    const hosts = [hostile, `${hostile}2`].map((name) => ({
      target: { name },
      stages: [stage('packages', [hostile]), stage('main', [hostile + name], [`restart:${hostile}`])],
    }));
    for (const packages of [true, false])
      expect(isSafe(undoText(hostile, hosts, { ...plain, packages }))).toBe(true);
  });
});
