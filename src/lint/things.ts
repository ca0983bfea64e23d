import type { SourceRange } from '../diagnostics/diagnostic.ts';
import type { Described, DescribedLink } from '../kinds/described.ts';
import { kinds } from '../kinds/registry.ts';
import type { HostOverlay } from '../model/host-overlay.ts';
import type { ResolvedHost, ResolvedStep } from '../model/resolved.ts';

type Sort = Described['is'];
type ThingOf<S extends Sort> = Extract<Described, { readonly is: S }>;
/** Distributive: a union by itself has only the fields that all share. */
type Field<T> = T extends Described ? keyof T & string : never;

/** A thing that a step of a host describes. */
export interface DescribedThing<T extends Described = Described> {
  readonly thing: T;
  readonly step: ResolvedStep;
}

/** A host with everything that its steps describe, in step order. */
export interface HostThings {
  readonly resolved: ResolvedHost;
  readonly things: readonly DescribedThing[];
}

export function withThings<H extends { readonly resolved: ResolvedHost }>(host: H): H & HostThings {
  return { ...host, things: host.resolved.steps.flatMap(thingsOf) };
}

/** What one step describes. */
export function thingsOf(step: ResolvedStep): DescribedThing[] {
  return (
    kinds
      .get(step.step.kind)
      ?.describes(step.params)
      .map((thing) => ({ thing, step })) ?? []
  );
}

/** Things of one sort that the steps make, or also those that they rely on. */
export function thingsDescribed<S extends Sort>(
  { things }: HostThings,
  sort: S,
  does: readonly Described['does'][] = ['makes'],
): DescribedThing<ThingOf<S>>[] {
  return things.filter(
    (one): one is DescribedThing<ThingOf<S>> => one.thing.is === sort && does.includes(one.thing.does),
  );
}

/** Whether steps of a kind may make tunnels, even if their params are unknown. */
export function mayWire(kind: string): boolean {
  return kinds.get(kind)?.wires === true;
}

/** Whether it describes the interface as it is now. */
export function live({ thing }: DescribedThing<DescribedLink>): boolean {
  return thing.when === undefined;
}

/** Whether it describes the interface as it will be after a boot. */
export function atBoot({ thing }: DescribedThing<DescribedLink>): boolean {
  return thing.when === 'boot';
}

/** Interfaces that steps name in their params, without those in stanzas that a user writes by hand. */
export function namedLinks(host: HostThings): DescribedThing<DescribedLink>[] {
  return thingsDescribed(host, 'link', ['makes', 'uses']).filter(
    (one) => one.thing.does === 'makes' || live(one),
  );
}

/** The place of a thing's field; the step's kind if the field isn't written or none is asked for. */
export function placeOf({ thing, step }: DescribedThing, field?: Field<Described>): SourceRange {
  return placeOfParam(step, paramOf(thing, field));
}

/** The param that sets a field of a thing, whether it is written or not. */
export function paramOf({ params }: Described, field?: Field<Described>): string | undefined {
  if (typeof params === 'string') return params;
  return field === undefined ? undefined : (params?.[field] ?? field);
}

/** The place of a param; the step's kind if it isn't written. */
export function placeOfParam({ step, params }: ResolvedStep, param?: string): SourceRange {
  return param === undefined || !Object.hasOwn(params, param)
    ? step.locate([step.kind], 'key')
    : step.locate([step.kind, param]);
}

/** `an ovs_bridge step`. */
export function stepWords({ step: { step } }: DescribedThing): string {
  return `${/^[aeiou]/.test(step.kind) ? 'an' : 'a'} ${step.kind} step`;
}

/** The overlays that a bridge belongs to, by its own tunnels and by those of its members. */
export function overlaysOn(host: HostThings, bridge: string): HostOverlay[] {
  const members = thingsDescribed(host, 'link')
    .filter(live)
    .filter(({ thing }) => thing.name === bridge)
    .flatMap(({ thing }) => thing.members ?? []);
  return thingsDescribed(host, 'tunnels')
    .filter(({ thing }) => thing.bridge === bridge || members.includes(thing.bridge))
    .flatMap(({ thing }) => host.resolved.overlays.get(thing.overlay) ?? []);
}
