import { describe, expect, it } from 'vitest';
import { type FileChange, filePrimitive, removeFile, writeFile } from '../../src/changes/file/file.ts';
import { packagePrimitive } from '../../src/changes/package.ts';
import { type Change, changeView } from '../../src/changes/registry.ts';
import { runPrimitive } from '../../src/changes/run.ts';
import { Facts } from '../../src/facts/fact.ts';
import { fileFact, fileHashFact } from '../../src/facts/file.ts';
import { unitFact } from '../../src/facts/unit.ts';

const owned = { mode: '0644', owner: 'root', group: 'root' };
const text = { kind: 'text', content: 'old\n', ...owned } as const;

describe('a file change', () => {
  const shown = (change: FileChange | undefined) => change && changeView(change);

  it('shows content as a text, and only what differs', () => {
    expect(shown(writeFile('/etc/x', text, { content: 'new\n', mode: '0600' }))).toEqual({
      action: 'update',
      noun: 'file',
      target: '/etc/x',
      fields: [
        { field: 'content', before: 'old\n', after: 'new\n', text: true },
        { field: 'mode', before: '0644', after: '0600' },
      ],
    });
  });

  it('shows only that a secret changes', () => {
    const before = { kind: 'opaque', sha256: 'a'.repeat(64), ...owned } as const;
    expect(shown(writeFile('/etc/x', before, { content: 'hello' }, { secret: true }))?.fields).toEqual([
      {
        field: 'content',
        before: '(secret)',
        after: '(another secret)',
      },
    ]);
    expect(shown(writeFile('/etc/x', null, { content: 'hello' }, { secret: true }))?.fields[0]).toEqual({
      field: 'content',
      after: '(a secret)',
    });
  });

  it('shows a binary file by its hash', () => {
    const before = { kind: 'opaque', sha256: 'b'.repeat(64), ...owned } as const;
    expect(shown(removeFile('/etc/x', before))).toMatchObject({
      action: 'delete',
      fields: [{ field: 'content', before: '(not text, sha256 bbbbbbbbbbbb)' }, {}, {}, {}],
    });
  });

  it('is not planned if nothing would change', () => {
    expect(writeFile('/etc/x', text, { content: 'old\n' })).toBeUndefined();
    expect(removeFile('/etc/x', null)).toBeUndefined();
  });

  it('predicts the content, and its hash if only that is known', () => {
    const change = writeFile('/etc/x', { ...text, target: '/etc/y' }, { content: 'hello' });
    const facts = change && filePrimitive.predict(change, new Facts());
    expect(facts?.get(fileFact('/etc/x'))).toEqual({ ...text, content: 'hello', target: '/etc/y' });
    expect(facts?.get(fileHashFact('/etc/x'))).toMatchObject({ kind: 'opaque', target: '/etc/y' });
  });

  it('predicts nothing of a secret except its hash', () => {
    const change = writeFile('/etc/x', null, { content: 'hello' }, { secret: true });
    const facts = change && filePrimitive.predict(change, new Facts());
    expect(JSON.stringify([...(facts?.states() ?? [])])).not.toContain('hello');
  });

  describe('of a unit file', () => {
    const path = '/etc/systemd/system/x.service';
    const missing = { load: 'not-found', active: 'inactive', file: '' };
    const unitsAfter = (content: string | null, units: Record<string, object | null>, at = path) => {
      const facts = Object.entries(units).reduce(
        (known, [name, unit]) => known.with(unitFact(name), unit as never),
        new Facts().with(fileFact(at), content === null ? text : null),
      );
      const change = content === null ? removeFile(at, text) : writeFile(at, null, { content, mode: '0644' });
      const next = filePrimitive.predict(change as FileChange, facts);
      return Object.fromEntries(Object.keys(units).map((name) => [name, next.state(unitFact(name))]));
    };

    it('predicts the unit, which can be enabled if it says where', () => {
      const install = '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n';
      const loaded = { load: 'loaded', active: 'inactive', file: 'disabled' };
      expect(unitsAfter(install, { x: missing, y: missing })).toEqual({
        x: { value: loaded },
        y: { value: missing },
      });
      expect(unitsAfter('[Service]\n', { x: missing })).toEqual({
        x: { value: { ...loaded, file: 'static' } },
      });
      expect(unitsAfter(install, { 'x@a': missing }, '/etc/systemd/system/x@.service')).toEqual({
        'x@a': { value: loaded },
      });
      const running = { load: 'loaded', active: 'active', file: 'enabled' };
      expect(unitsAfter(install, { x: running })).toEqual({ x: { value: running } });
    });

    it('ignores units of drop-ins, masked units, and hosts without systemd', () => {
      const masked = { load: 'masked', active: 'inactive', file: 'masked' };
      expect(unitsAfter('[Service]\n', { x: missing }, '/etc/systemd/system/x.service.d/y.conf')).toEqual({
        x: { value: missing },
      });
      expect(unitsAfter('[Service]\n', { x: masked })).toEqual({ x: { value: masked } });
      expect(unitsAfter('[Service]\n', { x: null })).toEqual({ x: { value: null } });
    });

    it('that is removed makes the unit unknown', () => {
      expect(unitsAfter(null, { x: { load: 'loaded', active: 'active', file: 'enabled' } })).toEqual({
        x: { unknown: `an earlier step removes ${path}` },
      });
    });
  });
});

