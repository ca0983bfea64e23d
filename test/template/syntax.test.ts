import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namesIn } from '../../src/template/context.ts';
import { evaluate, renderText, renderValue } from '../../src/template/render.ts';
import { UNKNOWN } from '../../src/template/values.ts';
import { nowhere, shown, yaml } from './source.ts';

const names = namesIn({ n: 3, yes: true, text: 'ovs😀', names: ['b', 'a'], facts: UNKNOWN });

function inFile(text: string) {
  return renderText(text, names, { source: { path: 'motd.j2', text }, start: 0, end: text.length });
}

function rendered(text: string): unknown {
  const { value, diagnostics } = inFile(text);
  expect(diagnostics.map(shown)).toEqual([]);
  return value;
}

describe('template errors are described at their place', () => {
  it.each<[string, readonly string[]]>([
    ['a {{ n n }}', ['template-syntax [n] expected }} here']],
    ['{{ n | }}', ["template-syntax [}}] expected a filter's name before }}"]],
    ['{{ n + }}', ['template-syntax [}}] expected a value before }}']],
    ['{{ n }', ['template-syntax [}] expected }} here']],
    ['{{ n %}', ['template-syntax [%}] expected }} here']],
    ['{{ {{ n }} }}', ['template-syntax [{{] expected }} before this']],
    ['{{ (n }}', ['template-syntax [(] this ( is never closed']],
    ['{{ n) }}', ['template-syntax [)] this ) closes nothing']],
    ["{{ 'n }}", ["template-syntax ['] this text has no closing quote"]],
    ['{{ n && yes }}', ["template-syntax [&&] '&&' means nothing in a template"]],
    ['{{ 010 }}', ['template-syntax [010] 010 is neither a number nor a name']],
    [
      '{{ 99999999999999999999 }}',
      ['template-syntax [99999999999999999999] 99999999999999999999 is too large for a number'],
    ],
    ["{{ '\\x4' }}", ["template-syntax [\\x] \\x begins an escape that isn't one"]],
    ['x\n{% if yes %}\ny', ['template-syntax [{% if yes %}] this {% if %} is never closed']],
    [
      '{% if yes %}{% for x in names %}{% endif %}',
      ['template-syntax [{% for x in names %}] this {% for %} is never closed'],
    ],
    ['{% endif %}', ['template-syntax [endif] there is no {% if %} that this endif belongs to']],
    ['{% if yes %}{% endfi %}', ["template-not-allowed [endfi] templates have no statement 'endfi'"]],
    ['{% if yes %}{% else %}{% else %}{% endif %}', ['template-syntax [else] this is the second else']],
    ['{% for x of names %}{% endfor %}', ["template-syntax [of] expected 'in' here"]],
    [
      '{% for x in names if x %}{% endfor %}',
      ["template-not-allowed [if] a loop can't choose elements by 'if'"],
    ],
    ['{# why', ['template-syntax [{#] this comment is never closed']],
    ['{% raw %}{{', ['template-syntax [{% raw %}] this {% raw %} is never closed']],
    ['{{ names[::0] }}', ["type-mismatch [[::0]] a slice's step can't be 0"]],
    ['{{ n[1:] }}', ['type-mismatch [[1:]] parts are taken of lists and texts, not of a number']],
    ['a {{ names }}', ["not-text [names] a list can't stand inside text"]],
  ])('%s', (text, expected) => {
    expect(inFile(text).diagnostics.map(shown)).toEqual(expected);
  });

  it('suggests what was meant, if that is known', () => {
    const hint = (text: string) => inFile(text).diagnostics[0]?.hint;
    expect(hint('{% if yes %}{% endfi %}')).toBe("did you mean 'endif'?");
    expect(hint('{{ a = b }}')).toBe('== compares');
    expect(hint('{{ n | tojson }}')).toBe("use 'to_json'");
    expect(hint('{{.Names}}')).toContain('{% raw %}');
  });
});

describe('all errors of a template are reported at once', () => {
  it.each<[string, readonly string[]]>([
    ['{{ n n }} {{ hots }} {{ n | uper }} {% if n n %}{% endif %}', ['n', 'n', 'uper', 'hots']],
    ["{{ 'a }} {{ hots }}", ["'", 'hots']],
    ['{{ n | uper | lowr }}', ['uper', 'lowr']],
    ['{% if yes %}{{ x1 }} {{ x2 }}{% endif %}{% set y = x3 %}{{ y }}', ['x1', 'x2', 'x3']],
    ['{% for x in names %}{{ x1 }}{% endfor %}{{ x2 }}', ['x1', 'x2']],
  ])('%s', (text, places) => {
    const found = inFile(text).diagnostics.map(({ range }) => text.slice(range?.start, range?.end));
    expect(found.toSorted()).toEqual([...places].sort());
  });

  it('leaves out errors that follow from others', () => {
    expect(inFile('{% from "x" import y %}{{ y }}').diagnostics).toHaveLength(1);
    expect(inFile('{% set y = hots %}{{ y }}').diagnostics).toHaveLength(1);
    expect(inFile('{% fro x in names %}{{ x }}{% endfor %}').diagnostics).toHaveLength(1);
  });
});

