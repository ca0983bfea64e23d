import { expect, it } from 'vitest';
import { Facts } from '../../src/facts/fact.ts';
import { type HostRun, hostRunsFact } from '../../src/facts/host-runs.ts';
import type { KnownHost } from '../../src/plan/plan-hosts.ts';
import { armedWarnings } from '../../src/run/armed.ts';

const at = new Date(2026, 0, 2, 3, 4, 5);
const run = (secondsLeft?: number): HostRun => ({
  run: 'R1',
  holder: 'ann@vm',
  since: '2026-01-02T03:04:05Z',
  pending: true,
  ...(secondsLeft === undefined ? {} : { secondsLeft }),
});
const host = (name: string, ...runs: HostRun[]) =>
  ({ resolved: { host: { name } }, facts: new Facts().with(hostRunsFact, runs) }) as unknown as KnownHost;

it('armed hosts are listed with the run, the first deadline and how to keep it', () => {
  const hosts = [host('docker1', run(61)), host('docker2', run(60)), host('docker3', run()), host('docker4')];
  expect(armedWarnings(hosts, at)).toEqual([
    {
      severity: 'warning',
      code: 'armed',
      message: 'the hosts are armed by run R1 of ann@vm, and undo it at 03:05:05 unless it is confirmed',
      hosts: ['docker1', 'docker2'],
      hint: 'meshbook confirm R1',
    },
  ]);
  expect(armedWarnings([host('docker1', run(5))], at)[0]?.message).toContain('the host is armed by run R1');
  expect(armedWarnings([host('docker3', run())], at)).toEqual([]);
});
