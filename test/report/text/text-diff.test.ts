import { expect, it } from 'vitest';
import { linesChange } from '../../../src/report/text/text-diff.ts';

it('shows an unchanged length once', () => {
  expect(linesChange('a\nb\n', 'a\n')).toBe('2 → 1 lines');
  expect(linesChange('a\nb\n', 'a\nc\n')).toBe('2 lines, changed');
  expect(linesChange('a', 'b')).toBe('1 line, changed');
  expect(linesChange(undefined, 'a\nb\n')).toBe('2 lines');
});
