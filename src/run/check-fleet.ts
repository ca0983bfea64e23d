import { randomBytes } from 'node:crypto';
import { compileChecks } from '../checks/host-script.ts';
import type { CheckResult } from '../checks/result.ts';
import { type CheckTask, tasksAmong } from '../checks/tasks.ts';
import { RunError } from '../diagnostics/errors.ts';
import type { ResolvedCheck, ResolvedHost } from '../model/resolved.ts';
import type { Connection } from '../transport/transport.ts';
import { checkLoop } from './check-loop.ts';
import type { Emit, Trouble } from './events.ts';
import { hostWords } from './failure.ts';
import { inParallel } from './parallel.ts';
import { troubleOf } from './trouble.ts';

/** A host that takes part in checks. */
export interface CheckHost {
  readonly resolved: ResolvedHost;
  readonly connection: Connection;
}

export interface CheckOptions {
  /** How many hosts are worked on in parallel. */
  readonly forks: number;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export interface FleetChecks {
  /** In the order of the checks, then of the hosts. */
  readonly results: readonly CheckResult[];
  /** Hosts that were unreachable or gave an invalid answer; they have no results as a source. */
  readonly troubles: ReadonlyMap<string, Trouble>;
  /** Checks without hosts or pairs among these hosts. */
  readonly empty: readonly ResolvedCheck[];
}

/**
 * Runs all checks on and between these hosts: one exec per host for all except `loop` checks. Those come first, and if
 * one fails the others aren't run: in a loop nothing can be trusted, and it has to end soon. Changes nothing on any
 * host, provided that the checks' own commands don't.
 */
export async function checkFleet(
  checks: readonly ResolvedCheck[],
  hosts: readonly CheckHost[],
  options: CheckOptions,
): Promise<FleetChecks> {
  const connections = new Map(hosts.map(({ resolved, connection }) => [resolved.host.name, connection]));
  const names = [...connections.keys()];
  const troubles = new Map<string, Trouble>();
  const giveUp = (host: string, error: unknown) => {
    if (!troubles.has(host)) troubles.set(host, troubleOf(error));
  };
  const phase = (host: string, state: 'begin' | 'end') =>
    options.emit({ type: 'phase', host, phase: 'check', state });

  const tasks = tasksAmong(
    checks,
    new Map(hosts.map(({ resolved: { host, overlays } }) => [host.name, overlays])),
  );
  const taking = new Set(tasks.flatMap(({ source, target }) => [source, target]));
  const checked = names.filter((name) => taking.has(name));
  for (const host of checked) phase(host, 'begin');
  const results: CheckResult[] = [];
  for (const loop of byCheck(tasks.filter(({ action }) => action.kind === 'loop'))) {
    if (options.signal.aborted) break;
    results.push(...(await checkLoop(loop, connections, giveUp)));
  }
  const others = tasks.filter(({ action }) => action.kind !== 'loop');
  const loops = results.some(({ state }) => state === 'failed');
  if (loops) results.push(...others.map(notMade));
  await inParallel(loops ? [] : names, options.forks, async (host) => {
    const own = others.filter(({ source }) => source === host);
    try {
      if (own.length > 0 && !troubles.has(host)) {
        results.push(...(await checkHost(host, connections.get(host) as Connection, own, options.signal)));
      }
    } catch (error) {
      giveUp(host, error);
    }
  });
  const ordered = inOrder(results, names);
  for (const result of ordered) tell(result, checks, options.emit);
  for (const host of checked) phase(host, 'end');
  const made = new Set(tasks.map(({ check }) => check));
  return { results: ordered, troubles, empty: checks.filter(({ check }) => !made.has(check.index)) };
}

async function checkHost(
  host: string,
  connection: Connection,
  tasks: readonly CheckTask[],
  signal: AbortSignal,
): Promise<CheckResult[]> {
  const { script, limit, parse } = compileChecks(tasks, randomBytes(12).toString('hex'));
  const result = await connection.run(script.text, {
    timeoutMs: limit * 1000,
    // At most 1500 bytes in base64 for each task, on one line.
    maxOutputBytes: 65_536 + tasks.length * 4096,
    signal,
  });
  if (result.exitCode !== 0) {
    const said = hostWords(result.stderr);
    throw new RunError(
      'protocol',
      `the checks ended with status ${result.exitCode} before they were complete`,
      {
        host,
        ...(said === '' ? {} : { hint: said }),
      },
    );
  }
  return parse(result.stdout);
}

function notMade({ check, source, target }: CheckTask): CheckResult {
  return { check, source, target, state: 'unknown', output: 'not looked at, because there is a loop' };
}

function byCheck(tasks: readonly CheckTask[]): CheckTask[][] {
  const groups = new Map<number, CheckTask[]>();
  for (const task of tasks) groups.set(task.check, [...(groups.get(task.check) ?? []), task]);
  return [...groups.values()];
}

function inOrder(results: readonly CheckResult[], names: readonly string[]): CheckResult[] {
  const rank = new Map(names.map((name, i) => [name, i]));
  const place = (host: string) => rank.get(host) ?? 0;
  return [...results].sort(
    (a, b) => a.check - b.check || place(a.source) - place(b.source) || place(a.target) - place(b.target),
  );
}

function tell(result: CheckResult, checks: readonly ResolvedCheck[], emit: Emit): void {
  const { check: index, source, target, state, output } = result;
  const name = checks.find(({ check }) => check.index === index)?.check.name ?? '';
  emit({
    type: 'check',
    host: source,
    ...(target === source ? {} : { target }),
    check: index,
    name,
    state,
    ...(output === '' ? {} : { output }),
  });
}
