import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { interfacesFact } from '../../src/facts/interfaces.ts';
import { readFacts, writeFacts } from '../../src/saved/facts-folder.ts';
import { lines } from '../diagnostics/lines.ts';

const root = mkdtempSync(join(tmpdir(), 'meshbook-facts-'));
const folder = join(root, 'made', 'facts');
afterAll(() => rmSync(root, { recursive: true }));

const stored = (host: string, readAt: string) => ({
  host,
  meshbook: '1.2.3',
  readAt,
  address: '192.0.2.1',
  facts: { interfaces: { '': { value: [] } } },
});

const hosts = (...names: string[]) => names.map((name) => ({ name, address: '192.0.2.1' }));

it('has a file for each host, whatever its name, and gives the oldest of those that were needed', async () => {
  await writeFacts(folder, stored('a', '2026-03-01T00:00:00.000Z'));
  await writeFacts(folder, stored('../b', '2026-02-01T00:00:00.000Z'));
  await writeFacts(folder, stored('old', '2026-01-01T00:00:00.000Z'));
  expect(readdirSync(folder)).toEqual(['..%2Fb.json', 'a.json', 'old.json']);
  const { value, diagnostics } = readFacts(folder, hosts('a', '../b', 'new'));
  expect(diagnostics).toEqual([]);
  expect(value).toMatchObject({
    oldest: '2026-02-01T00:00:00.000Z',
    newest: '2026-03-01T00:00:00.000Z',
    missing: ['new'],
  });
  expect(value?.facts.get('a')?.get(interfacesFact)).toEqual([]);
  expect(() => value?.facts.get('new')?.get(interfacesFact)).toThrow(
    `there are no facts of the host in ${folder}`,
  );
});

it("is readable for the user only: facts contain what only a host's root can read", async () => {
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
  const path = join(root, 'private/facts/a.json');
  await writeFacts(join(root, 'private/facts'), stored('a', '2026-03-01T00:00:00.000Z'));
  expect([join(root, 'private'), join(root, 'private/facts'), path].map(mode)).toEqual(['700', '700', '600']);
  // As an earlier version, or git, has left it.
  chmodSync(path, 0o644);
  await writeFacts(join(root, 'private/facts'), stored('a', '2026-03-02T00:00:00.000Z'));
  expect(mode(path)).toBe('600');
});

it('writes through a link within the project, and through none that leads out', async () => {
  const project = join(root, 'written');
  const facts = join(project, 'facts');
  await writeFacts(facts, stored('a', '2026-03-01T00:00:00.000Z'));
  for (const file of ['written/meshbook.yml', 'written/kept', 'profile'])
    writeFileSync(join(root, file), 'x');
  symlinkSync('../kept', join(facts, 'b.json'));
  symlinkSync('/', join(project, 'top'));
  for (const [host, to] of Object.entries({
    c: '../../profile',
    d: `../top/..${root}/profile`,
    e: '../../none',
  }))
    symlinkSync(to, join(facts, `${host}.json`));
  await writeFacts(facts, stored('b', '2026-03-01T00:00:00.000Z'));
  expect(readFileSync(join(project, 'kept'), 'utf8')).toContain('"host": "b"');
  for (const host of ['c', 'd', 'e'])
    await expect(writeFacts(facts, stored(host, '2026-03-01T00:00:00.000Z'))).rejects.toMatchObject({
      code: 'state',
      message: expect.stringMatching(/^can't write the facts to .*(is outside the project|ENOENT)/),
    });
  expect(readFileSync(join(root, 'profile'), 'utf8')).toBe('x');
  expect(readdirSync(root)).not.toContain('none');
});

it('has no facts of a host whose address has changed', () => {
  const { value } = readFacts(folder, [{ name: 'a', address: '192.0.2.2' }]);
  expect(value).toMatchObject({ missing: [] });
  expect(value?.oldest).toBeUndefined();
  expect(() => value?.facts.get('a')?.get(interfacesFact)).toThrow(
    "the host's saved facts were read from 192.0.2.1, and its address is 192.0.2.2 now",
  );
});

it('has no time without hosts', () => {
  expect(Object.keys(readFacts(folder, hosts('new')).value ?? {})).toEqual(['facts', 'missing']);
});

it('reports the errors of every file, and a missing folder', () => {
  writeFileSync(join(folder, 'c.json'), '{');
  writeFileSync(join(folder, 'd.json'), '{"meshbook_facts": 7}');
  expect(
    lines(readFacts(folder, hosts('a', 'c', 'd')).diagnostics).map((line) => line.replaceAll(folder, 'F')),
  ).toEqual([
    expect.stringMatching(/^F\/c\.json:1:2 facts-damaged F\/c\.json is damaged or cut off: /),
    expect.stringMatching(/^F\/d\.json:1:2 facts-version F\/d\.json holds facts of version 7/),
  ]);
  expect(lines(readFacts(join(root, 'none'), hosts('a')).diagnostics)[0]).toMatch(
    /^no-facts there is no folder of facts \S*\/none \(read them: meshbook facts /,
  );
  expect(lines(readFacts(join(folder, 'c.json'), hosts('a')).diagnostics)[0]).toMatch(
    /^no-facts \S*\/c\.json is no folder \(/,
  );
});

it("follows a link to a host's facts within the project, and shows nothing from outside", async () => {
  const project = join(root, 'project');
  await writeFacts(join(project, 'facts'), stored('a', '2026-03-01T00:00:00.000Z'));
  writeFileSync(join(project, 'meshbook.yml'), '');
  writeFileSync(join(root, 'secret'), 'root:x:0:0');
  renameSync(join(project, 'facts/a.json'), join(project, 'kept'));
  symlinkSync('../kept', join(project, 'facts/a.json'));
  symlinkSync('../../secret', join(project, 'facts/b.json'));
  const facts = join(project, 'facts');
  expect(readFacts(facts, hosts('a')).diagnostics).toEqual([]);
  const { diagnostics } = readFacts(facts, hosts('a', 'b'));
  expect(diagnostics).toMatchObject([
    {
      code: 'file-outside-project',
      message: expect.stringMatching(/b\.json, which leads to \S+secret, is outside the project \S+project$/),
    },
  ]);
  expect(JSON.stringify(diagnostics)).not.toContain('root:x');
});
