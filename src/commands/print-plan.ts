import { exitCodes } from '../diagnostics/errors.ts';
import { isEmpty } from '../plan/host-plan.ts';
import { planJson } from '../report/plan-json.ts';
import { type PlanReport, plansOf } from '../report/plan-report.ts';
import { planShell } from '../report/plan-shell.ts';
import { planText } from '../report/plan-text.ts';
import type { Io } from './io.ts';

export interface PlanFormatOptions {
  readonly format: 'text' | 'json' | 'sh';
  readonly diff?: boolean;
  readonly detailedExitcode?: boolean;
}

/** Prints a plan in the form that was asked for, wherever it comes from, and answers with the exit code. */
export function printPlan(report: PlanReport, options: PlanFormatOptions, io: Io): number {
  if (options.format === 'json') for (const piece of planJson(report)) io.out(piece);
  else if (options.format === 'sh') io.out(planShell(report, { onTerminal: io.stdout.isTTY }));
  else io.out(planText(report, { ...io.terminal, diff: options.diff ?? false }));
  if (report.unreachable.size > 0) return exitCodes.unreachable;
  const isCertain = plansOf(report).every(isEmpty);
  return !isCertain && options.detailedExitcode ? exitCodes.changes : exitCodes.done;
}
