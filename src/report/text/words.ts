import type { ChangeView, Risk } from '../../changes/change.ts';
import { isSettleAction, type SettleAction } from '../../changes/settle.ts';
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

export function settleWords(action: SettleAction): string {
  if (action === 'daemon-reload') return 'systemctl daemon-reload';
  if (action === 'docker') return 'restart Docker';
  if (action === 'docker-stopped') return 'leave Docker stopped: only its files are written';
  return `restart ${action.slice('restart:'.length)}`;
}

/** An event's summary for people: `settle docker` is spelt out, others are unchanged. */
export function summaryWords(summary: string): string {
  const action = summary.replace(/^settle /, '');
  return action !== summary && isSettleAction(action) ? settleWords(action) : summary;
}
