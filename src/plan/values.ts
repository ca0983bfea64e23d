import { primitiveOf } from '../changes/registry.ts';
import { type TakenValue, type ValueName, values } from '../changes/values.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Facts } from '../facts/fact.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import type { HostPlan } from './host-plan.ts';

interface Host {
  readonly resolved: ResolvedHost;
  readonly facts: Facts;
  readonly plan: HostPlan;
}

/** A change of a host's plan, as far as values are concerned. */
interface Exchange {
  readonly gives: readonly ValueName[];
  readonly takes: readonly TakenValue[];
  /** The step's index. */
  readonly step: number;
}

/**
 * Errors in the values that changes take from other hosts: none gives one, or hosts wait for each other. Follows all
 * plans at once, as the hosts will; a host stops at a change whose value isn't there yet. Pure.
 */
export function valueProblems(hosts: readonly Host[]): Diagnostic[] {
  const left = new Map(hosts.map((host) => [host.plan.host, exchangesOf(host.plan)]));
  if (![...left.values()].some((all) => all.some(({ takes }) => takes.length > 0))) return [];
  const byName = new Map(hosts.map((host) => [host.plan.host, host]));
  const given = new Set<string>();
  const isThere = (value: TakenValue) => {
    const giver = byName.get(value.from);
    return giver !== undefined && (given.has(keyOf(value)) || mayHave(giver, value.name));
  };
  for (let before = -1; before !== given.size; ) {
    before = given.size;
    for (const [host, all] of left) {
      const stop = all.findIndex(({ takes }) => !takes.every(isThere));
      const done = stop < 0 ? all.splice(0) : all.splice(0, stop);
      for (const { gives } of done) for (const name of gives) given.add(keyOf({ name, from: host }));
    }
  }
  return [...left].flatMap(([host, [first]]) => {
    const missing = first?.takes.filter((value) => !isThere(value)) ?? [];
    return missing.map((value) => problem(byName.get(host) as Host, first?.step ?? 0, value, byName, left));
  });
}

/** Whether it has the value, or that is unknown. */
function mayHave({ facts, plan }: Host, name: ValueName): boolean {
  return values[name].has(facts) || plan.steps.some(({ unknowns }) => unknowns.length > 0);
}

function keyOf({ name, from }: TakenValue): string {
  return `${name} ${from}`;
}

function exchangesOf({ steps }: HostPlan): Exchange[] {
  return steps.flatMap(({ index: step, changes }) =>
    changes.map((change) => {
      const primitive = primitiveOf(change);
      return { gives: primitive.gives(change), takes: primitive.takes(change), step };
    }),
  );
}

function problem(
  { resolved, plan }: Host,
  index: number,
  value: TakenValue,
  byName: ReadonlyMap<string, Host>,
  left: ReadonlyMap<string, readonly Exchange[]>,
): Diagnostic {
  const step = resolved.steps.find((one) => one.step.index === index)?.step;
  const waits = (left.get(value.from) ?? []).some(({ gives }) => gives.includes(value.name));
  const [why, hint] = !byName.has(value.from)
    ? [`${value.from} is not among the hosts`, `let ${value.from} be one of the hosts of the run`]
    : waits
      ? [`${value.from} waits for another host in turn`, 'change the order of the steps']
      : [`no step of ${value.from} gives it`, `let the step that gives it be one of ${value.from}'s`];
  return {
    severity: 'error',
    code: 'value-never-given',
    message: `the step takes ${values[value.name].words} from ${value.from}, but ${why}`,
    hosts: [plan.host],
    hint,
    ...(step === undefined ? {} : { range: step.locate([step.kind], 'key') }),
  };
}
