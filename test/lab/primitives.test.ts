import { describe, expect, it } from 'vitest';
import { type Change, changeView, primitiveOf } from '../../src/changes/registry.ts';
import type { FactQuery, Facts } from '../../src/facts/fact.ts';
import { fileFact, fileHashFact } from '../../src/facts/file.ts';
import { guardFact } from '../../src/facts/guard.ts';
import { packageFact } from '../../src/facts/package.ts';
import { sysctlFact } from '../../src/facts/sysctl.ts';
import { unitFact } from '../../src/facts/unit.ts';
import { kindOf } from '../kinds/cases.ts';
import { on as execute, prepared, read } from './on-host.ts';
import { lab, stateDir } from './own-lab.ts';

const host = 'docker1';
const on = (script: string) => execute(lab(), host, script);
const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
const view = { host, overlays: new Map(), step: 'Test' };

/** Plans one step on facts read from the host. */
async function plan(kind: string, params: Record<string, unknown>, more: readonly FactQuery<unknown>[] = []) {
  const used = kindOf(kind);
  const queries = [...used.facts(params, view), ...more];
  const facts = await read(lab(), host, queries);
  const { changes, unknowns = [], problems = [] } = used.plan(params, facts, view);
  return { changes, unknowns, problems, facts, queries };
}

function canonical(facts: Facts, queries: readonly FactQuery<unknown>[]) {
  return queries.map((query) => (facts.knows(query) ? query.family.canonical(facts.get(query)) : 'unknown'));
}

const ended = { type: 'end', outcome: 'ok' };

/**
 * Law 3: after applying twice, the plan is empty and the facts are as predicted; after undoing twice, they are as
 * before.
 */
async function thereAndBack(kind: string, params: Record<string, unknown>, look = ':') {
  const first = await plan(kind, params);
  expect(first.problems).toEqual([]);
  expect(first.changes).not.toEqual([]);
  const seenBefore = await on(look);
  const run = await prepared(lab(), host, first.changes);
  for (const time of ['once', 'twice']) {
    const events = await run.apply();
    expect(events.at(-1), `${time}: ${JSON.stringify(events)}`).toEqual(ended);
    const after = await plan(kind, params);
    expect(after.changes, time).toEqual([]);
    const predicted = first.changes.reduce(
      (facts, change) => primitiveOf(change).predict(change, facts),
      first.facts,
    );
    expect(canonical(after.facts, first.queries)).toEqual(canonical(predicted, first.queries));
  }
  const seenAfter = await on(look);
  for (const time of ['once', 'twice']) {
    const events = await run.undo();
    expect(events.at(-1), `${time}: ${JSON.stringify(events)}`).toEqual(ended);
    expect(canonical(await read(lab(), host, first.queries), first.queries), time).toEqual(
      canonical(first.facts, first.queries),
    );
    expect(await on(look), time).toEqual(seenBefore);
  }
  return { seenBefore, seenAfter, changes: first.changes };
}

