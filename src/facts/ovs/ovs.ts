import type { Json } from '../../json/json.ts';
import { sortedKeys, tidy } from '../../json/records.ts';
import { raw } from '../../sh/sh.ts';
import type { FactFamily, FactQuery } from '../fact.ts';
import {
  anything,
  both,
  either,
  flag,
  integer,
  list,
  mapping,
  oneOf,
  record,
  recordOf,
  type Schema,
  text,
} from '../schema.ts';
import { parseTables, type Row } from './ovsdb-tables.ts';

type Texts = Readonly<Record<string, string>>;

/**
 * A port and its only interface, by the columns of ovs-vswitchd.conf.db(5) that meshbook can set and restore. Default
 * values are left out, here and in `BridgeSettings`, so that equal settings are equal values.
 */
export interface PortSettings {
  /** The interface's type, for example `gre` or `internal`; undefined: a device of the host. */
  readonly type?: string;
  readonly options?: Texts;
  readonly protected?: true;
  readonly tag?: number;
  readonly trunks?: readonly number[];
  readonly vlanMode?: string;
  /** The port's, not the interface's. */
  readonly externalIds?: Texts;
  readonly otherConfig?: Texts;
  /** How the interface monitors its link: bidirectional forwarding detection. */
  readonly bfd?: Texts;
  /** The requested MTU of the interface. */
  readonly mtuRequest?: number;
}

/** A bridge's own columns. */
export interface BridgeSettings {
  /** Undefined: `system`, the kernel's. */
  readonly datapathType?: string;
  readonly failMode?: string;
  readonly externalIds?: Texts;
  readonly otherConfig?: Texts;
  readonly stp?: true;
  readonly rstp?: true;
}

/** The content of other columns; meshbook can't make a row with any of them again. */
interface Unmodelled {
  readonly other?: Readonly<Record<string, Json>>;
}

export interface OvsPort extends PortSettings, Unmodelled {
  /** Why Open vSwitch couldn't set it up. */
  readonly error?: string;
}

export interface OvsBridge extends BridgeSettings, Unmodelled {
  /** By name, including the bridge's internal port, which has the bridge's name. */
  readonly ports: Readonly<Record<string, OvsPort>>;
}

export interface OvsDatabase {
  /** Open vSwitch's; undefined if ovs-vswitchd has never run. */
  readonly version?: string;
  readonly bridges: Readonly<Record<string, OvsBridge>>;
}

/** The host's Open vSwitch. `not running`: ovs-vsctl exists, but no ovsdb-server answers. */
export type Ovs = 'not installed' | 'not running' | OvsDatabase;

const bridgeOthers = [
  'controller',
  'mirrors',
  'netflow',
  'sflow',
  'ipfix',
  'protocols',
  'flow_tables',
  'flood_vlans',
];
const portOthers = ['bond_mode', 'lacp', 'qos', 'mac', 'fake_bridge'];
const interfaceOthers = [
  'external_ids',
  'other_config',
  'mac',
  'ofport_request',
  'ingress_policing_rate',
  'lldp',
];

const columns = {
  Bridge: [
    'name',
    'ports',
    'datapath_type',
    'fail_mode',
    'external_ids',
    'other_config',
    'stp_enable',
    'rstp_enable',
  ],
  Port: [
    '_uuid',
    'name',
    'interfaces',
    'protected',
    'tag',
    'trunks',
    'vlan_mode',
    'external_ids',
    'other_config',
  ],
  Interface: ['_uuid', 'name', 'type', 'options', 'bfd', 'mtu_request', 'error'],
};

const query = raw(`command -v ovs-vsctl >/dev/null || { echo 'not installed'; exit 0; }
tables=$(ovs-vsctl --timeout=5 --format=json \\
  --columns=${[...columns.Bridge, ...bridgeOthers]} list Bridge -- \\
  --columns=${[...columns.Port, ...portOthers]} list Port -- \\
  --columns=${[...columns.Interface, ...interfaceOthers]} list Interface -- \\
  --columns=ovs_version list Open_vSwitch 2>&1) && { printf '%s\\n' "$tables"; exit 0; }
case $tables in
  *'database connection failed'*) echo 'not running' ;;
  *) printf '%s\\n' "$tables"; exit 1 ;;
esac`);

