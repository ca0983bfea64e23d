import { expect, it } from 'vitest';
import { hostRunsFact } from '../../src/facts/host-runs.ts';

const runs = (output: string) => hostRunsFact.family.parse(output, ['']).get('');

it('the runs that a host keeps are those in force or in progress', () => {
  const output = [
    'R1\tconfirmed\t-\troot@vm since 2026-01-02T03:04:05Z',
    'R2\tundone\t-\troot@vm since 2026-01-02T03:04:06Z',
    'R3\tpending\t583\tann@elsewhere since 2026-01-02T03:04:07Z',
    'R4\tconfirmed\t-\t',
    'R5\tpending\t-\tann@elsewhere since 2026-01-02T03:04:08Z',
    'R6\tpending\t-2\tann@elsewhere since 2026-01-02T03:04:09Z',
    '',
  ].join('\n');
  expect(runs(output)).toEqual([
    { run: 'R1', holder: 'root@vm', since: '2026-01-02T03:04:05Z', pending: false },
    { run: 'R3', holder: 'ann@elsewhere', since: '2026-01-02T03:04:07Z', pending: true, secondsLeft: 583 },
    { run: 'R5', holder: 'ann@elsewhere', since: '2026-01-02T03:04:08Z', pending: true },
    { run: 'R6', holder: 'ann@elsewhere', since: '2026-01-02T03:04:09Z', pending: true, secondsLeft: 0 },
  ]);
  expect(runs('')).toEqual([]);
});
