import { describe, expect, it } from 'vitest';
import type { Difference } from '../../../src/drift/differences.ts';
import type { HostDrift } from '../../../src/drift/host-drift.ts';
import type { Owner } from '../../../src/plan/owner.ts';
import { driftJson } from '../../../src/report/drift/drift-json.ts';
import type { DriftReport } from '../../../src/report/drift/drift-report.ts';
import { driftText } from '../../../src/report/drift/drift-text.ts';
import { hostile, isSafe } from '../hostile.ts';

const plain = { color: false, width: 80, diff: false };
const step = { index: 3, name: 'A tunnel to every peer', kind: 'ovs_tunnels' };
const run = {
  by: 'run',
  run: '20260102-030405-abcdef',
  at: '2026-01-02T03:04:05.678Z',
  user: 'root',
} as const;

const differing = (part: string, wanted: Difference['wanted'], found: Difference['found'], owner: Owner) => ({
  step,
  part,
  ...(wanted === undefined ? {} : { wanted }),
  ...(found === undefined ? {} : { found }),
  owner,
});

function host(name: string, more: Partial<HostDrift> = {}): HostDrift {
  return { host: name, differences: [], leftOver: [], foreign: [], unknowns: [], unrecorded: [], ...more };
}

function report(hosts: readonly HostDrift[], more: Partial<DriftReport> = {}): DriftReport {
  return { play: 'Mesh', origin: { from: 'hosts' }, hosts, problems: [], unreachable: new Map(), ...more };
}

