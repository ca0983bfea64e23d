import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/changes/registry.ts';
import { changedSince } from '../../src/plan/changed-since.ts';
import type { HostPlan, PlannedStep } from '../../src/plan/host-plan.ts';
import { planSum } from '../saved/plan-sum.ts';

const sysctl = (before: string, after = '1'): Change => ({ type: 'sysctl', name: 'net.x', before, after });
const secret = (content: string, sha: string): Change => ({
  type: 'file',
  path: '/etc/key',
  before: { kind: 'opaque', sha256: sha, mode: '0600', owner: 'root', group: 'root' },
  after: { content, mode: '0600', owner: 'root', group: 'root' },
  secret: true,
});
const tunnel = (remote: string): Change => ({
  type: 'ovsdb',
  bridge: 'b',
  before: {},
  after: {},
  ports: [{ name: 'p', before: { options: { remote_ip: remote } }, after: null }],
});

function plan(...steps: Partial<PlannedStep>[]): HostPlan {
  return {
    host: 'a',
    steps: steps.map((step, index) => ({
      index,
      name: `s${index}`,
      kind: 'k',
      changes: [],
      unknowns: [],
      ...step,
    })),
  };
}

const cases: [string, HostPlan, HostPlan, string[]][] = [
  [
    'a value',
    plan({}, { changes: [sysctl('0')] }),
    plan({}, { changes: [sysctl('7')] }),
    ['step 2, s1: kernel parameter net.x: value was 0, is now 7'],
  ],
  [
    'what it would become',
    plan({ changes: [sysctl('0')] }),
    plan({ changes: [sysctl('0', '2')] }),
    ['step 1, s0: kernel parameter net.x: value would become 2, not 1'],
  ],
  [
    'a change that is no longer needed',
    plan({ changes: [sysctl('0')] }),
    plan({}),
    ['step 1, s0: update kernel parameter net.x is no longer to do'],
  ],
  [
    'an additional change',
    plan({}),
    plan({ changes: [sysctl('0')] }),
    ['step 1, s0: it would now update kernel parameter net.x (value 0 → 1)'],
  ],
  [
    'an answer that was unknown',
    plan({ unknowns: ['x was not read'] }),
    plan({ changes: [sysctl('0')] }),
    [
      'step 1, s0: in the plan it is unknown (x was not read)',
      'step 1, s0: it would now update kernel parameter net.x (value 0 → 1)',
    ],
  ],
  [
    'an answer that is unknown now',
    plan({}),
    plan({ unknowns: ['no answer'] }),
    ['step 1, s0: now it is unknown (no answer)'],
  ],
  [
    'steps that can no longer be planned',
    plan({}, {}),
    plan({}),
    ['step 2, s1: it can no longer be planned'],
  ],
  [
    "a part of a change that reviewers don't see",
    plan({ changes: [{ ...sysctl('0'), settle: [{ type: 'docker-restart' }] }] }),
    plan({ changes: [sysctl('0')] }),
    ['step 1, s0: kernel parameter net.x: settle was [{"type":"docker-restart"}], is now (none)'],
  ],
];

describe('the changes since a plan was made', () => {
  it.each(cases)('%s', (_, then, now, said) => {
    expect(changedSince(then, now)).toEqual(said);
    expect(planSum(then)).not.toBe(planSum(now));
  });

  it('name a port by what differs in it', () => {
    const [said = ''] = changedSince(
      plan({ changes: [tunnel('192.0.2.1')] }),
      plan({ changes: [tunnel('192.0.2.2')] }),
    );
    expect(said).toContain('192.0.2.1');
    expect(said).toContain('192.0.2.2');
  });

  it('are none, whatever the order of keys', () => {
    const [a, b] = [
      plan({ changes: [sysctl('0')] }),
      plan({ changes: [{ after: '1', before: '0', name: 'net.x', type: 'sysctl' }] }),
    ];
    expect(changedSince(a, b)).toEqual([]);
    expect(planSum(a)).toBe(planSum(b));
  });

  it('of a secret say only whether it is as wanted', () => {
    const sum = '0'.repeat(64);
    const [a, b] = [plan({ changes: [secret('hunter2', sum)] }), plan({ changes: [secret('hunter3', sum)] })];
    expect(planSum(a)).toBe(planSum(b));
    expect(changedSince(a, b)).toEqual([]);
    expect(changedSince(a, plan({}))).toEqual(['step 1, s0: update file /etc/key is no longer to do']);
    expect(JSON.stringify(changedSince(plan({}), a))).not.toContain('hunter2');
  });
});
