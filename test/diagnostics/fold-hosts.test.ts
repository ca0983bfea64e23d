import { expect, it } from 'vitest';
import { error, type SourceRange, warning } from '../../src/diagnostics/diagnostic.ts';
import { foldHosts } from '../../src/diagnostics/fold-hosts.ts';
import { sentence } from '../../src/diagnostics/sentence.ts';
import { diagnosticToJson } from '../../src/report/diagnostics/json.ts';

const source = { path: 'inv.yml', text: 'a\nb\nc\nd\ne\nf\n' };
const at = (start: number): SourceRange => ({ source, start, end: start + 1 });
const hosts = ['a', 'b', 'c', 'd', 'e', 'f'].map((name, i) => ({ name, at: at(2 * i) }));
const on = (n: number, message: string, range = at(1)) => ({
  ...warning('foreign-tunnel', message, range),
  hosts: [hosts[n]?.name ?? ''],
});

it('merges equal diagnostics of several hosts, and JSON lists all hosts', () => {
  const folded = foldHosts(
    [0, 1, 2, 3, 4].map((n) => on(n, 'one')),
    hosts,
  );
  expect(folded.map(sentence)).toEqual(['a, b, c and 2 more: one']);
  expect(folded.map(diagnosticToJson)).toMatchObject([{ message: 'one', hosts: ['a', 'b', 'c', 'd', 'e'] }]);
  expect(sentence({ hosts: ['a', 'b', 'c', 'd'], message: 'one' })).toBe('a, b, c, d: one');
});

it('names no host if it concerns all', () => {
  const folded = foldHosts(
    hosts.map((_, n) => on(n, 'one')),
    hosts,
  );
  expect(folded).toEqual([warning('foreign-tunnel', 'one', at(1))]);
});

it("hosts' own places count as equal, others don't", () => {
  const own = foldHosts(
    [0, 1].map((n) => on(n, 'one', hosts[n]?.at)),
    hosts,
  );
  expect(own).toEqual([{ ...on(0, 'one', hosts[0]?.at), hosts: ['a', 'b'] }]);
  expect(foldHosts([on(0, 'one', at(1)), on(1, 'one', at(3))], hosts)).toHaveLength(2);
});

it('keeps different diagnostics apart, and those without a host', () => {
  const said = [on(0, 'one'), on(1, 'two'), { ...error('foreign-tunnel', 'one', at(1)), hosts: ['b'] }];
  const plain = warning('foreign-tunnel', 'one', at(1));
  expect(foldHosts([...said, plain], hosts)).toEqual([...said, plain]);
});
