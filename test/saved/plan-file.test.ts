import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { InvalidInput } from '../../src/diagnostics/errors.ts';
import { Facts } from '../../src/facts/fact.ts';
import { fileFact, fileHashFact, sha256 } from '../../src/facts/file.ts';
import { withoutSecrets } from '../../src/plan/open-plan.ts';
import { planHosts } from '../../src/plan/plan-hosts.ts';
import { planJson } from '../../src/report/plan/plan-json.ts';
import { planText } from '../../src/report/plan/plan-text.ts';
import { fingerprintOf } from '../../src/saved/fingerprint.ts';
import { formatPlan, parsePlan } from '../../src/saved/plan-file.ts';
import { isPlanFile, readPlan, writePlan } from '../../src/saved/plan-io.ts';
import { needsSecrets, reportOf, restoreChecks, restoreHosts } from '../../src/saved/restore-plan.ts';
import type { SavedPlan } from '../../src/saved/saved-plan.ts';
import { lines } from '../diagnostics/lines.ts';
import { isSafe } from '../report/hostile.ts';
import { resolved } from '../resolve/play.ts';
import { forged } from './plan-sum.ts';
import { samplePlan } from './sample-plan.ts';

const playbook = (content = 'hunter2', mode = '0600') => `
hosts: all
overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }
steps:
  - { name: motd, timeout: 7, file: { path: /etc/motd, content: "on {{ host.name }}\\n" } }
  - { name: key, hosts: a, file: { path: /etc/key, content: ${content}, mode: '${mode}', secret: true } }
checks:
  - { name: near, ping: { address: "{{ overlay.lab.bridge_address | ip }}" } }
  - { name: quick, command: { run: "true" }, retry: 3 }
`;

const old = { kind: 'opaque', mode: '0600', owner: 'root', group: 'root' } as const;
const facts = new Facts()
  .with(fileFact('/etc/motd'), null)
  .with(fileHashFact('/etc/key'), { ...old, sha256: sha256('old secret') });

const saved = (text = playbook(), known = facts) => samplePlan(text, known, ['motd', 'key']);

const nested: unknown = JSON.parse(`${'['.repeat(300)}${']'.repeat(300)}`);
const tooDeep = 'it has more than 200 levels of lists and objects inside each other';

const textOf = (plan: SavedPlan) => [...formatPlan(plan)].join('');
const parse = (text: string, version = '1.2.3') =>
  parsePlan(text.split('\n').slice(0, -1), 'lab.plan', version);

