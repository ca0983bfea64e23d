import { expect, it } from 'vitest';
import { namesIn } from '../../src/template/context.ts';
import { renderVars } from '../../src/template/render-vars.ts';
import { UNKNOWN } from '../../src/template/values.ts';
import { shown, yaml } from './source.ts';

function render(
  text: string,
  scope: Record<string, unknown> = { host: { name: 'docker1' }, facts: UNKNOWN },
) {
  const { value, locate } = yaml(text);
  const vars = value as Record<string, unknown>;
  const { names, diagnostics } = renderVars(vars, namesIn(scope), locate);
  return {
    value: Object.fromEntries(Object.keys(vars).map((name) => [name, names.get(name)])),
    diagnostics,
  };
}

it('lets variables use each other in any order', () => {
  const { value, diagnostics } = render(
    'a: "{{ b }}/x"\nb: "{{ c.d[0] }}"\nc: { d: ["{{ host.name }}"] }\nn: 5\nm: "{{ n }}"\n',
  );
  expect(diagnostics).toEqual([]);
  expect(value).toEqual({ a: 'docker1/x', b: 'docker1', c: { d: ['docker1'] }, n: 5, m: 5 });
});

it('lets variables hide names of the scope', () => {
  expect(render('host: { name: mine }\na: "{{ host.name }}"\n').value).toMatchObject({ a: 'mine' });
});

it('passes unknown values on', () => {
  expect(render('a: "{{ b }}!"\nb: "{{ facts.os }}"\n').value).toEqual({ a: UNKNOWN, b: UNKNOWN });
});

it('reports a wrong variable once, however many use it', () => {
  const { value, diagnostics } = render(
    'a: "{{ c }}"\nb: "{{ c | default(1) }}"\nc: "{{ hots }}"\nd: ["{{ nope }}", 1]\ne: 2\n',
  );
  expect(value).toEqual({ a: UNKNOWN, b: UNKNOWN, c: UNKNOWN, d: [UNKNOWN, 1], e: 2 });
  expect(diagnostics.map(shown)).toEqual([
    "undefined-variable [hots] 'hots' is not defined",
    "undefined-variable [nope] 'nope' is not defined",
  ]);
});

it.each([
  ['a: "{{ a }}"\n', 'variable-cycle ["{{ a }}"] variable \'a\' needs itself'],
  [
    'a: "{{ b }}"\nb: "{{ c }}"\nc: "{{ b }}"\n',
    'variable-cycle ["{{ c }}"] variables need each other: b → c → b',
  ],
  [
    'a: "{{ b is defined }}"\nb: ["{{ a }}"]\n',
    'variable-cycle ["{{ b is defined }}"] variables need each other: a → b → a',
  ],
])('finds the cycle in %j', (text, expected) => {
  const { value, diagnostics } = render(text);
  expect(Object.values(value)).toContain(UNKNOWN);
  expect(diagnostics.map(shown)).toEqual([expected]);
});

it('reports two cycles', () => {
  const { diagnostics } = render('a: "{{ b }}"\nb: "{{ a }}"\nc: "{{ d }}"\nd: "{{ c }} {{ a }}"\n');
  expect(diagnostics.map((d) => d.message)).toEqual([
    'variables need each other: a → b → a',
    'variables need each other: c → d → c',
  ]);
});

it('suggests variables as the nearest name', () => {
  expect(render('bridge_name: x\na: "{{ brigde_name }}"\n').diagnostics[0]?.hint).toBe(
    "did you mean 'bridge_name'?",
  );
});
