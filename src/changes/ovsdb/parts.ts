import { type Facts, UnknownFact } from '../../facts/fact.ts';
import { type OvsBridge, type OvsPort, ovsFact } from '../../facts/ovs/ovs.ts';
import { entry, sortedKeys } from '../../json/records.ts';
import type { Part, Parts } from '../change.ts';
import type { OvsdbChange, PortChange } from './change.ts';
import { flat } from './view.ts';

type Bridges = Readonly<Record<string, OvsBridge>>;

/**
 * The columns that an OVSDB transaction sets. For bridges and ports that are created, every column and every port,
 * since undoing would remove them all.
 */
export function ovsdbParts({ bridge: name, before, after, ports }: OvsdbChange, facts: Facts): Parts {
  const known = facts.get(ovsFact);
  if (known === 'not running') throw new UnknownFact('Open vSwitch is not running');
  const bridges = known === 'not installed' ? {} : known.bridges;
  const row = entry(bridges, name);
  if (before !== null && after !== null) {
    const own = row === undefined ? {} : someColumns(`OVS bridge ${name}`, before, after, row);
    return Object.assign({}, own, ...ports.map((port) => portParts(port, bridges)));
  }
  if (row === undefined) return {};
  const { ports: there, ...settings } = row;
  const parts = Object.entries(there).map(([port, columns]) => wholePort(name, port, columns));
  return Object.assign(wholeRow(`OVS bridge ${name}`, 'there', settings), ...parts);
}

function portParts({ name, before, after }: PortChange, bridges: Bridges): Parts {
  const [bridge, port] = placeOf(name, bridges);
  if (port === undefined) return {};
  if (before === null || after === null) return wholePort(bridge, name, port);
  return someColumns(`OVS port ${name}`, before, after, port);
}

function placeOf(port: string, bridges: Bridges): [bridge: string, port: OvsPort | undefined] {
  for (const [bridge, { ports }] of Object.entries(bridges)) {
    const found = entry(ports, port);
    if (found !== undefined) return [bridge, found];
  }
  return ['', undefined];
}

function wholePort(bridge: string, name: string, { error: _, ...settings }: OvsPort): Parts {
  return wholeRow(`OVS port ${name}`, `on ${bridge}`, settings);
}

function wholeRow(row: string, there: string, { other, ...settings }: { other?: OvsPort['other'] }): Parts {
  const others = Object.entries(other ?? {}).map(
    ([column, value]) => [column, JSON.stringify(sortedKeys(value))] as const,
  );
  return { [row]: there, ...named(row, [...texts(settings), ...others]) };
}

/** Those that differ between two states: an undo leaves the others alone. */
function someColumns(row: string, before: object, after: object, now: object): Parts {
  const [old, next, found] = [before, after, now].map((state) => new Map(texts(state)));
  const columns = [...new Set([...(old?.keys() ?? []), ...(next?.keys() ?? [])])];
  return named(
    row,
    columns
      .filter((column) => old?.get(column) !== next?.get(column))
      .map((column) => [column, found?.get(column) ?? null] as const),
  );
}

function named(row: string, columns: readonly (readonly [string, Part])[]): Parts {
  return Object.fromEntries(columns.map(([column, value]) => [`${row} ${column}`, value]));
}

function texts(settings: object): [string, string][] {
  return [...flat(settings)].map(([column, value]) => [column, String(value)]);
}
