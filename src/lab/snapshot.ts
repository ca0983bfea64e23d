import { dockerFact } from '../facts/docker/docker.ts';
import { type FactQuery, factId } from '../facts/fact.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import { iptablesFact } from '../facts/iptables.ts';
import { ovsFact } from '../facts/ovs/ovs.ts';
import { compileProbe } from '../facts/probe.ts';
import { routesFact } from '../facts/routes.ts';
import { sysctlFact } from '../facts/sysctl.ts';
import { unitFact } from '../facts/unit.ts';
import type { Json } from '../json/json.ts';
import { raw } from '../sh/sh.ts';
import type { CommandResult } from './command.ts';
import { labExec } from './lab.ts';
import type { LabState } from './state.ts';

const queries: readonly FactQuery<unknown>[] = [
  ovsFact,
  interfacesFact,
  routesFact,
  iptablesFact,
  dockerFact,
  // The fault matrix changes this one.
  sysctlFact('net.ipv4.conf.all.rp_filter'),
  ...['docker.service', 'docker.socket', 'openvswitch-switch.service', 'networking.service'].map(unitFact),
];

// Every file below /etc with type, mode, owner and content, a line each. Left out: OVSDB's own file, whose rows are
// compared instead, the linker's cache, and the files of a package that stays.
const files = raw(`cd /etc
tree() { find . -xdev ! -name ld.so.cache ! -path './openvswitch/*' "$@"; }
{
  dpkg -L bridge-utils 2>/dev/null | sed -n 's|^/etc/|residue\\t|p'
  tree -type f -exec sha256sum {} + | sed -E 's|^([0-9a-f]+)  [.]/|sum\\t\\1\\t|'
  tree -printf 'file\\t%P\\t%y\\t%m\\t%u:%g\\t%l\\n' | sort
} | awk -F '\\t' '
  $1 == "residue" { residue[$2]; next }
  $1 == "sum" { sum[$3] = $2; next }
  $2 in residue && $3 != "d" { next }
  { print $2, $3, $4, $5, $6 sum[$2] }'`);

/** What must be equal before a run and after its undo: canonical facts by id, and `files` line by line. */
export type Snapshot = Readonly<Record<string, Json>>;

/** The canonical state of a lab host, read through its console. Throws an Error if something can't be read. */
export function snapshot(lab: LabState, host: string): Promise<Snapshot> {
  return snapshotBy((script) => labExec(lab, host, script));
}

/** The same for any host; `exec` runs a script as root there. */
export async function snapshotBy(exec: (script: string) => Promise<CommandResult>): Promise<Snapshot> {
  const nonce = 'snapshot';
  const { script, parse } = compileProbe(queries, nonce);
  const probed = await exec(script.text);
  const facts = parse(probed.stdout);
  const entries = queries.map((query): [string, Json] => [
    factId(query),
    query.family.canonical(facts.get(query)),
  ]);
  const { stdout } = await exec(files.text);
  return { ...Object.fromEntries(entries), files: stdout.trim().split('\n') };
}

/** The differences between two snapshots, a line each. */
export function differences(before: Snapshot, after: Snapshot): string[] {
  return Object.keys({ ...before, ...after }).flatMap((name) =>
    differ(name, before[name] ?? null, after[name] ?? null),
  );
}

function differ(path: string, before: Json, after: Json): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    const [old, now] = [before, after].map((list) => new Set(list.map((item) => JSON.stringify(item)))) as [
      Set<string>,
      Set<string>,
    ];
    const changed = [
      ...[...old].filter((item) => !now.has(item)).map((item) => `${path}: - ${item}`),
      ...[...now].filter((item) => !old.has(item)).map((item) => `${path}: + ${item}`),
    ];
    return changed.length > 0 ? changed : [`${path}: in another order`];
  }
  if (isMapping(before) && isMapping(after)) {
    return Object.keys({ ...before, ...after }).flatMap((key) =>
      differ(`${path}.${key}`, before[key] ?? null, after[key] ?? null),
    );
  }
  return [`${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`];
}

function isMapping(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
