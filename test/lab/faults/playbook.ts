type Place = 'first' | 'middle' | 'last';

/** What the run of a case does besides its usual changes. */
export interface Play {
  /** Before which change a command runs; it is slow, unless `command` says something else. */
  readonly at?: Place;
  /** The only host on which it is slow; default all. */
  readonly slowHost?: string;
  readonly command?: string;
  /** Undoes the command. */
  readonly undo?: string;
  /** The command's time limit in seconds. */
  readonly timeout?: number;
  /** The case's own steps before the one for Docker, in YAML. */
  readonly extra?: string;
  /** Whether Docker gets the new bridge: one more restart, in both directions. */
  readonly docker?: boolean;
  /** Another playbook instead of all this. */
  readonly path?: string;
  /** Whether the interface of the SSH path gets into a bridge. */
  readonly uplink?: boolean;
}

/** Duration of a slow step in seconds. */
const slowSeconds = 4;

/** A slow command, on every host or on one. */
export const slowly = `sleep ${slowSeconds}`;

/**
 * One change of each sort: files new and old, a kernel parameter, OVSDB rows, links with addresses, a file that is
 * read at boot, Docker. Then all bridges must reach each other, without a loop.
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
