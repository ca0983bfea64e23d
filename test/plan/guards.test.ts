import { describe, expect, it } from 'vitest';
import { primitives } from '../../src/changes/registry.ts';
import { settleTypes } from '../../src/changes/settle/registry.ts';
import { Facts } from '../../src/facts/fact.ts';
import { fileFact } from '../../src/facts/file.ts';
import { type Guard, guardFact } from '../../src/facts/guard.ts';
import { packageFact } from '../../src/facts/package.ts';
import { realPathFact } from '../../src/facts/real-path.ts';
import { sysctlFact } from '../../src/facts/sysctl.ts';
import type { ResolvedHost, ResolvedStep } from '../../src/model/resolved.ts';
import { planHost, queriesOf } from '../../src/plan/plan-host.ts';

const step = (index: number, kind: string, params: object): ResolvedStep =>
  ({
    step: { index, name: `S${index}`, kind, params, tags: [], vars: {}, locate: () => ({}) },
    name: `S${index}`,
    params,
  }) as unknown as ResolvedStep;
const host = (...steps: ResolvedStep[]): ResolvedHost =>
  ({ host: { name: 'here' }, overlays: new Map(), steps }) as unknown as ResolvedHost;
const file = (path: string, state = 'present') =>
  ['file', { path, ...(state === 'present' ? { content: 'x\n' } : { state }) }] as const;
const guarded = (guard: Guard) => ['command', { run: 'make', ...guard }] as const;

/** A host with a link from /link to /srv; whatever a guard tests for is absent, and every file is missing. */
function factsFor(steps: readonly ResolvedStep[], done = false): Facts {
  const queries = queriesOf(host(...steps));
  return queries.reduce(
    (facts, query) => {
      if (query.family.name === 'guard') return facts.with(query, done);
      if (query.family.name === 'file') return facts.with(fileFact(query.key), null);
      if (query.family.name === 'real_path')
        return facts.with(realPathFact(query.key), query.key.replace(/^\/link(?=\/|$)/, '/srv'));
      return facts;
    },
    new Facts().with(sysctlFact('a.b'), '0'),
  );
}

/** The plan of the last step: whether it runs, or why that is unknown. */
function answer(...steps: (readonly [string, object])[]): string {
  const all = steps.map(([kind, params], i) => step(i, kind, params));
  const { plan } = planHost(host(...all), factsFor(all));
  const last = plan.steps.at(-1);
  return last?.unknowns[0] ?? (last?.changes.length === 1 ? 'runs' : 'nothing to do');
}

describe('a guard for a path, after earlier changes', () => {
  it.each([
    ['a file elsewhere', file('/etc/other'), '/srv/out', 'runs'],
    ['a file beside it', file('/srv/out2'), '/srv/out', 'runs'],
    ['the same file', file('/srv/out'), '/srv/out', 'nothing to do'],
    ['a file below it, whose folders are made', file('/srv/out/deep/file'), '/srv/out', 'nothing to do'],
    ['the same file, through a link', file('/link/out'), '/srv/out', 'nothing to do'],
    ['the same file, if the guard names a link', file('/srv/out'), '/link/out', 'nothing to do'],
    ['a kernel parameter', ['sysctl', { name: 'a.b', value: '1' }] as const, '/srv/out', 'runs'],
  ])('has a known answer: %s', (_, earlier, creates, expected) => {
    expect(answer(earlier, guarded({ creates }))).toBe(expected);
  });

  it.each([
    ['above it', file('/srv'), '/srv/out'],
    ["in a file of the kernel's", ['sysctl', { name: 'a.b', value: '1' }] as const, '/sys/class/net/br0'],
    ['by a command', ['command', { run: 'x', always: true }] as const, '/srv/out'],
  ])('is left to the host if a change may touch its path: %s', (_, earlier, creates) => {
    expect(answer(earlier, guarded({ creates }))).toBe(
      `the answer of its guard, because step "S0" comes first and may touch ${creates}`,
    );
  });

  it('is left to the host if a link may lead elsewhere, since that is unknown', () => {
    const steps = [file('/etc/other'), guarded({ creates: '/srv/out' })].map(([kind, params], i) =>
      step(i, kind, params),
    );
    const facts = factsFor(steps).without(realPathFact('/etc/other'), 'not read');
    expect(planHost(host(...steps), facts).plan.steps[1]?.unknowns).toEqual([
      'the answer of its guard, because step "S0" comes first and may touch /srv/out',
    ]);
  });

  it('is evaluated after packages of any step, since those are installed first', () => {
    const steps = [guarded({ creates: '/usr/bin/x' }), ['package', { name: ['x'] }] as const].map(
      ([kind, params], i) => step(i, kind, params),
    );
    const facts = factsFor(steps).with(packageFact('x'), {
      manager: 'apt',
      installed: null,
      candidate: '1',
    } as never);
    const { plan } = planHost(host(...steps), facts);
    expect(plan.steps[1]?.changes).toHaveLength(1);
    expect(plan.steps[0]?.unknowns).toEqual([
      'the answer of its guard, because step "S1" comes first and may touch /usr/bin/x',
    ]);
  });
});

it("a guard that is a user's command is unknown after any change", () => {
  expect(answer(file('/etc/other'), guarded({ unless: 'true' }))).toContain('earlier steps change the host');
  expect(guardFact({ unless: 'true' }).key).toContain('unless');
});

it('only types of changes and settle actions that run no foreign programs name the paths that they touch', () => {
  const silent = [...primitives.values(), ...settleTypes.values()]
    .filter(({ paths }) => paths === undefined)
    .map(({ type }) => type);
  expect(silent.sort()).toEqual([
    'docker-restart',
    'ovs_uplink',
    'package',
    'run',
    'unit',
    'unit-restart',
    'uplink',
  ]);
});
