import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { RunError } from '../../src/diagnostics/errors.ts';
import { type FactFamily, UnknownFact } from '../../src/facts/fact.ts';
import { compileProbe } from '../../src/facts/probe.ts';
import { integer, text } from '../../src/facts/schema.ts';
import { lines, raw, sh } from '../../src/sh/sh.ts';

const echo: FactFamily<string> = {
  name: 'echo',
  command: 'printf',
  schema: text,
  query: (keys) => lines(...keys.map((key) => sh`printf '%s\n' ${key}`)),
  parse: (output, keys) => {
    const said = output.split('\n');
    return new Map(keys.flatMap((key, i) => (said[i] === '?' ? [] : [[key, `<${said[i]}>`]])));
  },
  canonical: (value) => value,
};
const broken: FactFamily<string> = { ...echo, name: 'broken', query: () => raw('echo half; exit 3') };
const odd: FactFamily<string> = {
  ...echo,
  name: 'odd',
  parse: () => {
    throw new Error('no JSON');
  },
};
const unlike: FactFamily<string> = { ...echo, name: 'unlike', schema: integer };
const query = (family: FactFamily<string>, key: string) => ({ family, key });

function run(...queries: ReturnType<typeof query>[]) {
  const probe = compileProbe(queries, 'nonce');
  return { probe, output: execFileSync('sh', ['-s'], { input: probe.script.text, encoding: 'utf8' }) };
}

describe('a probe', () => {
  it('asks each family once, for all its keys', () => {
    const { probe, output } = run(query(echo, 'b'), query(echo, 'a'), query(echo, 'b'));
    expect(output.match(/nonce/g)).toHaveLength(1);
    const facts = probe.parse(output);
    expect([facts.get(query(echo, 'a')), facts.get(query(echo, 'b'))]).toEqual(['<a>', '<b>']);
  });

  it.each([
    ['a query that fails', broken, 'x', /broken query failed with exit status 3/],
    [
      'output that its parser refuses',
      odd,
      'x',
      /answer to printf can't be read: it isn't what that prints: "x" \(odd:x\)/,
    ],
    [
      "a value that its family doesn't allow",
      unlike,
      'x',
      /answer to printf can't be read: \/ must be integer/,
    ],
    ['a key that its parser leaves out', echo, '?', /echo query does not tell/],
  ])('answers unknown for %s, and goes on', (_, family, key, reason) => {
    const { probe, output } = run(query(family, key), query(echo, 'a'));
    const facts = probe.parse(output);
    expect(() => facts.get(query(family, key))).toThrow(UnknownFact);
    expect(() => facts.get(query(family, key))).toThrow(reason);
    expect(facts.get(query(echo, 'a'))).toBe('<a>');
  });

  it('refuses output that is cut off, at any place', () => {
    const { probe, output } = run(query(echo, 'a'), query(broken, 'x'));
    for (let length = 0; length < output.length - 1; length++) {
      expect(() => probe.parse(output.slice(0, length))).toThrow(RunError);
    }
  });

  it("does not take a host's output for the end of a section without its nonce", () => {
    const { probe, output } = run(query(echo, '\nguess echo 0\n'));
    expect(probe.parse(output).get(query(echo, '\nguess echo 0\n'))).toBe('<>');
  });

  it('says that what was never asked was not read', () => {
    const { probe, output } = run(query(echo, 'a'));
    expect(() => probe.parse(output).get(query(echo, 'z'))).toThrow('echo:z was not read');
  });
});
