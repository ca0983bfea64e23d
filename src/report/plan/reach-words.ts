import type { PlanReport, Reach } from './plan-report.ts';

export const reachTitle = 'How the apply reaches hosts over SSH, even if the inventory has changed';

/** How apply connects to the hosts of a saved plan, a line each. Not escaped. */
export function reachLines({ hosts }: Pick<PlanReport, 'hosts'>): string[] {
  return hosts.flatMap(({ plan, address, reach }) =>
    reach === undefined ? [] : [`${plan.host}: ${reachWords(address, reach)}`],
  );
}

/** ssh's configuration supplies what isn't set. */
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
