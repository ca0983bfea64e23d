import { closeSync, existsSync, readSync, statSync } from 'node:fs';
import { type Checked, hasErrors } from '../diagnostics/diagnostic.ts';
import { InvalidInput, RunError } from '../diagnostics/errors.ts';
import { openRegular, UnfitFile } from '../files/read-file.ts';
import { writeWhole } from '../files/write-whole.ts';
import { formatPlan, looksLikePlan, parsePlan } from './plan-file.ts';
import type { SavedPlan } from './saved-plan.ts';

/**
 * Writes a plan's file, whole or not at all, readable by its owner only: it contains hosts' files, though no secret.
 * @throws RunError if it can't.
 */
export function writePlan(path: string, plan: SavedPlan): void {
  try {
    writeWhole(path, formatPlan(plan), 0o600);
  } catch (cause) {
    throw new RunError('state', `can't write the plan to ${path}: ${(cause as Error).message}`, { cause });
  }
}

/**
 * A plan may replace a plan, but not, by mistake, an inventory.
 * @throws RunError if something else is there.
 */
export function mustBeFreeForPlan(path: string): void {
  // If nothing is there, writing will show whether it is possible.
  if (!existsSync(path)) return;
  const there = statSync(path);
  if (!there.isFile() || there.size === 0 || isPlanFile(path)) return;
  const hint = 'name another file, or remove it';
  throw new RunError('state', `${path} is there already, and no saved plan`, { hint });
}

/** Whether a file is a saved plan, by its beginning; an unreadable file is not. */
export function isPlanFile(path: string): boolean {
  try {
    for (const text of pieces(path, 100)) return looksLikePlan(text);
  } catch {
    return false;
  }
  return false;
}

/** @throws InvalidInput if it can't be read or used. */
export function readPlan(path: string, meshbook: string): SavedPlan {
  const { value, diagnostics } = read(path, meshbook);
  if (value === undefined || hasErrors(diagnostics)) throw new InvalidInput(diagnostics);
  return value;
}

function read(path: string, meshbook: string): Checked<SavedPlan> {
  try {
    return parsePlan(linesOf(path), path, meshbook);
  } catch (error) {
    if (error instanceof SyntaxError) throw error;
    const { message: why } = error as Error;
    const message =
      error instanceof UnfitFile ? `${path} ${why}` : `can't read the saved plan ${path}: ${why}`;
    return { diagnostics: [{ severity: 'error', code: 'file-unreadable', message }] };
  }
}

/** Only whole lines. */
function* linesOf(path: string): Generator<string> {
  let rest = '';
  for (const text of pieces(path, 1024 * 1024)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function* pieces(path: string, size: number): Generator<string> {
  const file = openRegular(path);
  try {
    const decoder = new TextDecoder();
    const buffer = Buffer.allocUnsafe(size);
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer))
      yield decoder.decode(buffer.subarray(0, read), { stream: true });
  } finally {
    closeSync(file);
  }
}
