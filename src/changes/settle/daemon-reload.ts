import { raw } from '../../sh/sh.ts';
import { type DaemonReload, settleSchemas } from './action.ts';
import type { SettleType } from './settle-type.ts';

const reload = raw('systemctl daemon-reload');

export const daemonReload: SettleType<DaemonReload> = {
  type: 'daemon-reload',
  schema: settleSchemas['daemon-reload'],
  key: () => 'daemon-reload',
  fromKey: (key) => (key === 'daemon-reload' ? { type: 'daemon-reload' } : undefined),
  words: () => 'systemctl daemon-reload',
  merge: (first) => first,
  // The new unit file is in place before any restart.
  rank: 0,
  scope: 'disk',
  limit: 60,
  // What generators write: systemd.generator(7).
  paths: () => ['/run/systemd'],
  risks: () => [],
  touches: () => [],
  destroys: () => [],
  title: () => ({ action: 'run', noun: 'reload of', target: 'systemd' }),
  fields: () => [],
  predict: (_, facts) => facts,
  apply: () => reload,
  undo: () => reload,
  recheck: 'nothing tells',
};
