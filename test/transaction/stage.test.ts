import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/changes/registry.ts';
import type { SettleAction } from '../../src/changes/settle/action.ts';
import { settleKey } from '../../src/changes/settle/registry.ts';
import { compileProgram } from '../../src/transaction/program.ts';
import { type Stage, stagesOf } from '../../src/transaction/stage.ts';

const docker: SettleAction = { type: 'docker-restart' };
const reload: SettleAction = { type: 'daemon-reload' };
const file = (path: string, ...settle: SettleAction[]): Change => ({
  type: 'file',
  path,
  before: null,
  after: { content: '', mode: '0644', owner: 'root', group: 'root' },
  settle,
});
const command: Change = { type: 'run', command: 'true', timeout: 1, always: true };

const restart = (bridge: string, ...restarted: string[]): SettleAction => ({
  type: 'docker-restart',
  brings: { before: { bridge: 'docker0' }, after: { bridge }, restarted, deleted: [] },
});

/** Steps of one change each, or of actions that they ask for by themselves. */
function staged(...items: (Change | readonly SettleAction[])[]) {
  const steps = items.map((item, index) => ({
    index,
    name: `step ${index}`,
    kind: '',
    changes: 'type' in item ? [item] : [],
    ...('type' in item ? {} : { settle: item }),
    unknowns: [],
  }));
  return stagesOf({ host: 'a', steps });
}

function orders(...items: (Change | readonly SettleAction[])[]) {
  return staged(...items).map(({ name, order, settles }) => ({
    name,
    order,
    settles: settles.map(({ action, after }) => `${settleKey(action)} after ${after.join(' ')}`),
  }));
}

describe('stagesOf', () => {
  it('has no stage for a plan without changes', () => {
    expect(orders()).toEqual([]);
  });

  it('settles once, at the end, systemd before Docker', () => {
    expect(orders(file('/a', docker, reload), file('/b', docker))).toEqual([
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
    expect(orders(file('/etc/systemd/system/a.service', reload), unit)[0]?.order).toEqual(['1', 's1', '2']);
  });

  it('settles before a command, which may depend on it, and again for later changes', () => {
    expect(orders(file('/a', docker), command, file('/b', docker))).toEqual([
      { name: 'main', order: ['1', 's1', '2', '3', 's2'], settles: ['docker after 1', 'docker after 3'] },
    ]);
  });

  it('settles once for changes and for steps that ask for it by themselves, with what all of them bring', () => {
    const [main] = staged(file('/a', docker), [restart('br1', 'web')], file('/b', docker), [restart('br2')]);
    expect(main?.order).toEqual(['1', '2', 's1']);
    expect(main?.settles).toEqual([
      {
        id: 's1',
        action: restart('br2'),
        after: ['1', '2'],
        by: [
          { step: 1, stepName: 'step 1' },
          { step: 3, stepName: 'step 3' },
        ],
        behind: { step: 3, stepName: 'step 3' },
      },
    ]);
  });

  it('has a stage for a step that changes nothing and asks for a restart', () => {
    const [main, ...others] = staged([restart('br1')]);
    expect(others).toEqual([]);
    expect(main).toMatchObject({ name: 'main', changes: [], order: ['s1'] });
    const program = compileProgram(main as Stage, 'Test');
    expect(program).toContain('# s1. settle docker, for step 0\n');
    expect(program).toContain('\norder=s1\nundo_order=s1\n');
  });

  it('says in whose name an action runs, and after which step', () => {
    const [main] = staged([restart('br1')], command, file('/b', reload));
    expect(main?.order).toEqual(['s1', '1', '2', 's2']);
    expect(main?.settles.map(({ behind }) => behind.stepName)).toEqual(['step 0', 'step 2']);
  });
});
