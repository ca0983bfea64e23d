import { predictAll } from '../changes/registry.ts';
import type { CheckResult } from '../checks/result.ts';
import { newStpMembers } from '../lint/forwarding-delay.ts';
import type { ResolvedCheck } from '../model/resolved.ts';
import { allEffects } from '../plan/host-plan.ts';
import { type CheckHost, checkFleet } from './check-fleet.ts';
import type { Trouble } from './events.ts';
import type { FleetHost } from './open-fleet.ts';
import { inParallel } from './parallel.ts';
import type { ApplyOptions, Progress } from './progress.ts';
import { troubleOf } from './trouble.ts';

/** Seconds; twice the default forward delay of bridges. */
const stpPatience = 60;

/** A run's checks; if it makes traffic wait for STP, failed checks are retried until that is over. */
export function withPatience(
  checks: readonly ResolvedCheck[],
  active: readonly Pick<Progress, 'plan' | 'facts'>[],
): readonly ResolvedCheck[] {
  const waits = active.some(
    ({ plan, facts }) => newStpMembers(facts, predictAll(allEffects(plan), facts)).size > 0,
  );
  if (!waits) return checks;
  return checks.map((one) => ({
    ...one,
    check: { ...one.check, retry: Math.max(one.check.retry, stpPatience) },
  }));
}

/** The failures of a run's checks, by source; over connections that were made after the changes. */
export async function troubleOfChecks(
  hosts: readonly FleetHost[],
  active: readonly Progress[],
  options: ApplyOptions,
): Promise<Map<string, Trouble>> {
  const troubles = new Map<string, Trouble>();
  if (options.checks.length === 0) return troubles;
  const fresh: CheckHost[] = [];
  const taking: CheckHost[] = [];
  await inParallel(hosts, options.forks, async ({ resolved }) => {
    const { host } = resolved;
    const progress = active.find(({ target }) => target.name === host.name);
    if (progress !== undefined) {
      taking.push({ resolved, connection: progress.connection });
      return;
    }
    try {
      const own = { resolved, connection: await options.transport.connect(host) };
      fresh.push(own);
      taking.push(own);
    } catch (error) {
      troubles.set(host.name, troubleOf(error));
    }
  });
  const order = hosts.map(({ resolved }) => resolved.host.name);
  taking.sort((a, b) => order.indexOf(a.resolved.host.name) - order.indexOf(b.resolved.host.name));
  const checked = await checkFleet(withPatience(options.checks, active), taking, options);
  for (const { connection } of fresh) connection.close();
  for (const { check, hosts: of } of checked.empty) {
    const message = `nothing was checked by "${check.name}": the run has no pair of hosts for it`;
    const own = taking.filter(({ resolved }) => of.has(resolved.host.name));
    for (const { resolved } of own) options.emit({ type: 'notice', host: resolved.host.name, message });
  }
  for (const [host, trouble] of checkTroubles(options.checks, checked.results)) troubles.set(host, trouble);
  for (const [host, trouble] of checked.troubles) troubles.set(host, trouble);
  return troubles;
}

/** One trouble per source: which checks failed to which hosts, and their output. */
export function checkTroubles(
  checks: readonly ResolvedCheck[],
  results: readonly CheckResult[],
): Map<string, Trouble> {
  const failed = new Map<string, CheckResult[]>();
  for (const result of results) {
    if (result.state === 'failed') failed.set(result.source, [...(failed.get(result.source) ?? []), result]);
  }
  return new Map([...failed].map(([host, own]) => [host, troubleOfHost(checks, own)]));
}

function troubleOfHost(checks: readonly ResolvedCheck[], own: readonly CheckResult[]): Trouble {
  const said = checks.flatMap(({ check }) => {
    const pairs = own.filter((result) => result.check === check.index);
    return pairs.length === 0 ? [] : [`${check.name}: ${pairs.map(pairText).join(', ')}`];
  });
  return {
    code: 'check-failed',
    message: `a check failed: ${said.join('; ')}`,
    output: own.map((result) => `${pairText(result)}: ${result.output}`).join('\n'),
  };
}

/** `docker1 → docker2`, or the host alone. */
function pairText({ source, target }: Pick<CheckResult, 'source' | 'target'>): string {
  return source === target ? source : `${source} → ${target}`;
}
