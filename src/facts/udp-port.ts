import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import type { FactFamily, FactQuery } from './fact.ts';
import { flag } from './schema.ts';

/**
 * Whether something in the host's own network namespace receives on a UDP port, including tunnels of the kernel: they
 * have sockets, too, even if their device is in a container's namespace (Docker's swarm).
 */
const udpPorts: FactFamily<boolean> = {
  name: 'udp-port',
  command: 'awk',
  schema: flag,
  query,
  parse,
  canonical: (value) => value,
};

/** A UDP port by its number. */
export function udpPortFact(port: number): FactQuery<boolean> {
  return { family: udpPorts, key: String(port) };
}

/** proc(5), /proc/net/udp: the second field is the local address and port in hexadecimal. */
function query(ports: readonly string[]): Sh {
  const wanted = ports.map((port) => `:${Number(port).toString(16).toUpperCase().padStart(4, '0')}`);
  return lines(
    raw('[ -r /proc/net/udp ]'),
    raw("used=$(cat /proc/net/udp /proc/net/udp6 2>/dev/null | awk '{ print $2 }')"),
    sh`for port in ${wanted}; do`,
    raw('  case "$used " in *"$port"[[:space:]]*) echo "$port" ;; esac'),
    raw('done'),
  );
}

function parse(output: string, ports: readonly string[]): ReadonlyMap<string, boolean> {
  const used = new Set(
    output.split('\n').flatMap((line) => (line.startsWith(':') ? parseInt(line.slice(1), 16) : [])),
  );
  return new Map(ports.map((port) => [port, used.has(Number(port))]));
}
