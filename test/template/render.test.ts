import { describe, expect, it } from 'vitest';
import { limits } from '../../src/template/budget.ts';
import { namesIn } from '../../src/template/context.ts';
import { evaluate, renderValue, type Scope } from '../../src/template/render.ts';
import { containsUnknown, UNKNOWN } from '../../src/template/values.ts';
import { nowhere, shown, yaml } from './source.ts';

const scope: Scope = {
  host: { name: 'docker1', groups: ['all', 'docker_hosts'] },
  overlay: {
    lab: {
      bridge_address: '10.11.12.1/24',
      fixed_cidr: '10.11.12.16/28',
      mtu: 1462,
      peers: [{ host: 'b' }, { host: 'a' }],
    },
  },
  n: 3,
  half: 0.5,
  yes: true,
  nothing: null,
  text: 'ovs_bridge',
  empty: [],
  names: ['b', 'a', 'b'],
  numbers: [10, 9, 2],
  facts: UNKNOWN,
};

function render(value: unknown, more: Scope = {}): unknown {
  const { value: rendered, diagnostics } = renderValue(value, namesIn({ ...scope, ...more }), nowhere, []);
  expect(diagnostics.map(shown)).toEqual([]);
  return rendered;
}

function faults(text: string, more: Scope = {}): string[] {
  const { value, diagnostics } = renderValue(text, namesIn({ ...scope, ...more }), nowhere, []);
  if (diagnostics.length > 0) expect(value).toBe(UNKNOWN);
  return diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

describe('values', () => {
  it.each<[string, unknown]>([
    ['no braces', 'no braces'],
    ["shell's ${#name} and $((1 + 1))", "shell's ${#name} and $((1 + 1))"],
    ['{{ n }}', 3],
    ['{{ yes }}', true],
    ['{{ nothing }}', null],
    ['{{ names }}', ['b', 'a', 'b']],
    ['{{- n -}}', 3],
    ['{{ n }} ', '3 '],
    ['{{ n }}{{ n }}', '33'],
    ['{# a comment #}{{ n }}', '3'],
    ['br-{{ host.name }}', 'br-docker1'],
    ['{{ yes }}!', 'true!'],
    ["{{ '{{' }}.Names{{ '}}' }}", '{{.Names}}'],
    ['{{ overlay.lab.mtu }}', 1462],
    ["{{ overlay['lab']['mtu'] }}", 1462],
    ['{{ names[0] }}', 'b'],
    ['{{ names.1 }}', 'a'],
    ['{{ overlay.lab.peers[1].host }}', 'a'],
    ["{{ [n, 'x', {'a': yes}] }}", [3, 'x', { a: true }]],
    ['{{ \'tab\\tand "quotes"\' }}', 'tab\tand "quotes"'],
  ])('%s', (text, expected) => {
    expect(render(text)).toEqual(expected);
  });

  it('renders lists and mappings, and keeps keys and other values', () => {
    expect(render({ a: ['{{ n }}', 5, null, true], '{{ n }}': { b: '{{ text }}' } })).toEqual({
      a: [3, 5, null, true],
      '{{ n }}': { b: 'ovs_bridge' },
    });
  });

  it('renders once: braces in a value are kept', () => {
    expect(render('{{ evil }}', { evil: '{{ n }}' })).toBe('{{ n }}');
    expect(render('a {{ evil }}', { evil: '{{ n }}' })).toBe('a {{ n }}');
  });
});

describe('operators', () => {
  it.each<[string, unknown]>([
    ['n + 1', 4],
    ['n - 1 - 1', 1],
    ['2 + 3 * 2', 8],
    ['(2 + 3) * 2', 10],
    ['7 / 2', 3.5],
    ['7 // 2', 3],
    ['-7 % 3', 2],
    ['2 ** 10', 1024],
    ['-n', -3],
    ["text ~ '-' ~ n", 'ovs_bridge-3'],
    ['n == 3', true],
    ['n != 3', false],
    ['n > 2 and n <= 3', true],
    ["'a' < 'b'", true],
    ['nothing == none', true],
    ['n == none', false],
    ["names == ['b', 'a', 'b']", true],
    ["{'a': 1} == {'a': 1}", true],
    ["'a' in names", true],
    ["'c' not in names", true],
    ["'lab' in overlay", true],
    ["'bridge' in text", true],
    ["'toString' in overlay", false],
    ['not yes', false],
    ['yes or missing', true],
    ['not yes and missing', false],
    ["'x' if n == 3 else missing", 'x'],
    ['1 if n > 3 else 2 if n > 2 else 3', 2],
    ['n is defined', true],
    ['missing is defined', false],
    ['missing.deep.er is not defined', true],
    ['overlay.prod is undefined', true],
    ['nothing is none', true],
    ['text is string and n is number and yes is boolean and names is sequence and overlay is mapping', true],
    ['missing is defined and missing.deep', false],
  ])('%s', (expression, expected) => {
    expect(render(`{{ ${expression} }}`)).toEqual(expected);
  });

  it.each([
    ["n + '1'", "type-mismatch: '+' needs numbers, not a string"],
    ["'a' + 'b'", "type-mismatch: '+' needs numbers, not a string"],
    ['1 / 0', 'type-mismatch: 1 / 0 is not a number'],
    ['1 % 0', 'type-mismatch: 1 % 0 is not a number'],
    ['9 ** 9 ** 99', 'type-mismatch: 387420489 ** 99 is not a number'],
    ["n == '3'", 'type-mismatch: a number and a string are never equal'],
    ["n < '3'", "type-mismatch: '<' compares two numbers or two strings, not a number and a string"],
    ['1 < 2 < 3', "template-not-allowed: comparisons can't be chained"],
    ['n == 3 == yes', "template-not-allowed: comparisons can't be chained"],
    ['(1 < 2) < 3', "type-mismatch: '<' compares two numbers or two strings, not a boolean and a number"],
    ['2 ** 60', 'type-mismatch: 2 ** 60 is too large to be exact'],
    [
      '1 in n',
      "type-mismatch: 'in' looks for an element in a list, a key in a mapping or text in text, not for a number in a number",
    ],
    ['not names', "not-boolean: 'not' needs true or false, not a list"],
    ["text or 'x'", "not-boolean: 'or' needs true or false, not a string"],
    ['yes and n', "not-boolean: 'and' needs true or false, not a number"],
    ['1 if n else 2', "not-boolean: 'if' needs true or false, not a number"],
    ['text ~ names', "not-text: a list can't stand inside text"],
    ['-text', "type-mismatch: '-' needs a number, not a string"],
    ["{'a' ~ 'b': 1}", "template-syntax: a mapping's keys are quoted, with a colon behind them"],
  ])('refuses %s', (expression, fault) => {
    expect(faults(`{{ ${expression} }}`)).toEqual([fault]);
  });
});

describe('filters', () => {
  it.each<[string, unknown]>([
    ["missing | default('x')", 'x'],
    ["missing | d('x')", 'x'],
    ["missing.a.b.c | default('x')", 'x'],
    ['overlay.prod.mtu | default(1500)', 1500],
    ["n | default('x')", 3],
    ["nothing | default('x')", null],
    ["missing | default(other) | default('x')", 'x'],
    ["empty | first | default('x')", 'x'],
    ['text | upper', 'OVS_BRIDGE'],
    ["'ABC' | lower", 'abc'],
    ["'  a ' | trim", 'a'],
    ["text | replace('_', '-')", 'ovs-bridge'],
    ["'a.b.c' | replace('.', '')", 'abc'],
    ["names | join(',')", 'b,a,b'],
    ['names | length', 3],
    ['text | length', 10],
    ['overlay.lab | length', 4],
    ["' 42 ' | int", 42],
    ["'-7' | int", -7],
    ['3.9 | int', 3],
    ['n | string', '3'],
    ["'Yes' | bool", true],
    ['0 | bool', false],
    ['names | first', 'b'],
    ['numbers | last', 2],
    ['names | sort', ['a', 'b', 'b']],
    ['numbers | sort', [2, 9, 10]],
    ['names | unique', ['b', 'a']],
    ['overlay.lab.peers | to_json', '[{"host":"b"},{"host":"a"}]'],
    ['nothing | to_json', 'null'],
    ['overlay.lab.bridge_address | ip', '10.11.12.1'],
    ["'10.0.0.1' | ip", '10.0.0.1'],
    ['overlay.lab.bridge_address | prefix', 24],
    ['overlay.lab.bridge_address | network', '10.11.12.0/24'],
    ['overlay.lab.fixed_cidr | netmask', '255.255.255.240'],
    ['overlay.lab.fixed_cidr | nth(1)', '10.11.12.17'],
    ["'FD00:0::5/64' | network", 'fd00::/64'],
    ['names | sort | unique | join("-") | upper', 'A-B'],
  ])('%s', (expression, expected) => {
    expect(render(`{{ ${expression} }}`)).toEqual(expected);
  });

  it.each([
    ['text | uper', "unknown-filter: there is no filter 'uper'"],
    ['text | upper(1)', "filter-arguments: filter 'upper' takes no arguments, not 1"],
    ['names | join', "filter-arguments: filter 'join' takes 1 argument, not 0"],
    ['missing | default', "filter-arguments: filter 'default' takes 1 argument, not 0"],
    ["missing | default(x='y')", "template-not-allowed: a filter's arguments have no names"],
    ["names | map('upper')", "unknown-filter: 'map' is a filter of Jinja's that meshbook doesn't have"],
    ['n | ipaddr', "unknown-filter: 'ipaddr' is a filter of Ansible's that meshbook doesn't have"],
    ['names | upper', "not-text: a list can't stand inside text"],
    ['n | length', "type-mismatch: filter 'length' works on a list, a mapping or a string, not on a number"],
    ["'4x' | int", "type-mismatch: filter 'int' can't make a whole number of '4x'"],
    ["'' | int", "type-mismatch: filter 'int' can't make a whole number of ''"],
    ["'maybe' | bool", "type-mismatch: filter 'bool' can't make true or false of 'maybe'"],
    ['empty | bool', "type-mismatch: filter 'bool' can't make true or false of a list"],
    ['empty | last', 'undefined-variable: an empty list has no first and no last element'],
    [
      "[1, 'a'] | sort",
      "type-mismatch: filter 'sort' works on a list of strings or a list of numbers, not on a string",
    ],
    [
      'overlay.lab.peers | unique',
      "type-mismatch: filter 'unique' works on a list of strings, numbers or booleans, not on a mapping",
    ],
    ["text | replace('', 'x')", "filter-arguments: filter 'replace' can't look for nothing"],
    ['n | ip', "type-mismatch: filter 'ip' works on an address, not on a number"],
    [
      "'10.0.0.1' | prefix",
      "invalid-address: filter 'prefix': '10.0.0.1' is not an interface's address: the prefix length is missing, as in '10.0.0.1/24'",
    ],
    ["'10.0.0.0/30' | nth(4)", "invalid-address: filter 'nth': 10.0.0.0/30 has no address number 4"],
    ["'10.0.0.0/30' | nth(0.5)", "invalid-address: filter 'nth': 10.0.0.0/30 has no address number 0.5"],
    ['missing | upper', "undefined-variable: 'missing' is not defined"],
    ['missing | default(other)', "undefined-variable: 'other' is not defined"],
    ['n is odd', "unknown-test: 'is odd' is a test of Jinja's that meshbook doesn't have"],
    ['n is defind', "unknown-test: there is no test 'is defind'"],
  ])('refuses %s', (expression, fault) => {
    expect(faults(`{{ ${expression} }}`)).toEqual([fault]);
  });
});

describe('undefined names', () => {
  const at = (text: string) => {
    const { value, locate } = yaml(text);
    return renderValue(value, namesIn(scope), locate, []).diagnostics;
  };

  it.each([
    ['plain', 'a: br-{{ hots.name }}\n', "undefined-variable [hots] 'hots' is not defined"],
    ['double quotes', 'a: "br-{{ hots.name }}"\n', "undefined-variable [hots] 'hots' is not defined"],
    ['single quotes', "a: 'br-{{ hots.name }}'\n", "undefined-variable [hots] 'hots' is not defined"],
    ['an attribute', 'a: "{{ host.nmae }}"\n', "undefined-variable [nmae] 'host' has no 'nmae'"],
    [
      'a deep attribute',
      'a: "{{ overlay.lab.mut }}"\n',
      "undefined-variable [mut] 'overlay.lab' has no 'mut'",
    ],
    [
      'an attribute of text',
      'a: "{{ text.x }}"\n',
      "undefined-variable [x] 'text', which is a string, has no 'x'",
    ],
    [
      'the second of two equal names',
      'a: "{{ \'hots\' }} {{ hots }}"\n',
      "undefined-variable [hots] 'hots' is not defined",
    ],
    ['a block scalar', 'a: |\n  first\n  x={{ hots }}\n', "undefined-variable [hots] 'hots' is not defined"],
    ['an escaped text', 'a: "\\t{{ hots }}"\n', "undefined-variable [hots] 'hots' is not defined"],
    ['after an operator', 'a: "{{ n + hots }}"\n', "undefined-variable [hots] 'hots' is not defined"],
    ['in a list', 'a: [x, "{{ hots }}"]\n', "undefined-variable [hots] 'hots' is not defined"],
  ])('are found in %s', (_, text, expected) => {
    const diagnostics = at(text);
    expect(diagnostics.map(shown)).toEqual([expected]);
  });

  it('point at the right occurrence, not at the first', () => {
    const text = 'a: "{{ \'hots\' }} {{ hots }}"\n';
    expect(at(text)[0]?.range?.start).toBe(text.lastIndexOf('hots'));
    const block = 'a: |\n  hots {{ n }}\n  {{ "hots" }} {{ hots }}\n';
    expect(at(block)[0]?.range?.start).toBe(block.lastIndexOf('hots'));
  });

  it('point at the right place if the braces are escaped', () => {
    expect(at('a: "\\x7b{ hots }}"\n').map(shown)).toEqual([
      "undefined-variable [hots] 'hots' is not defined",
    ]);
  });

  it('are all reported', () => {
    expect(at('a: "{{ x1 }} {{ n }} {{ x2 }}"\nb: ["{{ x3 }}"]\n').map((d) => d.message)).toEqual([
      "'x1' is not defined",
      "'x2' is not defined",
      "'x3' is not defined",
    ]);
  });

  it('come with the nearest name', () => {
    expect(at('a: "{{ hots }}"\n')[0]?.hint).toBe("did you mean 'host'?");
    expect(at('a: "{{ overlay.lab.bridge_adress }}"\n')[0]?.hint).toBe("did you mean 'bridge_address'?");
    expect(at('a: "{{ text | uper }}"\n')[0]?.hint).toBe("did you mean 'upper'?");
  });
});

describe('statements', () => {
  it.each<[string, string, string]>([
    ['if', '{% if n == 3 %}three{% elif n == 4 %}four{% else %}many{% endif %}', 'three'],
    ['else', '{% if n == 4 %}four{% else %}not{% endif %}', 'not'],
    ['for', '{% for p in overlay.lab.peers %}{{ loop.index }}:{{ p.host }} {% endfor %}', '1:b 2:a '],
    ['for over pairs', "{% for k, v in {'a': 1, 'b': 2} %}{{ k }}={{ v }};{% endfor %}", 'a=1;b=2;'],
    ['for without elements', '{% for x in empty %}{{ x }}{% else %}none{% endfor %}', 'none'],
    ['loop', "{% for x in names %}{{ x }}{{ '' if loop.last else ',' }}{% endfor %}", 'b,a,b'],
    ['set', '{% set x = n + 1 %}{{ x }}', '4'],
    ['set of a block', '{% set x %}a{{ n }}{% endset %}{{ x }}{{ x }}', 'a3a3'],
    [
      'set in a loop, undefined after it',
      '{% set x = 1 %}{% for i in names %}{% set x = 2 %}{% endfor %}{{ x }}',
      '1',
    ],
    [
      'lines with only a statement',
      'a\n{% for x in names %}\n  {{ x }}\n  {% if yes %}\n  !\n  {% endif %}\n{% endfor %}\nend\n',
      'a\n  b\n  !\n  a\n  !\n  b\n  !\nend\n',
    ],
    ['a comment on its own line', 'a\n{# why #}\nb{{ n }}\n', 'a\nb3\n'],
    ['a statement that shares its line', 'a {% if yes %}\nb{% endif %} \nc', 'a \nb \nc'],
    ['the newline at the end', 'x={{ n }}\n', 'x=3\n'],
    ['several newlines at the end', 'x={{ n }}\n\n\n', 'x=3\n\n\n'],
    ['white space control', 'a  {{- n -}}  b', 'a3b'],
    ['carriage returns', 'a\r\n{% if yes %}\r\nb\r\n{% endif %}\r\n', 'a\r\nb\r\n'],
  ])('%s', (_, text, expected) => {
    expect(render(text)).toBe(expected);
  });

  it.each([
    ['{% include "x" %}', "template-not-allowed: templates have no statement 'include'"],
    ['{% import "x" as y %}', "template-not-allowed: templates have no statement 'import'"],
    ['{% extends "x" %}', "template-not-allowed: templates have no statement 'extends'"],
    [
      '{% generation %}x{% endgeneration %}',
      "template-not-allowed: templates have no statement 'generation'",
    ],
    ['{% macro f() %}{% endmacro %}', "template-not-allowed: templates have no statement 'macro'"],
    ['{% call f() %}{% endcall %}', "template-not-allowed: templates have no statement 'call'"],
    ['{% filter upper %}{% endfilter %}', "template-not-allowed: templates have no statement 'filter'"],
    [
      '{% for x in names %}{% break %}{% endfor %}',
      "template-not-allowed: templates have no statement 'break'",
    ],
    ['{% if names %}{% endif %}', "not-boolean: 'if' needs true or false, not a list"],
    ['{% for x in n %}{% endfor %}', "type-mismatch: 'for' goes over a list, not over a number"],
    ['{% for x in overlay %}{% endfor %}', "type-mismatch: 'for' goes over a list, not over a mapping"],
    [
      '{% for a, b in names %}{% endfor %}',
      "type-mismatch: 'for' has 2 names for each element, which is a string",
    ],
    ['{% set host.name = 1 %}', 'template-syntax: expected = here'],
    ['a{{ names }}', "not-text: a list can't stand inside text"],
    ['a{{ nothing }}', "not-text: none can't stand inside text"],
    ['{{ n', 'template-syntax: this {{ is never closed'],
    ['{{ }}', 'template-syntax: there is nothing between {{ and }}'],
    ['{{.Names}}', 'template-syntax: expected a value here'],
    ['{% if yes %}', 'template-syntax: this {% if %} is never closed'],
    ['{{ n if yes }}', "template-not-allowed: an 'if' inside an expression needs an 'else'"],
  ])('refuses %s', (text, fault) => {
    expect(faults(text)).toEqual([fault]);
  });
});

describe('values that are unknown until the probe', () => {
  it.each([
    '{{ facts }}',
    '{{ facts.os.family }}',
    "{{ facts.os == 'debian' }}",
    'a {{ facts.os }} b',
    "{{ facts.os | default('x') }}",
    '{{ facts.os is defined }}',
    '{{ facts.os | upper }}',
    '{{ names | join(facts.separator) }}',
    '{{ [1, facts.os] | length }}',
    '{{ not facts.x }}',
    '{{ facts.x and yes }}',
    '{{ yes and facts.x }}',
    "{{ 'a' if facts.x else 'b' }}",
    '{{ overlay[facts.name] }}',
    '{% if facts.x %}a{% endif %}',
    '{% for x in facts.list %}a{% endfor %}',
    '{% for a, b in [facts.pair] %}{{ a }}{% endfor %}',
    '{% set x = facts.os %}{{ x }}!',
    '{% set x %}{{ facts.os }}{% endset %}{{ x }}!',
  ])('makes %s unknown', (text) => {
    expect(render(text)).toBe(UNKNOWN);
  });

  it('do not affect a template that never reads them', () => {
    expect(render('{{ yes or facts.x }}')).toBe(true);
    expect(render("{{ 'a' if yes else facts.x }}")).toBe('a');
    expect(render({ a: '{{ facts.os }}', b: '{{ n }}' })).toEqual({ a: UNKNOWN, b: 3 });
  });

  it('are found inside lists and mappings', () => {
    expect(containsUnknown(render({ a: ['{{ facts.os }}'] }))).toBe(true);
    expect(containsUnknown(render('{{ [facts.os] }}'))).toBe(true);
    expect(render('{{ x | to_json }}', { x: [{ y: UNKNOWN }] })).toBe(UNKNOWN);
    expect(render('{{ x.z }}', { x: { y: UNKNOWN, z: 1 } })).toBe(1);
    expect(containsUnknown(render({ a: [1, { b: null }] }))).toBe(false);
  });

  it('hide no other error', () => {
    expect(faults('{{ facts.os == missing }}')).toEqual(["undefined-variable: 'missing' is not defined"]);
    expect(faults('{{ facts.os }} {{ missing }}')).toEqual(["undefined-variable: 'missing' is not defined"]);
  });
});

describe('escape attempts', () => {
  it.each([
    "{{ ''.constructor }}",
    "{{ ''.constructor.constructor('return process')() }}",
    '{{ names.constructor }}',
    "{{ names['constructor'] }}",
    "{{ overlay['__proto__'] }}",
    '{{ overlay.__proto__.polluted }}',
    '{{ host.toString }}',
    '{{ n.toFixed }}',
    '{{ names.length }}',
    '{{ names.map }}',
    '{{ host.hasOwnProperty }}',
    '{{ f }}',
    '{{ f.call }}',
    '{{ f() }}',
    '{{ map.get }}',
    '{{ process.env }}',
    '{{ globalThis }}',
    '{{ constructor }}',
    '{{ __proto__ }}',
    '{{ self }}',
    '{{ cycler }}',
    '{{ lipsum.__globals__ }}',
    '{{ namespace(x=1) }}',
    '{{ range(10) }}',
    '{{ raise_exception("x") }}',
    '{{ strftime_now("x") }}',
    '{{ host.name.upper() }}',
    "{{ text | attr('constructor') }}",
    "{{ names | map('upper') }}",
    '{{ [] | first | default(x.constructor) }}',
    '{{ loop }}',
    '{% set x = f %}{{ x }}',
  ])('%s', (text) => {
    const hostile = { ...scope, f: () => 'called', map: new Map([['get', 1]]) };
    const { value, diagnostics } = renderValue(text, namesIn(hostile), nowhere, []);
    expect(value).toBe(UNKNOWN);
    expect(diagnostics.map((d) => d.code)).toEqual([
      expect.stringMatching(/^(undefined-variable|template-not-allowed|unknown-filter)$/),
    ]);
  });

  it("can't change the scope or a prototype", () => {
    const inner = { a: 1 };
    renderValue(
      "{% set inner = 2 %}{% set __proto__ = {'polluted': yes} %}{{ {'__proto__': {'polluted': true}} | length }}",
      namesIn({ ...scope, inner }),
      nowhere,
      [],
    );
    expect(inner).toEqual({ a: 1 });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(render("{{ {'__proto__': 1} }}"))).toBe(Object.prototype);
  });
});

