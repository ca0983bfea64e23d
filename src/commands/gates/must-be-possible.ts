import { type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.ts';
import { InvalidInput } from '../../diagnostics/errors.ts';
import type { PlannedHost } from '../../plan/plan-hosts.ts';
import type { Io } from '../output/io.ts';
import { showDiagnostics } from '../output/show-error.ts';

interface Planned {
  readonly hosts: readonly PlannedHost[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Shows warnings once all hosts are planned, before any report. Every plan passes through here, live or offline.
 * @throws InvalidInput if a host's plan is impossible.
 */
export function mustBePossible({ diagnostics }: Planned, io: Io): void {
  if (hasErrors(diagnostics)) throw new InvalidInput(diagnostics);
  showDiagnostics(diagnostics, io);
}
