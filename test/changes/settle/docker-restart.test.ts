import { describe, expect, it } from 'vitest';
import { changeView } from '../../../src/changes/registry.ts';
import type { DockerEffect, DockerRestart } from '../../../src/changes/settle/action.ts';
import { dockerRestart } from '../../../src/changes/settle/docker-restart.ts';
import { thing } from '../../../src/changes/thing.ts';
import { dockerFact } from '../../../src/facts/docker/docker.ts';
import { dockerOptions } from '../../../src/facts/docker/options.ts';
import { Facts } from '../../../src/facts/fact.ts';

const brings: DockerEffect = {
  before: { bridge: 'docker0' },
  after: { bridge: 'newbridge', mtu: 1450 },
  restarted: ['db', 'web'],
  deleted: ['job'],
};
const action: DockerRestart = { type: 'docker-restart', brings };

const stopped = {
  installed: true,
  active: 'inactive',
  enabled: true,
  units: [],
  environment: [],
  daemon: null,
};

describe('a restart of the Docker daemon', () => {
  it('shows its options, and which containers it stops and deletes', () => {
    expect(changeView(action)).toEqual({
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
    expect(dockerRestart.risks(action)).toEqual(['drops-traffic', 'restarts-docker']);
  });

  it('interrupts no traffic if no container runs', () => {
    const quiet: DockerRestart = { ...action, brings: { ...brings, restarted: [], deleted: [] } };
    expect(dockerRestart.risks(quiet)).toEqual(['restarts-docker']);
    expect(dockerRestart.destroys(quiet)).toEqual([]);
  });

  it('shows a stopped daemon as one that starts', () => {
    expect(dockerRestart.title({ ...action, brings: { ...brings, before: null } }).action).toBe('create');
  });

  it('predicts an active daemon with the options', () => {
    const facts = dockerRestart.predict(action, new Facts().with(dockerFact, stopped));
    const { active, daemon } = facts.get(dockerFact);
    expect(active).toBe('active');
    expect(daemon && dockerOptions(daemon)).toMatchObject({ bridge: 'newbridge', mtu: 1450 });
  });

  it('predicts nothing if nothing was known', () => {
    expect(dockerRestart.predict(action, new Facts()).knows(dockerFact)).toBe(false);
  });

  it('destroys the network namespaces of the containers that run', () => {
    expect(dockerRestart.destroys(action)).toEqual(['db', 'web', 'job'].map(thing.containerNamespace));
  });

  it.each<[string, DockerRestart, DockerRestart, DockerRestart]>([
    ['of a file and of its step', { type: 'docker-restart' }, action, action],
    ['of a step and of a later file', action, { type: 'docker-restart' }, action],
    [
      'of two steps: from before both to after both',
      action,
      {
        type: 'docker-restart',
        brings: {
          before: { bridge: 'newbridge', icc: true },
          after: { bridge: 'br2', icc: false },
          restarted: ['web'],
          deleted: [],
        },
      },
      {
        type: 'docker-restart',
        brings: {
          before: { bridge: 'docker0', icc: true },
          after: { bridge: 'br2', mtu: 1450, icc: false },
          restarted: ['web'],
          deleted: [],
        },
      },
    ],
    [
      'of a daemon that did not run before the first',
      { ...action, brings: { ...brings, before: null } },
      { ...action, brings: { ...brings, before: {}, after: { icc: false } } },
      {
        ...action,
        brings: { ...brings, before: null, after: { bridge: 'newbridge', mtu: 1450, icc: false } },
      },
    ],
    [
      'of an option that was not set before the first',
      { ...action, brings: { ...brings, before: {}, after: { mtu: 1450 } } },
      { ...action, brings: { ...brings, before: { mtu: 1450 }, after: { mtu: 1400 } } },
      { ...action, brings: { ...brings, before: {}, after: { mtu: 1400 } } },
    ],
  ])('is one restart %s', (_, first, second, both) => {
    expect(dockerRestart.merge(first, second)).toEqual(both);
  });
});