describe('limits', () => {
  const many = Array.from({ length: 2000 }, (_, i) => i);
  const doubled = (line: string, times: number) => `{% set x = 'xxxxxxxx' %}${line.repeat(times)}`;
  it.each([
    ['nested loops', '{% for a in many %}{% for b in many %}{% endfor %}{% endfor %}'],
    ['text that doubles', `${doubled('{% set x = x ~ x %}', 40)}{{ x | length }}`],
    ['text that replaces itself', `${doubled("{% set x = x | replace('x', x) %}", 8)}{{ x | length }}`],
    ['text that joins itself', `${doubled('{% set x = [x, x, x, x] | join(x) %}', 30)}{{ x | length }}`],
    ['lists that double', `${doubled('{% set x = [x, x] %}', 40)}{{ x | to_json }}`],
    ['lists that double, compared', `${doubled('{% set x = [x, x] %}', 40)}{{ x == x }}`],
    [
      'output',
      `{% set x %}${'0123456789'.repeat(100)}{% endset %}{% for a in many %}{{ x }}{{ x }}{{ x }}{% endfor %}`,
    ],
    ['parentheses', `{{ ${'('.repeat(50_000)}n${')'.repeat(50_000)} }}`],
    ['a long chain', `{{ ${Array(50_000).fill('n').join(' + ')} }}`],
  ])('stop %s', (_, text) => {
    expect(faults(text, { many }).map((fault) => fault.split(':')[0])).toEqual(['template-too-large']);
  });

  it('allow a large file', () => {
    const text = `{{ n }}${' '.repeat(100_000)}.`.repeat(20);
    expect(render(text)).toHaveLength(20 * 100_002);
    const line = 'x'.repeat(1000);
    expect(render(`{% for a in many %}{{ line }}{% endfor %}`, { many, line })).toHaveLength(2_000_000);
    expect(2_000_000).toBeLessThan(limits.outputLength);
  });
});

