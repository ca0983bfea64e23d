import { expect, it } from 'vitest';
import { hostRunsFact } from '../../src/facts/host-runs.ts';

const runs = (output: string) => hostRunsFact.family.parse(output, ['']).get('');

it('the runs that a host keeps are those that stand or go on', () => {
  const output = [
    'R1\tconfirmed\troot@vm since 2026-01-02T03:04:05Z',
    'R2\tundone\troot@vm since 2026-01-02T03:04:06Z',
    'R3\tpending\tann@elsewhere since 2026-01-02T03:04:07Z',
    'R4\tconfirmed\t',
    '',
  ].join('\n');
  expect(runs(output)).toEqual([
    { run: 'R1', holder: 'root@vm', since: '2026-01-02T03:04:05Z', pending: false },
    { run: 'R3', holder: 'ann@elsewhere', since: '2026-01-02T03:04:07Z', pending: true },
  ]);
  expect(runs('')).toEqual([]);
});
