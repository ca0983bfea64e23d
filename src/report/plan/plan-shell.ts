import { type Change, primitiveOf } from '../../changes/registry.ts';
import { isArmedStage } from '../../changes/stage.ts';
import { escapeControl } from '../../diagnostics/escape.ts';
import { evaluate } from '../../facts/guard.ts';
import { type HostPlan, isEmpty } from '../../plan/host-plan.ts';
import { withoutSecrets } from '../../plan/open-plan.ts';
import { compileProgram } from '../../transaction/program.ts';
import { stagesOf } from '../../transaction/stage.ts';
import { type CheckScripts, checkScripts } from './check-shell.ts';
import { type PlanReport, plansOf } from './plan-report.ts';
import { reachLines, reachTitle } from './reach-words.ts';

/**
 * The programs that the hosts would store and run, byte for byte, except the contents of secret files: they are
 * replaced, and a comment says so. Then what runs for checks, and the guards evaluated while planning. Each is under a
 * heading of comments. Nothing in them is a terminal control code or invisible: text from a file or a host is escaped
 * in comments, and made by printf(1) in words of the programs.
 */
export function planShell(report: PlanReport): string {
  const missing = [...report.unreachable].map(([host, { message }]) =>
    comment(`${host}: unreachable: ${message}`),
  );
  return [...hostPrograms(report).values(), ...missing].join('\n');
}

/** What each host would store and run, by host; a comment if that is nothing. Secret contents are replaced. */
export function hostPrograms(report: Pick<PlanReport, 'hosts' | 'checks'>): Map<string, string> {
  const plans = plansOf(report);
  const reached = new Map(report.hosts.map((host) => [host.plan.host, reachLines({ hosts: [host] })]));
  // Checks run only if the run changes something.
  const checks = plans.every(isEmpty) ? new Map<string, CheckScripts>() : checkScripts(report);
  return new Map(
    plans.map((plan) => [
      plan.host,
      [
        ...(reached.get(plan.host) ?? []).map((line) => comment(`${reachTitle}: ${line}`)),
        programsOf(plan, checks.get(plan.host)),
      ].join(''),
    ]),
  );
}

function programsOf(plan: HostPlan, { scripts, secret }: CheckScripts = { scripts: [], secret: [] }): string {
  const { host } = plan;
  const secrets = plan.steps
    .flatMap(({ changes }) => changes)
    .flatMap((change) => (isSecret(change) ? [primitiveOf(change).title(change).target] : []));
  const open = withoutSecrets(plan);
  const stages = stagesOf(open);
  const programs = stages.map((stage) =>
    [
      heading(`${host}, stage ${stage.name}`),
      ...(isArmedStage(stage.name)
        ? secrets.map((path) => comment(`the content of ${path} is secret and not shown`))
        : []),
      compileProgram(stage, `meshbook plan, host ${host}, stage ${stage.name}`),
    ].join(''),
  );
  const guards = open.steps.flatMap(({ name, asks = [] }) =>
    asks.map((guard) => `${heading(`${host}, asked while planning: ${name}`)}${evaluate(guard).text}\n`),
  );
  const checks = scripts.map(
    (script) =>
      `${heading(`${host}, checks before the run is confirmed; RANDOM is another word in each run`)}${script}\n`,
  );
  const hidden = secret.map((name) =>
    comment(`${host}: the check ${name} has to do with secrets and isn't shown`),
  );
  const none = stages.length === 0 ? [comment(`${host}: nothing to do`)] : [];
  return [...none, ...programs, ...guards, ...checks, ...hidden].join('\n');
}

function isSecret(change: Change): boolean {
  return (primitiveOf(change).withoutSecrets?.(change) ?? change) !== change;
}

function heading(text: string): string {
  return comment('='.repeat(80)) + comment(text);
}

function comment(text: string): string {
  return `# ${escapeControl(text)}\n`;
}
