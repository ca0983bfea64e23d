import { describe, expect, it } from 'vitest';
import { type DockerChange, dockerPrimitive } from '../../../src/changes/docker/docker.ts';
import { changeView } from '../../../src/changes/registry.ts';
import { dockerFact } from '../../../src/facts/docker/docker.ts';
import { dockerOptions } from '../../../src/facts/docker/options.ts';
import { Facts } from '../../../src/facts/fact.ts';

const change: DockerChange = {
  type: 'docker',
  before: { bridge: 'docker0' },
  after: { bridge: 'newbridge', mtu: 1450 },
  restarted: ['db', 'web'],
  deleted: ['job'],
  settle: ['docker'],
};

const stopped = {
  installed: true,
  active: 'inactive',
  enabled: true,
  units: [],
  environment: [],
  daemon: null,
};

describe('a change of the Docker daemon', () => {
  it('shows its options, and which containers the restart stops and deletes', () => {
    expect(changeView(change)).toEqual({
      action: 'update',
      noun: 'Docker daemon',
      target: 'docker.service',
      fields: [
        { field: 'bridge', before: 'docker0', after: 'newbridge' },
        { field: 'mtu', after: 1450 },
        { field: 'containers that stop for the restart', after: 'db, web' },
        { field: 'containers that are deleted (--rm)', after: 'job' },
      ],
    });
    expect(dockerPrimitive.risks).toContain('restarts-docker');
  });

  it('shows a stopped daemon as one that starts', () => {
    expect(dockerPrimitive.title({ ...change, before: null }).action).toBe('create');
  });

  it('predicts an active daemon with the options', () => {
    const facts = dockerPrimitive.predict(change, new Facts().with(dockerFact, stopped));
    const { active, daemon } = facts.get(dockerFact);
    expect(active).toBe('active');
    expect(daemon && dockerOptions(daemon)).toMatchObject({ bridge: 'newbridge', mtu: 1450 });
  });

  it('predicts nothing if nothing was known', () => {
    expect(dockerPrimitive.predict(change, new Facts()).knows(dockerFact)).toBe(false);
  });
});
