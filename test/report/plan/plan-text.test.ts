import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/changes/registry.ts';
import { planText } from '../../../src/report/plan/plan-text.ts';
import { columnsOf } from '../../../src/report/text/columns.ts';
import { checkOf, meshPlans, planOf, reportOf, wide } from '../fixtures.ts';
import { hostile, isSafe } from '../hostile.ts';

const owned = { mode: '0644', owner: 'root', group: 'root' };
const file = (content: string, before?: string): Change => ({
  type: 'file',
  path: '/etc/app.conf',
  before: before === undefined ? null : { kind: 'text', content: before, ...owned },
  after: { content, ...owned },
});
const run: Change = { type: 'run', command: ['systemctl', 'start', 'x'], timeout: 60 };
const bridge: Change = { type: 'link', link: 'br0', before: null, after: { mtu: 1400, up: true } };

it('shows the checks before a run is confirmed, if there are any', () => {
  const checks = [
    checkOf('Near', 'ping', { a: { address: '10.0.0.2' } }),
    checkOf('Own', 'command', { a: { run: 'one\ntwo\n' } }),
  ];
  const text = (...plans: Parameters<typeof reportOf>) => planText({ ...reportOf(...plans), checks }, wide);
  expect(text(planOf('a', [bridge]))).toContain(
    `

Then 2 checks, before it is confirmed
   ▶ ping check Near
       between  none
       address  10.0.0.2
   ▶ command check Own
       between  none
       run:
         @@ -1,0 +1,2 @@
         +one
         +two

`,
  );
  expect(text(planOf('a', []))).not.toContain('Near');
});

describe('long lists', () => {
  const text = planText(reportOf(...meshPlans(102)), wide);

  it('are cut: rows of hosts and leases', () => {
    expect(text).toContain('\n       … and 62 more (--full shows them)\n   + address newbridge');
    const newLeases = Array.from({ length: 101 }, (_, i) => `lab: docker${i}`);
    const leases = planText({ ...reportOf(planOf('a', [bridge])), newLeases }, wide);
    expect(leases).toContain('   + lab: docker39\n   … and 61 more (--full shows them)\n\n');
  });

  it('are counted: ports of large meshes', () => {
    expect(text).toContain(`
   + OVS ports ovs_bridge  on all 102 hosts
       each           gre protected
       docker[1:102]  101 fields
       in all         10302 fields (--full shows them)
`);
  });

  it('are counted on all hosts if they are on one', () => {
    const [first, ...others] = meshPlans(102);
    const fewer = { ...first, steps: meshPlans(90)[0]?.steps } as typeof first;
    const some = planText(reportOf(...(fewer === undefined ? [] : [fewer]), ...others), wide);
    expect(some).toContain(`
       each           gre protected
       docker1        89 fields
       docker[2:102]  101 fields
       in all         10290 fields (--full shows them)
`);
  });

  it('are mentioned in the last line', () => {
    expect(text.endsWith('\n\nNot everything is shown: --full shows every row of long lists.\n')).toBe(true);
  });

  it('are shown in full with --full', () => {
    const full = planText(reportOf(...meshPlans(102)), { ...wide, full: true });
    expect(full).not.toContain('--full');
    expect(full).toContain('lab-docker102  10.98.0.112  all but docker102');
    for (const host of ['docker1', 'docker41', 'docker102'])
      expect(full).toMatch(new RegExp(`^ +${host} +10\\.98\\.0\\.\\d+$`, 'm'));
  });

  it('are shown in full up to a hundred rows', () => {
    const whole = planText(reportOf(...meshPlans(100)), wide);
    expect(whole).not.toContain('--full');
    expect(whole).toContain('lab-docker100  10.98.0.110  all but docker100');
  });
});

