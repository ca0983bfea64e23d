import { changedSince } from '../../plan/changed-since.ts';
import { isEmpty } from '../../plan/host-plan.ts';
import { withoutSecrets } from '../../plan/open-plan.ts';
import { planHost } from '../../plan/plan-host.ts';
import type { PlannedHost } from '../../plan/plan-hosts.ts';
import type { Trouble } from '../../run/events.ts';
import { fingerprintOf } from '../../saved/fingerprint.ts';
import type { SavedHead, SavedHost, SavedPlan } from '../../saved/saved-plan.ts';

/** The hosts on which a saved plan can't be carried out as reviewed, each with the reason. */
export function refusals(
  { head, hosts }: SavedPlan,
  fleet: { readonly hosts: readonly PlannedHost[] },
): ReadonlyMap<string, Trouble> {
  const saved = new Map(hosts.map((host) => [host.name, host]));
  return new Map(
    fleet.hosts.flatMap((host) => {
      const trouble = refusal(saved.get(host.plan.host) as SavedHost, host, head);
      return trouble === undefined ? [] : [[host.plan.host, trouble] as const];
    }),
  );
}

const hint = 'make the plan again and review it: meshbook plan -o FILE';

function refusal(
  saved: SavedHost,
  { plan, resolved, facts }: PlannedHost,
  head: SavedHead,
): Trouble | undefined {
  if (fingerprintOf(head, { ...saved, plan: withoutSecrets(plan).steps }) === saved.fingerprint)
    return undefined;
  const { diagnostics } = planHost(resolved, facts);
  const found = [
    ...changedSince({ host: plan.host, steps: saved.plan }, plan),
    ...diagnostics.map(({ message }) => `it can't be planned any more: ${message}`),
  ];
  const isDone = isEmpty(plan) && diagnostics.length === 0;
  return {
    code: 'state',
    message: isDone
      ? 'the host is as planned already: nothing of the plan is left to do'
      : 'the host has changed since the plan was made',
    hint: isDone ? 'a plan that is made now leaves out what is done: meshbook plan -o FILE' : hint,
    output: found.join('\n'),
  };
}
