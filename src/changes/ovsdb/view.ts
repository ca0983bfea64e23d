import type { PortSettings } from '../../facts/ovs/ovs.ts';
import type { ChangeTitle, FieldDiff } from '../change.ts';
import { actionBetween, diffField, diffFields } from '../fields.ts';
import type { OvsdbChange, PortChange } from './change.ts';

/** A bridge that is created or deleted is the object; otherwise its ports are. */
export function ovsdbTitle(change: OvsdbChange): ChangeTitle {
  const { bridge, before, after, ports } = change;
  const isOwn = before === null || after === null || ownDiffs(change).length > 0;
  const tunnels = ports.filter(({ name }) => name !== bridge);
  const action = (): ChangeTitle['action'] => {
    if (isOwn || tunnels.length === 0) return actionBetween(before, after);
    if (tunnels.every((port) => port.before === null)) return 'create';
    return tunnels.every((port) => port.after === null) ? 'delete' : 'update';
  };
  return { action: action(), noun: isOwn ? 'OVS bridge' : 'OVS ports', target: bridge };
}

export function ovsdbFields(change: OvsdbChange): FieldDiff[] {
  return [...ownDiffs(change), ...change.ports.flatMap(portFields)];
}

function ownDiffs({ before, after }: OvsdbChange): FieldDiff[] {
  if (before === after) return [];
  return diffFields(flat(before ?? {}), flat(after ?? {}));
}

function portFields({ name, before, after }: PortChange): FieldDiff[] {
  if (before !== null && after !== null) return diffFields(flat(before), flat(after), `${name} `);
  return diffField(
    name,
    before === null ? undefined : line(before),
    after === null ? undefined : line(after),
  );
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

/** One entry for each setting, by its OVSDB column, and one for each key of a map: `options:remote_ip`. */
export function flat(settings: object): Flat {
  const entries = new Map<string, Setting>();
  eachSetting(settings, (name, value) => entries.set(name, value));
  return entries;
}

/** A mesh of 1,000 hosts has a million ports, so nothing unnecessary is allocated here. */
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
