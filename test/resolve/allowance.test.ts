import { describe, expect, it } from 'vitest';
import { parseInventory } from '../../src/model/inventory/inventory.ts';
import { TooMuch, withAllowance } from '../../src/source/allowance.ts';
import { filters } from '../../src/template/filters.ts';
import { lines } from '../diagnostics/lines.ts';
import { document } from '../source/document.ts';
import { type PlayText, resolveText, saying } from './play.ts';

const said = (text: PlayText) =>
  lines(resolveText(text).diagnostics).map((line) => line.replace('pb.yml:', ''));
const round = (body: string, elements: number) =>
  `{% for a in [${'0,'.repeat(elements)}] %}${body}{% endfor %}`;
const lots = (name: string, count: number, value: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `  ${name}${i}: ${value(i)}`).join('\n');
/** A text of a million characters, doubled step by step. */
const doubled = `vars:\n  t0: "0123456789abcdef"\n${lots('u', 16, (i) => `"{{ ${i === 0 ? 't0' : `u${i - 1}`} ~ ${i === 0 ? 't0' : `u${i - 1}`} }}"`)}`;

describe('the allowance of a play', () => {
  it.each<[string, PlayText]>([
    [
      'texts that loops make and discard',
      { playbook: saying(round('{% set x = u15 ~ u15 ~ a %}', 2000), { play: doubled }) },
    ],
    [
      'texts that many variables keep',
      { playbook: saying('x', { play: `${doubled}\n${lots('k', 400, (i) => `"{{ u15 ~ ${i} }}"`)}` }) },
    ],
    [
      'texts that are searched again and again',
      { playbook: saying(round(round('{{ u15 | length }}', 300), 10), { play: doubled }) },
    ],
    [
      'variables of many hosts',
      {
        inventory: `hosts: { "a[1:20000]": }`,
        playbook: `hosts: all\nvars:\n${lots('v', 250, (i) => `${i}`)}\nsteps: [{ ovs_bridge: { name: br0 } }]\n`,
      },
    ],
    [
      'endless host patterns',
      {
        inventory: `hosts: { "a[1:2000]": }`,
        playbook: `hosts: "${'*a*b*c:'.repeat(500)}all"\nsteps: [{ ovs_bridge: { name: br0 } }]\n`,
      },
    ],
    [
      'overlays of a large fleet, which are compared pair by pair',
      {
        inventory: `hosts: { "a[1:20000]": }\noverlays:\n${lots('o', 60, (i) => `{ cidr: 10.${i}.0.0/16, tunnel: gre, shape: chain, subnet_prefix: 30, key: ${i + 1} }`)}`,
        playbook: 'hosts: all\nsteps: [{ ovs_bridge: { name: br0 } }]\n',
      },
    ],
    [
      'names that no host has, in a large fleet',
      {
        inventory: `hosts: { "a[1:60000]": }`,
        playbook: `hosts: "${Array.from({ length: 5000 }, (_, i) => `b${i}`).join(':')}"\nsteps: [{ ovs_bridge: { name: br0 } }]\n`,
      },
    ],
    [
      'ranges in host patterns',
      { playbook: `hosts: "${'x[1:65000]:'.repeat(100)}all"\nsteps: [{ ovs_bridge: { name: br0 } }]\n` },
    ],
    [
      'ranges of long names that are expanded many times',
      {
        playbook: `hosts: "${`${'x'.repeat(240)}[1:65000]:`.repeat(30)}all"\nsteps: [{ ovs_bridge: { name: br0 } }]\n`,
      },
    ],
    [
      'ranges of one name each after a large one',
      {
        playbook: `hosts: "${`x[1:65000]${'[1:1]'.repeat(15)}:`.repeat(15)}all"\nsteps: [{ ovs_bridge: { name: br0 } }]\n`,
      },
    ],
  ])(
    'is spent by %s',
    (_, text) => {
      expect(said(text)).toEqual([expect.stringMatching(/play-too-large/)]);
    },
    120_000,
  );

  it('is enough for three hundred hosts with loops over each other', () => {
    const inventory = 'hosts: { "a[1:300]": }';
    const peers = `vars:\n  peers: [${Array.from({ length: 300 }, (_, i) => `a${i}`).join(', ')}]`;
    expect(
      said({ inventory, playbook: saying('{% for p in peers %}{{ p }} {% endfor %}', { play: peers }) }),
    ).toEqual([]);
  }, 60_000);
});