describe('a saved plan', () => {
  it('comes back unchanged, is JSON as a whole, and is safe on a terminal', () => {
    const plan = saved();
    const { value, diagnostics } = parse(textOf(plan));
    expect(diagnostics).toEqual([]);
    expect(value).toEqual(plan);
    const { meshbook_plan, sha256: _, hosts, ...head } = JSON.parse(textOf(plan));
    expect([meshbook_plan, hosts, head]).toEqual([3, plan.hosts, plan.head]);
    expect(isSafe(textOf(plan))).toBe(true);
  });

  it('that someone has broken and sealed again is refused as damaged', () => {
    const broken = textOf(saved())
      .replace(/^\{"name":"a".*$/m, '{')
      .replace(/^"sha256": .*\n\}\n$/m, '');
    const sealed = `${broken}"sha256": "${sha256(broken)}"\n}\n`;
    expect(parse(sealed).value).toBeUndefined();
    expect(lines(parse(sealed).diagnostics).join()).toContain('is no saved plan of meshbook');
  });

  it.each<[string, string, string, string]>([
    ['a host that is a path', '"name":"b","addr', '"name":"../b","addr', '/hosts/1/name must match pattern'],
    [
      'a step of an unknown kind',
      '"kind":"file","timeout"',
      '"kind":"x","timeout"',
      '/hosts/0/steps/0/kind must be equal to one of the allowed values',
    ],
    [
      'a param that its kind refuses',
      '"path":"/etc/motd","content":"on b',
      '"path":"motd","content":"on b',
      '/hosts/1/steps/0/params/path path: a path must be absolute',
    ],
    [
      'params that its kind refuses in combination',
      '"path":"/etc/motd","content":"on b',
      '"path":"/etc/motd","source":"x","content":"on b',
      '/hosts/1/steps/0/params',
    ],
    [
      'a check whose param its kind refuses',
      '{"address":"10.11.12.1"}',
      '{"address":"-x"}',
      "/checks/0/hosts/a/address address: '-x' is not a host name",
    ],
    [
      'a change whose value its primitive refuses',
      '"after":{"content":"on b\\n","mode":"0644"',
      '"after":{"content":"on b\\n","mode":644',
      '/hosts/1/plan/0/changes/0/after/mode must be string',
    ],
  ])('with %s is refused with the place, although it is sealed again', (_, good, bad, why) => {
    const text = textOf(saved());
    expect(text).toContain(good);
    const broken = text.replace(good, bad).replace(/^"sha256": .*\n\}\n$/m, '');
    const { diagnostics } = parse(`${broken}"sha256": "${sha256(broken)}"\n}\n`);
    expect(diagnostics.map(({ message }) => message).join()).toContain(
      `lab.plan is no saved plan of meshbook's: ${why}`,
    );
  });

  it.each<[string, (plan: SavedPlan) => SavedPlan, string]>([
    [
      'one name for two hosts',
      ({ head, hosts: [a = expect.fail()] }) => ({ head, hosts: [a, a] }),
      '/hosts/1/name is the name of another host, too',
    ],
    [
      'a secret in its steps, which would be hidden',
      ({ head, hosts: [a = expect.fail()] }) => ({
        head,
        hosts: [
          { ...a, steps: a.steps.map((step) => ({ ...step, params: { ...step.params, content: 'x' } })) },
        ],
      }),
      '/hosts/0/steps/1/params/content is secret, and no saved plan holds a secret',
    ],
    [
      'a lease of an address that the host never had',
      ({ head, hosts }) => {
        const before = { a: { bridgeAddress: '10.0.0.1', replaced: ['10.0.0.2'] } };
        const after = { a: { bridgeAddress: '10.0.0.3', replaced: ['10.0.0.1', '10.0.0.2', '10.0.0.4'] } };
        return { head: { ...head, leases: { lab: { before, after } } }, hosts };
      },
      '/leases/lab/after/a/replaced holds 10.0.0.4, which the host never had',
    ],
    [
      "endless nesting that its schema doesn't cover",
      ({ head, hosts }) => ({ head: { ...head, ignored: nested }, hosts }) as SavedPlan,
      tooDeep,
    ],
    [
      'endless nesting in a host',
      ({ head, hosts }) => ({
        head,
        hosts: hosts.map((host) => ({ ...host, ssh: { ...host.ssh, nested } })),
      }),
      tooDeep,
    ],
  ])('with %s is refused, although all its digests are right', (_, change, why) => {
    expect(parse(forged(saved())).diagnostics).toEqual([]);
    const { diagnostics } = parse(forged(change(saved())));
    expect(diagnostics.map(({ message }) => message)).toEqual([
      `lab.plan is no saved plan of meshbook's: ${why}`,
    ]);
  });

  it('takes a secret check from the playbook only if it is secret there and is the check that was shown', () => {
    const plan = saved();
    const [near = expect.fail(), quick = expect.fail()] = plan.head.checks;
    const hosts = { a: null };
    const of = (check: typeof near) => ({ ...plan, head: { ...plan.head, checks: [check] } });
    const { checks } = resolved({ playbook: playbook() }).play;
    const secret = checks.map((one) => ({
      ...one,
      hosts: new Map([...one.hosts].map(([host, action]) => [host, { ...action, secret: true as const }])),
    }));
    const gone = (name: string) => [`the check ${name} of a is another than in the plan`];
    expect(restoreChecks(of({ ...near, hosts }), secret).problems).toEqual([]);
    expect(restoreChecks(of({ ...near, hosts }), checks).problems).toEqual(gone('near'));
    expect(restoreChecks(of({ ...quick, retry: 4, hosts }), secret).problems).toEqual(gone('quick'));
  });

  it('contains no secret, neither the new one nor a digest of either', () => {
    const text = textOf(saved());
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain(sha256('hunter2'));
    expect(text).not.toContain(sha256('old secret'));
    expect(saved().hosts[0]?.steps[1]).toEqual({
      index: 1,
      name: 'key',
      line: 6,
      kind: 'file',
      params: { path: '/etc/key', mode: '0600', secret: true },
      secrets: ['content'],
    });
  });

  it('is shown like the plan from which it was made, although its secrets are hidden', () => {
    const { play } = resolved({ playbook: playbook() });
    const { hosts } = planHosts(play.hosts.map((host) => ({ resolved: host, facts })));
    const again = reportOf(saved());
    const live = {
      ...again,
      hosts: again.hosts.map((host, i) => ({ ...host, plan: hosts[i]?.plan ?? expect.fail() })),
    };
    const options = { color: false, width: 100, diff: true };
    expect(planText(again, options)).toBe(planText(live, options));
    expect([...planJson(again)].join('')).toBe([...planJson(live)].join(''));
    expect(planText(again, options)).toContain('Saved plan, made at 2026-01-02T03:04:05.678Z.');
    expect(planText(again, options)).toContain(
      `Fingerprints: a ${saved().hosts[0]?.fingerprint.slice(0, 12)}, b `,
    );
  });

  it('a change of only the mode is still only that', () => {
    const known = facts.with(fileHashFact('/etc/key'), { ...old, mode: '0644', sha256: sha256('hunter2') });
    const text = planText(reportOf(saved(playbook(), known)), { color: false, width: 100, diff: false });
    expect(text).toContain('mode  0644 → 0600');
    expect(text).not.toContain('secret)');
  });

  it('is restored to steps, checks and hosts that plan the same, with the secrets of the playbook', () => {
    const plan = saved();
    const { play } = resolved({ playbook: playbook() });
    expect(needsSecrets(plan)).toBe(true);
    const { hosts, problems } = restoreHosts(plan, play.hosts);
    expect(problems).toEqual([]);
    for (const [i, host] of hosts.entries()) {
      const original = play.hosts[i] ?? expect.fail();
      expect(host.steps.map(({ name, params, step }) => [name, params, step.kind, step.timeout])).toEqual(
        original.steps.map(({ name, params, step }) => [name, params, step.kind, step.timeout]),
      );
      expect(host.overlays).toEqual(original.overlays);
      const [{ plan: again } = expect.fail()] = planHosts([{ resolved: host, facts }]).hosts;
      const same = { ...(plan.hosts[i] ?? expect.fail()), plan: withoutSecrets(again).steps };
      expect(fingerprintOf(plan.head, same)).toBe(plan.hosts[i]?.fingerprint);
    }
    const plain = ({
      check: { locate: _, params: __, hosts: ___, ...check },
      hosts: on,
    }: (typeof play.checks)[number]) => [check, on];
    expect(restoreChecks(plan).checks.map(plain)).toEqual(play.checks.map(plain));
  });

  it('accepts a new value of a secret, but no other difference', () => {
    const other = (text: string) => restoreHosts(saved(), resolved({ playbook: text }).play.hosts);
    expect(other(playbook('another')).problems).toEqual([]);
    expect(other(playbook('another')).hosts[0]?.steps[1]?.params.content).toBe('another');
    expect(other(playbook('hunter2', '0644')).problems).toEqual([
      'step 2, key, on a says something else than in the plan',
    ]);
    expect(other(playbook().replace('timeout: 7', 'timeout: 8')).problems).toEqual([
      'step 1, motd, on a says something else than in the plan',
    ]);
    expect(other(playbook().replace('gre', 'vxlan')).problems).toEqual([
      'the overlays of a are others than in the plan',
    ]);
    expect(other(playbook().replace(/ {2}- .*motd.*\n/, '')).problems).toEqual([
      'a has 1 steps now, and had 2',
    ]);
    expect(other(playbook().replace('hosts: all', 'hosts: b')).problems).toEqual([
      'a is no host of the play any more',
    ]);
  });

  it('a plan without secrets needs no playbook', () => {
    const plan = saved(playbook().replace(/ {2}- .*key.*\n/, ''));
    expect(needsSecrets(plan)).toBe(false);
    expect(restoreHosts(plan).problems).toEqual([]);
  });
});

