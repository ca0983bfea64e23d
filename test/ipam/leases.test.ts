import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunError } from '../../src/diagnostics/errors.ts';
import { allowFolders } from '../../src/files/project.ts';
import { diffLeases, type Leases, withLeases, withoutGone } from '../../src/ipam/leases.ts';
import {
  formatLeases,
  leasesPath,
  parseLeases,
  readLeases,
  writeLeases,
} from '../../src/ipam/leases-file.ts';

const leases: Leases = new Map([
  [
    'lab',
    new Map([
      ['docker10', { bridgeAddress: '10.11.12.2', fixedCidr: '10.11.12.32/28' }],
      ['docker2', { bridgeAddress: '10.11.12.1' }],
    ]),
  ],
]);

it.each([
  ['lab.yml', 'lab.leases.json'],
  ['inventory/lab.yaml', 'inventory/lab.leases.json'],
  ['my.lab', 'my.lab.leases.json'],
])('the leases of %s are in %s', (inventory, path) => {
  expect(leasesPath(inventory)).toBe(path);
});

describe('the file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'meshbook-leases-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is written sorted and whole, and can be read back', async () => {
    const path = join(folder, 'lab.leases.json');
    await writeLeases(path, leases);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
      version: 1,
      overlays: {
        lab: {
          docker2: { bridge_address: '10.11.12.1' },
          docker10: { bridge_address: '10.11.12.2', fixed_cidr: '10.11.12.32/28' },
        },
      },
    });
    expect(await readFile(path, 'utf8')).toMatch(/docker2.*docker10.*\}\n$/s);
    expect(await readLeases(path)).toEqual({ value: leases, diagnostics: [] });
    expect(await readdir(folder)).toEqual(['lab.leases.json']);
  });

  it('may be missing', async () => {
    expect(await readLeases(join(folder, 'none.json'))).toEqual({ value: new Map(), diagnostics: [] });
  });

  it('may be unreadable', async () => {
    await expect(readLeases(folder)).rejects.toThrow(RunError);
    await expect(writeLeases(join(folder, 'no', 'such'), leases)).rejects.toThrow(RunError);
  });

  it('may be a link within its project or to an allowed folder, but not elsewhere', async () => {
    const [project, outside] = [join(folder, 'project'), join(folder, 'outside')];
    await mkdir(join(project, 'sub'), { recursive: true });
    await mkdir(outside);
    await writeFile(join(project, 'meshbook.yml'), '');
    await writeFile(join(project, 'sub', 'own'), formatLeases(leases));
    await writeFile(join(outside, 'secret'), 'root:x:0:0');
    await symlink(join(project, 'sub', 'own'), join(project, 'a.leases.json'));
    await symlink(join(outside, 'secret'), join(project, 'b.leases.json'));
    expect(await readLeases(join(project, 'a.leases.json'))).toEqual({ value: leases, diagnostics: [] });
    const path = join(project, 'b.leases.json');
    const [real, own] = [await realpath(outside), await realpath(project)];
    await expect(readLeases(path)).rejects.toMatchObject({
      code: 'state',
      message: `the leases' file ${path}, which leads to ${join(real, 'secret')}, is outside the project ${own}`,
      hint: `put it there, or allow its folder: --allow-files ${real}`,
    });
    allowFolders([outside]);
    expect((await readLeases(path)).diagnostics).toMatchObject([{ code: 'leases-damaged' }]);
    allowFolders([]);
  });

  it('may be damaged', async () => {
    const path = join(folder, 'lab.leases.json');
    await writeFile(path, '{"version": 1,');
    const { value, diagnostics } = await readLeases(path);
    expect(value).toBeUndefined();
    expect(diagnostics).toMatchObject([{ severity: 'error', code: 'leases-damaged' }]);
  });
});

