import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noSwarm, swarmFact } from '../../../src/facts/docker/swarm.ts';
import { Unreadable } from '../../../src/facts/unreadable.ts';

const { family } = swarmFact;

/** What real hosts (Debian 12, Docker 20.10) printed. */
function read(name: string) {
  return family.parse(readFileSync(new URL(`${name}.txt`, import.meta.url), 'utf8'), ['']).get('');
}

describe('what Docker reports about its swarm', () => {
  it('is read of a manager', () => {
    expect(read('manager')).toEqual({
      state: 'active',
      manager: true,
      address: '10.98.0.11',
      managers: ['10.98.0.11:2377'],
      liveRestore: false,
    });
  });

  it('is read of a worker', () => {
    expect(read('worker')).toMatchObject({
      manager: false,
      address: '10.98.0.12',
      managers: ['10.98.0.11:2377'],
    });
  });

  it('is read of a host in no swarm', () => {
    expect(read('none')).toEqual(noSwarm);
  });

  it('is not asked of a daemon that does not run', () => {
    expect(read('stopped')).toEqual({ ...noSwarm, state: 'stopped' });
    expect(family.query(['']).text).toMatch(/^if ! systemctl is-active --quiet docker.service; then/);
  });

  it('is unknown where a daemon does not answer', () => {
    expect(() => family.parse('dead\n', [''])).toThrow(Unreadable);
    expect(() => family.parse('{"Swarm":null}\n', [''])).toThrow(Unreadable);
  });
});