it('a name that an unknown condition may set is unknown, not undefined', () => {
  const text = '{% if facts.x %}{% set y = 1 %}{% else %}{% set y = 2 %}{% endif %}{{ y }}';
  expect(inFile(text)).toEqual({ value: UNKNOWN, diagnostics: [] });
});

describe('slices of lists and texts are as in Python', () => {
  it.each<[string, unknown]>([
    ['names[1:]', ['a']],
    ['names[:-1]', ['b']],
    ['names[::-1]', ['a', 'b']],
    ['names[-1]', 'a'],
    ['text[1:3]', 'vs'],
    ['text[-1]', '😀'],
    ['text[3:]', '😀'],
    ['text | length', 4],
    ['text[::2]', 'os'],
    ['names[5:9]', []],
    ['missing[1:] | default(1)', 1],
    ['facts.list[1:]', UNKNOWN],
  ])('%s', (expression, expected) => {
    expect(rendered(`{{ ${expression} }}`)).toEqual(expected);
  });
});

describe('comments and raw text', () => {
  it.each([
    ['a {#- why -#} b', 'ab'],
    ['a\n  {# only this #}\nb\n', 'a\nb\n'],
    ['{% raw %}{{ n }} {% x %} {# y #}{% endraw %}', '{{ n }} {% x %} {# y #}'],
    ['a {%- raw -%} {{ n }} {%- endraw -%} b', 'a{{ n }}b'],
    ['{{ "}}" }}{{ \'{% x %}\' }}', '}}{% x %}'],
    ['  {%+ if yes %}\nx\n  {% endif +%}\ny', '  x\n\ny'],
  ])('%j', (text, expected) => {
    expect(rendered(text)).toBe(expected);
  });

  it('a YAML text with {# and nothing else is not a template', () => {
    expect(renderValue('echo ${#name}', names, nowhere, []).value).toBe('echo ${#name}');
  });
});

it('a condition may contain braces within quotes', () => {
  const text = "text == '{{ n }}'";
  const range = { source: { path: 'p', text }, start: 0, end: text.length };
  expect(evaluate(text, names, range)).toEqual({ value: false, diagnostics: [] });
});

describe('places are exact in every YAML notation', () => {
  it.each([
    ['plain on several lines', 'a: one {{ n }}\n  two {{ hots }}\n'],
    ['single quotes', "a: 'it''s {{ hots }}'\n"],
    ['escapes', 'a: "\\ttab \\x41\\u00e9 {{ \\"x\\" }} {{ hots }}"\n'],
    ['double quotes on several lines', 'a: "one\n\n   two \\\n   {{ hots }}"\n'],
    ['a block', 'a: |2-\n    hots\n  {{ hots }}\n'],
    ['a folded block', 'a: > # why\n  one\n  two\n\n  three {{ hots }}\n'],
    ['an anchor', 'a: &x "b {{ hots }}"\n'],
    ['carriage returns', 'a: |\r\n  one\r\n  {{ hots }}\r\n'],
  ])('%s', (_, text) => {
    const { value, locate } = yaml(text);
    const { diagnostics } = renderValue(value, names, locate, []);
    expect(diagnostics.map(({ range }) => [range?.start, range?.end])).toEqual([
      [text.lastIndexOf('hots'), text.lastIndexOf('hots') + 4],
    ]);
  });
});

it('every text gives only diagnostics with places inside it', () => {
  const parts =
    '{{ }} {% %} {# #} - + if elif else endif for in x endfor set endset raw endraw n names \' " \\ ( ) [ ] { } | , : . == not and is defined upper default 1 2.5 ** ~ é 😀'.split(
      ' ',
    );
  const text = fc
    .array(fc.oneof(fc.constantFrom(...parts, ' ', '\n'), fc.string({ maxLength: 3 })), { maxLength: 40 })
    .map((all) => all.join(''));
  fc.assert(
    fc.property(text, (made) => {
      const { diagnostics } = inFile(made);
      const range = { source: { path: 'p', text: made }, start: 0, end: made.length };
      for (const { range: at } of [...diagnostics, ...evaluate(made, names, range).diagnostics]) {
        expect(at).toBeDefined();
        expect(at?.start).toBeLessThanOrEqual(at?.end ?? -1);
        expect(at?.end).toBeLessThanOrEqual(made.length);
      }
    }),
    { numRuns: 500, seed: 5 },
  );
});