describe('parseLeases', () => {
  it('refuses a file in which two hosts have one address or one range, and names both', () => {
    const lease = (address: string, range: string) => ({ bridge_address: address, fixed_cidr: range });
    const merged = (first: unknown, second: unknown) =>
      parseLeases({
        path: 'lab.leases.json',
        text: JSON.stringify({
          version: 1,
          overlays: { lab: { docker1: first, docker2: second }, other: { docker3: first } },
        }),
      });
    const one = lease('10.11.12.1', '10.11.12.16/28');
    expect(merged(one, lease('10.11.12.1', '10.11.12.32/28')).diagnostics).toMatchObject([
      {
        code: 'leases-damaged',
        message:
          "lab.leases.json can't be used as a leases file: 'docker1' and 'docker2' both have 10.11.12.1",
        hint: expect.stringContaining('was it merged?'),
      },
    ]);
    expect(merged(one, lease('10.11.12.2', '10.11.12.16/28')).diagnostics).toHaveLength(1);
    expect(merged(one, lease('10.11.12.2', '10.11.12.32/28')).diagnostics).toEqual([]);
  });

  const parse = (text: string) => parseLeases({ path: 'lab.leases.json', text });
  const withHost = (lease: unknown) => JSON.stringify({ version: 1, overlays: { lab: { docker1: lease } } });

  it.each<[string, string, string, RegExp]>([
    ['no JSON', '{"version" 1}', 'leases-damaged', /isn't JSON/],
    ['merge conflicts', '<<<<<<< HEAD\n{}', 'leases-damaged', /isn't JSON/],
    ['a list', '[]', 'leases-damaged', /no version and overlays/],
    ['nothing', '{}', 'leases-damaged', /no version and overlays/],
    ['another version', '{"version": 2}', 'leases-version', /version 2, and this meshbook reads version 1/],
    [
      'invalid overlays',
      '{"version": 1, "overlays": {"lab": 5}}',
      'leases-damaged',
      /an overlay without hosts/,
    ],
    [
      'a host with an invalid value',
      withHost(5),
      'leases-damaged',
      /something else than the lease of host 'docker1'/,
    ],
    ['an unknown key', withHost({ address: 'x' }), 'leases-damaged', /unknown 'address' of host 'docker1'/],
    [
      "an object's built-in key",
      withHost({ toString: 'x' }),
      'leases-damaged',
      /unknown 'toString' of host 'docker1'/,
    ],
    [
      'a wrong address',
      withHost({ bridge_address: '10.0.0' }),
      'leases-damaged',
      /wrong bridge_address .*not an IP address/,
    ],
    [
      'a wrong range',
      withHost({ fixed_cidr: '10.0.0.5/24' }),
      'leases-damaged',
      /wrong fixed_cidr .*host|network/,
    ],
    ['a long text', withHost({ replaced: 'x'.repeat(1e6) }), 'leases-damaged', /\("x{59}… is no list\)/],
    [
      'endless nesting',
      `{"version": 1, "overlays": ${'['.repeat(1e5)}${']'.repeat(1e5)}}`,
      'leases-damaged',
      /: it has more than 200 levels of lists and objects inside each other$/,
    ],
    ['a number', withHost({ fixed_cidr: 10 }), 'leases-damaged', /10 is no text/],
  ])('refuses %s', (_, text, code, message) => {
    const { value, diagnostics } = parse(text);
    expect(value).toBeUndefined();
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.code).toBe(code);
    expect(diagnostics[0]?.message).toMatch(message);
  });

  it.each([
    ['leases that many hosts share', { fixed_cidr: '10.0.0.0/28' }],
    ['wrong leases', { fixed_cidr: 10 }],
  ])('reports only a few of very many %s', (_, lease) => {
    const leases = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`h${i}`, lease]));
    const { value, diagnostics } = parse(JSON.stringify({ version: 1, overlays: { lab: leases } }));
    expect(value).toBeUndefined();
    expect(diagnostics).toHaveLength(101);
    expect(diagnostics.at(-1)).toMatchObject({
      code: 'more-mistakes',
      message: expect.stringMatching(/^there are 49,?[89]\d\d more errors/),
    });
  });

  it('points at the value', () => {
    const text = withHost({ fixed_cidr: '10.0.0.5/24' });
    expect(parse(text).diagnostics[0]?.range?.start).toBe(text.indexOf('"10.0.0.5/24"'));
  });

  it('handles names of built-in properties', () => {
    const odd: Leases = new Map([['__proto__', new Map([['constructor', { bridgeAddress: '10.0.0.1' }]])]]);
    expect(parse(formatLeases(odd)).value).toEqual(odd);
  });
});

