import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicateKeys, parseDockerConfig, withConfigValues } from '../../../src/facts/docker/config.ts';

describe('parseDockerConfig', () => {
  it.each([
    ['', {}],
    [' \n', {}],
    ['{"mtu": 1400}', { mtu: 1400 }],
  ])('%j is read', (text, values) => {
    expect(parseDockerConfig(text)).toEqual({ values });
  });

  it.each<readonly [string, RegExp]>([
    ...['[]', 'null', '"x"'].map((text) => [text, /^it is not a JSON object$/] as const),
    ...['{"mtu": 1400,}', '{', '{"a": x}'].map((text) => [text, /^it is not JSON(: see line 1)?$/] as const),
    ['{\n  "mtu": 1400,\n}', /^it is not JSON: see line 3$/],
  ])('%s is refused in our own words', (text, words) => {
    expect(parseDockerConfig(text).error).toMatch(words);
  });
});

describe('duplicateKeys', () => {
  it.each([
    ['{"mtu": 1400, "icc": true, "mtu": 1450}', ['mtu']],
    ['{"a": 1, "\\u0061": 2}', ['a']],
    ['{"log-opts": {"max-file": "1", "max-file": "2"}}', ['max-file']],
    ['{"a": {"mtu": 1}, "b": {"mtu": 2}, "mtu": 3}', []],
    ['{"pools": [{"base": 1}, {"base": 2}], "x": "base", "y": "x"}', []],
    ['{}', []],
  ])('of %s', (text, expected) => {
    expect(duplicateKeys(text)).toEqual(expected);
  });

  it('are none in the output of a program', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        expect(duplicateKeys(JSON.stringify({ value }, null, indent))).toEqual([]);
      }),
    );
  });
});

describe('withConfigValues', () => {
  it.each([
    ['keeps spacing', '{\n\t"a": 1,  "mtu":1400\n}\n', '{\n\t"a": 1,  "mtu":1450\n}\n'],
    ['ignores an equal key of an inner object', '{"x":{"mtu":1},"mtu":2}', '{"x":{"mtu":1},"mtu":1450}'],
    ['ignores a value that looks like the key', '{"x":"mtu","y":["mtu",2]}', '{"x":"mtu","y":["mtu",2]}'],
    ['a value that is an object', '{"mtu": {"a": [1, "}"]}, "b": 2}', '{"mtu": 1450, "b": 2}'],
    ['an escaped name', '{"\\u006dtu": 1}', '{"\\u006dtu": 1450}'],
    ['ignores a name that ends like the key', '{"x\\"mtu": 1}', '{"x\\"mtu": 1}'],
  ])('%s', (_title, text, expected) => {
    expect(withConfigValues(text, { mtu: 1450 })).toBe(expected);
  });

  it('changes the given keys and nothing else, in any JSON', () => {
    const object = fc.dictionary(
      fc.oneof(fc.constantFrom('mtu', 'bridge', '{', '"'), fc.string()),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(object, fc.constantFrom(0, 1, 2, '\t'), (before, indent) => {
        const values = { mtu: 1450, bridge: 'br"0' };
        const named = Object.fromEntries(
          Object.entries(values).filter(([key]) => Object.hasOwn(before, key)),
        );
        const text = JSON.stringify(before, null, indent);
        const read = JSON.parse(text) as object;
        expect(JSON.parse(withConfigValues(text, values))).toEqual({ ...read, ...named });
      }),
    );
  });
});