describe('evaluate', () => {
  const range = (text: string) => ({ source: { path: 'p', text }, start: 0, end: text.length });
  it.each<[string, boolean | typeof UNKNOWN]>([
    ['n == 3', true],
    ["'docker_hosts' in host.groups", true],
    ['not yes', false],
    ['missing is defined', false],
    ["facts.os == 'debian'", UNKNOWN],
  ])('%s', (expression, expected) => {
    expect(evaluate(expression, namesIn(scope), range(expression))).toEqual({
      value: expected,
      diagnostics: [],
    });
  });

  it.each([
    ['n', 'when-not-boolean [n] the condition must give true or false, and gives a number'],
    ["'no'", "when-not-boolean ['no'] the condition must give true or false, and gives a string"],
    ['names', 'when-not-boolean [names] the condition must give true or false, and gives a list'],
    ['nothing', 'when-not-boolean [nothing] the condition must give true or false, and gives none'],
    ['n == hots', "undefined-variable [hots] 'hots' is not defined"],
    ["n == '3'", 'type-mismatch [==] a number and a string are never equal'],
    ['{{ yes }}', 'template-syntax [{{ yes }}] an expression stands alone here, without braces'],
    ['yes }} {{ yes', 'template-syntax [yes }} {{ yes] an expression stands alone here, without braces'],
    ['yes }}', 'template-syntax [yes }}] an expression stands alone here, without braces'],
    ['', 'template-syntax [] there is no expression here'],
  ])('refuses %j', (expression, expected) => {
    expect(evaluate(expression, namesIn(scope), range(expression)).diagnostics.map(shown)).toEqual([
      expected,
    ]);
  });
});
