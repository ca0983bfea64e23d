import type { Machines } from '../faults/machines.ts';

/** The content of a history's inventory and playbook at one time. Hosts are given by their ordinals, from 1. */
export interface Wish {
  readonly hosts: readonly number[];
  /** Hosts that the inventory calls nodeN instead of dockerN. */
  readonly renamed: readonly number[];
  readonly overlay: string;
  readonly cidr: string;
  readonly tunnel: 'gre' | 'vxlan' | 'geneve';
  readonly shape: 'full_mesh' | 'chain' | 'hub' | 'ring';
  /** The tunnels' key; 0 for none. */
  readonly key: number;
  /** The Open vSwitch bridge's name. */
  readonly ovs: string;
  /** The Linux bridge's name; empty for none. */
  readonly bridge: string;
  /**
   * The underlay addresses that the inventory gives the first two hosts: their own, each other's, or one that no host
   * has.
   */
  readonly underlay: 'own' | 'swapped' | 'nobody has';
  readonly tunnels: 'present' | 'absent';
  /** Whether a step writes the bridge into a file that is read at boot. */
  readonly boot: boolean;
  /** Whether a step gives Docker the Linux bridge. */
  readonly docker: boolean;
}

/** A change to the files before an apply. */
export type Edit = Partial<Wish>;

export const firstWish: Wish = {
  hosts: [1, 2, 3],
  renamed: [],
  overlay: 'lab',
  cidr: '10.11.12.0/24',
  tunnel: 'gre',
  shape: 'full_mesh',
  key: 0,
  ovs: 'ovs_bridge',
  bridge: 'newbridge',
  underlay: 'own',
  tunnels: 'present',
  boot: false,
  docker: false,
};

export function nameOf({ renamed }: Wish, ordinal: number): string {
  return `${renamed.includes(ordinal) ? 'node' : 'docker'}${ordinal}`;
}

export function inventory(wish: Wish, { lab, ssh, datapath, underlayAddress }: Machines): string {
  const ends = new Map(lab.hosts.map(({ name, ordinal }) => [ordinal, underlayAddress(name)]));
  if (wish.underlay === 'swapped') {
    const [one = '', two = ''] = [ends.get(1), ends.get(2)];
    ends.set(1, two).set(2, one);
  } else if (wish.underlay === 'nobody has') {
    ends.set(1, '10.98.255.200');
  }
  const lines = lab.hosts
    .filter(({ ordinal }) => wish.hosts.includes(ordinal))
    .map(
      ({ ordinal, address }) =>
        `      ${nameOf(wish, ordinal)}: { address: ${address}, underlay_address: ${ends.get(ordinal)} }`,
    );
  return `groups:
  docker_hosts:
    vars: { ovs_datapath: ${datapath} }
    hosts:
${lines.join('\n')}
ssh: { user: root, identity_file: ${lab.key}, known_hosts: ${lab.knownHosts}, ${ssh} }
`;
}

/** The playbook, with further steps at its end. */
export function playbook(wish: Wish, more = ''): string {
  const { overlay, cidr, tunnel, shape, key, ovs, bridge } = wish;
  const hub = shape === 'hub' ? `, hub: ${nameOf(wish, wish.hosts[0] ?? 1)}` : '';
  const address = `"{{ overlay.${overlay}.bridge_address }}"`;
  const linux = bridge !== '';
  const steps = [
    `{ name: Tunnel bridge, tags: bridges, ovs_bridge: { name: ${ovs}, datapath: "{{ ovs_datapath }}" } }`,
    linux &&
      `{ name: Container bridge, tags: bridges, linux_bridge: { name: ${bridge}, address: ${address}, members: [${ovs}] } }`,
    `{ name: Tunnels, tags: tunnels, ovs_tunnels: { bridge: ${ovs}, overlay: ${overlay}, state: ${wish.tunnels} } }`,
    linux &&
      wish.docker &&
      `{ name: Docker, docker_daemon: { bridge: ${bridge}, fixed_cidr: "{{ overlay.${overlay}.fixed_cidr }}", mtu: "{{ overlay.${overlay}.mtu }}" } }`,
    // Without it, Docker would wait in vain for its bridge after a boot, and retry all the time.
    linux &&
      (wish.boot || wish.docker) &&
      `{ name: At boot, interfaces_file: { bridge: ${bridge}, address: ${address}, members: [${ovs}] } }`,
  ];
  return `name: Mesh
hosts: docker_hosts
overlays:
  ${overlay}: { cidr: ${cidr}, tunnel: ${tunnel}, shape: ${shape}${hub}, subnet_prefix: 28${key === 0 ? '' : `, key: ${key}`} }
steps:
${steps
  .filter((step) => step !== false)
  .map((step) => `  - ${step}\n`)
  .join('')}${more}`;
}

/** An edit in words. */
export function editInWords(edit: Edit): string {
  const hosts = (ordinals: readonly number[]) => (ordinals.length === 0 ? 'none' : ordinals.join(', '));
  const said: { readonly [Key in keyof Wish]: (value: Wish[Key]) => string } = {
    hosts: (value) => `the hosts are ${hosts(value)}`,
    renamed: (value) => `the inventory calls hosts nodeN: ${hosts(value)}`,
    overlay: (value) => `the overlay is called ${value}`,
    cidr: (value) => `its range is ${value}`,
    tunnel: (value) => `its tunnels are ${value}`,
    shape: (value) => `its shape is ${value}`,
    key: (value) => (value === 0 ? 'its tunnels have no key' : `its key is ${value}`),
    ovs: (value) => `the Open vSwitch bridge is called ${value}`,
    bridge: (value) => (value === '' ? 'there is not a Linux bridge' : `the Linux bridge is called ${value}`),
    underlay: (value) =>
      ({
        own: 'underlay addresses are right',
        swapped: 'the underlay addresses of hosts 1 and 2 are swapped',
        'nobody has': 'the underlay address of host 1 is one that no host has',
      })[value],
    tunnels: (value) => `the tunnels shall be ${value}`,
    boot: (value) =>
      value ? 'the bridge is written into a file for the boot' : 'no step writes a file for the boot',
    docker: (value) => (value ? 'Docker gets the Linux bridge' : 'no step is about Docker'),
  };
  const one = <Key extends keyof Wish>(key: Key, value: Wish[Key]) => said[key](value);
  return (Object.keys(edit) as (keyof Wish)[]).map((key) => one(key, edit[key] as never)).join(', ');
}
