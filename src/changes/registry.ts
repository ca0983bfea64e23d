import { InternalError } from '../diagnostics/errors.ts';
import type { Facts } from '../facts/fact.ts';
import { type AddressChange, addressPrimitive } from './address/address.ts';
import type { ChangeBase, ChangeTitle, ChangeView, PathEffect, Primitive, Recheck } from './change.ts';
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

/** The closed set of what a kind may ask for. */
export type Change =
  | AddressChange
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

/** Holds exactly the types of `Change`: what is missing on either side doesn't compile. */
const byType: Readonly<Record<Change['type'], unknown>> = {
  address: addressPrimitive,
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

/** The primitive that a change belongs to. */
export function primitiveOf(change: ChangeBase): Primitive<ChangeBase> {
  const primitive = primitives.get(change.type);
  if (primitive === undefined) throw new InternalError(`no primitive for changes of type ${change.type}`);
  return primitive;
}

/** The marks of every type of change that leaves some. */
export const marks: ReadonlyMap<string, Marks<ChangeBase>> = new Map(
  [...primitives].flatMap(([type, { marks: own }]) => (own === 'no marks' ? [] : [[type, own]])),
);

/** What a step does on a host: a change, or a settle action that the step asks for by itself. */
export type Effect = Change | SettleAction;

export function isSettle(effect: Effect): effect is SettleAction {
  return settleTypes.has(effect.type);
}

/** What is known of the type of an effect. */
function typeOf(effect: ChangeBase): EffectType<ChangeBase> {
  return settleTypes.get(effect.type) ?? primitiveOf(effect);
}

/** How to find out whether what an effect made still stands; undefined where nothing tells. */
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

/** Paths that an effect may make or take away, all below them included; undefined: any. */
export function pathsOf(effect: ChangeBase): readonly PathEffect[] | undefined {
  return typeOf(effect).paths?.(effect);
}

/** What an effect may change. */
export function touchesOf(effect: ChangeBase): readonly Thing[] {
  return typeOf(effect).touches(effect);
}

/** What must stay as long as what an effect set stays. */
export function usesOf(effect: ChangeBase): readonly Thing[] {
  return recheckOf(effect)?.uses?.(effect) ?? [];
}

/** What an effect does to what. */
export function titleOf(effect: ChangeBase): ChangeTitle {
  return typeOf(effect).title(effect);
}

/** What a reviewer is told of an effect. */
export function changeView(effect: ChangeBase): ChangeView {
  const type = typeOf(effect);
  return { ...type.title(effect), fields: type.fields(effect) };
}
