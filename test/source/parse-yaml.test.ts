import { describe, expect, it } from 'vitest';
import { hasErrors } from '../../src/diagnostics/diagnostic.ts';
import { parseYaml } from '../../src/source/parse-yaml.ts';
import { lines } from '../diagnostics/lines.ts';
import { document } from './document.ts';

const parse = (text: string) => parseYaml({ path: 'f', text });

describe('plain data', () => {
  it.each<[string, string, unknown]>([
    ['YAML 1.2 booleans and null', 'a: true\nb: null\nc: ~\nd:\n', { a: true, b: null, c: null, d: null }],
    ['numbers', 'a: 0x1F\nb: 0o17\nc: 1e3\nd: -1.5', { a: 31, b: 15, c: 1000, d: -1.5 }],
    [
      'dates as strings',
      'a: 2026-11-21\nb: 2026-11-21T10:00:00Z',
      { a: '2026-11-21', b: '2026-11-21T10:00:00Z' },
    ],
    ['what YAML 1.1 reads as base 60', 'a: 22:30', { a: '22:30' }],
    ['an empty file', '', null],
    ['a file of comments', '# nothing\n', null],
    ['Windows line ends', 'a: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
    ['a document marker', '---\na: 1\n...\n', { a: 1 }],
    ['JSON', '{"a": [1, "x"]}', { a: [1, 'x'] }],
    ['block texts', 'a: |\n  x\n  y\nb: >-\n  x\n  y\n', { a: 'x\ny\n', b: 'x y' }],
    ['quoted words', 'a: \'yes\'\nb: "010"', { a: 'yes', b: '010' }],
    ['anchors and aliases', 'a: &x {k: 1}\nb: *x\nc: [*x]', { a: { k: 1 }, b: { k: 1 }, c: [{ k: 1 }] }],
    ['an anchor that is set twice', 'a: &x 1\nb: *x\nc: &x 2\nd: *x', { a: 1, b: 1, c: 2, d: 2 }],
    ["the core schema's own tags", 'a: !!str 1\nb: !!map {c: !!int 2}', { a: '1', b: { c: 2 } }],
    ['quoted merge keys', '"<<": 1', { '<<': 1 }],
    ['keys that objects have anyway', 'constructor: 1\ntoString: 2', { constructor: 1, toString: 2 }],
  ])('reads %s', (_, text, data) => {
    const result = parse(text);
    expect(result).toMatchObject({ value: { data } });
    expect(hasErrors(result.diagnostics)).toBe(false);
  });

  it('ignores a %YAML 1.1 directive', () => {
    expect(parse('%YAML 1.1\n---\na: 0o17\n').value?.data).toEqual({ a: 15 });
  });
});

describe('syntax errors', () => {
  it.each<[string, string, string[]]>([
    ['a tab', 'a:\n\tb: 1', ["f:2:1 yaml-tab a tab can't indent YAML (indent with spaces)"]],
    [
      'an open bracket',
      'a: [1, 2\nb: 1',
      ['f:2:1 yaml-syntax flow sequence in block collection must be sufficiently indented and end with a ]'],
    ],
    ['an open quote', 'a: "x', ['f:1:6 yaml-syntax missing closing "quote']],
    [
      'a second colon',
      'name: foo: bar',
      [
        "f:1:7 yaml-syntax a second ': ' on one line, or a line that is indented too far (quote a value that contains ': ')",
      ],
    ],
    [
      'a line without colon',
      'hosts\nname: x',
      ["f:1:1 yaml-syntax a ':' is missing after this key, or a line break is in the wrong place"],
    ],
    [
      'a reserved character',
      'a: @x',
      ['f:1:4 yaml-syntax plain value cannot start with reserved character @ (quote the value)'],
    ],
    ['an unknown escape', 'a: "\\q"', ['f:1:5 yaml-syntax invalid escape sequence \\q']],
    [
      'wrong indentation',
      'a:\n  - b\n c: 1',
      ['f:3:1 yaml-syntax all mapping items must start at the same column'],
    ],
    [
      'a tag',
      'a: !vaults |\n  x\n',
      ['f:1:4 yaml-tag YAML tags are not supported (write plain strings, numbers, lists and mappings)'],
    ],
    [
      'a set',
      'a: !!set {x}',
      ['f:1:4 yaml-tag YAML tags are not supported (write plain strings, numbers, lists and mappings)'],
    ],
    [
      'several errors, one per line',
      'a: "\\q"\nb: "\\y \\z"\nc: ok\nd: @x',
      [
        'f:1:5 yaml-syntax invalid escape sequence \\q',
        'f:2:5 yaml-syntax invalid escape sequence \\y',
        'f:4:4 yaml-syntax plain value cannot start with reserved character @ (quote the value)',
      ],
    ],
    [
      'a second document',
      'a: 1\n---\nb: 1\n',
      [
        "f:2:1 multiple-documents a second YAML document begins here; a file holds one (take the '---' out, or put the second document into a file of its own)",
      ],
    ],
  ])('%s', (_, text, expected) => {
    const result = parse(text);
    expect(lines(result.diagnostics)).toEqual(expected);
    expect(result.value).toBeUndefined();
  });

  it.each([
    ['brackets', '['.repeat(50_000)],
    ['list marks', '- '.repeat(50_000)],
    ['mappings', Array.from({ length: 2_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('refuses thousands of nested %s without exhausting the stack', (_, text) => {
    expect(parse(text).diagnostics).toMatchObject([{ code: 'yaml-depth' }]);
  });
});

describe('errors after which the rest is still read', () => {
  it.each<[string, string, string[], unknown]>([
    [
      'a duplicate key',
      'a: 1\nb: 2\na: 3',
      ["f:3:1 duplicate-key the key 'a' is here a second time (the first is at f:1:1)"],
      { a: 1, b: 2 },
    ],
    [
      'a duplicate key in two notations',
      'x: { a: 1, "a": 2 }',
      ["f:1:12 duplicate-key the key 'a' is here a second time (the first is at f:1:6)"],
      { x: { a: 1 } },
    ],
    [
      'a number as key',
      '1: a\nb: 2',
      ["f:1:1 non-string-key a key must be a string, and 1 is not one (write '1' in quotes)"],
      { b: 2 },
    ],
    [
      'a boolean as key',
      'true: a',
      ["f:1:1 non-string-key a key must be a string, and true is not one (write 'true' in quotes)"],
      {},
    ],
    [
      'a template without quotes',
      'a: {{ x }}',
      ['f:1:5 non-string-key a mapping is in the place of a key (a template needs quotes: "{{ … }}")'],
      { a: {} },
    ],
    ['a list as key', '? [a]\n: 1', ['f:1:3 non-string-key a key must be a string'], {}],
    [
      'a merge key',
      'a: &a {x: 1}\nb: { <<: *a, y: 2 }',
      [
        'f:2:6 yaml-merge-key merge keys (<<) are not supported (put what is shared into the vars of a group)',
      ],
      { a: { x: 1 }, b: { y: 2 } },
    ],
    ['__proto__', '__proto__: {x: 1}', ["f:1:1 invalid-key the key '__proto__' is not allowed"], {}],
    [
      'an alias without anchor',
      'a: *x',
      ['f:1:4 yaml-alias there is no anchor &x before this alias'],
      { a: null },
    ],
    [
      'an alias inside its anchor',
      'a: &a [*a]',
      ['f:1:8 yaml-alias the alias *a is inside its own anchor'],
      { a: [null] },
    ],
  ])('%s', (_, text, expected, data) => {
    const result = parse(text);
    expect(lines(result.diagnostics)).toEqual(expected);
    expect(result.value?.data).toEqual(data);
  });

  it('stops aliases that grow exponentially', () => {
    const levels = Array.from(
      { length: 30 },
      (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}*l${i}]`,
    );
    const result = parse(['l0: &l0 [x, x]', ...levels].join('\n'));
    expect(lines(result.diagnostics)).toEqual([
      'f:6:15 yaml-alias aliases add more than 100,000 values to this file',
    ]);
  });

  it('accepts thousands of harmless aliases', () => {
    const text = `a: &a {user: root}\nb:\n${'  - *a\n'.repeat(10_000)}`;
    expect(parse(text).diagnostics).toEqual([]);
  });
});

describe('warnings', () => {
  it.each([
    [
      'a: yes',
      "f:1:4 warning yaml-boolean yes is a string in YAML 1.2, not a boolean (write true, or 'yes' in quotes for the word)",
    ],
    [
      'a: [Off]',
      "f:1:5 warning yaml-boolean Off is a string in YAML 1.2, not a boolean (write false, or 'Off' in quotes for the word)",
    ],
    [
      'mode: 0644',
      "f:1:7 warning yaml-octal 0644 is the decimal number 644 in YAML 1.2, not an octal one (write '0644' in quotes, or 644)",
    ],
    [
      'a: 12345678901234567890',
      "f:1:4 warning yaml-precision 12345678901234567890 is too large for a number and would be read as 12345678901234567000 (write '12345678901234567890' in quotes)",
    ],
    ...[
      ['3.10', '3.1'],
      ['1.0', '1'],
      ['1e3', '1000'],
      ['.5', '0.5'],
      ['+5', '5'],
      ['0x1f', '31'],
      ['0o10', '8'],
      ['.inf', 'Infinity'],
    ].map(([written, read]) => [
      `a: ${written}`,
      `f:1:4 warning yaml-number ${written} is a number, and as a text it would be ${read} (write '${written}' in quotes, or ${read})`,
    ]),
  ])('%s', (text, expected) => {
    const result = parse(text ?? '');
    expect(lines(result.diagnostics)).toEqual([expected]);
    expect(result.value).toBeDefined();
  });

  it('show nothing of a secret file', () => {
    const { diagnostics } = parseYaml({ path: 'f', text: 'pin: 0123\nkey: 1e9', secret: true });
    expect(lines(diagnostics)).toEqual([
      "f:1:6 warning yaml-octal this value isn't read as it is written (put it in quotes)",
      "f:2:6 warning yaml-number this value isn't read as it is written (put it in quotes)",
    ]);
  });

  it.each(["a: 'no'", 'on: 1', 'a: 0', 'a: 10.5', 'a: -3', 'a: 1.2.3', 'a: "3.10"', 'a: n', 'a: nobody'])(
    'are not given for %s',
    (text) => {
      expect(parse(text).diagnostics).toEqual([]);
    },
  );
});

describe('locate', () => {
  const text = 'a: &x\n  b: [10, { c: ä }]\n  d:\ne: *x\n"f": "g h"\n';
  const { locate, source } = document(text);
  const textAt = (...args: Parameters<typeof locate>) => {
    const { start, end } = locate(...args);
    return source.text.slice(start, end);
  };

  it.each<[string, Parameters<typeof locate>, string]>([
    ['a value', [['a', 'b', 1, 'c']], 'ä'],
    ['a key', [['a', 'b', 1, 'c'], 'key'], 'c'],
    ['an element', [['a', 'b', 0]], '10'],
    ['an element by a number written as text', [['a', 'b', '0']], '10'],
    ["an element's key is the element", [['a', 'b', 0], 'key'], '10'],
    ['a collection', [['a', 'b']], '[10, { c: ä }]'],
    ['an empty value at its key', [['a', 'd']], 'd'],
    ['an alias', [['e']], '*x'],
    ['a value inside an alias', [['e', 'b', 1, 'c']], 'ä'],
    ['a quoted key', [['f'], 'key'], '"f"'],
    ['a quoted value', [['f']], '"g h"'],
    ['a missing key at its parent', [['a', 'b', 1, 'zzz'], 'key'], '{ c: ä }'],
    ['a missing element at its list', [['a', 'b', 7, 'x']], '[10, { c: ä }]'],
    ['a path that goes through a scalar', [['f', 'x']], '"g h"'],
  ])('finds %s', (_, args, expected) => {
    expect(textAt(...args)).toBe(expected);
  });

  it('finds the place of an empty file', () => {
    expect(document('').locate(['a'])).toMatchObject({ start: 0, end: 0 });
  });
});
