import type { PortSettings } from '../facts/ovs.ts';
import type { ChangeView, FieldDiff } from './change.ts';
import type { OvsdbChange, PortChange } from './ovsdb.ts';

/** A bridge that comes or goes is told as a bridge; otherwise the ports are what matters. */
export function ovsdbView({ bridge, before, after, ports }: OvsdbChange): ChangeView {
  const own = fieldDiffs('', flat(before ?? {}), flat(after ?? {}));
  const whole = before === null || after === null;
  const target = { noun: whole || own.length > 0 ? 'OVS bridge' : 'OVS ports', target: bridge };
  const fields = [...own, ...ports.flatMap(portFields)];
  if (before === null) return { action: 'create', ...target, fields };
  if (after === null) return { action: 'delete', ...target, fields };
  const tunnels = ports.filter(({ name }) => name !== bridge);
  if (own.length === 0 && tunnels.length > 0) {
    if (tunnels.every((port) => port.before === null)) return { action: 'create', ...target, fields };
    if (tunnels.every((port) => port.after === null)) return { action: 'delete', ...target, fields };
  }
  return { action: 'update', ...target, fields };
}

function portFields({ name, before, after }: PortChange): FieldDiff[] {
  if (before !== null && after !== null) return fieldDiffs(`${name} `, flat(before), flat(after));
  return [
    {
      field: name,
      ...(before === null ? {} : { before: line(before) }),
      ...(after === null ? {} : { after: line(after) }),
    },
  ];
}

/** All settings in one line, without our own tags: `gre remote_ip=10.98.0.12 key=7 protected`. */
function line({ type, options, ...settings }: PortSettings): string {
  const words = [...Object.entries(options ?? {}), ...flat(settings)]
    .filter(([name]) => !name.startsWith('external_ids:meshbook'))
    .map(([name, value]) => (value === true ? name : `${name}=${value}`));
  return [type ?? 'device', ...words].join(' ');
}

export type Flat = ReadonlyMap<string, string | number | boolean>;

/** One entry a setting, by its column's name in OVSDB, and one a key of a map: `options:remote_ip`. */
export function flat(settings: object): Flat {
  const entries = Object.entries(settings as Record<string, unknown>).flatMap(([key, value]) => {
    const name = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (Array.isArray(value)) return [[name, value.join(',')] as const];
    if (typeof value === 'object' && value !== null) {
      return Object.entries(value).map(([key, text]) => [`${name}:${key}`, String(text)] as const);
    }
    return [[name, value as string | number | boolean] as const];
  });
  return new Map(entries);
}

function fieldDiffs(prefix: string, before: Flat, after: Flat): FieldDiff[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const [old, now] = [before.get(name), after.get(name)];
    if (old === now) return [];
    const field = `${prefix}${name}`;
    return [
      { field, ...(old === undefined ? {} : { before: old }), ...(now === undefined ? {} : { after: now }) },
    ];
  });
}
