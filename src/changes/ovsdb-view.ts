import type { PortSettings } from '../facts/ovs.ts';
import type { ChangeView, FieldDiff } from './change.ts';
import type { OvsdbChange, PortChange } from './ovsdb.ts';

/** A bridge that comes or goes is told as a bridge; otherwise the ports are what matters. */
export function ovsdbView(change: OvsdbChange): ChangeView {
  const { bridge, before, after, ports } = change;
  const own = ownDiffs(change);
  const whole = before === null || after === null;
  const target = { noun: whole || own.length > 0 ? 'OVS bridge' : 'OVS ports', target: bridge };
  return { action: ovsdbAction(change, own), ...target, fields: [...own, ...ports.flatMap(portFields)] };
}

/** The action of the view, without a look at what stands in each port. */
export function ovsdbAction(change: OvsdbChange, own?: readonly FieldDiff[]): ChangeView['action'] {
  const { bridge, before, after, ports } = change;
  if (before === null) return 'create';
  if (after === null) return 'delete';
  const tunnels = ports.filter(({ name }) => name !== bridge);
  if (tunnels.length === 0 || (own ?? ownDiffs(change)).length > 0) return 'update';
  if (tunnels.every((port) => port.before === null)) return 'create';
  if (tunnels.every((port) => port.after === null)) return 'delete';
  return 'update';
}

function ownDiffs({ before, after }: OvsdbChange): FieldDiff[] {
  if (before === after) return [];
  return fieldDiffs('', flat(before ?? {}), flat(after ?? {}));
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
function line({ type = 'device', options = {}, ...settings }: PortSettings): string {
  let text = type;
  const add = (name: string, value: Setting) => {
    if (!name.startsWith('external_ids:meshbook')) text += value === true ? ` ${name}` : ` ${name}=${value}`;
  };
  for (const [name, value] of Object.entries(options)) add(name, value);
  eachSetting(settings, add);
  return text;
}

type Setting = string | number | boolean;
export type Flat = ReadonlyMap<string, Setting>;

/** One entry a setting, by its column's name in OVSDB, and one a key of a map: `options:remote_ip`. */
export function flat(settings: object): Flat {
  const entries = new Map<string, Setting>();
  eachSetting(settings, (name, value) => entries.set(name, value));
  return entries;
}

/** A mesh of 1,000 hosts has a million ports: nothing is made here that isn't needed. */
function eachSetting(settings: object, visit: (name: string, value: Setting) => void): void {
  for (const [key, value] of Object.entries(settings as Record<string, unknown>)) {
    const name = columnName(key);
    if (Array.isArray(value)) visit(name, value.join(','));
    else if (typeof value === 'object' && value !== null) {
      for (const [inner, text] of Object.entries(value)) visit(`${name}:${inner}`, String(text));
    } else visit(name, value as Setting);
  }
}

function columnName(key: string): string {
  return /[A-Z]/.test(key) ? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : key;
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
