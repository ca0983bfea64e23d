import { InternalError } from '../diagnostics/errors.ts';
import type { Facts } from '../facts/fact.ts';
import { type AddressChange, addressPrimitive } from './address/address.ts';
import type { ChangeBase, ChangeView, Primitive, Recheck } from './change.ts';
import { type DockerChange, dockerPrimitive } from './docker/docker.ts';
import { type FileChange, filePrimitive } from './file/file.ts';
import type { LinkChange } from './link/change.ts';
import { linkPrimitive } from './link/link.ts';
import type { OvsdbChange } from './ovsdb/change.ts';
import { ovsdbPrimitive } from './ovsdb/ovsdb.ts';
import { type PackageChange, packagePrimitive } from './package.ts';
import { type RunChange, runPrimitive } from './run.ts';
import { type SysctlChange, sysctlPrimitive } from './sysctl.ts';
import type { Marks } from './trace.ts';
import { type UnitChange, unitPrimitive } from './unit.ts';
import type { UplinkChange } from './uplink/change.ts';
import { ovsUplinkPrimitive, uplinkPrimitive } from './uplink/uplink.ts';

/** The closed set of what a kind may ask for. */
export type Change =
  | AddressChange
  | DockerChange
  | FileChange
  | LinkChange
  | OvsdbChange
  | PackageChange
  | RunChange
  | SysctlChange
  | UnitChange
  | UplinkChange;

/** Holds exactly the types of `Change`: what is missing on either side doesn't compile. */
const byType: Readonly<Record<Change['type'], unknown>> = {
  address: addressPrimitive,
  docker: dockerPrimitive,
  file: filePrimitive,
  link: linkPrimitive,
  ovsdb: ovsdbPrimitive,
  package: packagePrimitive,
  run: runPrimitive,
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

/** How to find out whether a change still stands; undefined where nothing tells. */
export function recheckOf(change: ChangeBase): Recheck<ChangeBase> | undefined {
  const { recheck } = primitiveOf(change);
  return recheck === 'nothing tells' ? undefined : recheck;
}

/** The facts once these changes are applied, one after the other. */
export function predictAll(changes: readonly ChangeBase[], facts: Facts): Facts {
  return changes.reduce((now, change) => primitiveOf(change).predict(change, now), facts);
}

/** What a reviewer is told of a change. */
export function changeView(change: ChangeBase): ChangeView {
  const primitive = primitiveOf(change);
  return { ...primitive.title(change), fields: primitive.fields(change) };
}
