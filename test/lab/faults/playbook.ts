type Place = 'first' | 'middle' | 'last';

/** What the run of a case does besides its usual changes. */
export interface Play {
  /** Before which of the changes a command runs; it takes its time, unless `command` says something else. */
  readonly at?: Place;
  /** The host on which alone it is slow; default all. */
  readonly slowHost?: string;
  readonly command?: string;
  /** Takes the command back. */
  readonly undo?: string;
  /** Seconds that the command may take. */
  readonly timeout?: number;
  /** Steps of the case's own before the one for Docker, in YAML. */
  readonly extra?: string;
  /** Whether Docker is given the new bridge: a restart of it more, both ways. */
  readonly docker?: boolean;
  /** Another playbook instead of all this. */
  readonly path?: string;
  /** Whether the interface that SSH comes in by goes into a bridge. */
  readonly uplink?: boolean;
}

/** Seconds that a slow step takes. */
const slowSeconds = 4;

/** A command that is slow, on every host or on one. */
export const slowly = `sleep ${slowSeconds}`;

/**
 * A little of everything that a host can be changed by: files new and old, a kernel parameter, OVSDB rows,
 * links with addresses, a file that is read at boot, Docker. Then all bridges must reach each other, and not in circles.
 */
export function playbook({
  at,
  slowHost,
  command,
  undo,
  timeout = 20,
  extra = '',
  docker = false,
  uplink = false,
}: Play): string {
  const run = command ?? (slowHost === undefined ? slowly : `test $(hostname) != ${slowHost} || ${slowly}`);
  const params = JSON.stringify({ run, always: true, ...(undo === undefined ? {} : { undo }) });
  const step = `  - { name: The case's own, timeout: ${timeout}, command: ${params} }\n`;
  const own = (place: Place) => (place === at ? step : '');
  return `name: Faults
hosts: docker_hosts
overlays:
  lab: { cidr: 10.11.12.0/24, tunnel: gre, shape: full_mesh, subnet_prefix: 28 }
steps:
${own('first')}  - file: { path: /etc/lab-test/new, content: "{{ host.name }}\\n", mode: "0600" }
  - file: { path: /etc/lab-fault, content: "after\\n" }
  - sysctl: { name: net.ipv4.conf.all.rp_filter, value: 2 }
  - ovs_bridge: { name: ovs_bridge, datapath: "{{ ovs_datapath }}", mac: "{{ mac }}" }
${own('middle')}  - linux_bridge: { name: newbridge, address: "{{ overlay.lab.bridge_address }}", members: [ovs_bridge] }
  - ovs_tunnels: { bridge: ovs_bridge, overlay: lab }
${uplink ? '  - bridge_uplink: { interface: eth0, bridge: br-uplink }\n' : ''}${extra}${
  docker
    ? '  - docker_daemon: { bridge: newbridge, fixed_cidr: "{{ overlay.lab.fixed_cidr }}", mtu: "{{ overlay.lab.mtu }}" }\n'
    : ''
}  - interfaces_file: { bridge: newbridge, address: "{{ overlay.lab.bridge_address }}", members: [ovs_bridge] }
${own('last')}checks:
  - { name: Bridges, ping: { address: "{{ overlay.lab.bridge_address | ip }}", mtu: "{{ overlay.lab.mtu }}" }, retry: 8 }
  - { name: Circles, loop: { interface: newbridge } }
`;
}
