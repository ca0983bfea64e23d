import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseInventory } from '../../../src/model/inventory/inventory.ts';
import { limitHosts } from '../../../src/model/inventory/limit.ts';
import { matchHosts } from '../../../src/model/inventory/pattern.ts';
import { lines } from '../../diagnostics/lines.ts';
import { document } from '../../source/document.ts';

const { value: inventory } = parseInventory(
  document(`
groups:
  web: { hosts: { web1: , web2: , web3: } }
  db: { hosts: { db1: , db2: , web3: } }
  site: { children: [web, db] }
  none: {}
hosts: { lone.example.org: }
`),
);
if (inventory === undefined) throw new Error('the inventory is wrong');
const all = ['web1', 'web2', 'web3', 'db1', 'db2', 'lone.example.org'];

const limit = (pattern: string) => limitHosts(pattern, inventory);

describe('matchHosts', () => {
  it.each<[string, string[]]>([
    ['all', all],
    ['*', all],
    ['web', ['web1', 'web2', 'web3']],
    ['site', all.slice(0, 5)],
    ['web2', ['web2']],
    ['lone.example.org', ['lone.example.org']],
    ['none', []],
    ['db2,web1', ['web1', 'db2']],
    ['db:web', ['web1', 'web2', 'web3', 'db1', 'db2']],
    ['web, db', ['web1', 'web2', 'web3', 'db1', 'db2']],
    ['web:&db', ['web3']],
    ['site:!db', ['web1', 'web2']],
    ['site:!db:!web1', ['web2']],
    ['!db:site', ['web1', 'web2']],
    ['!db', ['web1', 'web2', 'lone.example.org']],
    ['&db', ['web3', 'db1', 'db2']],
    ['web:!web', []],
    ['*.example.org', ['lone.example.org']],
    ['web?', ['web1', 'web2', 'web3']],
    ['we[ab][12]', ['web1', 'web2']],
    ['web[!12]', ['web3']],
    ['*b', ['web1', 'web2', 'web3', 'db1', 'db2']],
    ['~db\\d', ['db1', 'db2']],
    ['~(web|db)2', ['web2', 'db2']],
    ['~w', ['web1', 'web2', 'web3']],
    ['web[0]', ['web1']],
    ['web[-1]', ['web3']],
    ['web[0:1]', ['web1', 'web2']],
    ['web[0-1]', ['web1', 'web2']],
    ['web[1:]', ['web2', 'web3']],
    ['web[1:99]', ['web2', 'web3']],
    ['web[:1]', ['web1', 'web2']],
    ['web[0:1]:!web[0]', ['web2']],
    ['web[1:2],!web[-1]', ['web2']],
    ['!web[0],&site,web', ['web2', 'web3']],
    ['&db:&web:all', ['web3']],
    ['~web\\d:!~.*1$', ['web2', 'web3']],
    ['lon[d:f].example.org', ['lone.example.org']],
    ['all[4:]', ['db2', 'lone.example.org']],
    ['web:', ['web1', 'web2', 'web3']],
  ])('%s', (pattern, hosts) => {
    expect(limit(pattern)).toEqual({ value: hosts, diagnostics: [] });
  });

  it.each<[string, string[]]>([
    ['webs', ["unknown-pattern --limit: there is no host or group 'webs' (did you mean 'web'?)"]],
    [
      'zzz',
      ["unknown-pattern --limit: there is no host or group 'zzz' (the groups are all, web, db, site, none)"],
    ],
    [
      'site:!bd1:wbe',
      [
        "unknown-pattern --limit: there is no host or group 'bd1' (did you mean 'db1'?)",
        "unknown-pattern --limit: there is no host or group 'wbe' (did you mean 'web'?)",
      ],
    ],
    ['x*', ["unknown-pattern --limit: no host or group matches 'x*'"]],
    ['~x', ['unknown-pattern --limit: no host or group matches ~x']],
    [
      '~(',
      [
        "invalid-pattern --limit: '(' is not a regular expression that can be used here: a '(' is never closed",
      ],
    ],
    ['wbe[0]', ["unknown-pattern --limit: there is no host or group 'wbe' (did you mean 'web'?)"]],
    ['web[7]', ["unknown-pattern --limit: 'web[7]' is outside of 'web', which has 3 hosts"]],
    ['web[-4]', ["unknown-pattern --limit: 'web[-4]' is outside of 'web', which has 3 hosts"]],
    ['', ['invalid-pattern --limit: a host pattern is empty']],
    [' , ', ['invalid-pattern --limit: a host pattern is empty']],
    ['web:!', ["invalid-pattern --limit: nothing follows '!' or '&'"]],
    ['web:[', ["unknown-pattern --limit: no host or group matches '['"]],
    [
      '__proto__',
      [
        "unknown-pattern --limit: there is no host or group '__proto__' (the groups are all, web, db, site, none)",
      ],
    ],
  ])('refuses %j', (pattern, expected) => {
    const result = limit(pattern);
    expect(lines(result.diagnostics)).toEqual(expected);
    expect(result.value).toBeUndefined();
  });

  // Brackets after a group's name are positions; without such a group, they are a range of hosts.
  it.each<[string, string[]]>([
    ['docker[1:3]', ['docker1', 'docker2', 'docker3']],
    ['docker[0:9]', ['docker1', 'docker2', 'docker3', 'docker4']],
    ['docker[1:4:2]', ['docker1', 'docker3']],
    ['all:!docker[2:3]', ['docker1', 'docker4']],
    ['docker[13]', ['docker1', 'docker3']],
  ])('%s, without a group named docker', (pattern, hosts) => {
    const { value: numbered } = parseInventory(document('hosts: { "docker[1:4]": }'));
    if (numbered === undefined) throw new Error('the inventory is wrong');
    expect(limitHosts(pattern, numbered)).toEqual({ value: hosts, diagnostics: [] });
  });

  it("points at the term in a playbook's hosts", () => {
    const { locate } = document("hosts: 'site:!bd1'", 'pb.yml');
    expect(lines(matchHosts('site:!bd1', inventory, { range: locate(['hosts']) }).diagnostics)).toEqual([
      "pb.yml:1:15 unknown-pattern there is no host or group 'bd1' (did you mean 'db1'?)",
    ]);
  });

  it('points at the whole value if the file spells the pattern differently', () => {
    const { locate } = document('hosts: "si\\x74e:zzzz"', 'pb.yml');
    expect(lines(matchHosts('site:zzzz', inventory, { range: locate(['hosts']) }).diagnostics)[0]).toMatch(
      /^pb\.yml:1:8 /,
    );
  });

  it('reads files only for --limit', () => {
    const { locate } = document('hosts: "@x"', 'pb.yml');
    expect(lines(matchHosts('@x', inventory, { range: locate(['hosts']) }).diagnostics)).toEqual([
      "pb.yml:1:9 invalid-pattern a file of hosts ('@x') can be given to --limit only",
    ]);
  });
});

