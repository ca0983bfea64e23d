import type { PlanReport, Reach } from './plan-report.ts';

export const reachTitle = 'How the apply reaches hosts over SSH, even if the inventory has changed';

/** How an apply of a saved plan reaches its hosts, a line each; not escaped. */
export function reachLines({ hosts }: Pick<PlanReport, 'hosts'>): string[] {
  return hosts.flatMap(({ plan, address, reach }) =>
    reach === undefined ? [] : [`${plan.host}: ${reachWords(address, reach)}`],
  );
}

/** What isn't said comes from ssh's configuration. */
export function reachWords(address: string, { ssh, become }: Reach): string {
  const { user, port, proxyJump, identityFiles, knownHosts } = ssh;
  return [
    `${user === undefined ? '' : `${user}@`}${address}${port === undefined ? '' : ` port ${port}`}`,
    ...(proxyJump === undefined ? [] : [`by way of ${proxyJump}`]),
    ...(become ? ['through sudo'] : []),
    ...(identityFiles === undefined ? [] : [`with the keys ${identityFiles.join(', ')}`]),
    ...(knownHosts === undefined ? [] : [`host keys as in ${knownHosts.join(', ')}`]),
  ].join('; ');
}