describe('a mesh', () => {
  it('of three hosts is shown once, with tables of the differences', () => {
    expect(planText(reportOf(...meshPlans(3)), wide)).toMatchInlineSnapshot(`
      "Docker hosts joined by GRE, on 3 hosts: docker1, docker2, docker3

      2. OVS bridge for the tunnels (ovs_bridge)
         + OVS bridge ovs_bridge  on all 3 hosts
             datapath_type  netdev

      3. Linux bridge for the containers (linux_bridge)
         + bridge newbridge  on all 3 hosts
             mtu  1462
             host     mac
             docker1  02:00:00:00:00:01
             docker2  02:00:00:00:00:02
             docker3  02:00:00:00:00:03
         + address newbridge  on all 3 hosts
             host     address
             docker1  10.11.12.1/24
             docker2  10.11.12.2/24
             docker3  10.11.12.3/24
         ~ link ovs_bridge  on all 3 hosts
             master  (none) → newbridge
             up      false → true
             ! interrupts traffic

      4. A tunnel to every peer (ovs_tunnels)
         + OVS ports ovs_bridge  on all 3 hosts
             each  gre protected
                          remote_ip   on
             lab-docker1  10.98.0.11  docker2, docker3
             lab-docker2  10.98.0.12  docker1, docker3
             lab-docker3  10.98.0.13  docker1, docker2
             host     local_ip
             docker1  10.98.0.11
             docker2  10.98.0.12
             docker3  10.98.0.13

      5. Docker on that bridge (docker_daemon)
         + file /etc/systemd/system/docker.service.d/meshbook.conf  on all 3 hosts
             mode     0644
             owner    root
             group    root
             content  3 lines, in 3 versions (--diff shows them)

      Then once
         ▶ systemctl daemon-reload, restart Docker  on all 3 hosts

      1 step: no change

      Risks
         ! all 3 hosts: interrupts traffic
         ! all 3 hosts: restarts Docker: running containers stop for a while and are started again

      Plan: 3 hosts: 18 changes (15 create, 3 update).
      Steps on hosts: 12 change, 3 no change, 0 unknown.
      "
    `);
  });

  it('of three hosts on a narrow terminal', () => {
    expect(planText(reportOf(...meshPlans(3)), { ...wide, width: 40 })).toMatchInlineSnapshot(`
      "Docker hosts joined by GRE, on 3 hosts:
      docker1, docker2, docker3

      2. OVS bridge for the tunnels
         (ovs_bridge)
         + OVS bridge ovs_bridge  on all 3
           hosts
             datapath_type  netdev

      3. Linux bridge for the containers
         (linux_bridge)
         + bridge newbridge  on all 3 hosts
             mtu  1462
             host     mac
             docker1  02:00:00:00:00:01
             docker2  02:00:00:00:00:02
             docker3  02:00:00:00:00:03
         + address newbridge  on all 3 hosts
             host     address
             docker1  10.11.12.1/24
             docker2  10.11.12.2/24
             docker3  10.11.12.3/24
         ~ link ovs_bridge  on all 3 hosts
             master  (none) → newbridge
             up      false → true
             ! interrupts traffic

      4. A tunnel to every peer (ovs_tunnels)
         + OVS ports ovs_bridge  on all 3
           hosts
             each  gre protected
             lab-docker1
               remote_ip: 10.98.0.11
               on: docker2, docker3
             lab-docker2
               remote_ip: 10.98.0.12
               on: docker1, docker3
             lab-docker3
               remote_ip: 10.98.0.13
               on: docker1, docker2
             host     local_ip
             docker1  10.98.0.11
             docker2  10.98.0.12
             docker3  10.98.0.13

      5. Docker on that bridge (docker_daemon)
         + file
           /etc/systemd/system/docker.service.
           d/meshbook.conf  on all 3 hosts
             mode     0644
             owner    root
             group    root
             content  3 lines, in 3 versions
                      (--diff shows them)

      Then once
         ▶ systemctl daemon-reload, restart
           Docker  on all 3 hosts

      1 step: no change

      Risks
         ! all 3 hosts: interrupts traffic
         ! all 3 hosts: restarts Docker:
           running containers stop for a while
           and are started again

      Plan: 3 hosts: 18 changes (15 create, 3
      update).
      Steps on hosts: 12 change, 3 no change,
      0 unknown.
      "
    `);
  });

  it('of two hosts', () => {
    expect(planText(reportOf(...meshPlans(2)), wide)).toContain(
      'docker1  lab-docker2  10.98.0.11  10.98.0.12',
    );
  });

  it('of one host without peers has no tables', () => {
    expect(planText(reportOf(...meshPlans(1)), wide)).not.toMatch(/^ +host | {2}on /m);
  });

  it('grows with its hosts, not with its tunnels', () => {
    const lines = (n: number) => planText(reportOf(...meshPlans(n)), wide).split('\n').length;
    expect(lines(40) - lines(20)).toBeLessThanOrEqual(20 * 4);
  });

  it.each([40, 80, 120])('fits into %i columns', (width) => {
    const lines = planText(reportOf(...meshPlans(20)), { ...wide, width }).split('\n');
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(width);
  });

  it('shows differing lines of a file with their hosts in a diff', () => {
    expect(planText(reportOf(...meshPlans(3)), { ...wide, diff: true })).toContain(
      [
        '         +ExecStart=',
        '         +ExecStart=/usr/bin/dockerd --bridge=newbridge --fixed-cidr=10.11.12.16/28  ← docker1',
        '         +ExecStart=/usr/bin/dockerd --bridge=newbridge --fixed-cidr=10.11.12.32/28  ← docker2',
        '         +ExecStart=/usr/bin/dockerd --bridge=newbridge --fixed-cidr=10.11.12.48/28  ← docker3',
      ].join('\n'),
    );
  });
});

