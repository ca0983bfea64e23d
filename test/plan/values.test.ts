import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/changes/registry.ts';
import { noSwarm, type Swarm, swarmFact } from '../../src/facts/docker/swarm.ts';
import { Facts } from '../../src/facts/fact.ts';
import type { ResolvedHost } from '../../src/model/resolved.ts';
import { valueProblems } from '../../src/plan/values.ts';

const none = new Facts().with(swarmFact, noSwarm);
const manager: Swarm = { ...noSwarm, state: 'active', manager: true };

/** Makes the swarm of the host itself. */
const makes = (host: string): Change => swarm('manager', host);
/** Joins the swarm of another host. */
const joins = (host: string): Change => swarm('worker', host);

function swarm(role: 'manager' | 'worker', host: string): Change {
  return { type: 'swarm', before: null, after: { role, manager: host, address: '192.0.2.1' } };
}

/** A host with a step for each change. */
function host(name: string, changes: readonly Change[], facts = none, unknowns: readonly string[] = []) {
  const steps = changes.map((change, index) => ({
    index,
    name: `step ${index}`,
    kind: 'swarm',
    changes: [change],
    unknowns: [],
  }));
  const unknown = { index: changes.length, name: 'unknown', kind: 'swarm', changes: [], unknowns };
  const resolved = {
    host: { name },
    steps: steps.map(({ index }) => ({ step: { index, kind: 'swarm', locate: () => undefined } })),
  } as unknown as ResolvedHost;
  return { resolved, facts, plan: { host: name, steps: [...steps, unknown] } };
}

const said = (...hosts: ReturnType<typeof host>[]) =>
  valueProblems(hosts).map(({ code, message, hosts: on }) => {
    expect(code).toBe('value-never-given');
    return `${on?.join()}: ${message.replace(/^.* from /, '')}`;
  });

describe('a value that changes take from another host', () => {
  it('is given by a change of that host, whichever host comes first', () => {
    expect(said(host('a', [makes('a')]), host('b', [joins('a')]), host('c', [joins('a')]))).toEqual([]);
    expect(said(host('b', [joins('a')]), host('a', [makes('a')]))).toEqual([]);
  });

  it('needs no change of a host that has it', () => {
    expect(said(host('a', [], none.with(swarmFact, manager)), host('b', [joins('a')]))).toEqual([]);
  });

  it('may be there while that is unknown', () => {
    expect(said(host('a', [], none, ['Docker does not answer']), host('b', [joins('a')]))).toEqual([]);
  });

  it('is missing where the other host does not take part', () => {
    expect(said(host('b', [joins('a')]))).toEqual(['b: a, but a is not among the hosts']);
  });

  it('is missing where no step of the other host gives it', () => {
    expect(said(host('a', []), host('b', [joins('a')]))).toEqual(['b: a, but no step of a gives it']);
  });

  it('is missing where hosts wait for each other in a circle, and only there', () => {
    const circle = [host('a', [joins('b'), makes('a')]), host('b', [joins('a'), makes('b')])] as const;
    expect(said(...circle, host('c', [makes('c')]), host('d', [joins('c')]))).toEqual([
      'a: b, but b waits for another host in turn',
      'b: a, but a waits for another host in turn',
    ]);
  });

  it('comes in time through a chain of hosts', () => {
    expect(
      said(host('a', [joins('b'), makes('a')]), host('b', [joins('c'), makes('b')]), host('c', [makes('c')])),
    ).toEqual([]);
  });
});
