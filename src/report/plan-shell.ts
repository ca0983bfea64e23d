import type { Change } from '../changes/registry.ts';
import { escapeControl, escapeLines } from '../diagnostics/escape.ts';
import type { HostPlan } from '../plan/host-plan.ts';
import { withoutSecrets } from '../plan/open-plan.ts';
import { compileProgram } from '../transaction/program.ts';
import { stagesOf } from '../transaction/stage.ts';
import type { PlanReport } from './plan-report.ts';

/**
 * The programs that the hosts would store and run, byte for byte, but for the contents of secret files: those are
 * replaced, and a comment says so. Each program stands under a heading of comments. On a terminal control
 * characters are shown escaped; a program that has any is exact only in a pipe or a file.
 */
export function planShell(
  { hosts, unreachable }: PlanReport,
  { onTerminal }: { onTerminal: boolean } = { onTerminal: false },
): string {
  const missing = [...unreachable].map(([host, { message }]) => comment(`${host}: unreachable: ${message}`));
  const text = [...hosts.map(({ plan }) => hostPrograms(plan)), ...missing].join('\n');
  return onTerminal ? escapeLines(text) : text;
}

/** What one host would store and run; a comment where that is nothing. Secret contents are replaced. */
export function hostPrograms(plan: HostPlan): string {
  const { host } = plan;
  const secrets = plan.steps
    .flatMap(({ changes }) => changes)
    .flatMap((change) => (isSecret(change) ? [change.path] : []));
  const stages = stagesOf(withoutSecrets(plan));
  if (stages.length === 0) return comment(`${host}: nothing to do`);
  return stages
    .map((stage) =>
      [
        comment('='.repeat(80)),
        comment(`${host}, stage ${stage.name}`),
        ...(stage.name === 'main'
          ? secrets.map((path) => comment(`the content of ${path} is secret and not shown`))
          : []),
        compileProgram(stage, `meshbook plan, host ${host}, stage ${stage.name}`),
      ].join(''),
    )
    .join('\n');
}

function isSecret(change: Change): change is Extract<Change, { type: 'file' }> {
  return change.type === 'file' && change.secret === true;
}

function comment(text: string): string {
  return `# ${escapeControl(text)}\n`;
}
