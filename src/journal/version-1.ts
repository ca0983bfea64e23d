import type { ChangeBase } from '../changes/change.ts';
import type { DockerEffect, SettleAction } from '../changes/settle/action.ts';
import { settleOfKey } from '../changes/settle/registry.ts';
import { tidy } from '../json/records.ts';
import type { RecordedStage } from '../plan/recorded-stage.ts';

/**
 * The record of format version 1 in today's form. There a settle action is its key, and a restart of Docker is a
 * change of the type `docker`, with an id of its own. A stage of today is unchanged.
 */
export function withSettleValues(stage: RecordedStage): RecordedStage {
  const changes = Object.entries(stage.changes).map(([id, kept]) => [
    id,
    { ...kept, change: withValues(kept.change) },
  ]);
  return { ...stage, changes: Object.fromEntries(changes) };
}

function withValues(change: ChangeBase): ChangeBase {
  if (change.type === 'docker') {
    const { before, after, restarted, deleted, lost } = change as ChangeBase & DockerEffect;
    return {
      type: 'docker-restart',
      brings: tidy({ before, after, restarted, deleted, lost }),
    } as ChangeBase;
  }
  const { settle } = change as { readonly settle?: readonly (SettleAction | string)[] };
  if (!Array.isArray(settle)) return change;
  return {
    ...change,
    settle: settle.flatMap((one) => (typeof one === 'string' ? (settleOfKey(one) ?? []) : one)),
  };
}
