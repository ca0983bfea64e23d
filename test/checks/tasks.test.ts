import { describe, expect, it } from 'vitest';
import { tasksOf } from '../../src/checks/tasks.ts';
import { resolved } from '../resolve/play.ts';

function tasks(check: string, present: readonly string[] = ['a', 'b']) {
  const { play } = resolved({
    inventory:
      'hosts: { a: { address: 192.0.2.1, vars: { n: 1 } }, b: { address: 192.0.2.2, vars: { n: 2 } } }',
    playbook: `hosts: all\nsteps: [{ command: { run: x, always: true } }]\nchecks:\n  - ${check}\n`,
  });
  return play.checks.flatMap((one) =>
    tasksOf(one, new Set(present), () => new Set()).map(({ source, target, action, targetLink }) => ({
      pair: `${source}>${target}`,
      ...action.params,
      ...(targetLink === undefined ? {} : { targetLink }),
    })),
  );
}

describe('the tasks of a check', () => {
  it("ask what the target says, from the source's container", () => {
    expect(
      tasks('ping: { address: "{{ host.address }}", mtu: "{{ 1400 + n }}", container: "web{{ n }}" }'),
    ).toEqual([
      { pair: 'a>b', address: '192.0.2.2', mtu: 1402, container: 'web1' },
      { pair: 'b>a', address: '192.0.2.1', mtu: 1401, container: 'web2' },
    ]);
  });

  it('send and listen on the interfaces that each host names', () => {
    expect(tasks('{ loop: { interface: "br{{ n }}" }, between: sample 1 }')).toHaveLength(1);
    expect(tasks('loop: { interface: "br{{ n }}" }')).toEqual([
      { pair: 'a>b', interface: 'br1', targetLink: 'br2' },
      { pair: 'b>a', interface: 'br2', targetLink: 'br1' },
    ]);
  });

  it('leave out absent hosts', () => {
    expect(tasks('ping: { address: x }', ['a'])).toEqual([]);
    expect(tasks('command: { run: "echo {{ n }}" }', ['b'])).toEqual([{ pair: 'b>b', run: 'echo 2' }]);
  });
});
