import type { CheckResult } from '../checks/result.ts';
import type { ResolvedCheck } from '../model/resolved.ts';
import { type CheckHost, checkFleet } from './check-fleet.ts';
import type { Trouble } from './events.ts';
import type { FleetHost } from './open-fleet.ts';
import { inParallel } from './parallel.ts';
import type { ApplyOptions, Progress } from './progress.ts';
import { troubleOf } from './trouble.ts';

/** What the checks of a run found wrong, by source; over connections that were made after the changes. */
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
  const checked = await checkFleet(options.checks, taking, options);
  for (const { connection } of fresh) connection.close();
  for (const [host, trouble] of checkTroubles(options.checks, checked.results)) troubles.set(host, trouble);
  for (const [host, trouble] of checked.troubles) troubles.set(host, trouble);
  return troubles;
}

/** One trouble a source: which checks failed to whom, and what was printed. */
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