describe('changes', () => {
  it('an update, a deletion, a command, a settle action in between, and an unknown', () => {
    const plan = planOf(
      'a',
      [
        file('one\ntwo\n', 'one\n'),
        { type: 'link', link: 'docker0', before: { mtu: 1500, up: true }, after: null },
      ],
      [
        {
          ...file('x\n'),
          path: '/etc/systemd/system/x.service',
          settle: [{ type: 'daemon-reload' }, { type: 'unit-restart', unit: 'x.service' }],
        } as Change,
      ],
      { changes: [run], name: 'Start it', kind: 'command' },
      { unknowns: ['the guard is asked after earlier changes'], name: 'Guarded', kind: 'command' },
      [],
      [],
    );
    expect(planText(reportOf(plan), { ...wide, diff: true })).toMatchInlineSnapshot(`
      "Docker hosts joined by GRE, on 1 host: a

      1. Step 1 (some_kind)
         ~ file /etc/app.conf
             content:
               @@ -1,1 +1,2 @@
                one
               +two
         - bridge docker0
             mtu  1500
             up   true

      2. Step 2 (some_kind)
         + file /etc/systemd/system/x.service
             mode   0644
             owner  root
             group  root
             content:
               @@ -1,0 +1,1 @@
               +x
         ▶ then once: systemctl daemon-reload, restart x.service

      3. Start it (command)
         ▶ command systemctl start x
             timeout  60 s
             undo     nothing

      4. Guarded (command)
         ? unknown until the run: the guard is asked after earlier changes

      2 steps: no change

      Plan: 1 host: 4 changes (1 create, 1 update, 1 delete, 1 run), 1 unknown.
      Steps on hosts: 3 change, 2 no change, 1 unknown.
      "
    `);
  });

  it('needed by only some hosts name those hosts', () => {
    const text = planText(
      reportOf(planOf('a', [bridge]), planOf('b', []), planOf('c', [bridge]), planOf('d', [])),
      wide,
    );
    expect(text).toContain('+ bridge br0  on a, c\n');
    expect(text).toContain('Plan: 4 hosts: 2 changes (2 create), 2 without change.');
  });

  it('to one object whose fields differ: common fields are shown once above', () => {
    const link = (mtu: number): Change => ({
      type: 'link',
      link: 'br0',
      before: { mtu, up: false },
      after: { mtu: 1400, up: true },
    });
    expect(planText(reportOf(planOf('a', [link(1500)]), planOf('b', [link(9000)])), wide)).toContain(
      [
        '       up  false → true',
        '       host  mtu',
        '       a     1500 → 1400',
        '       b     9000 → 1400',
      ].join('\n'),
    );
  });

  it('to the same objects everywhere stay separate, with a heading each', () => {
    const two = [file('x'), { ...file('x'), path: '/etc/other' } as Change];
    const text = planText(reportOf(planOf('a', two), planOf('b', two)), wide);
    expect(text).toContain('+ file /etc/app.conf  on both hosts');
    expect(text).toContain('+ file /etc/other  on both hosts');
  });

  it('to objects with a different name on each host are one, with a table', () => {
    const sysctl = (name: string): Change => ({ type: 'sysctl', name, before: '0', after: '1' });
    const text = planText(
      reportOf(planOf('a', [sysctl('x.a')]), planOf('b', [sysctl('x.b'), sysctl('x.c')])),
      wide,
    );
    expect(text).toContain(
      [
        '   ~ kernel parameter × 3  on both hosts',
        '       value  0 → 1',
        '       kernel parameter  on',
        '       x.a               a',
        '       x.b               b',
        '       x.c               b',
      ].join('\n'),
    );
  });

  it('to files with nothing in common are separate diffs', () => {
    const lines = (name: string) => Array.from({ length: 9 }, (_, i) => `${name}${i}\n`).join('');
    const text = planText(reportOf(planOf('a', [file(lines('x'))]), planOf('b', [file(lines('y'))])), {
      ...wide,
      diff: true,
    });
    expect(text).toContain('content on a:\n         @@ -1,0 +1,9 @@\n         +x0');
    expect(text).toContain('content on b:\n         @@ -1,0 +1,9 @@\n         +y0');
  });

  it('folding leaves out nothing of a plan', () => {
    const change = fc.record({
      name: fc.constantFrom('net.a', 'net.b', 'net.c'),
      before: fc.option(fc.constantFrom('11', '12')),
      after: fc.constantFrom('21', '22', '23'),
    });
    const hosts = fc.array(
      fc.array(fc.uniqueArray(change, { selector: ({ name }) => name, maxLength: 3 }), {
        minLength: 2,
        maxLength: 2,
      }),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(hosts, (all) => {
        const plans = all.map((steps, i) =>
          planOf(`host${i}x`, ...steps.map((list) => list.map((c) => ({ type: 'sysctl', ...c }) as Change))),
        );
        const text = planText(reportOf(...plans), { ...wide, width: 300 });
        for (const [i, steps] of all.entries()) {
          const some = all.length === 1 ? '' : `host${i}x`;
          for (const { name, before, after } of steps.flat()) {
            for (const part of [name, before === null ? after : `${before} → ${after}`, some])
              expect(text).toContain(part);
          }
        }
      }),
    );
  });
});