const texts = mapping(text);
export const portSettingsSchema: Schema = recordOf<PortSettings>(
  {},
  {
    type: text,
    options: texts,
    protected: flag,
    tag: integer,
    trunks: list(integer),
    vlanMode: text,
    externalIds: texts,
    otherConfig: texts,
    bfd: texts,
    mtuRequest: integer,
  },
);
export const bridgeSettingsSchema: Schema = recordOf<BridgeSettings>(
  {},
  { datapathType: text, failMode: text, externalIds: texts, otherConfig: texts, stp: flag, rstp: flag },
);

const others = { other: mapping(anything) };
const portSchema = both(portSettingsSchema, record({}, { error: text, ...others }));
const bridgeSchema = both(bridgeSettingsSchema, record({ ports: mapping(portSchema) }, others));

/** Open vSwitch's bridges and ports, read by one ovs-vsctl call. */
export const ovs: FactFamily<Ovs> = {
  name: 'ovs',
  command: 'ovs-vsctl list',
  schema: either(
    oneOf('not installed', 'not running'),
    record({ bridges: mapping(bridgeSchema) }, { version: text }),
  ),
  query: () => query,
  parse: (output) => new Map([['', parseOvs(output)]]),
  canonical: (value) => {
    if (typeof value === 'string') return value;
    const bridges = Object.entries(value.bridges).map(([name, bridge]) => {
      const ports = Object.entries(bridge.ports).map(([port, { error: _, ...settings }]) => [port, settings]);
      return [name, { ...bridge, ports: Object.fromEntries(ports) }];
    });
    return sortedKeys(Object.fromEntries(bridges));
  },
};

export const ovsFact: FactQuery<Ovs> = { family: ovs, key: '' };

function parseOvs(output: string): Ovs {
  const last = output.trimEnd().split('\n').at(-1);
  if (last === 'not installed' || last === 'not running') return last;
  const [bridges = [], ports = [], interfaces = [], root = []] = parseTables(output, 4);
  const version = root[0]?.text('ovs_version');
  const interfaceOf = byId(interfaces);
  const portOf = byId(ports);
  return {
    ...(version === undefined ? {} : { version }),
    bridges: named(bridges, (row) => bridgeOf(row, portOf, interfaceOf)),
  };
}

function bridgeOf(
  row: Row,
  portOf: ReadonlyMap<string, Row>,
  interfaceOf: ReadonlyMap<string, Row>,
): OvsBridge {
  const type = row.text('datapath_type');
  return tidy({
    datapathType: type === 'system' ? undefined : type,
    failMode: row.text('fail_mode'),
    externalIds: row.map('external_ids'),
    otherConfig: row.map('other_config'),
    stp: row.flag('stp_enable'),
    rstp: row.flag('rstp_enable'),
    other: row.others(bridgeOthers),
    ports: named(present(row.ids('ports'), portOf), (port) => portSettings(port, interfaceOf)),
  });
}

function portSettings(row: Row, interfaceOf: ReadonlyMap<string, Row>): OvsPort {
  const interfaces = present(row.ids('interfaces'), interfaceOf);
  const [first] = interfaces;
  const trunks = row.numbers('trunks');
  const other: Record<string, Json> = { ...row.others(portOthers), ...first?.others(interfaceOthers) };
  // The key of an IPsec tunnel (ovs-vswitchd.conf.db(5)): dropped here, so that it is in no plan and no file.
  const { psk, ...options } = first?.map('options') ?? {};
  if (psk !== undefined) other['options:psk'] = '(secret)';
  // A bond, which meshbook doesn't make.
  if (interfaces.length > 1) other.interfaces = interfaces.map((i) => i.text('name') ?? '').sort();
  const type = first?.text('type');
  return tidy({
    type: type === 'system' ? undefined : type,
    options: Object.keys(options).length === 0 ? undefined : options,
    protected: row.flag('protected'),
    tag: row.numbers('tag')[0],
    trunks: trunks.length === 0 ? undefined : trunks,
    vlanMode: row.text('vlan_mode'),
    externalIds: row.map('external_ids'),
    otherConfig: row.map('other_config'),
    bfd: first?.map('bfd'),
    mtuRequest: first?.numbers('mtu_request')[0],
    error: first?.text('error'),
    other: Object.keys(other).length === 0 ? undefined : other,
  });
}

function byId(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.ids('_uuid')[0] ?? '', row]));
}

function present(ids: readonly string[], rows: ReadonlyMap<string, Row>): Row[] {
  return ids.flatMap((id) => rows.get(id) ?? []);
}

function named<T>(rows: readonly Row[], read: (row: Row) => T): Record<string, T> {
  return Object.fromEntries(rows.map((row) => [row.text('name') ?? '', read(row)]));
}
