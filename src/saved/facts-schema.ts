import { containerFact } from '../facts/docker/container.ts';
import { containerAddressesFact } from '../facts/docker/container-addresses.ts';
import { dockerFact } from '../facts/docker/docker.ts';
import { swarmFact } from '../facts/docker/swarm.ts';
import type { FactQuery } from '../facts/fact.ts';
import { fileFact, fileHashFact } from '../facts/file.ts';
import { guardFact } from '../facts/guard.ts';
import { hostRunsFact } from '../facts/host-runs.ts';
import { identityFact } from '../facts/identity.ts';
import { ifupdownFact } from '../facts/ifupdown/ifupdown.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import { iptablesFact } from '../facts/iptables.ts';
import { openVswitchModule } from '../facts/kernel-module.ts';
import { networkManagersFact } from '../facts/network-managers.ts';
import { osFact } from '../facts/os.ts';
import { ovsFact } from '../facts/ovs/ovs.ts';
import { packageFact } from '../facts/package.ts';
import { realPathFact } from '../facts/real-path.ts';
import { routesFact } from '../facts/routes.ts';
import { mapping, record, type Schema, text, unlike } from '../facts/schema.ts';
import { sshPathFact } from '../facts/ssh-path.ts';
import { sysctlFact } from '../facts/sysctl.ts';
import { udpPortFact } from '../facts/udp-port.ts';
import { unitFact } from '../facts/unit.ts';

/** One query of every family. */
const queries: readonly FactQuery<unknown>[] = [
  containerFact(''),
  containerAddressesFact,
  dockerFact,
  fileFact(''),
  fileHashFact(''),
  guardFact({}),
  hostRunsFact,
  identityFact,
  ifupdownFact,
  interfacesFact,
  iptablesFact,
  openVswitchModule,
  networkManagersFact,
  osFact,
  ovsFact,
  packageFact(''),
  realPathFact(''),
  routesFact,
  sshPathFact,
  swarmFact,
  sysctlFact(''),
  udpPortFact(0),
  unitFact(''),
];

const known: ReadonlyMap<string, Schema> = new Map(
  queries.map(({ family }) => [family.name, record({ value: family.schema })]),
);
/** Facts of families that this version doesn't have are never used. */
const foreign = record({ value: {} });
const unknown = record({ unknown: text }, { unreadable: { const: true } });
const keysOf = mapping({ type: 'object' });

/** The families whose facts are validated: all. */
export const checkedFamilies: readonly string[] = [...known.keys()];

const head = record({ meshbook: text, address: text, read_at: text, facts: { type: 'object' } });

/** Many hosts share values: a value is validated only once. */
const good = new WeakSet<object>();

/** Where a facts file is invalid, and what is expected there; `family`: in whose facts. */
export function unlikeFacts(members: object): { readonly family?: string; readonly why: string } | undefined {
  const why = unlike(head, members);
  if (why !== undefined) return { why };
  const { facts } = members as { facts: Readonly<Record<string, object>> };
  for (const [family, keys] of Object.entries(facts)) {
    // What is no object is never in it.
    if (good.has(keys)) continue;
    const wrong = unlike(keysOf, keys) ?? unlikeStates(keys, known.get(family) ?? foreign);
    if (wrong !== undefined) return { family, why: `/facts/${family}${wrong}` };
    good.add(keys);
  }
  return undefined;
}

/** Each is either a value, or the reason why it is unknown. */
function unlikeStates(keys: object, value: Schema): string | undefined {
  for (const [key, state] of Object.entries(keys)) {
    const wrong = unlike('unknown' in state ? unknown : value, state);
    if (wrong !== undefined) return `/${key}${wrong}`;
  }
  return undefined;
}