describe('the whole plan', () => {
  it('says that there is nothing to do', () => {
    expect(planText(reportOf(planOf('a', [], []), planOf('b', [], [])), wide)).toBe(
      'Docker hosts joined by GRE, on 2 hosts: a, b\n\nNo changes. The hosts are as the playbook says.\n',
    );
  });

  it('says that only for the hosts that answered', () => {
    const unreachable = new Map([['c', { code: 'connect-failed', message: 'refused' }]]);
    const report = { ...reportOf(planOf('a', [], []), planOf('b', [], [])), unreachable };
    expect(planText(report, wide)).toContain(
      'No changes. The hosts that answered are as the playbook says, 1 unreachable.\n',
    );
  });

  it('counts once what only the run can decide, and what is certain of an unknown step', () => {
    const run = { type: 'run', command: 'x', timeout: 10, guard: { unless: 'y' } } as Change;
    const unit = { type: 'unit', unit: 'x.service', before: null, after: { active: true } } as Change;
    const port: Change = { type: 'sysctl', name: 'a.b', before: '0', after: '1' };
    const unknown = (change: Change) => ({ changes: [change], unknowns: ['who knows'] });
    const text = planText(reportOf(planOf('a', unknown(run), unknown(unit), unknown(port), [run])), wide);
    expect(text).toContain('Plan: 1 host: 2 changes (1 update, 1 run), 3 unknown.');
  });

  it('shows unknowns even if nothing changes', () => {
    const text = planText(reportOf(planOf('a', { unknowns: ['dockerd is down'] })), wide);
    expect(text).toContain('? unknown until the run: dockerd is down');
    expect(text).toContain('Plan: 1 host: 0 changes, 1 unknown.');
    expect(text).not.toContain('No changes');
  });

  it('lists unreachable hosts, new leases and risks', () => {
    const fresh = reportOf(...meshPlans(2));
    const report = {
      ...fresh,
      hosts: fresh.hosts.map((host, i) => ({ ...host, runningContainers: 2 - i })),
      unreachable: new Map([
        ['docker9', { code: 'connect-timeout', message: 'no answer within 10 s', hint: 'is it up?' }],
      ]),
      newLeases: ['lab: docker1 10.11.12.1'],
    };
    expect(planText(report, wide).split('1 step: no change')[1]).toMatchInlineSnapshot(`
      "

      New leases
         + lab: docker1 10.11.12.1

      Risks
         ! both hosts: interrupts traffic
         ! both hosts: restarts Docker: running containers stop for a while and are started again (3
           containers now)

      Unreachable
         docker9: no answer within 10 s (connect-timeout)
           hint: is it up?

      Plan: 2 hosts: 12 changes (10 create, 2 update), 1 unreachable.
      Steps on hosts: 8 change, 2 no change, 0 unknown.
      "
    `);
  });

  it('names no hosts if none could be reached', () => {
    const unreachable = new Map([['docker9', { code: 'connect-timeout', message: 'no answer within 10 s' }]]);
    expect(planText({ ...reportOf(), unreachable }, wide).split('\n')[0]).toBe(reportOf().play);
  });

  it('has colours only on request', () => {
    const report = reportOf(...meshPlans(2));
    const colored = planText(report, { ...wide, color: true, diff: true });
    expect(colored).toContain('\u001b[32m+\u001b[39m OVS bridge ovs_bridge');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(planText(report, { ...wide, diff: true }));
  });

  it.each([true, false])('escapes control characters, with colours: %s', (color) => {
    const evil = planOf(
      hostile,
      {
        name: hostile,
        kind: hostile,
        unknowns: [hostile],
        changes: [
          {
            ...file(hostile),
            path: `/${hostile}`,
            settle: [{ type: 'unit-restart', unit: hostile }],
          } as Change,
          { type: 'sysctl', name: hostile, before: hostile, after: hostile },
          {
            type: 'ovsdb',
            bridge: hostile,
            before: null,
            after: {},
            ports: [{ name: hostile, before: null, after: { type: hostile } }],
          },
        ],
      },
      { name: `${hostile}2`, kind: 'k', changes: [] },
    );
    const trouble = { code: hostile, message: hostile, hint: hostile, output: hostile };
    const report = {
      ...reportOf(evil, { ...evil, host: `${hostile}2` }),
      play: hostile,
      origin: { from: 'facts', folder: hostile, oldest: hostile, newest: hostile } as const,
      checks: [checkOf(hostile, 'command', { [hostile]: { run: `${hostile}\n${hostile}` } })],
      unreachable: new Map([[hostile, trouble]]),
      newLeases: [hostile],
    };
    for (const width of [40, 100]) {
      for (const diff of [true, false])
        expect(isSafe(planText(report, { color, width, diff }), color)).toBe(true);
    }
  });

  it('shows no secret', () => {
    const secret = { ...file('hunter2\n'), secret: true } as Change;
    expect(planText(reportOf(planOf('a', [secret])), { ...wide, diff: true })).not.toContain('hunter2');
  });

  it("names its source, and says once what several steps don't know for one reason", () => {
    const nothing = { unknowns: ['nothing is known of the host'] };
    const report = {
      ...reportOf(
        planOf('a', nothing, [], nothing, nothing, nothing),
        planOf('b', nothing, [], nothing, nothing, { unknowns: ['x is missing'] }),
      ),
      origin: { from: 'facts', folder: 'facts', oldest: '2026-01-02', newest: '2026-01-03' } as const,
    };
    expect(planText(report, wide)).toMatchInlineSnapshot(`
      "Docker hosts joined by GRE, on 2 hosts: a, b
      Planned offline, from saved facts in facts, the oldest read at 2026-01-02, the newest at 2026-01-03:
      a host may have changed since.

      5. Step 5 (some_kind)
         ? unknown: nothing is known of the host  on a
         ? unknown: x is missing  on b

      Unknown
         ? 3 steps (1, 3-4) on both hosts: nothing is known of the host

      1 step: no change

      Plan: 2 hosts: 0 changes, 8 unknown.
      Steps on hosts: 0 change, 2 no change, 8 unknown.
      To read what is unknown: meshbook facts -i inventory.yml -o facts mesh.yml
      "
    `);
    const complete = { ...report, origin: { ...report.origin, complete: true } as const };
    expect(planText(complete, wide)).not.toContain('can be read');
    expect(planText({ ...report, origin: { from: 'nothing' } }, wide)).toContain(
      '\nPlanned offline, without facts: no host was contacted.\n',
    );
  });
});
