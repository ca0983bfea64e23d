import { readPlan } from '../saved/plan-io.ts';
import { reportOf } from '../saved/restore-plan.ts';
import { version } from '../version.ts';
import type { Io } from './io.ts';
import { type PlanFormatOptions, printPlan } from './print-plan.ts';

/** `meshbook show`: a saved plan, in every form that `plan` has. Connects to nothing. */
export async function show(path: string, options: PlanFormatOptions, io: Io): Promise<number> {
  return printPlan(reportOf(readPlan(path, version)), options, io);
}