describe.skipIf(stateDir === '').sequential('on a real host', { timeout: 120_000 }, () => {
  const look = (path: string) =>
    `stat -c '%n %a %U:%G %F %y %i' ${path} 2>&1 | sed 's/ [0-9]*$//'; cat ${path} 2>&1; ls -lA --time-style=full-iso "$(dirname ${path})" 2>&1 | grep -v ^total`;

  it('makes a file with its parent folders, and removes all of them', async () => {
    const { seenAfter } = await thereAndBack(
      'file',
      {
        path: '/srv/one/two/file.txt',
        content: "it's\n\t$HOME `x` \\ é\nno line break at the end",
        mode: '0640',
        group: 'daemon',
      },
      look('/srv/one/two/file.txt'),
    );
    expect(seenAfter).toContain('640 root:daemon regular file');
    expect(seenAfter).toContain("it's\n\t$HOME `x` \\ é\nno line break at the end");
    expect(await on('[ -e /srv/one ] || echo gone')).toBe('gone\n');
  });

  it('keeps what the step does not name of an existing file, and restores it with its times', async () => {
    await on(
      `printf 'old\\n' >/srv/kept; chown daemon:adm /srv/kept; chmod 2751 /srv/kept; touch -d 2001-02-03 /srv/kept`,
    );
    const { seenAfter, seenBefore } = await thereAndBack(
      'file',
      { path: '/srv/kept', content: '' },
      look('/srv/kept'),
    );
    expect(seenBefore).toContain('2751 daemon:adm regular file 2001-02-03');
    expect(seenAfter).toContain('2751 daemon:adm regular empty file');
    await on('rm /srv/kept');
  });

  it('follows a link, which stays a link', async () => {
    await on(
      'mkdir -p /srv/linked /opt/real; echo old >/opt/real/file; ln -s /opt/real/file /srv/linked/link',
    );
    const { seenAfter } = await thereAndBack(
      'file',
      { path: '/srv/linked/link', content: 'new\n' },
      `${look('/srv/linked/link')}; ls -A /opt/real`,
    );
    expect(seenAfter).toContain('symbolic link');
    expect(seenAfter).toMatch(/^new$/m);
    expect(seenAfter).toMatch(/^file\n$/m);
    await on('rm -r /srv/linked /opt/real');
  });

  it.each(['a binary file', 'a link'])('removes %s, and restores it', async (what) => {
    await on(
      what === 'a link'
        ? 'ln -s /nowhere /srv/thing'
        : "printf 'a\\000b\\377' >/srv/thing; chmod 400 /srv/thing",
    );
    const { seenAfter } = await thereAndBack(
      'file',
      { path: '/srv/thing', state: 'absent' },
      look('/srv/thing'),
    );
    expect(seenAfter).toContain('No such file');
    await on('rm /srv/thing');
  });

  it('writes a secret, and never reads its content', async () => {
    const secret = 'correct horse battery staple';
    const params = { path: '/srv/secret', content: secret, mode: '0600', secret: true };
    const { changes } = await thereAndBack('file', params, look('/srv/secret'));
    expect(JSON.stringify(changes.map((change) => changeView(change)))).not.toContain(secret);
    const { facts } = await plan('file', params, [fileHashFact('/etc/passwd')]);
    expect(JSON.stringify([...facts.states()])).not.toContain('root:x:0');
  });

  it('undoes a file that is half written', async () => {
    const change: Change = {
      type: 'file',
      path: '/srv/deep/down/file',
      before: null,
      after: { content: 'x', mode: '0644', owner: 'nobody-of-that-name', group: 'root' },
    };
    const run = await prepared(lab(), host, [change]);
    expect(await run.apply()).toContainEqual(
      expect.objectContaining({ type: 'failed', output: expect.stringContaining('invalid user') }),
    );
    expect(await on('ls -A /srv/deep/down')).not.toBe('');
    expect((await run.undo()).at(-1)).toEqual(ended);
    expect(await on('[ -e /srv/deep ] || echo gone')).toBe('gone\n');
  });

  it('reads files of every type in one pass', async () => {
    await on(`mkdir -p '/srv/f s'; head -c 1048577 /dev/zero | tr '\\0' x >'/srv/f s/big'; printf '\\377\\376' >'/srv/f s/binary'
      chown 4242:4243 '/srv/f s/binary'; printf '\\357\\273\\277bom\\r\\n' >'/srv/f s/bom '; ln -s 'bom ' '/srv/f s/link'; ln -s nowhere '/srv/f s/dangling'; mkfifo '/srv/f s/pipe'`);
    const names = [
      '',
      '/big',
      '/binary',
      '/bom ',
      '/link',
      '/dangling',
      '/pipe',
      '/absent',
      '/absent/deeper',
    ];
    const queries = names.map((name) => fileFact(`/srv/f s${name}`));
    const facts = await read(lab(), host, queries);
    await on("rm -r '/srv/f s'");
    const owned = { mode: '0644', owner: 'root', group: 'root' };
    expect(queries.map((query) => facts.get(query))).toEqual([
      { kind: 'directory', ...owned, mode: '0755' },
      {
        kind: 'opaque',
        sha256: hash,
        ...owned,
      },
      {
        kind: 'opaque',
        sha256: hash,
        ...owned,
        owner: '4242',
        group: '4243',
      },
      { kind: 'text', content: '\ufeffbom\r\n', ...owned },
      { kind: 'text', content: '\ufeffbom\r\n', ...owned, target: '/srv/f s/bom ' },
      { kind: 'dangling', target: '/srv/f s/nowhere' },
      { kind: 'other', ...owned },
      null,
      null,
    ]);
  });

  it('reports a file that a user may not see as unknown', async () => {
    const { script, parse } = (await import('../../src/facts/probe.ts')).compileProbe(
      [fileFact('/root/x/y'), fileFact('/etc/shadow'), fileFact('/etc/hostname')],
      'a7c1f0e25b',
    );
    await on(`cat >/srv/probe <<'EOF'\n${script.text}\nEOF`);
    const facts = parse(await on('su -s /bin/sh nobody -c "sh /srv/probe"; rm /srv/probe'));
    expect(facts.knows(fileFact('/root/x/y'))).toBe(false);
    expect(facts.knows(fileFact('/etc/shadow'))).toBe(false);
    expect(facts.get(fileFact('/etc/hostname'))).toMatchObject({ content: `${host}\n` });
  });

  it('changes a kernel parameter, and writes its file', async () => {
    const { seenAfter } = await thereAndBack(
      'sysctl',
      { name: 'net.ipv4.tcp_rmem', value: '4096  131072 6291455' },
      'cat /proc/sys/net/ipv4/tcp_rmem; ls /etc/sysctl.d; cat /etc/sysctl.d/60-* 2>&1 || true',
    );
    expect(seenAfter).toMatch(/^4096\t131072\t6291455\n/);
    expect(seenAfter).toContain('60-meshbook-net.ipv4.tcp_rmem.conf');
  });

  it('reads a kernel parameter that the kernel lacks as null, and finds one with a dot in its name', async () => {
    const queries = ['net.bogus.key', 'net/ipv4/conf/lo/forwarding', 'net.ipv4.route.flush'].map(sysctlFact);
    const facts = await read(lab(), host, queries);
    expect(queries.map((query) => facts.knows(query) && facts.get(query))).toEqual([
      null,
      expect.stringMatching(/^[01]$/),
      false,
    ]);
  });

  it('stops and disables a unit, and restores it', async () => {
    const state = 'systemctl is-active cron.service; systemctl is-enabled cron.service; true';
    await on(`printf '[Service]\\nExecStart=sleep 1000\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/cron.service
      systemctl daemon-reload; systemctl enable -q --now cron.service`);
    const stopped = await thereAndBack('service', { name: 'cron', state: 'stopped', enabled: false }, state);
    expect([stopped.seenBefore, stopped.seenAfter]).toEqual(['active\nenabled\n', 'inactive\ndisabled\n']);
    await on('systemctl stop cron; systemctl disable -q cron');
    const started = await thereAndBack('service', { name: 'cron', state: 'started', enabled: true }, state);
    expect([started.seenBefore, started.seenAfter]).toEqual(['inactive\ndisabled\n', 'active\nenabled\n']);
    await on('rm /etc/systemd/system/cron.service; systemctl daemon-reload');
  });

  it('reads units of every state in one call', async () => {
    const queries = ['sshd', 'no-such-unit', 'docker.socket', 'systemd-journald'].map(unitFact);
    const facts = await read(lab(), host, queries);
    expect(queries.map((query) => facts.get(query))).toEqual([
      { load: 'loaded', active: 'active', file: 'enabled' },
      { load: 'not-found', active: 'inactive', file: '' },
      { load: 'loaded', active: 'active', file: 'enabled' },
      { load: 'loaded', active: 'active', file: 'static' },
    ]);
  });

  it('runs a command, its guard and its undo', async () => {
    const params = {
      run: 'echo ran >/srv/trace\n# a "quote" and $dollar',
      creates: '/srv/trace',
      undo: 'rm /srv/trace',
    };
    const { seenAfter } = await thereAndBack('command', params, 'cat /srv/trace 2>&1 || true');
    expect(seenAfter).toBe('ran\n');
  });

  it('runs a command from its folder as an argument list, and kills it with all its children at its timeout', async () => {
    const base = { type: 'run', timeout: 1, always: true } as const;
    const listed = await prepared(lab(), host, [
      { ...base, command: ['cp', 'hostname', '/srv/a copy'], chdir: '/etc' },
    ]);
    expect((await listed.apply()).at(-1)).toEqual(ended);
    expect(await on("cat '/srv/a copy'; rm '/srv/a copy'")).toBe(`${host}\n`);
    const slow = await prepared(lab(), host, [{ ...base, command: '(sleep 987) & sleep 987' }]);
    expect(await slow.apply()).toContainEqual({
      type: 'failed',
      id: '1',
      exitCode: 124,
      output: '',
      timeout: 1,
    });
    expect(await on('pgrep -f "sleep 98[7]" || true')).toBe('');
  });

  it('neither runs nor undoes a command whose guard finds nothing to do by then', async () => {
    const run = await prepared(lab(), host, [
      {
        type: 'run',
        command: 'echo ran >>/srv/log',
        undo: 'echo undone >>/srv/log',
        timeout: 5,
        guard: { unless: 'test -e /srv/done' },
      },
    ]);
    await on('touch /srv/done');
    expect(await run.apply()).toEqual([{ type: 'begin', id: '1' }, { type: 'not-run', id: '1' }, ended]);
    expect(await run.undo()).toEqual([ended]);
    expect(await on('[ -e /srv/log ] || echo untouched; rm /srv/done')).toBe('untouched\n');
  });

  it('evaluates guards without changing anything', async () => {
    const guards = [
      { creates: '/etc/passwd' },
      { creates: '/nope' },
      { unless: 'true' },
      { unless: 'exit 3' },
      { only_if: 'true' },
      { only_if: 'no-such-command' },
      { unless: 'test "$(pwd)" = /etc', chdir: '/etc' },
      { unless: 'true', chdir: '/nope' },
    ].map(guardFact);
    const facts = await read(lab(), host, guards);
    expect(guards.map((guard) => (facts.knows(guard) ? facts.get(guard) : 'unknown'))).toEqual([
      true,
      false,
      true,
      false,
      false,
      true,
      true,
      'unknown',
    ]);
  });

  it('installs a package, and the undo removes exactly what it installed', async () => {
    const params = { name: ['bridge-utils', 'iproute2'] };
    const first = await plan('package', params, [packageFact('no-such-package')]);
    expect(first.facts.get(packageFact('no-such-package'))).toEqual({ installed: null, candidate: null });
    expect(first.changes).toMatchObject([
      {
        packages: [
          { name: 'bridge-utils', before: { installed: null, candidate: expect.stringMatching(/^1\./) } },
        ],
        update: false,
      },
    ]);
    const run = await prepared(lab(), host, first.changes);
    const listed = await on('dpkg-query -W');
    expect((await run.apply()).at(-1)).toEqual(ended);
    expect((await plan('package', params)).changes).toEqual([]);
    for (const _ of ['once', 'twice']) {
      const events = await run.undo();
      expect(events.at(-1), JSON.stringify(events)).toEqual(ended);
      expect(await on('dpkg-query -W; ls /etc/default/bridge-utils 2>&1 || true')).toBe(
        `${listed}ls: cannot access '/etc/default/bridge-utils': No such file or directory\n`,
      );
    }
  });

  it('removes a package, and nothing that the plan does not name', async () => {
    const needed = await plan('package', { name: 'openvswitch-common', state: 'absent' });
    const refused = await prepared(lab(), host, needed.changes);
    expect(await refused.apply()).toContainEqual(
      expect.objectContaining({
        type: 'failed',
        output: expect.stringContaining('these would go with it: openvswitch-switch'),
      }),
    );
    const listed = await on('apt-get -q -y install bridge-utils >/dev/null; dpkg-query -W');
    const params = { name: 'bridge-utils', state: 'absent' };
    const run = await prepared(lab(), host, (await plan('package', params)).changes);
    expect((await run.apply()).at(-1)).toEqual(ended);
    expect((await plan('package', params)).changes).toEqual([]);
    expect((await run.undo()).at(-1)).toEqual(ended);
    expect(await on('dpkg-query -W')).toBe(listed);
    await on('apt-get -q -y purge bridge-utils >/dev/null');
  });

  it('leaves no trace by reading', async () => {
    const queries = [
      packageFact('bridge-utils'),
      fileFact('/etc/passwd'),
      unitFact('ssh'),
      sysctlFact('net.ipv4.ip_forward'),
    ];
    const trace =
      'find /etc /var /srv -newer /run/stamp ! -path "/var/log/journal*" ! -path "/var/lib/docker*"';
    await on('touch /run/stamp; sleep 0.1');
    await read(lab(), host, queries);
    expect(await on(trace)).toBe('');
  });
});
