import { describe, expect, it } from 'vitest';
import { type Docker, dockerFact } from '../../src/facts/docker/docker.ts';
import type { Facts } from '../../src/facts/fact.ts';
import type { ResolvedHost, ResolvedStep } from '../../src/model/resolved.ts';
import { effectsOf } from '../../src/plan/host-plan.ts';
import { planHost } from '../../src/plan/plan-host.ts';
import { stagesOf } from '../../src/transaction/stage.ts';
import { factsOf, planCase } from '../kinds/cases.ts';
import { plannedCases } from '../kinds/planned-cases.ts';

/** The first data case of a kind in which it makes something. */
const caseOf = (name: string) =>
  plannedCases()
    .filter(({ kind, one }) => kind.name === name && one.params.state !== 'absent')
    .find(({ kind, one }) => effectsOf(planCase(kind, one)).length > 0)?.one ??
  expect.fail(`no case of ${name}`);
const nic = caseOf('container_nic');
const docker = caseOf('docker_daemon');

/** A host on which the container web runs, and its Docker works with other options than the step's. */
function facts(...running: string[]): Facts {
  const all = { ...docker, facts: { ...docker.facts, ...nic.facts } };
  return factsOf(all).update(dockerFact, ({ daemon, ...rest }: Docker) => ({
    ...rest,
    daemon: daemon && {
      ...daemon,
      containers: running.map((name) => ({ name, restart: 'no', autoRemove: false, networks: ['none'] })),
    },
  }));
}

function plan(known: Facts, ...kinds: ('container_nic' | 'docker_daemon')[]) {
  const steps = kinds.map((kind, index) => {
    const { params } = kind === 'container_nic' ? nic : docker;
    return { step: { index, name: kind, kind }, name: kind, params } as unknown as ResolvedStep;
  });
  const host = { host: { name: 'a' }, overlays: new Map(), steps } as unknown as ResolvedHost;
  return planHost(host, known);
}

describe('what is made in a container', () => {
  it('comes after the restart of Docker that ends its network namespace', () => {
    const { plan: planned } = plan(facts('web'), 'docker_daemon', 'container_nic');
    expect(planned.steps.map(({ unknowns }) => unknowns)).toEqual([[], []]);
    const [own, others] = planned.steps.map(({ changes }) => changes.length);
    const ids = (count = 0, from = 0) => Array.from({ length: count }, (_, i) => `${from + i + 1}`);
    expect(stagesOf(planned)[0]?.order).toEqual([...ids(own), 's1', 's2', ...ids(others, own)]);
  });

  it('goes with the rest if its container is not running by then', () => {
    const { plan: planned } = plan(facts('db'), 'docker_daemon', 'container_nic');
    expect(stagesOf(planned)[0]?.order.slice(-2)).toEqual(['s1', 's2']);
  });

  it('is unknown if its step comes before that restart, whether or not it is there already', () => {
    const reason =
      'step "docker_daemon" comes later and destroys the network namespace of container web (restart Docker): put this step after that one';
    const fresh = plan(facts('web'), 'container_nic', 'docker_daemon');
    expect(fresh.plan.steps.map(({ unknowns }) => unknowns)).toEqual([[reason], []]);
    expect(plan(facts('db'), 'container_nic', 'docker_daemon').plan.steps[0]?.unknowns).toEqual([]);
    const there = plan(facts('web'), 'container_nic').predicted;
    const again = plan(there, 'container_nic', 'docker_daemon');
    expect(again.plan.steps.map(({ changes }) => changes.length > 0)).toEqual([false, true]);
    expect(again.plan.steps[0]?.unknowns).toEqual([reason]);
  });
});
