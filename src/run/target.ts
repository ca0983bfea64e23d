import type { Host } from '../model/types.ts';
import type { HostTarget } from '../transport/transport.ts';

/** What the transport must know of a host; also what a run's record keeps, so it holds no secret. */
export function targetOf(host: Host): HostTarget {
  return { name: host.name, address: host.address, ssh: host.ssh, become: host.become };
}
