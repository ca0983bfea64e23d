import { expect, it } from 'vitest';
import { unknownChecksText } from '../../../src/report/run/check-unknown.ts';

const event = { type: 'check', check: 0, name: 'No loop', state: 'unknown', host: 'a' } as const;
const wide = { color: false, width: 100 };

it('shows once what could not be checked for the same reason', () => {
  const events = [
    { ...event, target: 'b', output: 'not installed: perl' },
    { ...event, target: 'c', output: 'not installed: perl' },
    { ...event, host: 'b', target: 'c', output: 'one\n\u001b[2J' },
    { ...event, check: 1, name: 'Self', output: 'why' },
  ];
  expect(unknownChecksText(events, wide)).toBe(`
? No loop: unknown for a → b and 1 other: not installed: perl
? No loop: unknown for b → c: one \\x1b[2J
? Self: unknown for a: why
`);
  expect(unknownChecksText([], wide)).toBe('');
});
