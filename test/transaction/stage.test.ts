import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/changes/registry.ts';
import type { SettleAction } from '../../src/changes/settle.ts';
import { stagesOf } from '../../src/transaction/stage.ts';

const file = (path: string, ...settle: SettleAction[]): Change => ({
  type: 'file',
  path,
  before: null,
  after: { content: '', mode: '0644', owner: 'root', group: 'root' },
  settle,
});
const command: Change = { type: 'run', command: 'true', timeout: 1, always: true };

function orders(...changes: Change[]) {
  const steps = changes.map((change, index) => ({
    index,
    name: '',
    kind: '',
    changes: [change],
    unknowns: [],
  }));
  return stagesOf({ host: 'a', steps }).map(({ name, order, settles }) => ({
    name,
    order,
    settles: settles.map(({ action, after }) => `${action} after ${after.join(' ')}`),
  }));
}

describe('stagesOf', () => {
  it('has no stage for a plan without changes', () => {
    expect(orders()).toEqual([]);
  });

  it('settles once, at the end, systemd before Docker', () => {
    expect(orders(file('/a', 'docker', 'daemon-reload'), file('/b', 'docker'))).toEqual([
      { name: 'main', order: ['1', '2', 's1', 's2'], settles: ['daemon-reload after 1', 'docker after 1 2'] },
    ]);
  });

  it('settles before a unit is started', () => {
    const unit: Change = {
      type: 'unit',
      unit: 'a.service',
      before: { enabled: false, active: false },
      after: { enabled: true, active: true },
    };
    expect(orders(file('/etc/systemd/system/a.service', 'daemon-reload'), unit)[0]?.order).toEqual([
      '1',
      's1',
      '2',
    ]);
  });

  it('settles before a command, which may depend on it, and again for later changes', () => {
    expect(orders(file('/a', 'docker'), command, file('/b', 'docker'))).toEqual([
      { name: 'main', order: ['1', 's1', '2', '3', 's2'], settles: ['docker after 1', 'docker after 3'] },
    ]);
  });
});
