import type { ChangeView, Risk } from '../../changes/change.ts';
import type { SettleAction } from '../../changes/settle/action.ts';
import { settleOfKey, settleTypeOf } from '../../changes/settle/registry.ts';
import type { Style } from './paint.ts';

type Action = ChangeView['action'];

export const symbols: Readonly<Record<Action, string>> = { create: '+', update: '~', delete: '-', run: '▶' };

export const actionStyles: Readonly<Record<Action, Style>> = {
  create: 'green',
  update: 'yellow',
  delete: 'red',
  run: 'cyan',
};

/** What a risk means for the host's users, as a clause. */
export const riskWords: Readonly<Record<Risk, string>> = {
  'ssh-path': 'changes the SSH path: the connection may break',
  'restarts-docker': 'restarts Docker: running containers stop for a while and are started again',
  'drops-traffic': 'interrupts traffic',
  'installs-package': 'installs packages: an undo leaves them, except with --packages',
};

/** The inventory's file, or all its files. */
export function inventoryWords({
  inventory,
  moreInventories = [],
}: {
  readonly inventory: string;
  readonly moreInventories?: readonly string[];
}): string {
  return [inventory, ...moreInventories].join(', ');
}

/** An event's summary for people: `settle docker` is spelt out, others are unchanged. */
export function summaryWords(summary: string): string {
  const action = settleOfKey(summary.replace(/^settle /, ''));
  return action === undefined || !summary.startsWith('settle ') ? summary : settleWords(action);
}

/** What a settle action runs. Not escaped. */
export function settleWords(action: SettleAction): string {
  return settleTypeOf(action).words(action);
}
