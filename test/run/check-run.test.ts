import { expect, it } from 'vitest';
import type { CheckResult } from '../../src/checks/result.ts';
import { checkTroubles, troubleOfChecks } from '../../src/run/check-run.ts';
import type { FleetHost } from '../../src/run/open-fleet.ts';
import type { ApplyOptions } from '../../src/run/progress.ts';
import { resolved } from '../resolve/play.ts';

const { checks } = resolved({
  playbook: `hosts: all
steps: [{ command: { run: x, always: true } }]
checks:
  - { name: Near, ping: { address: a } }
  - { name: Well, command: { run: x } }
`,
}).play;

it('names the pairs that failed, at their source, with the output', () => {
  const result = (
    check: number,
    source: string,
    target: string,
    state: CheckResult['state'],
    output = '',
  ) => ({ check, source, target, state, output });
  const troubles = checkTroubles(checks, [
    result(0, 'a', 'b', 'failed', 'no answer'),
    result(0, 'a', 'c', 'failed', 'no route'),
    result(0, 'b', 'a', 'ok'),
    result(0, 'c', 'a', 'unknown', 'ping is not installed'),
    result(1, 'a', 'a', 'failed', 'exit status 1'),
  ]);
  expect([...troubles]).toEqual([
    [
      'a',
      {
        code: 'check-failed',
        message: 'a check failed: Near: a → b, a → c; Well: a',
        output: 'a → b: no answer\na → c: no route\na: exit status 1',
      },
    ],
  ]);
});

it("says that nothing was checked if a check has no pairs, and doesn't call its hosts checked", async () => {
  const { play } = resolved({
    playbook: `hosts: all
steps: [{ command: { run: x, always: true } }]
checks: [{ name: Near, ping: { address: a } }]
`,
    inventory: 'hosts: { a: { address: 192.0.2.1 } }',
  });
  const [host] = play.hosts;
  const events: unknown[] = [];
  const connection = { close: () => {} };
  const options = {
    checks: play.checks,
    forks: 1,
    emit: (event: unknown) => events.push(event),
    signal: new AbortController().signal,
    transport: { connect: async () => connection },
  } as unknown as ApplyOptions;
  const troubles = await troubleOfChecks([{ resolved: host } as FleetHost], [], options);
  expect([troubles.size, events]).toEqual([
    0,
    [
      {
        type: 'notice',
        host: 'a',
        message: 'nothing was checked by "Near": the run has no pair of hosts for it',
      },
    ],
  ]);
});