describe('--limit @FILE', () => {
  function file(content: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'meshbook-limit-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'hosts'), content);
    return join(folder, 'hosts');
  }

  it('combines the lines', () => {
    expect(limit(`@${file('# failed\ndb1\n\n  web1  \r\nweb:&db\n')}`).value).toEqual([
      'web1',
      'web3',
      'db1',
    ]);
  });

  it.each<[string, string, string[]]>([
    ['@', '!web1\nweb\n', ['web2', 'web3']],
    ['@', 'all\n&db\n!web3\n', ['db1', 'db2']],
    ['@', '!db\n', ['web1', 'web2', 'lone.example.org']],
    ['@', '# nobody\n', []],
    ['web,@', 'db1\n', ['web1', 'web2', 'web3', 'db1']],
    ['web:@', '!web1\n', ['web2', 'web3']],
    ['site:!@', 'web\n', ['db1', 'db2']],
    ['site:&@', 'web\n!web1\n', ['web2', 'web3']],
    ['site:!@', '\n', all.slice(0, 5)],
    ['!web3:@', 'db\n', ['db1', 'db2']],
  ])('equals its lines: %sFILE with %j', (before, content, hosts) => {
    expect(limit(`${before}${file(content)}`)).toEqual({ value: hosts, diagnostics: [] });
  });

  it('reports the errors of all files', () => {
    const path = file('!bd1\n');
    expect(lines(limit(`wbe:@${path}:@/nowhere`).diagnostics)).toEqual([
      "unknown-pattern --limit: there is no host or group 'wbe' (did you mean 'web'?)",
      'file-not-found there is no file /nowhere',
      `${path}:1:2 unknown-pattern there is no host or group 'bd1' (did you mean 'db1'?)`,
    ]);
  });

  it('reports the wrong line', () => {
    const path = file('db1\n  wbe1\n');
    expect(lines(limit(`@${path}`).diagnostics)).toEqual([
      `${path}:2:3 unknown-pattern there is no host or group 'wbe1' (did you mean 'web1'?)`,
    ]);
  });

  it('reports a missing file', () => {
    expect(lines(limit('@/nowhere').diagnostics)).toEqual(['file-not-found there is no file /nowhere']);
  });
});