describe("a saved plan that can't be used", () => {
  const good = textOf(saved());
  const again = 'make the plan again: meshbook plan -o FILE';

  it.each([
    [
      'edited in a host',
      good.replace('/etc/motd', '/etc/motd2'),
      `plan-damaged lab.plan has been changed since meshbook wrote it (${again})`,
    ],
    [
      'edited in its head',
      good.replace('undo_host', 'undo_all'),
      `plan-damaged lab.plan has been changed since meshbook wrote it (${again})`,
    ],
    [
      'with another digest',
      good.replace(/"sha256": "[0-9a-f]{8}/, '"sha256": "00000000'),
      `plan-damaged lab.plan has been changed since meshbook wrote it (${again})`,
    ],
    [
      'with a host missing',
      good.replace(/\{"name":"a".*\n/, ''),
      `plan-damaged lab.plan has been changed since meshbook wrote it (${again})`,
    ],
    [
      'with something after its end',
      `${good}{}\n`,
      `plan-damaged lab.plan has been changed since meshbook wrote it (${again})`,
    ],
    [
      'of another version of the format',
      good.replace('_plan": 3', '_plan": 2'),
      'plan-version lab.plan is a saved plan of version 2, and this meshbook reads version 3 (use the meshbook that made it, or make the plan again)',
    ],
    ['empty', '', `plan-damaged lab.plan is cut off, or no saved plan (${again})`],
  ])('%s', (_, text, message) => expect(lines(parse(text).diagnostics)).toEqual([message]));

  it('of another version of meshbook', () => {
    expect(lines(parse(good, '1.2.4').diagnostics)).toEqual([
      'plan-version lab.plan was made by meshbook 1.2.3, and this is meshbook 1.2.4 (use the meshbook that made it, or make the plan again)',
    ]);
  });

  it('cut off anywhere', () => {
    for (let length = 0; length < good.length - 1; length += 61) {
      const [message = ''] = lines(
        parsePlan(good.slice(0, length).split('\n'), 'lab.plan', '1.2.3').diagnostics,
      );
      expect(message).toContain('plan-damaged');
    }
  });
});

describe('its file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meshbook-plan-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'lab.plan');

  it('is for its owner only, leaves nothing else behind, and is recognised by its beginning', () => {
    writeFileSync(file, 'hosts: all\n');
    expect(isPlanFile(file)).toBe(false);
    writePlan(file, saved());
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['lab.plan']);
    expect(isPlanFile(file)).toBe(true);
    expect(readPlan(file, '1.2.3')).toEqual(saved());
  });

  it('a long host is read whole, across the chunks of a file', () => {
    const plan = saved();
    const [first = expect.fail(), ...rest] = plan.hosts;
    const long = {
      ...plan,
      hosts: [{ ...first, groups: Array.from({ length: 100_000 }, (_, i) => `grüppe${i}`) }, ...rest],
    };
    writePlan(file, long);
    expect(readPlan(file, '1.2.3')).toEqual(long);
  });

  it("can't be written, or doesn't exist", () => {
    expect(() => writePlan(join(folder, 'none', 'x'), saved())).toThrow("can't write the plan");
    expect(isPlanFile(join(folder, 'none'))).toBe(false);
    expect(() => readPlan(join(folder, 'none'), '1')).toThrow(InvalidInput);
  });
});
