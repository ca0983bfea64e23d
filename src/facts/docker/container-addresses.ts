import { lines, raw } from '../../sh/sh.ts';
import type { FactFamily, FactQuery } from '../fact.ts';
import { list, record, text } from '../schema.ts';
import { readAnswer } from '../unreadable.ts';
import { findContainers } from './namespaces.ts';

/** Running containers that share one network namespace, with its IPv4 addresses, whoever gave them. */
export interface ContainerAddresses {
  readonly containers: readonly string[];
  /** With prefix lengths. */
  readonly addresses: readonly string[];
}

/** Its canonical form is empty: Docker gives containers other addresses after each start. */
const family: FactFamily<readonly ContainerAddresses[]> = {
  name: 'container_addresses',
  command: 'ip -j -4 address show',
  schema: list(record({ containers: list(text), addresses: list(text) })),
  // One line for each container: NAME NAMESPACE JSON.
  query: () =>
    lines(
      findContainers,
      raw(`docker_active || exit 0
ids=$(timeout 10 docker ps --quiet --no-trunc) || exit
[ -n "$ids" ] || exit 0
timeout 10 docker container inspect --format '{{.Name}} {{.State.Pid}}' $ids | while read -r name pid; do
  namespace=$(readlink "/proc/$pid/ns/net") || continue
  if [ "$namespace" = "$(readlink /proc/self/ns/net)" ]; then continue; fi
  printed=$(nsenter -t "$pid" -n ip -j -4 address show scope global) || continue
  printf '%s %s %s\\n' "\${name#/}" "$namespace" "$printed"
done`),
    ),
  parse: (output) => {
    const found = new Map<string, { containers: string[]; addresses: string[] }>();
    for (const line of output.split('\n').filter((text) => text !== '')) {
      const [, name = '', namespace = '', printed = ''] = /^(\S+) (\S+) (.*)$/.exec(line) ?? [];
      const known = found.get(namespace);
      if (known !== undefined) known.containers.push(name);
      else
        found.set(namespace, { containers: [name], addresses: readAnswer('ip address', printed, textsOf) });
    }
    return new Map([['', [...found.values()]]]);
  },
  canonical: () => [],
};

export const containerAddressesFact: FactQuery<readonly ContainerAddresses[]> = { family, key: '' };

interface Printed {
  readonly addr_info?: readonly { readonly local?: string; readonly prefixlen?: number }[];
}

function textsOf(printed: string): string[] {
  return (JSON.parse(printed) as readonly Printed[]).flatMap(({ addr_info = [] }) =>
    addr_info.flatMap(({ local, prefixlen }) => (local === undefined ? [] : [`${local}/${prefixlen}`])),
  );
}
