import type { KindPlan } from '../../src/kinds/define-kind.ts';
import type { HostPlan } from '../../src/plan/host-plan.ts';
import { compileProgram, usesOf } from '../../src/transaction/program.ts';
import { runtime } from '../../src/transaction/runtime.ts';
import { stagesOf } from '../../src/transaction/stage.ts';

/** The fragments of the host programs for a step's plan, without what all programs share. */
export function shellOf({ changes, settle = [] }: Pick<KindPlan, 'changes' | 'settle'>): string {
  const steps = [{ index: 0, name: 'A step', kind: '', changes, settle, unknowns: [] }];
  const plan: HostPlan = { host: 'docker1', steps };
  return stagesOf(plan)
    .map((stage) => {
      const program = compileProgram(stage, 'A case');
      const shared = runtime(usesOf(stage)).text;
      const begin = program.indexOf(shared) + shared.length;
      return program.slice(begin, program.indexOf('\nscope_')).trim();
    })
    .join('\n');
}
