import { InternalError } from '../diagnostics/errors.ts';
import type { Facts } from '../facts/fact.ts';
import { type AddressChange, addressPrimitive } from './address/address.ts';
import type { ChangeBase, ChangeTitle, ChangeView, PathEffect, Primitive, Recheck } from './change.ts';
import type { ContainerNetworkChange } from './docker-network/change.ts';
import { containerNetworkPrimitive } from './docker-network/network.ts';
import { type FileChange, filePrimitive } from './file/file.ts';
import type { LinkChange } from './link/change.ts';
import { linkPrimitive } from './link/link.ts';
import type { OvsdbChange } from './ovsdb/change.ts';
import { ovsdbPrimitive } from './ovsdb/ovsdb.ts';
import { type PackageChange, packagePrimitive } from './package.ts';
import { type RouteChange, routePrimitive } from './route.ts';
import { type RunChange, runPrimitive } from './run.ts';
import type { SettleAction } from './settle/action.ts';
import { settleTypes } from './settle/registry.ts';
import type { EffectType } from './settle/settle-type.ts';
import { type SwarmChange, swarmPrimitive } from './swarm.ts';
import { type SysctlChange, sysctlPrimitive } from './sysctl.ts';
import type { Thing } from './thing.ts';
import type { Marks } from './trace.ts';
import { type UnitChange, unitPrimitive } from './unit.ts';
import type { UplinkChange } from './uplink/change.ts';
import { ovsUplinkPrimitive, uplinkPrimitive } from './uplink/uplink.ts';

/** The closed set of changes that a kind may use. */
export type Change =
  | AddressChange
  | ContainerNetworkChange
  | FileChange
  | LinkChange
  | OvsdbChange
  | PackageChange
  | RouteChange
  | RunChange
  | SwarmChange
  | SysctlChange
  | UnitChange
  | UplinkChange;

/** Has exactly the types of `Change`: a difference doesn't compile. */
const byType: Readonly<Record<Change['type'], unknown>> = {
  address: addressPrimitive,
  container_network: containerNetworkPrimitive,
  file: filePrimitive,
  link: linkPrimitive,
  ovsdb: ovsdbPrimitive,
  package: packagePrimitive,
  route: routePrimitive,
  run: runPrimitive,
  swarm: swarmPrimitive,
  sysctl: sysctlPrimitive,
  unit: unitPrimitive,
  uplink: uplinkPrimitive,
  ovs_uplink: ovsUplinkPrimitive,
};

/** Every primitive, by the type of its changes. */
export const primitives: ReadonlyMap<string, Primitive<ChangeBase>> = new Map(
  Object.entries(byType as Record<string, Primitive<ChangeBase>>),
);

/** The primitive of a change. */
export function primitiveOf(change: ChangeBase): Primitive<ChangeBase> {
  const primitive = primitives.get(change.type);
  if (primitive === undefined) throw new InternalError(`no primitive for changes of type ${change.type}`);
  return primitive;
}

/** The marks of every type of change that has some. */
export const marks: ReadonlyMap<string, Marks<ChangeBase>> = new Map(
  [...primitives].flatMap(([type, { marks: own }]) => (own === 'no marks' ? [] : [[type, own]])),
);

/** What a step does on a host: a change, or a settle action of the step's own. */
export type Effect = Change | SettleAction;

export function isSettle(effect: Effect): effect is SettleAction {
  return settleTypes.has(effect.type);
}

/** The primitive or settle type of an effect. */
function typeOf(effect: ChangeBase): EffectType<ChangeBase> {
  return settleTypes.get(effect.type) ?? primitiveOf(effect);
}

/** How to find out whether an effect is still in place; undefined if nothing tells. */
export function recheckOf(effect: ChangeBase): Recheck<ChangeBase> | undefined {
  const { recheck } = typeOf(effect);
  return recheck === 'nothing tells' ? undefined : recheck;
}

/** The facts after an effect. */
export function predict(effect: ChangeBase, facts: Facts): Facts {
  return typeOf(effect).predict(effect, facts);
}

/** The facts after these effects, one after the other. */
export function predictAll(effects: readonly ChangeBase[], facts: Facts): Facts {
  return effects.reduce((now, effect) => predict(effect, now), facts);
}

/** Paths that an effect may make or remove, with everything below them; undefined: any. */
export function pathsOf(effect: ChangeBase): readonly PathEffect[] | undefined {
  return typeOf(effect).paths?.(effect);
}

/** What an effect may change. */
export function touchesOf(effect: ChangeBase): readonly Thing[] {
  return typeOf(effect).touches(effect);
}

/** What must stay while what an effect set stays. */
export function usesOf(effect: ChangeBase): readonly Thing[] {
  return recheckOf(effect)?.uses?.(effect) ?? [];
}

/** What an effect does, and to which object. */
export function titleOf(effect: ChangeBase): ChangeTitle {
  return typeOf(effect).title(effect);
}

/** An effect for reviewers. */
export function changeView(effect: ChangeBase): ChangeView {
  const type = typeOf(effect);
  return { ...type.title(effect), fields: type.fields(effect) };
}
