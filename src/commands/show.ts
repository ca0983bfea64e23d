import { escapeControl } from '../diagnostics/escape.ts';
import { warningWords } from '../report/plan/warning-words.ts';
import { readPlan } from '../saved/plan-io.ts';
import { reportOf } from '../saved/restore-plan.ts';
import type { Io } from './output/io.ts';
import { type PlanFormatOptions, printPlan } from './output/print-plan.ts';
import { version } from './output/version.ts';

/** `meshbook show`: a saved plan, in every format of `plan`. Connects to nothing. */
export async function show(path: string, options: PlanFormatOptions, io: Io): Promise<number> {
  const report = reportOf(readPlan(path, version));
  for (const line of warningWords(report.warnings)) io.err(`warning: ${escapeControl(line)}\n`);
  return printPlan(report, options, io);
}
