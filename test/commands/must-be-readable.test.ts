import { expect, it } from 'vitest';
import { mustBeReadable } from '../../src/commands/gates/must-be-readable.ts';
import { Facts, factId } from '../../src/facts/fact.ts';
import { sshPathFact } from '../../src/facts/ssh-path.ts';

const known = (name: string, state: object) => ({
  resolved: { host: { name }, steps: [] } as never,
  facts: new Facts(new Map([[factId(sshPathFact), state as never]])),
});

it("refuses to begin a run if a host's output can't be read, with hosts and output", () => {
  const why = "the host's answer to systemctl show can't be read: 8 units instead of 1";
  expect(() =>
    mustBeReadable([
      known('a', { value: {} }),
      known('b', { unknown: why, unreadable: true }),
      known('c', { unknown: 'x', unreadable: true }),
    ]),
  ).toThrow(expect.objectContaining({ code: 'protocol', host: 'b', message: `${why}; c: x` }));
});

it('begins a run if facts are unknown for another reason, since a later step may supply them', () => {
  expect(() => mustBeReadable([known('a', { unknown: 'the query failed' })])).not.toThrow();
});