describe('drift as text', () => {
  it('is one line if there is none', () => {
    expect(driftText(report([host('docker1'), host('docker2')]), plain)).toBe('No drift on 2 hosts.\n');
  });

  it('shows by step what differs, who set it, and what else is there', () => {
    const mtu = differing('OVS port ovs_bridge mtu_request', '1462', '1500', { by: 'nobody' });
    const hosts = [
      host('docker1', {
        differences: [
          differing('OVS port lab-docker2 options:remote_ip', '10.98.0.12', '10.98.0.99', {
            ...run,
            set: '10.98.0.12',
          }),
          mtu,
          differing('OVS port lab-docker3', 'on ovs_bridge', null, { by: 'mark' }),
          differing('OVS port lab-docker9', null, 'on ovs_bridge', { ...run, set: 'on ovs_bridge' }),
          {
            ...differing(
              'file /etc/a',
              { text: 'a\nb\n' },
              { text: 'a\nc\nd\n' },
              { ...run, set: { text: 'x' } },
            ),
            step: { index: 0, name: 'A file', kind: 'file' },
          },
        ],
        foreign: [{ part: 'OVS port mine', detail: 'internal on ovs_bridge' }],
      }),
      host('docker2', {
        differences: [mtu, differing('OVS port odd', '1', undefined, { ...run, set: '1' })],
        unknowns: [{ step, reason: 'nobody knows' }],
        leftOver: [
          {
            part: 'OVS bridge old',
            detail: 'of kind ovs_bridge',
            owner: { ...run, playbook: '/p' },
            certain: true,
          },
          {
            part: 'OVS bridge other',
            detail: 'of kind ovs_bridge',
            owner: { ...run, playbook: '/q' },
            certain: false,
          },
        ],
      }),
      host('docker3'),
    ];
    expect(driftText(report(hosts), plain)).toMatchInlineSnapshot(`
      "Drift from Mesh, on 3 hosts: docker1, docker2, docker3

      1. A file (file)
         ~ file /etc/a  on docker1
             2 lines differ (--diff shows how)
             set by run 20260102-030405-abcdef (root, 2026-01-02 03:04 UTC) to another
             text, and changed since by someone else; the playbook or the inventory
             has changed, too

      4. A tunnel to every peer (ovs_tunnels)
         ~ OVS port lab-docker2 options:remote_ip  on docker1
             wanted  10.98.0.12
             found   10.98.0.99
             set by run 20260102-030405-abcdef (root, 2026-01-02 03:04 UTC), and
             changed since by someone else
         ~ OVS port ovs_bridge mtu_request  on docker1, docker2
             wanted  1462
             found   1500
             no run that this controller knows has ever set it
         - OVS port lab-docker3 is missing  on docker1
             meshbook's, by its mark; no run that this controller knows has set it
         + OVS port lab-docker9 should not be there  on docker1
             found   on ovs_bridge
             as run 20260102-030405-abcdef (root, 2026-01-02 03:04 UTC) left it; the
             playbook or the inventory has changed since
         ~ OVS port odd  on docker2
             wanted  1
             found   not known
             set by run 20260102-030405-abcdef (root, 2026-01-02 03:04 UTC)

      Left over
         + OVS bridge old, of kind ovs_bridge; made by run 20260102-030405-abcdef
           (root, 2026-01-02 03:04 UTC)  on docker2

      Perhaps left over, or of another playbook
         + OVS bridge other, of kind ovs_bridge; made by run 20260102-030405-abcdef
           (root, 2026-01-02 03:04 UTC) with /q  on docker2

      Not meshbook's, and left alone
         · OVS port mine, internal on ovs_bridge  on docker1

      Not known
         ? 4. A tunnel to every peer (ovs_tunnels): nobody knows  on docker2

      Drift: 7 differences, 1 left over, on 2 of 3 hosts, 1 unknown.
      "
    `);
    expect(driftText(report(hosts), { ...plain, diff: true })).toContain('-b\n       +c\n       +d\n');
  });

  it('names the runs that hosts have in force if they may explain who owns something', () => {
    const unrecorded = [
      { run: 'R1', holder: 'root@vm', since: '2026-01-02T03:04:05Z', pending: false },
      { run: 'R2', holder: 'ann@\u001b[2Jb', since: '2026-01-02T03:04:06Z', pending: true },
    ];
    const step = { index: 0, name: 's', kind: 'k' };
    const difference = { step, part: 'p', wanted: 'x', found: 'y', owner: { by: 'nobody' } as const };
    const of = (owner: Owner) =>
      driftText(report([host('a', { differences: [{ ...difference, owner }], unrecorded })]), plain);
    expect(of({ by: 'mark' })).toContain(`
Runs that the hosts keep and this controller has no record of
   · R1 of root@vm, 2026-01-02 03:04 UTC
   · R2 of ann@\\x1b[2Jb, 2026-01-02 03:04 UTC, not decided yet
`);
    expect(of({ by: 'run', run: 'R', at: 't', user: 'u' })).not.toContain('no record');
    expect(driftText(report([host('a', { unrecorded })]), plain)).toBe('No drift on 1 host.\n');
  });

  it('names hosts that could not be reached', () => {
    const unreachable = new Map([['docker2', { code: 'connect-failed', message: 'refused' }]]);
    expect(driftText(report([host('docker1')], { unreachable }), plain)).toContain(
      'docker2: refused (connect-failed)\n\nNo drift on 1 host, 1 unreachable.\n',
    );
    expect(driftText(report([], { unreachable }), plain)).toBe(
      "Drift from Mesh\n\nUnreachable\n   docker2: refused (connect-failed)\n\nNothing was compared: meshbook can't reach the host.\n",
    );
  });

  it('escapes everything for the terminal', () => {
    const owner = { ...run, run: hostile, user: hostile, playbook: hostile, set: hostile };
    const hosts = [
      host(hostile, {
        differences: [
          {
            ...differing(hostile, hostile, `${hostile}!`, owner),
            step: { index: 0, name: hostile, kind: hostile },
          },
          {
            ...differing(
              `file ${hostile}`,
              { text: hostile },
              { text: 'x' },
              { ...owner, set: { text: 'y' } },
            ),
            step,
          },
        ],
        leftOver: [
          { part: hostile, detail: hostile, owner, certain: true },
          { part: hostile, detail: hostile, owner, certain: false },
        ],
        foreign: [{ part: hostile, detail: hostile }],
        unknowns: [{ step: { ...step, name: hostile }, reason: hostile }],
      }),
      host('docker2'),
    ];
    expect(isSafe(driftText(report(hosts, { play: hostile }), { ...plain, diff: true }))).toBe(true);
    expect(isSafe(driftText(report(hosts), { ...plain, diff: true, color: true }), true)).toBe(true);
  });
});

describe('drift as JSON', () => {
  it('has everything, and no digest of a secret', () => {
    const secret = differing(
      'file /etc/key',
      { hidden: 'aaa' },
      { hidden: 'bbb' },
      { ...run, set: { hidden: 'aaa' } },
    );
    const json = driftJson(report([host('docker1', { differences: [secret] }), host('docker2')]));
    expect(json).toMatchObject({
      format_version: 1,
      drift: true,
      summary: { hosts: 2, drifted: 1, differences: 1, left_over: 0, unknown: 0, unreachable: 0 },
      hosts: {
        docker1: {
          differences: [
            {
              part: 'file /etc/key',
              wanted: { hidden: '(secret)' },
              found: { hidden: '(secret)' },
              owner: { by: 'run', set: { hidden: '(secret)' }, changed_since: true },
            },
          ],
        },
      },
    });
    expect(JSON.stringify(json)).not.toMatch(/aaa|bbb/);
  });
});