describe('a package change', () => {
  const change = {
    type: 'package',
    packages: [{ name: 'openvswitch-switch', before: { installed: null, candidate: '3.1' } }],
    after: 'installed',
    update: false,
  } as const;
  const missing = { load: 'not-found', active: 'inactive', file: '' };

  it('makes missing units unknown that it may bring, and only those', () => {
    const facts = new Facts()
      .with(unitFact('ovs-vswitchd'), missing)
      .with(unitFact('ssh'), { ...missing, load: 'loaded' });
    const after = packagePrimitive.predict(change, facts);
    expect([after.knows(unitFact('ovs-vswitchd')), after.knows(unitFact('ssh'))]).toEqual([false, true]);
  });

  it('shows versions', () => {
    expect(changeView(change)).toEqual({
      action: 'create',
      noun: 'package',
      target: 'openvswitch-switch',
      fields: [{ field: 'openvswitch-switch', after: '3.1' }],
    });
  });

  it('updates the package lists only on request', () => {
    expect(packagePrimitive.apply(change).text).not.toContain('apt-get -q update');
    expect(packagePrimitive.apply({ ...change, update: true }).text).toContain('apt-get -q update');
  });
});

describe('a run change', () => {
  it('shows a one-line script as its object, a longer one as a text', () => {
    const base = { type: 'run', timeout: 300 } as const;
    expect(changeView({ ...base, command: 'make\n' } as Change)).toMatchObject({
      action: 'run',
      target: 'make',
    });
    expect(changeView({ ...base, command: 'cd /srv\nmake\n' } as Change)).toMatchObject({
      target: 'make …',
      fields: [{ field: 'script', after: 'cd /srv\nmake\n', text: true }, {}, {}],
    });
    const title = (command: string) => runPrimitive.title({ ...base, command }).target;
    expect(title('#!/bin/sh\n# Makes it.\n\nset -eu\nexec 2>&1\n  make install\ndone\n')).toBe(
      'make install …',
    );
    expect(title('set -e\ncd /srv\n')).toBe('set -e …');
    expect(title('setup\nset -e\n')).toBe('setup …');
    expect(runPrimitive.title({ ...base, command: ['echo', 'a b'] }).target).toBe("echo 'a b'");
  });
});

describe('a unit change', () => {
  it('shows only what differs', () => {
    const change = {
      type: 'unit',
      unit: 'ssh.service',
      before: { enabled: true, active: false },
      after: { enabled: true, active: true },
    } as const;
    expect(changeView(change).fields).toEqual([{ field: 'active', before: false, after: true }]);
  });
});
