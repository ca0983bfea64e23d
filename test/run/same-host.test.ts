import { describe, expect, it } from 'vitest';
import { isSameHost, type RecordedHost, togetherByHost } from '../../src/run/same-host.ts';

const host = (name: string, address: string, more: Partial<RecordedHost> = {}): RecordedHost => ({
  inventory: '/i.yml',
  target: { name, address, ssh: { user: 'root' }, become: false } as RecordedHost['target'],
  ...more,
});

describe('a host of several runs', () => {
  it.each([
    ['with another name', host('b', '192.0.2.1'), true],
    ['with another address', host('a', '192.0.2.2'), true],
    ['with another name and address', host('b', '192.0.2.2'), false],
    ['with another name, in another inventory', host('b', '192.0.2.1', { inventory: '/j.yml' }), false],
    ['with its name, in another inventory', host('a', '192.0.2.1', { inventory: '/j.yml' }), true],
  ])('%s', (_, other, same) => {
    expect(isSameHost(host('a', '192.0.2.1'), other)).toBe(same);
  });

  it('is not another one that has its name now', () => {
    const was = host('a', '192.0.2.1', { machine: '1' });
    expect(isSameHost(was, host('a', '192.0.2.2', { machine: '2' }))).toBe(false);
    expect(isSameHost(was, host('a', '192.0.2.2', { machine: '1' }))).toBe(true);
  });

  it('is the same under every name, and two that swap their names are two', () => {
    const runs = [
      host('a', '192.0.2.1', { machine: '1' }),
      host('b', '192.0.2.2', { machine: '2' }),
      host('b', '192.0.2.1', { machine: '1' }),
      host('a', '192.0.2.2', { machine: '2' }),
    ];
    const machines = togetherByHost(runs, (one) => one).map((own) => own.map(({ machine }) => machine));
    expect(machines).toEqual([
      ['1', '1'],
      ['2', '2'],
    ]);
  });
});
