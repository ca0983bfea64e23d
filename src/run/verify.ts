import { titleOf } from '../changes/registry.ts';
import { RunError } from '../diagnostics/errors.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import { effectsOf } from '../plan/host-plan.ts';
import { planHost, queriesOf } from '../plan/plan-host.ts';
import { summaryOf } from '../plan/summary.ts';
import { statusScript } from '../transaction/host-scripts.ts';
import type { Connection } from '../transport/transport.ts';
import { probeAndThen } from './probe.ts';
import { parseRunState } from './run-state.ts';

/** Time for what settles late (a port's number, an address). */
const patienceMs = 10_000;
const pauseMs = 250;

/**
 * Probes and plans until the plan is empty. The same exchange tells whether the host still holds the run.
 * @throws RunError that says what still differs or is unknown; `expired` if the host has undone the run.
 */
export async function verifyHost(connection: Connection, host: ResolvedHost, run: string): Promise<void> {
  const { name } = host.host;
  const end = Date.now() + patienceMs;
  while (true) {
    const { facts, rest } = await probeAndThen(connection, name, queriesOf(host), statusScript(run));
    if (parseRunState(run, rest).state === 'undone') {
      throw new RunError('expired', 'the host has undone everything on its own', { host: name });
    }
    const differences = remaining(host, facts);
    if (differences.length === 0) return;
    if (Date.now() >= end) {
      throw new RunError('state', `the host is not as planned: ${differences.join('; ')}`, { host: name });
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

function remaining(host: ResolvedHost, facts: Parameters<typeof planHost>[1]): string[] {
  const { plan, diagnostics } = planHost(host, facts, { verify: true });
  return [
    ...diagnostics.map(({ message }) => message),
    ...plan.steps.flatMap((step) => [
      ...effectsOf(step).map((effect) =>
        titleOf(effect).action === 'run'
          ? `step "${step.name}": after the run its guard still finds something to do`
          : `${summaryOf(effect)} is still to do`,
      ),
      ...step.unknowns,
    ]),
  ];
}
