import { exitCodes } from '../../diagnostics/errors.ts';
import { escapeControl } from '../../diagnostics/escape.ts';
import { isEmpty } from '../../plan/host-plan.ts';
import { planJson } from '../../report/plan/plan-json.ts';
import { planMarkdown } from '../../report/plan/plan-markdown.ts';
import { type PlanReport, plansOf } from '../../report/plan/plan-report.ts';
import { planShell } from '../../report/plan/plan-shell.ts';
import { planText } from '../../report/plan/plan-text.ts';
import { count } from '../../report/text/host-names.ts';
import type { Io } from './io.ts';
import { writePrograms } from './write-programs.ts';

export interface PlanFormatOptions {
  readonly format: 'text' | 'json' | 'sh' | 'markdown' | 'html';
  readonly diff?: boolean;
  /** Text isn't cut. */
  readonly full?: boolean;
  /** A folder for the hosts' programs, one file each. */
  readonly outDir?: string;
  readonly detailedExitcode?: boolean;
}

/** Prints a plan in the requested format, whatever its source, and returns the exit code. */
export async function printPlan(report: PlanReport, options: PlanFormatOptions, io: Io): Promise<number> {
  const { format, outDir } = options;
  const written = outDir === undefined ? 0 : writePrograms(report, outDir);
  if (format === 'json') for (const piece of planJson(report)) io.out(piece);
  else if (format === 'sh' && outDir !== undefined)
    io.out(`${count(written, 'program')} in ${escapeControl(outDir)}\n`);
  else if (format === 'sh') io.out(planShell(report));
  else if (format === 'html') io.out((await import('./page.ts')).planPage(report));
  else if (format === 'markdown') io.out(planMarkdown(report));
  else io.out(planText(report, { ...io.terminal, diff: options.diff ?? false, full: options.full ?? false }));
  if (report.unreachable.size > 0) return exitCodes.unreachable;
  const isCertain = plansOf(report).every(isEmpty);
  return !isCertain && options.detailedExitcode ? exitCodes.changes : exitCodes.done;
}