it('is spent by the pieces that the filter replace makes', () => {
  const replaced = (work: number) => () =>
    withAllowance(() => filters.get('replace')?.apply('a'.repeat(99), ['a', ''], undefined), {
      work,
      text: 0,
    });
  expect(replaced(100)()).toBe('');
  expect(replaced(99)).toThrow(TooMuch);
});

describe('very many errors', () => {
  it('in one template give only a few faults, and no stack overflow', () => {
    const found = said({ playbook: saying('{{ q }}'.repeat(200_000)) });
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(101);
    for (const line of found) expect(line).toMatch(/undefined-variable|more-mistakes/);
    expect(said({ playbook: saying('{{ 1 | q }}'.repeat(50_000)) }).length).toBeLessThanOrEqual(101);
    expect(said({ playbook: saying('{{ 1 1 }}'.repeat(50_000)) }).length).toBeLessThanOrEqual(101);
  }, 120_000);

  it('a host pattern of more than a million characters is refused with its place', () => {
    for (const pattern of ['*a'.repeat(600_000), `~${'(a|b)'.repeat(300_000)}`, 'a:'.repeat(600_000)]) {
      const playbook = `hosts: "${pattern}"\nsteps: [{ ovs_bridge: { name: br0 } }]\n`;
      expect(said({ playbook })).toEqual([
        '1:8 invalid-pattern a host pattern is longer than 1,048,576 characters',
      ]);
    }
  }, 60_000);

  it('a misspelt name as long as a file gets no suggestion', () => {
    const long = 'x'.repeat(300_000);
    expect(said({ playbook: saying(`{{ ${long}y }}`, { play: `vars: { ${long}: 1 }` }) })).toEqual([
      expect.stringMatching(/undefined-variable/),
    ]);
  }, 60_000);
});

it('an inventory with too many hosts is refused once, with its place', () => {
  const keys = Array.from({ length: 2000 }, (_, i) => `  "h${i}x[1:65536]":`).join('\n');
  const { value, diagnostics } = parseInventory(document(`hosts:\n${keys}\n`, 'inv.yml'));
  expect(value).toBeUndefined();
  expect(lines(diagnostics)).toEqual([
    'inv.yml:3:3 too-many-hosts the inventory names more than 65536 hosts',
  ]);
});

describe('variables of an inventory', () => {
  const some = (count: number) => Array.from({ length: count }, (_, i) => `v${i}: ${i}`).join(', ');

  it('are at most 10,000 in one mapping', () => {
    const { diagnostics } = parseInventory(
      document(`hosts: { a: { vars: { ${some(10_001)} } } }\n`, 'inv.yml'),
    );
    expect(lines(diagnostics)).toEqual(['inv.yml:1:21 invalid-value vars: too many keys: at most 10000']);
  });

  it('are at most 2,000,000 for all hosts together, reported once and before they take the memory', () => {
    const text = `vars: { ${some(10_000)} }\nhosts:\n  "a[1:200]":\n  b:\n  "c[1:60000]":\n`;
    const { value, diagnostics } = parseInventory(document(text, 'inv.yml'));
    expect(value).toBeUndefined();
    expect(lines(diagnostics)).toEqual([
      'inv.yml:4:3 too-many-variables the hosts up to this one have more than 2,000,000 variables, those from their groups included (define fewer variables, or split the inventory)',
    ]);
  });
});

it.each([
  ["a host's name has more than 16 ranges", `a[1:65536]${'[1:1]'.repeat(16)}`],
  ['a range of hosts makes names of more than 253 characters', `${'a'.repeat(900)}[1:65536]`],
])('names of an invalid range are never made: %s', (message, key) => {
  expect(lines(parseInventory(document(`hosts:\n  "${key}":\n`, 'inv.yml')).diagnostics)).toEqual([
    `inv.yml:2:3 invalid-name ${message}`,
  ]);
  const steps = `{ hosts: "${key}", ovs_bridge: { name: br0 } }`;
  expect(said({ playbook: `hosts: all\nsteps: [${steps}]\n` })).toEqual([
    expect.stringMatching(/unknown-pattern/),
  ]);
});
