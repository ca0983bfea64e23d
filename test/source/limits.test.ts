import { describe, expect, it } from 'vitest';
import { mostTold } from '../../src/diagnostics/bounded.ts';
import { positionAt } from '../../src/diagnostics/position.ts';
import { parseInventory } from '../../src/model/inventory/inventory.ts';
import { parsePlaybook } from '../../src/model/playbook/playbook.ts';
import { parseYaml } from '../../src/source/parse-yaml.ts';
import { kindNames } from '../resolve/play.ts';
import { document } from './document.ts';

const parse = (text: string) => parseYaml({ path: 'f', text });
const each = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

describe('a file with very many errors', () => {
  it.each([
    ['closing brackets without an opening one', `a: [${'}'.repeat(100_000)}]`],
    ['tags', `a: ${'!a '.repeat(100_000)}x`],
    ['anchors', `a: ${'&a '.repeat(100_000)}x`],
    ['aliases', `a: ${'*a '.repeat(100_000)}x`],
    ['lines that are not YAML', each(10_000, (i) => `a${i}: b: c`)],
    ['documents', '---\na: 1\n'.repeat(10_000)],
  ])(
    'has only a few of them reported: %s',
    (_, text) => {
      const { value, diagnostics } = parse(text);
      expect(value).toBeUndefined();
      expect(diagnostics.length).toBeGreaterThan(0);
      expect(diagnostics.length).toBeLessThanOrEqual(mostTold + 2);
    },
    60_000,
  );

  it('has the first of them reported, and the others counted', () => {
    const { diagnostics } = parse(each(1000, (i) => `a${i}: yes\n${i}: x`));
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors).toHaveLength(mostTold + 1);
    expect(errors.at(-1)).toMatchObject({
      code: 'more-mistakes',
      message: 'there are 900 more errors of this kind from here on',
    });
    expect(diagnostics.filter(({ severity }) => severity === 'warning')).toHaveLength(mostTold);
  });

  it('has an error reported after any number of warnings', () => {
    const { diagnostics } = parse(`${each(1000, (i) => `a${i}: yes`)}\n1: x`);
    expect(diagnostics.map(({ code }) => code)).toContain('non-string-key');
  });

  it.each([
    ['unknown keys', each(5000, (i) => `k${i}: 1`)],
    ['invalid overlays', `overlays:\n${each(5000, (i) => `  o${i}: { cidr: 1, tunnel: 1 }`)}`],
  ])(
    'has only a few schema errors reported: %s',
    (_, text) => {
      const inventory = parseInventory(document(`hosts: { a: }\n${text}\n`, 'inv.yml'));
      expect(inventory.diagnostics.length).toBeLessThanOrEqual(2 * mostTold + 2);
      expect(inventory.diagnostics.some(({ code }) => code === 'more-mistakes')).toBe(true);
    },
    60_000,
  );
});

it('refuses a file with more values than any inventory has at the value that exceeds the limit', () => {
  for (const text of [`a: [${'a,'.repeat(1_500_000)}]`, 'a: 1\n'.repeat(700_000), '#\n'.repeat(2_000_000)]) {
    const { value, diagnostics } = parse(text);
    expect(value).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code: 'file-too-large', range: { start: expect.any(Number) } }]);
  }
}, 120_000);

it('accepts an inventory with the maximum number of hosts', () => {
  const host = (i: number) =>
    `  h${i}: { address: 10.${i >> 16}.${(i >> 8) & 255}.${i & 255}, vars: { rack: r${i % 40}, role: edge } }`;
  const { diagnostics } = parse(`hosts:\n${each(65_536, host)}\n`);
  expect(diagnostics).toEqual([]);
}, 120_000);

it('reads the maximum number of steps of a playbook, and refuses it', () => {
  const text = `hosts: all\nsteps:\n${each(10_001, () => '  - ovs_brigde: { name: br0 }')}\n`;
  const { diagnostics } = parsePlaybook(document(text, 'pb.yml'), kindNames);
  expect(diagnostics.filter(({ code }) => code === 'unknown-kind')).toHaveLength(10_000);
  expect(diagnostics.map(({ message }) => message)).toContainEqual(expect.stringMatching(/steps: .*10000/));
}, 60_000);

it('counts columns in characters, not UTF-16 units', () => {
  const source = { path: 'f', text: 'é😀x\n😀😀y' };
  const at = (offset: number) => positionAt(source, offset);
  expect([at(0), at(1), at(3), at(5), at(9)].map(({ line, column }) => [line, column])).toEqual([
    [1, 1],
    [1, 2],
    [1, 3],
    [2, 1],
    [2, 3],
  ]);
});
