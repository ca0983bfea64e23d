import { type Sh, sh } from '../../sh/sh.ts';
import { thing } from '../thing.ts';
import { unlessGone } from '../unit-commands.ts';
import { settleSchemas, type UnitRestart } from './action.ts';
import type { SettleType } from './settle-type.ts';

const before = 'restart:';

export const unitRestart: SettleType<UnitRestart> = {
  type: 'unit-restart',
  schema: settleSchemas['unit-restart'],
  key: ({ unit }) => `${before}${unit}`,
  fromKey: (key) => {
    const unit = key.startsWith(before) ? key.slice(before.length) : '';
    return unit === '' || unit.includes('\0') ? undefined : { type: 'unit-restart', unit };
  },
  words: ({ unit }) => `restart ${unit}`,
  merge: (first) => first,
  rank: 1,
  scope: 'live',
  limit: 120,
  risks: () => [],
  touches: ({ unit }) => [thing.unit(unit)],
  destroys: () => [],
  title: ({ unit }) => ({ action: 'run', noun: 'restart of', target: unit }),
  fields: () => [],
  predict: (_, facts) => facts,
  apply: restart,
  undo: (action) => unlessGone(action.unit, restart(action)),
  recheck: 'nothing tells',
};

function restart({ unit }: UnitRestart): Sh {
  return sh`systemctl try-restart -- ${unit}`;
}
