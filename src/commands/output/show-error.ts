import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { exitCodes, InvalidInput, RunError } from '../../diagnostics/errors.ts';
import { escapeControl, escapeLines } from '../../diagnostics/escape.ts';
import { renderDiagnostics } from '../../report/diagnostics/render.ts';
import type { Io } from './io.ts';

/** Shows an error to the user and returns its exit code. */
export function showError(error: unknown, io: Io): number {
  if (error instanceof InvalidInput) {
    showDiagnostics(error.diagnostics, io);
    return exitCodes.invalid;
  }
  if (io.signal.aborted) {
    io.err('Interrupted.\n');
    return exitCodes.interrupted;
  }
  if (error instanceof RunError) {
    const host = error.host === undefined ? '' : `${escapeControl(error.host)}: `;
    io.err(`meshbook: ${host}${escapeLines(error.message)}\n`);
    if (error.hint !== undefined) io.err(`  hint: ${escapeLines(error.hint)}\n`);
    return exitCodes.invalid;
  }
  io.err("meshbook: this is a bug of meshbook's; please report it with the lines below.\n");
  io.err(`${escapeLines(String((error as Error).stack ?? error))}\n`);
  return exitCodes.internal;
}

/** Prints diagnostics on stderr, with their code frames; nothing if there are none. */
export function showDiagnostics(diagnostics: readonly Diagnostic[], io: Io): void {
  io.err(renderDiagnostics(diagnostics, { ...io.errTerminal, cwd: process.cwd() }));
}
