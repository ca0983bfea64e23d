import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RunError } from '../diagnostics/errors.ts';
import { type Schema, unlike } from '../facts/schema.ts';
import { readStored } from '../files/read-stored.ts';
import type { RecordedStage } from '../plan/recorded-stage.ts';
import type { RunRecord } from './record.ts';
import { recordedSchema, runSchema } from './record-schema.ts';
import { withSettleValues } from './version-1.ts';

/** A run's record in its folder. @throws RunError `state` when it can't be read, or isn't one of this run. */
export function readRecord(stateDir: string, folder: string, id: string): RunRecord {
  const path = join(folder, 'run.json');
  const hint = `${byHand(id)}; then delete the folder ${folder}`;
  const record = readStored<RunRecord>(stateDir, path, hint);
  const version: unknown = record.formatVersion;
  if (typeof version === 'number' && version !== 1 && version !== 2) {
    const why = `its format version is ${version}, this meshbook reads 1 and 2`;
    throw new RunError('state', `${path} can't be read: ${why}`, { hint: 'use the meshbook that made it' });
  }
  mustBeLike(runSchema, record, `${path} can't be read: it holds no run`, hint);
  // Its other files are found by its id.
  if (record.id === id) return record;
  throw new RunError('state', `${path} can't be read: it is of another run, ${record.id}`, { hint });
}

/** What a run's record holds of its changes, by host. @throws RunError `state` when that can't be read. */
export function readKept(
  stateDir: string,
  folder: string,
  id: string,
): Readonly<Record<string, RecordedStage>> {
  const path = join(folder, 'changes.json');
  if (!existsSync(path)) return {};
  const hint = `${byHand(id)}; then, or to keep its changes: meshbook runs forget ${id}`;
  const kept = readStored<Record<string, RecordedStage>>(stateDir, path, hint);
  mustBeLike(recordedSchema, kept, `${path} can't be read: it holds no changes of a run`, hint);
  return Object.fromEntries(Object.entries(kept).map(([host, stage]) => [host, withSettleValues(stage)]));
}

/** The folder may have come with untrusted files. @throws RunError with the place where the value is invalid. */
function mustBeLike(schema: Schema, value: object, message: string, hint: string): void {
  const why = unlike(schema, value);
  if (why !== undefined) throw new RunError('state', `${message}: ${why}`, { hint });
}

/** How to undo a run without its record. */
function byHand(id: string): string {
  return `to take the run back, as root on each of its hosts: sh /var/lib/meshbook/transactions/${id}/control undo asked`;
}