describe('diffLeases', () => {
  const now = new Map([
    ['lab', new Map([['docker1', { bridgeAddress: '10.0.0.1', fixedCidr: '10.0.0.16/28' }]])],
  ]);

  it('is empty for equal leases', () => {
    expect(diffLeases(leases, leases)).toEqual([]);
  });

  it('shows new leases', () => {
    expect(diffLeases(new Map(), now)).toEqual([
      { overlay: 'lab', host: 'docker1', after: { bridgeAddress: '10.0.0.1', fixedCidr: '10.0.0.16/28' } },
    ]);
  });

  it('shows dropped leases', () => {
    expect(diffLeases(now, new Map())).toEqual([
      { overlay: 'lab', host: 'docker1', before: { bridgeAddress: '10.0.0.1', fixedCidr: '10.0.0.16/28' } },
    ]);
  });

  it('shows only values that change', () => {
    const moved = withLeases(now, 'lab', {
      leases: new Map([['docker1', { bridgeAddress: '10.0.0.1', fixedCidr: '10.0.0.32/28' }]]),
    });
    expect(diffLeases(now, moved)).toEqual([
      {
        overlay: 'lab',
        host: 'docker1',
        before: { fixedCidr: '10.0.0.16/28' },
        after: { fixedCidr: '10.0.0.32/28' },
      },
    ]);
  });
});

it("replaces one overlay's leases and keeps the others", () => {
  const both = withLeases(leases, 'other', { leases: new Map([['docker1', { bridgeAddress: '10.0.0.1' }]]) });
  expect([...both.keys()]).toEqual(['lab', 'other']);
  expect(both.get('lab')).toBe(leases.get('lab'));
});

describe('a bridge address that a newer lease replaces', () => {
  const lease = (bridgeAddress: string, replaced?: string[]): Leases =>
    new Map([['lab', new Map([['docker1', { bridgeAddress, ...(replaced && { replaced }) }]])]]);
  const renumbered = (before: Leases, bridgeAddress: string) =>
    withLeases(before, 'lab', { leases: new Map([['docker1', { bridgeAddress }]]) });

  it('is kept, however often the host is renumbered', () => {
    const once = renumbered(lease('10.0.0.1'), '10.1.0.1');
    expect(once).toEqual(lease('10.1.0.1', ['10.0.0.1']));
    expect(renumbered(once, '10.2.0.1')).toEqual(lease('10.2.0.1', ['10.0.0.1', '10.1.0.1']));
  });

  it('is no longer a replaced one once it is leased again', () => {
    const back = renumbered(renumbered(lease('10.0.0.1'), '10.1.0.1'), '10.0.0.1');
    expect(back).toEqual(lease('10.0.0.1', ['10.1.0.1']));
  });

  it('is kept if the inventory now sets the address, and for a host that left', () => {
    const given = withLeases(lease('10.0.0.1'), 'lab', {
      leases: new Map([['docker1', { fixedCidr: '10.1.0.16/28' }]]),
    });
    expect(given.get('lab')?.get('docker1')).toEqual({ fixedCidr: '10.1.0.16/28', replaced: ['10.0.0.1'] });
    const left = withLeases(lease('10.0.0.1'), 'lab', { leases: new Map() });
    expect(left.get('lab')?.get('docker1')).toEqual({ replaced: ['10.0.0.1'] });
  });

  it('is written and read back', () => {
    const all = lease('10.2.0.1', ['10.0.0.1', '10.1.0.1']);
    const parse = (text: string) => parseLeases({ path: 'lab.leases.json', text });
    const withHost = (one: unknown) => JSON.stringify({ version: 1, overlays: { lab: { docker1: one } } });
    expect(parse(formatLeases(all)).value).toEqual(all);
    expect(parse(withHost({ replaced: '10.0.0.1' })).diagnostics[0]?.message).toContain('is no list');
    expect(parse(withHost({ replaced: ['x'] })).diagnostics[0]?.code).toBe('leases-damaged');
  });

  it('is dropped if the host is known not to have it', () => {
    const all = lease('10.2.0.1', ['10.0.0.1', '10.1.0.1']);
    expect(withoutGone(all, (_, address) => address === '10.1.0.1')).toEqual(lease('10.2.0.1', ['10.1.0.1']));
    expect(withoutGone(all, () => false)).toEqual(lease('10.2.0.1'));
    expect(withoutGone(all, () => undefined)).toEqual(all);
  });
});
