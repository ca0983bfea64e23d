import { expect, it } from 'vitest';
import { terminalOf } from '../../../src/report/text/terminal.ts';

const tty = { isTTY: true, columns: 120 };

it.each([
  ['a terminal', tty, {}, { color: true, width: 120, interactive: true }],
  [
    'a pipe, whose lines are not wrapped',
    {},
    {},
    { color: false, width: Number.POSITIVE_INFINITY, interactive: false },
  ],
  ['a pipe with COLUMNS set', {}, { COLUMNS: '100' }, { color: false, width: 100, interactive: false }],
  [
    'a terminal of unknown width',
    { isTTY: true, columns: 0 },
    {},
    { color: true, width: 80, interactive: true },
  ],
  ['NO_COLOR', tty, { NO_COLOR: '1' }, { color: false, width: 120, interactive: true }],
  [
    'NO_COLOR=0, which counts as set',
    tty,
    { NO_COLOR: '0' },
    { color: false, width: 120, interactive: true },
  ],
  ['NO_COLOR set to the empty string', tty, { NO_COLOR: '' }, { color: true, width: 120, interactive: true }],
  [
    'FORCE_COLOR on a pipe',
    {},
    { FORCE_COLOR: '1' },
    { color: true, width: Number.POSITIVE_INFINITY, interactive: false },
  ],
  ['FORCE_COLOR=0 on a terminal', tty, { FORCE_COLOR: '0' }, { color: false, width: 120, interactive: true }],
  [
    'FORCE_COLOR against NO_COLOR',
    tty,
    { FORCE_COLOR: '1', NO_COLOR: '1' },
    { color: true, width: 120, interactive: true },
  ],
  ['a dumb terminal', tty, { TERM: 'dumb' }, { color: false, width: 120, interactive: false }],
  ['a CI log on a terminal', tty, { CI: 'true' }, { color: true, width: 120, interactive: false }],
  ['CI=false', tty, { CI: 'false' }, { color: true, width: 120, interactive: true }],
  [
    'nonsense in COLUMNS',
    {},
    { COLUMNS: 'wide' },
    { color: false, width: Number.POSITIVE_INFINITY, interactive: false },
  ],
])('%s', (_, stream, env, expected) => {
  expect(terminalOf(stream, env)).toEqual(expected);
});
