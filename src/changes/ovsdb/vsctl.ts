import type { BridgeSettings, PortSettings } from '../../facts/ovs/ovs.ts';
import { lines, raw, type Sh, sh } from '../../sh/sh.ts';

const answers = 'ovs-appctl --timeout=5 -t ovs-vswitchd version >/dev/null 2>&1';

/** Nothing is written for a dead daemon: the rows would be wrong until it starts some day. */
const mustAnswer = raw(
  `${answers} || { sleep 5; ${answers}; } || { echo 'ovs-vswitchd does not answer: systemctl status ovs-vswitchd' >&2; exit 1; }`,
);

/** An undo corrects the rows even so, without waiting; so does an undo at boot, which precedes the daemon. */
const noWaitIfDead = raw(`wait=; ${answers} || wait=--no-wait`);

/**
 * One transaction. ovs-vsctl returns once ovs-vswitchd has done everything, and gives up after `timeout` seconds.
 * `attempt` wraps the command itself.
 */
export function ovsVsctl(
  direction: 'apply' | 'undo',
  timeout: number,
  words: readonly string[],
  attempt = (command: Sh): Sh => command,
): Sh {
  return direction === 'undo'
    ? lines(noWaitIfDead, attempt(sh`ovs-vsctl $wait --timeout=${timeout} ${words}`))
    : lines(mustAnswer, attempt(sh`ovs-vsctl --timeout=${timeout} ${words}`));
}

/**
 * Fails unless these ports are set up: a transaction succeeds even if ovs-vswitchd can't carry it out, and only the
 * rows show that. `made`: the bridge among them that is created, or created again on another datapath. For that one
 * the interface counts: if the datapath can't be opened, rows that were right before stay as they were (seen with
 * 3.1). `fail` is the command for a failure.
 */
export function mustBeSetUp(
  ports: readonly string[],
  made: { readonly bridge: string; readonly datapathType: string | undefined } | undefined,
  fail: Sh = raw('exit 1'),
): Sh {
  return lines(
    sh`ports=$(ovs-vsctl --timeout=10 --format=csv --no-headings --columns=name,error,ofport list Interface ${ports})`,
    raw('bad='),
    raw("if printf '%s\\n' \"$ports\" | grep -v ',\\[\\],[0-9][0-9]*$' >&2; then"),
    raw("  echo 'Open vSwitch could not set up these ports (name, error, OpenFlow port)' >&2; bad=1"),
    raw('fi'),
    made === undefined
      ? undefined
      : lines(
          sh`if ! ip link show dev ${made.bridge} >/dev/null 2>&1; then`,
          sh`  echo ${`Open vSwitch did not make the interface ${made.bridge}`} >&2; bad=1`,
          raw('fi'),
        ),
    made === undefined || made.datapathType !== undefined
      ? undefined
      : raw(
          'if [ -n "$bad" ]; then echo \'without the openvswitch module in the kernel, only the netdev datapath works\' >&2; fi',
        ),
    sh`if [ -n "$bad" ]; then ${fail}; fi`,
  );
}

/** A column's value: undefined is the empty set, or the default if a column can't be empty. */
type Value = string | number | boolean | readonly number[] | Readonly<Record<string, string>> | undefined;

/** The words of one ovs-vsctl command; several are joined by `--` into one transaction. */
export type Command = readonly string[];

const bridgeColumns = (s: BridgeSettings): Record<string, Value> => ({
  datapath_type: s.datapathType ?? '',
  fail_mode: s.failMode,
  stp_enable: s.stp ?? false,
  rstp_enable: s.rstp ?? false,
  external_ids: s.externalIds ?? {},
  other_config: s.otherConfig ?? {},
});

const portColumns = (s: PortSettings): Record<string, Value> => ({
  protected: s.protected ?? false,
  tag: s.tag,
  trunks: s.trunks,
  vlan_mode: s.vlanMode,
  external_ids: s.externalIds ?? {},
  other_config: s.otherConfig ?? {},
});

const interfaceColumns = (s: PortSettings): Record<string, Value> => ({
  type: s.type ?? '',
  options: s.options ?? {},
  bfd: s.bfd ?? {},
  mtu_request: s.mtuRequest,
});

/**
 * The commands that take a bridge's own row from one state to the other. `lenient`: missing rows stay missing, instead
 * of failing the transaction.
 */
export function bridgeCommands(
  name: string,
  from: BridgeSettings | null,
  to: BridgeSettings | null,
  lenient: boolean,
): Command[] {
  if (to === null) return from === null ? [] : [['--if-exists', 'del-br', name]];
  return [
    ...(from === null ? [['--may-exist', 'add-br', name]] : []),
    ...columnCommands('Bridge', name, bridgeColumns(from ?? {}), bridgeColumns(to), lenient && from !== null),
  ];
}

/** The same for one port of the bridge. Keys of maps that are in neither state are unchanged. */
export function portCommands(
  bridge: string,
  name: string,
  from: PortSettings | null,
  to: PortSettings | null,
  lenient: boolean,
): Command[] {
  // Its internal port comes and goes with the bridge.
  if (name === bridge)
    return settingCommands(name, from ?? { type: 'internal' }, to ?? { type: 'internal' }, lenient);
  if (to === null) return [['--if-exists', 'del-port', name]];
  if (from !== null) return settingCommands(name, from, to, lenient);
  // --may-exist doesn't change an existing port, so its settings follow.
  return [['--may-exist', 'add-port', bridge, name], ...settingCommands(name, {}, to, false)];
}

function settingCommands(name: string, from: PortSettings, to: PortSettings, lenient: boolean): Command[] {
  return [
    ...columnCommands('Port', name, portColumns(from), portColumns(to), lenient),
    ...columnCommands('Interface', name, interfaceColumns(from), interfaceColumns(to), lenient),
  ];
}

function columnCommands(
  table: string,
  row: string,
  from: Readonly<Record<string, Value>>,
  to: Readonly<Record<string, Value>>,
  lenient: boolean,
): Command[] {
  const option = lenient ? ['--if-exists'] : [];
  const assignments: string[] = [];
  const removals: Command[] = [];
  for (const [column, value] of Object.entries(to)) {
    const old = from[column];
    if (!isMap(value)) {
      if (String(old) !== String(value)) assignments.push(`${column}=${printed(value)}`);
      continue;
    }
    const before = isMap(old) ? old : {};
    for (const [key, text] of Object.entries(value)) {
      if (before[key] !== text) assignments.push(`${column}:${atom(key)}=${atom(text)}`);
    }
    const gone = Object.keys(before).filter((key) => !Object.hasOwn(value, key));
    if (gone.length > 0) removals.push([...option, 'remove', table, row, column, ...gone.map(atom)]);
  }
  return [...(assignments.length > 0 ? [[...option, 'set', table, row, ...assignments]] : []), ...removals];
}

function isMap(value: Value): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && !Array.isArray(value);
}

function printed(value: Exclude<Value, Readonly<Record<string, string>>>): string {
  if (value === undefined) return '[]';
  return Array.isArray(value) ? `[${value.join(',')}]` : atom(String(value));
}

/** ovs-vsctl(8), "Database Values": a string with other characters, or an empty one, is written as in JSON. */
function atom(text: string): string {
  return /^[A-Za-z0-9_.-]+$/.test(text) ? text : JSON.stringify(text);
}
