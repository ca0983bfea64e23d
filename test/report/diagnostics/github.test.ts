import { basename, dirname } from 'node:path';
import { expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts';
import { githubAnnotations } from '../../../src/report/diagnostics/github.ts';
import { hostile } from '../hostile.ts';

const source = { path: '/repo/mesh.yml', text: 'hosts: all\nsteps: []\n' };
const error: Diagnostic = { severity: 'error', code: 'invalid-value', message: 'it is wrong' };

it.each([
  ['without a place', error, '::error title=invalid-value::it is wrong'],
  [
    'on one line, relative to the repository',
    { ...error, range: { source, start: 7, end: 10 } },
    '::error file=mesh.yml,line=1,endLine=1,col=8,endColumn=10,title=invalid-value::it is wrong',
  ],
  [
    'over several lines, which have no columns',
    { ...error, range: { source, start: 7, end: 13 } },
    '::error file=mesh.yml,line=1,endLine=2,title=invalid-value::it is wrong',
  ],
  [
    'with a hint, for a warning',
    { ...error, severity: 'warning', hint: 'do it right' },
    '::warning title=invalid-value::it is wrong%0Ahint: do it right',
  ],
  [
    'in a file elsewhere, whose name has special characters',
    { ...error, range: { source: { ...source, path: '/a,b:c%/x.yml' }, start: 0, end: 0 } },
    '::error file=/a%2Cb%3Ac%25/x.yml,line=1,endLine=1,col=1,endColumn=1,title=invalid-value::it is wrong',
  ],
  [
    'with text that would begin another command',
    { ...error, message: '100%\r\n::set-env name=x::y' },
    '::error title=invalid-value::100%25\\r%0A::set-env name=x::y',
  ],
] as [string, Diagnostic, string][])('an annotation %s', (_, diagnostic, line) => {
  expect(githubAnnotations([diagnostic], '/repo')).toBe(`${line}\n`);
});

it('has a path relative to the repository, whatever the working folder of the step', () => {
  const range = { source: { ...source, path: 'github.test.ts' }, start: 0, end: 0 };
  const here = process.cwd();
  expect(githubAnnotations([{ ...error, range }], dirname(here))).toContain(
    `file=${basename(here)}/github.test.ts,`,
  );
});

it('is always one line', () => {
  const text = githubAnnotations([{ ...error, message: `${hostile}\n::error::x`, hint: '\n\n' }], '/');
  expect(text.trimEnd().split(/\r\n|[\n\r\u2028\u2029]/)).toHaveLength(1);
});

it('prints nothing if nothing is wrong', () => {
  expect(githubAnnotations([], '/')).toBe('');
});
