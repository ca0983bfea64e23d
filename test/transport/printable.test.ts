import { expect, it } from 'vitest';
import { printable } from '../../src/transport/printable.ts';

it.each([
  ['plain', 'plain'],
  ['  two\nlines\tand a tab \n', 'two\\nlines\\tand a tab'],
  ['\u001b[31mred\u0007', '\\x1b[31mred\\x07'],
  ['\u009b31m', '\\x9b31m'],
  ['Grüße 世界', 'Gr\\xfc\\xdfe 世界'],
  ['a\u202eb', 'a\\u{202e}b'],
  ['x'.repeat(400), `${'x'.repeat(300)}…`],
  ['', ''],
])('prints %j as %s', (text, expected) => {
  expect(printable(text)).toBe(expected);
});
