import { describe, expect, it } from 'vitest';
import {
  type Effect,
  isSettle,
  predictAll,
  primitiveOf,
  touchesOf,
  usesOf,
} from '../../src/changes/registry.ts';
import { settleTypeOf } from '../../src/changes/settle/registry.ts';
import type { Thing } from '../../src/changes/thing.ts';
import { dockerFact } from '../../src/facts/docker/docker.ts';
import { dockerOptions } from '../../src/facts/docker/options.ts';
import { Facts } from '../../src/facts/fact.ts';
import { interfacesFact } from '../../src/facts/interfaces.ts';
import { isLinkLocal } from '../../src/facts/link-address.ts';
import type { Kind } from '../../src/kinds/define-kind.ts';
import { kinds } from '../../src/kinds/registry.ts';
import { effectsOf } from '../../src/plan/host-plan.ts';
import { factsOf, type KindCase, planCase } from '../kinds/cases.ts';
import { plannedCases } from '../kinds/planned-cases.ts';

interface Step {
  readonly kind: Kind;
  readonly title: string;
  readonly one: KindCase;
}

/** What a second plan still has to do; undefined if that is unknown or impossible. */
function left(step: Step, facts: Facts): readonly Effect[] | undefined {
  const plan = planCase(step.kind, step.one, facts);
  if ((plan.unknowns ?? []).length > 0 || (plan.problems ?? []).length > 0) return undefined;
  return effectsOf(plan).filter((effect) => isSettle(effect) || primitiveOf(effect).verifiable(effect));
}

/** The facts of one case, completed by those of another. */
function bothHosts(one: KindCase, other: KindCase): Facts {
  return new Facts(new Map([...factsOf(other).states(), ...factsOf(one).states()]));
}

/** The names of the things that changes touch, need or destroy. */
function namesOf(effects: readonly Effect[]): ReadonlySet<string> {
  const name = (one: Thing) =>
    'name' in one
      ? one.name
      : 'of' in one
        ? one.of
        : 'path' in one
          ? one.path
          : 'container' in one
            ? one.container
            : one.is;
  const destroyed = (effect: Effect) =>
    (isSettle(effect) ? [effect] : (effect.settle ?? [])).flatMap((action) =>
      settleTypeOf(action).destroys(action),
    );
  const all = (effect: Effect) => [...touchesOf(effect), ...usesOf(effect), ...destroyed(effect)];
  return new Set(effects.flatMap((effect) => all(effect).map(name)));
}

/** The names of what a step makes or removes, whether or not its changes are about all of it. */
function described({ kind, one }: Step): string[] {
  return kind.describes(one.params).flatMap((thing) => {
    if (thing.does === 'uses') return [];
    if ('path' in thing) return [thing.path];
    return 'name' in thing && thing.name !== undefined ? [thing.name] : [];
  });
}

/** The bridge that Docker already uses, if a change is about Docker: what happens to it concerns Docker, too. */
function dockersBridge(effects: readonly Effect[], facts: Facts): string[] {
  const daemon = facts.find(dockerFact)?.daemon ?? null;
  const { bridge } = daemon === null ? {} : dockerOptions(daemon);
  return bridge !== undefined && effects.some(({ type }) => type === 'docker-restart') ? [bridge] : [];
}

/** Interfaces whose details belong to other addresses. */
function contradictions(facts: Facts): string[] {
  const links = facts.find(interfacesFact) ?? [];
  return links.flatMap(({ name, addresses, details }) => {
    const given = details?.map(({ address }) => address);
    const plain = addresses.filter((address) => !isLinkLocal(address));
    return given === undefined || String(given.toSorted()) === String(plain.toSorted())
      ? []
      : [`${name}: ${plain} and ${given}`];
  });
}

/** Some changing steps of each kind, spread over all its cases. */
const steps = [...kinds.values()].flatMap((kind) => {
  const changing = plannedCases().filter(
    (step) =>
      step.kind === kind &&
      (planCase(step.kind, step.one).problems ?? []).length === 0 &&
      effectsOf(planCase(step.kind, step.one)).length > 0,
  );
  const every = Math.max(1, Math.floor(changing.length / 6));
  return changing.filter((_, i) => i % every === 0);
});

describe('two steps, one after the other', () => {
  const seen = { again: 0, apart: 0, agree: 0 };

  it.each(steps)('after $title', (first) => {
    for (const second of steps) {
      const start = bothHosts(first.one, second.one);
      const plan = planCase(first.kind, first.one, start);
      if ((plan.problems ?? []).length > 0) continue;
      const changes = effectsOf(plan);
      const between = predictAll(changes, start);
      const next = planCase(second.kind, second.one, between);
      if ((next.problems ?? []).length > 0) continue;
      const more = effectsOf(next);
      const end = predictAll(more, between);
      const where = `then ${second.title}`;
      expect(left(second, end) ?? [], where).toEqual([]);
      seen.again++;
      if (contradictions(start).length === 0) {
        expect(contradictions(end), where).toEqual([]);
        seen.agree++;
      }
      const own = new Set([...namesOf(changes), ...described(first), ...dockersBridge(changes, between)]);
      if ([...namesOf(more), ...described(second)].some((name) => own.has(name))) continue;
      expect(left(first, end) ?? [], `${where}, and the first once more`).toEqual([]);
      seen.apart++;
    }
  });

  it('are enough', () => {
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(2000);
  });
});
